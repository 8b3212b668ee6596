"""A statement put together for all of the same rights finds for each what one of their own finds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, REVIEWER, Actor, Scope
from assetlib.access.prepared import Prepared
from assetlib.catalog.models import Asset, Collection
from assetlib.catalog.queries.visibility import collections_visible_to, known_to, visible_to
from tests import make

RULES = {
    "seen": lambda actor: select(Asset.id).where(visible_to(actor)).order_by(Asset.id),
    "known": lambda actor: select(Asset.id).where(known_to(actor)).order_by(Asset.id),
    "collections": lambda actor: (
        select(Collection.id).where(collections_visible_to(actor)).order_by(Collection.id)
    ),
}


@pytest.fixture
def assets(session: Session, people: make.People) -> list[int]:
    rows = []
    for of, by in ((people.own, people.librarian), (people.agency, people.contributor)):
        rows += [
            make.asset(session, of, created_by_id=by.person_id),
            make.published(session, of, people.librarian, created_by_id=by.person_id),
            make.published(session, of, people.librarian, attributes={"region": ["norway"]}),
            make.published(session, of, people.librarian, embargo_until=clock.now() + timedelta(hours=1)),
            make.asset(session, of, deleted_at=clock.now()),
        ]
    return [each.id for each in rows]


def lookers(people: make.People, assets: list[int], collections: list[int]) -> Iterator[Actor]:
    """Everybody, twice, with other grants and scopes; and those of the same roles one after another."""
    norway = Scope("region", frozenset({"norway"}))
    for who, (held, opened) in product(people.all(), ((0, 0), (1, 2), (2, 1))):
        granted = replace(who, collections=frozenset(collections[:held]), assets=frozenset(assets[-opened:]))
        yield granted
        yield replace(granted, person_id=people.contributor.person_id)
        yield replace(granted, assets=frozenset())
        yield replace(granted, roles=frozenset(), scoped_roles=frozenset({(REVIEWER, norway)}))
        yield replace(granted, scoped_roles=frozenset({(LIBRARIAN, norway)}))


@pytest.mark.parametrize("rule", RULES)
def test_who_looks_is_filled_in(session: Session, people: make.People, assets: list[int], rule: str) -> None:
    collections = [
        make.collection(session, people.librarian, session.get_one(Asset, asset_id)).id for asset_id in assets
    ]
    prepared, found = Prepared(RULES[rule]), set()
    for actor in lookers(people, assets, collections):
        seen = tuple(session.scalars(*prepared(actor)))
        assert seen == tuple(session.scalars(RULES[rule](actor))), actor
        found.add(seen)
    assert len(found) > 3


def test_an_embargo_ends_for_a_statement_that_is_kept(
    session: Session, people: make.People, assets: list[int]
) -> None:
    prepared = Prepared(RULES["seen"])
    before = set(session.scalars(*prepared(people.field_marketer)))
    with clock.held_at(clock.now() + timedelta(hours=2)):
        after = set(session.scalars(*prepared(people.field_marketer)))
    assert after - before == {assets[3], assets[8]}


def test_who_is_not_filled_in_sees_less(session: Session, people: make.People, assets: list[int]) -> None:
    forgotten = Prepared(lambda actor: select(Asset.id).where(Asset.created_by_id == actor.person_id))
    assert session.scalars(select(Asset.id).where(Asset.created_by_id == people.contributor.person_id)).all()
    assert session.scalars(*forgotten(people.contributor)).all() == []
