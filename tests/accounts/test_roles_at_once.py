"""Two administrators set the roles of one person at the same moment."""

from sqlalchemy import select

from assetlib.access.actor import ADMINISTRATOR
from assetlib.accounts.queries import get_person
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from tests import make
from tests.accounts.racers import give_and_take_roles
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")


def test_roles_that_are_set_at_once_are_exactly_those_set_last(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        own = make.organisation(session)
        make.person(session, own, ADMINISTRATOR)
        person_id = make.person(session, own).id
    at_once(give_and_take_roles, [(database_url, person_id, 12)] * 3)
    with database.reading() as session:
        said = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "accounts.roles_set", AuditEntry.object_id == str(person_id))
            .order_by(AuditEntry.seq)
        ).all()
        last: list[str] = []
        for each in said:
            assert each.changes["before"]["roles"] == last
            last = each.changes["after"]["roles"]
        assert sorted(get_person(session, person_id).roles) == last
