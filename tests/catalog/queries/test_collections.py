import dataclasses
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.catalog.errors import NoSuchCollection
from assetlib.catalog.models import Asset, Collection, CollectionAncestor, CollectionGrant
from assetlib.catalog.permissions.collections import sees_collection
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.collections import (
    Node,
    ancestors_of,
    breadcrumbs,
    collections_of,
    get_collection,
    members_of,
    tree_of,
)
from assetlib.catalog.queries.visibility import collections_visible_to
from tests import make
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")
pytestmark = pytest.mark.usefixtures("noise")

Flat = list[tuple[str, int, int]]


def flat(nodes: list[Node], depth: int = 0) -> Flat:
    """Name, depth and count of each, from top to bottom."""
    found: Flat = []
    for node in nodes:
        found += [(node.name, depth, node.count), *flat(node.children, depth + 1)]
    return found


def with_grants(session: Session, actor: Actor) -> Actor:
    assert actor.person_id is not None
    return dataclasses.replace(actor, collections=actor_of(session, actor.person_id).collections)


@pytest.fixture
def world(session: Session, people: make.People) -> dict[str, Collection]:
    """Two open ones, one in the other with a private one beside it; another private one, and one granted."""
    out = [make.published(session, people.own, people.librarian, title=f"Out {n}") for n in range(3)]
    draft = make.asset(session, people.own)
    theirs = make.asset(session, people.agency)
    gone = make.published(session, people.own, people.librarian, deleted_at=clock.now())
    embargoed = make.published(
        session, people.own, people.librarian, embargo_until=clock.now() + timedelta(days=1)
    )
    trails = make.collection(session, people.librarian, out[0], draft, gone, name="trails")
    huts = make.collection(session, people.librarian, out[0], out[1], embargoed, inside=trails, name="Huts")
    notes = make.collection(
        session, people.field_marketer, out[2], inside=trails, audience="private", name="Notes"
    )
    plans = make.collection(session, people.librarian, out[0], draft, audience="private", name="Plans")
    brief = make.collection(
        session, people.librarian, out[2], theirs, draft, granted_to=[people.agency], name="Brief"
    )
    return {"trails": trails, "huts": huts, "notes": notes, "plans": plans, "brief": brief}


def test_the_tree_shows_what_one_may_know_and_counts_what_one_sees(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    session.flush()
    assert flat(tree_of(session, people.librarian)) == [
        ("Brief", 0, 3), ("Plans", 0, 2), ("trails", 0, 4), ("Huts", 1, 3),
    ]  # fmt: skip
    assert flat(tree_of(session, people.field_marketer)) == [
        ("Brief", 0, 1), ("trails", 0, 3), ("Huts", 1, 2), ("Notes", 1, 1),
    ]  # fmt: skip
    assert flat(tree_of(session, with_grants(session, people.contributor))) == [("Brief", 0, 2)]
    assert tree_of(session, with_grants(session, people.other_contributor)) == []
    assert tree_of(session, with_grants(session, people.partner_marketer)) == []
    assert tree_of(session, people.without_role) == []


def test_one_whose_place_is_hidden_stands_at_the_top(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    session.add(
        CollectionGrant(
            collection_id=world["huts"].id, organisation_id=people.agency.id, granted_at=clock.now()
        )
    )
    session.flush()
    agency = with_grants(session, people.contributor)
    assert flat(tree_of(session, agency)) == [("Brief", 0, 2), ("Huts", 0, 2)]
    assert [row.name for row in breadcrumbs(session, agency, world["huts"])] == ["Huts"]
    assert [row.name for row in breadcrumbs(session, people.librarian, world["huts"])] == ["trails", "Huts"]


def test_more_collections_need_no_more_statements(session: Session, people: make.People) -> None:
    sent = []
    for _ in range(2):
        outer = make.collection(session, people.librarian)
        for _ in range(10):
            asset = make.published(session, people.own, people.librarian)
            make.collection(session, people.librarian, asset, inside=outer, granted_to=[people.agency])
        for who in (people.librarian, people.field_marketer, with_grants(session, people.contributor)):
            session.flush()
            session.expunge_all()
            with counted(session) as statements:
                assert tree_of(session, who)
            sent.append(len(statements))
    assert set(sent) == {2}


def test_a_collection_is_found_by_those_who_may_know_of_it(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    agency = with_grants(session, people.contributor)
    found = {
        (name, who.name)
        for name, row in world.items()
        for who in (people.librarian, people.field_marketer, agency, people.without_role)
        if found_by(session, who, row)
    }
    open_to_own = {
        (name, who) for name in ("trails", "huts", "brief") for who in ("Lena Librarian", "Finn Field")
    }
    assert found == open_to_own | {
        ("plans", "Lena Librarian"), ("notes", "Finn Field"), ("brief", "Rosa Agency"),
    }  # fmt: skip
    with pytest.raises(NoSuchCollection):
        get_collection(session, people.librarian, 10**6)


def found_by(session: Session, actor: Actor, row: Collection) -> bool:
    try:
        return get_collection(session, actor, row.id) is row
    except NoSuchCollection:
        return False


def test_members_come_in_their_order_page_by_page(session: Session, people: make.People) -> None:
    assets = [make.published(session, people.own, people.librarian) for _ in range(5)]
    hidden = make.asset(session, people.own)
    row = make.collection(session, people.librarian, *reversed(assets[:3]), hidden, *assets[3:])
    make.collection(session, people.librarian, *assets)
    order = [assets[2].id, assets[1].id, assets[0].id, assets[3].id, assets[4].id]
    first = members_of(session, people.field_marketer, row, number=1, size=3)
    second = members_of(session, people.field_marketer, row, number=2, size=3)
    assert (list(first.rows), list(second.rows), first.total) == (order[:3], order[3:], 5)
    assert first.has_next
    assert not second.has_next
    everything = members_of(session, people.librarian, row, number=1, size=10)
    assert list(everything.rows) == [*order[:3], hidden.id, *order[3:]]


def test_outsiders_see_the_members_that_are_out_and_their_own(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    def titles(who: Actor) -> list[str]:
        page = members_of(session, with_grants(session, who), world["brief"], number=1, size=10)
        return [session.get_one(Asset, each).title[:5] for each in page.rows]

    assert titles(people.contributor) == ["Out 2", "Light"]
    assert titles(people.other_contributor) == []
    assert titles(people.partner_marketer) == []


def test_an_asset_names_the_collections_that_one_may_know_of(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    asset = session.scalars(select(Asset).where(Asset.title == "Out 0")).one()

    def names(who: Actor) -> list[str]:
        return [row.name for row in collections_of(who, asset)]

    assert names(people.librarian) == ["Huts", "Plans", "trails"]
    assert names(people.field_marketer) == ["Huts", "trails"]
    assert names(with_grants(session, people.contributor)) == []


def test_everything_above_is_told_for_many_at_once(
    session: Session, people: make.People, world: dict[str, Collection]
) -> None:
    huts, trails, plans = world["huts"].id, world["trails"].id, world["plans"].id
    found = ancestors_of(session, [huts, plans])
    assert {key: set(value) for key, value in found.items()} == {huts: {huts, trails}, plans: {plans}}


COLLECTIONS = st.lists(
    st.tuples(
        st.sampled_from(["librarian", "field_marketer", "contributor", "without_role"]),
        st.sampled_from(["private", "organisation"]),
        st.integers(-1, 5),
        st.sets(st.sampled_from(["agency", "other_agency", "partner", "own"])),
    ),
    max_size=7,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(COLLECTIONS)
def test_the_sql_of_sight_and_the_rule_say_the_same(
    session: Session,
    people: make.People,
    rows: list[tuple[str, str, int, set[str]]],
) -> None:
    for table in (CollectionGrant, CollectionAncestor, Collection):
        session.execute(delete(table))
    session.expunge_all()
    made: list[Collection] = []
    for owner, audience, place, to in rows:
        inside = made[place % len(made)] if made and place >= 0 else None
        granted_to = [getattr(people, name) for name in sorted(to)]
        made.append(
            make.collection(
                session, getattr(people, owner), inside=inside, granted_to=granted_to, audience=audience
            )
        )
    for who in people.all():
        actor = with_grants(session, who)
        seen = set(session.scalars(select(Collection.id).where(collections_visible_to(actor))))
        assert seen == {row.id for row in made if sees_collection(actor, row)}
        for row in made:
            if row.id in seen and row.audience == "private":
                assert row.owner_id == who.person_id
