"""Many people are asked what they may in few statements, and it is what each of them is told alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, PARTNER, REVIEWER
from assetlib.accounts.models import DutyGrant, Group, GroupMember, Person, RoleGrant
from assetlib.catalog.models import AssetGrant, CollectionGroupGrant
from assetlib.catalog.queries.actors import actor_of, actors_of
from assetlib.catalog.queries.audience import librarians
from assetlib.catalog.queries.readers import open_to_each, still_open
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from tests import make
from tests.delivery.test_statements import counted

ENGINES = ("sqlite", "postgresql")
NOBODY = 9_999_999


@pytest.fixture
def world(session: Session, people: make.People) -> list[int]:
    """Rights of every sort; the ids of some assets, one of them in the trash."""
    lay_schema(session)
    now = clock.now()
    brand = make.published(session, people.agency, people.librarian, attributes={"brand": ["alpin"]})
    assets = [
        brand,
        make.published(session, people.own, people.librarian),
        make.asset(session, people.agency),
        make.asset(session, people.own, deleted_at=now),
        make.published(session, people.other_agency, people.librarian),
    ]
    outer = make.collection(session, people.librarian, assets[1], granted_to=[people.partner, people.agency])
    make.collection(session, people.librarian, assets[4], inside=outer)
    make.collection(session, people.librarian, brand, inside=outer, audience="private")
    other = make.collection(session, people.librarian, assets[4])
    group = Group(name="Autumn", created_at=now, grants=[RoleGrant(role=REVIEWER), RoleGrant(role=PARTNER)])
    scoped = Group(
        name="Alpin", created_at=now,
        grants=[RoleGrant(role=LIBRARIAN, scope_kind="brand", scope_key="alpin"),
                RoleGrant(role=LIBRARIAN, scope_kind="organisation", scope_key=str(people.agency.id))],
    )  # fmt: skip
    session.add_all([group, scoped])
    session.flush()
    session.add(CollectionGroupGrant(collection_id=other.id, group_id=group.id, granted_at=now))
    for number in (people.partner_marketer.person_id, people.without_role.person_id):
        session.add(GroupMember(group_id=group.id, person_id=number, added_at=now))
    session.add(GroupMember(group_id=scoped.id, person_id=people.field_marketer.person_id, added_at=now))
    for number, days in ((people.without_role.person_id, 0), (people.contributor.person_id, -1)):
        until = clock.today() + timedelta(days=days)
        session.add(AssetGrant(asset_id=assets[4].id, person_id=number, until=until, granted_at=now))
    session.add(
        DutyGrant(
            person_id=people.administrator.person_id, duty="po_approver", limit_minor=500, currency="EUR",
            granted_at=now, scope_kind="brand", scope_key="alpin",
        )
    )  # fmt: skip
    session.flush()
    return [each.id for each in assets]


def test_many_are_told_what_each_is_told(session: Session, world: list[int]) -> None:
    everybody = list(session.scalars(select(Person.id)))
    assert actors_of(session, [*everybody, NOBODY]) == {each: actor_of(session, each) for each in everybody}


def test_the_same_assets_are_open_to_each(session: Session, world: list[int]) -> None:
    everybody = list(session.scalars(select(Person.id)))
    alone = {each: still_open(session, each, world) for each in everybody}
    assert open_to_each(session, dict.fromkeys([*everybody, NOBODY], world)) == alone
    assert len(set(alone.values())) > 4
    some = dict(zip(everybody, ({each} for each in world * len(everybody)), strict=False))
    assert open_to_each(session, some) == {number: alone[number] & some[number] for number in some}


def test_librarians_are_found_in_the_same_few_statements(database: Database) -> None:
    with database.transaction() as session:
        own = make.people(session).own
    sent = []
    for more in (1, 30):
        with database.transaction() as session:
            for _ in range(more):
                make.person(session, own, LIBRARIAN)
        with database.reading() as session, counted(database) as statements:
            found = librarians(session)
        sent.append((len(found), len(statements)))
    assert sent == [(2, 3), (32, 3)]
