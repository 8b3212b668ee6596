"""Roles within a scope, and single assets opened: Python, SQL and index say the same of every row."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import (
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    LIBRARIAN,
    PARTNER,
    Actor,
    Scope,
)
from assetlib.accounts.models import Group, GroupMember, Organisation, Person, RoleGrant
from assetlib.accounts.queries import get_person
from assetlib.catalog.models import Asset, AssetGrant, Attribute, AttributeChoice, CollectionGroupGrant
from assetlib.catalog.permissions.assets import sees
from assetlib.catalog.queries.actors import acting
from assetlib.catalog.queries.visibility import visible_to
from assetlib.search.access import access_of
from assetlib.search.documents import documents_of
from assetlib.search.index import SearchIndex
from assetlib.search.request import All, SearchRequest
from tests import make

ENGINES = ("sqlite", "postgresql")

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BRANDS: tuple[Any, ...] = (
    None, "kids", "Kids", "kid", "kids-2", "k_ds", "k%s", 'say "kids"', "kids\\", "käthe", "gone", "",
    ["kids"], ["kid", "kids-2"], ["outdoor", "kids"], ['"kids"'], ["Kids", "gone"], [], "[\"kids\"]",
)  # fmt: skip
SCOPES = (
    *(Scope("brand", frozenset(keys)) for keys in (
        ("kids",), ("Kids",), ("kid",), ("k_ds",), ("k%s",), ('"kids"',), ("käthe",), ("gone",),
        ("kids\\",), ("kids", "outdoor"), (),
    )),
    *(Scope("region", frozenset(keys)) for keys in (("jp",), ("asia", "jp", "kr"), ("emea",))),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _at_one_moment() -> Iterator[None]:
    with clock.held_at(MOMENT):
        yield


def in_database(session: Session, actor: Actor) -> set[int]:
    return set(session.scalars(select(Asset.id).where(visible_to(actor))))


def agree(session: Session, index: SearchIndex, actor: Actor, assets: list[Asset]) -> set[int]:
    """What all three let the actor see."""
    by_rule = {each.id for each in assets if each.deleted_at is None and sees(actor, each)}
    assert in_database(session, actor) == by_rule, actor
    answer = index.search(SearchRequest(All(), access_of(actor), size=5_000))
    assert {hit.id for hit in answer.hits} == by_rule, actor
    assert answer.total == len(by_rule)
    return by_rule


def test_three_say_the_same_of_every_scope_and_value(
    session: Session, people: make.People, either_index: SearchIndex
) -> None:
    houses = (people.own, people.agency, people.other_agency, people.partner)
    sender = people.librarian.person_id
    assets = [
        make.asset(
            session,
            houses[number % 4],
            versions=0,
            state=state,
            attributes={
                name: value for name, value in (("brand", brand), ("region", region)) if value is not None
            },
            embargo_until=MOMENT + timedelta(days=1) if number % 7 == 6 else None,
            deleted_at=MOMENT if number % 11 == 10 else None,
            created_by_id=sender if number % 5 == 2 else None,
        )
        for number, (brand, region, state) in enumerate(
            itertools.product(BRANDS, (None, "jp", ["kr", "emea"]), ("published", "draft"))
        )
    ]
    album = make.collection(session, people.librarian, *assets[::2], granted_to=[people.agency])
    either_index.replace(documents_of(session, [each.id for each in assets]))
    scopes = (
        *SCOPES,
        *(Scope("organisation", frozenset(keys)) for keys in (
            {str(people.agency.id)}, {str(people.own.id), str(people.partner.id)}, {f"0{people.own.id}", "x"},
        )),
    )  # fmt: skip
    sizes = set()
    for role, of, scope in itertools.product(
        (LIBRARIAN, FIELD_MARKETER, AGENCY_CONTRIBUTOR, PARTNER), houses, scopes
    ):
        for collections, opened in (((), ()), ((album.id,), (assets[0].id, assets[7].id, assets[10].id))):
            actor = Actor(
                "person", "Somebody", person_id=sender, organisation_id=of.id,
                organisation_kind=of.kind,  # type: ignore[arg-type]  # the column holds one of the three
                scoped_roles=frozenset({(role, scope)}),
                collections=frozenset(collections), assets=frozenset(opened),
            )  # fmt: skip
            sizes.add(len(agree(session, either_index, actor, assets)))
    assert len(sizes) > 10


def person_with(
    session: Session, of: Organisation, *grants: tuple[str, str, str], group: bool = False
) -> Person:
    """Somebody with roles within scopes, of their own or by a group."""
    row = make.person(session, of)
    holder = {"person_id": row.id}
    if group:
        circle = Group(name=f"Circle {row.id}", created_at=MOMENT)
        session.add(circle)
        session.flush()
        session.add(GroupMember(group_id=circle.id, person_id=row.id, added_at=MOMENT))
        holder = {"group_id": circle.id}
    session.add_all(RoleGrant(role=r, scope_kind=kind, scope_key=key, **holder) for r, kind, key in grants)
    session.flush()
    return row


def acting_as(session: Session, person: Person) -> Actor:
    session.expire(person)
    return acting(session, get_person(session, person.id))


def tree(session: Session) -> Attribute:
    """Regions: jp and kr in asia, asia in the world."""
    region = make.attribute(session, "region", "tree", choices=("world", "asia", "jp", "kr"))
    by_key = {each.key: each for each in region.choices}
    by_key["asia"].parent_id = by_key["world"].id
    by_key["jp"].parent_id = by_key["kr"].parent_id = by_key["asia"].id
    session.flush()
    return region


@pytest.mark.parametrize("group", [False, True])
def test_a_region_holds_all_below_it_and_follows_the_tree(
    session: Session, people: make.People, either_index: SearchIndex, group: bool
) -> None:
    region = tree(session)
    assets = [
        make.asset(session, people.agency, versions=0, attributes={"region": each})
        for each in ("world", "asia", "jp", ["kr", "world"])
    ]
    world, asia, jp, kr = (each.id for each in assets)
    either_index.replace(documents_of(session, [world, asia, jp, kr]))
    person = person_with(session, people.own, (LIBRARIAN, "region", "asia"), group=group)
    assert agree(session, either_index, acting_as(session, person), assets) == {asia, jp, kr}
    by_key = {each.key: each for each in region.choices}
    by_key["jp"].parent_id = by_key["world"].id
    session.flush()
    # No document was written anew: the tree is the actor's, not the index's.
    assert agree(session, either_index, acting_as(session, person), assets) == {asia, kr}
    session.delete(session.get_one(AttributeChoice, by_key["kr"].id))
    session.flush()
    assert agree(session, either_index, acting_as(session, person), assets) == {asia}


def test_groups_and_their_grants_open_what_is_granted(
    session: Session, people: make.People, either_index: SearchIndex
) -> None:
    inside = make.asset(session, people.own, versions=0, state="published", attributes={"brand": "kids"})
    other = make.asset(session, people.own, versions=0, state="published", attributes={"brand": "trail"})
    loose = make.asset(session, people.own, versions=0, state="published", attributes={"brand": "kids"})
    assets = [inside, other, loose]
    either_index.replace(documents_of(session, [each.id for each in assets]))
    album = make.collection(session, people.librarian, inside, other)
    either_index.replace(documents_of(session, [each.id for each in assets]))
    wide = person_with(session, people.partner, (PARTNER, "everywhere", ""), group=True)
    narrow = person_with(session, people.partner, (PARTNER, "brand", "kids"), group=True)
    scoped_own = person_with(session, people.own, (FIELD_MARKETER, "brand", "kids"), group=True)
    own = person_with(session, people.own, (FIELD_MARKETER, "everywhere", ""), group=True)
    before = {each.id: agree(session, either_index, acting_as(session, each), assets) for each in
              (wide, narrow, scoped_own, own)}  # fmt: skip
    assert before == {
        wide.id: set(), narrow.id: set(), scoped_own.id: {inside.id, loose.id}, own.id: {a.id for a in assets}
    }  # fmt: skip
    for each in (wide, narrow, scoped_own, own):
        (group_id,) = acting_as(session, each).groups
        session.add(CollectionGroupGrant(collection_id=album.id, group_id=group_id, granted_at=MOMENT))
    session.flush()
    assert agree(session, either_index, acting_as(session, wide), assets) == {inside.id, other.id}
    # A role within a brand reaches no further by a collection; the house's own people gain nothing by one.
    assert agree(session, either_index, acting_as(session, narrow), assets) == {inside.id}
    assert agree(session, either_index, acting_as(session, scoped_own), assets) == before[scoped_own.id]
    assert agree(session, either_index, acting_as(session, own), assets) == before[own.id]


def test_an_opened_asset_is_there_up_to_and_with_its_day(
    session: Session, people: make.People, either_index: SearchIndex
) -> None:
    assets = [
        make.asset(session, people.own, versions=0, state=state, **values)
        for state, values in (
            ("published", {}),
            ("draft", {}),
            ("archived", {}),
            ("published", {"embargo_until": MOMENT + timedelta(days=9)}),
            ("published", {"deleted_at": MOMENT}),
        )
    ]
    either_index.replace(documents_of(session, [each.id for each in assets]))
    partner = person_with(session, people.partner, (PARTNER, "everywhere", ""))
    scoped = person_with(session, people.own, (FIELD_MARKETER, "brand", "kids"))
    nobody = person_with(session, people.partner)
    session.add_all(
        AssetGrant(asset_id=asset.id, person_id=person.id, until=date(2026, 11, 26), granted_at=MOMENT)
        for asset in assets
        for person in (partner, scoped, nobody)
    )
    session.flush()
    last_moment = datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    for moment, seen in (
        (MOMENT, {assets[0].id}),
        (last_moment, {assets[0].id}),
        (last_moment + timedelta(seconds=1), set()),
    ):
        with clock.held_at(moment):
            for person in (partner, scoped):
                assert agree(session, either_index, acting_as(session, person), assets) == seen
            assert agree(session, either_index, acting_as(session, nobody), assets) == set()
