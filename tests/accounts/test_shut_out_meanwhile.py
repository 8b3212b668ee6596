"""Somebody is shut out at the moment in which they come in: in the end they are out, whoever was sooner."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.models import OneTimeLink, Person
from assetlib.accounts.sessions import hash_of
from assetlib.database import Database
from tests import make
from tests.accounts.racers import come_vouched, shut_out, use
from tests.racing import at_once, lockstep

ENGINES = ("sqlite", "postgresql")
RACES = 12


def invited(session: Session, number: int) -> Person:
    """The first of an organisation, with a link of which `number` is the token."""
    agency = make.organisation(session, kind="agency", state="invited")
    person, moment = make.person(session, agency, state="invited"), clock.now()
    link = OneTimeLink(
        purpose="invitation",
        token_hash=hash_of(str(number)),
        person_id=person.id,
        created_at=moment,
        expires_at=moment + timedelta(days=1),
    )
    session.add(link)
    return person


def call(work: Callable[..., list[str]], *arguments: object) -> list[str]:
    return work(*arguments)


@pytest.mark.parametrize("what", ["person", "organisation"])
@pytest.mark.parametrize("way", ["invitation", "company"])
def test_a_suspension_is_not_lost(database: Database, database_url: str, way: str, what: str) -> None:
    with database.transaction() as session:
        people = [invited(session, number) for number in range(RACES)]
        ids, emails = [each.id for each in people], [each.email for each in people]
    start = lockstep(2)
    by_link = (use, database_url, [str(number) for number in range(RACES)], "invitation", start)
    coming = by_link if way == "invitation" else (come_vouched, database_url, emails, start)
    came, shut = at_once(call, [coming, (shut_out, database_url, ids, what, start)])
    assert shut == ["out"] * RACES
    assert set(came) <= {"in", "LinkOver", "NoMatch"}
    with database.reading() as session:
        rows = [session.get_one(Person, each) for each in ids]
        states = [each.state if what == "person" else each.organisation.state for each in rows]
        assert states == ["suspended"] * RACES
