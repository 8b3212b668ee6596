import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.collections import (
    add_assets,
    delete_collection,
    describe_collection,
    make_collection,
    move_collection,
    remove_assets,
    reorder_assets,
)
from assetlib.catalog.actions.opening import grant_collection, ungrant_collection
from assetlib.catalog.errors import ChangedMeanwhile, InUse, NoSuchCollection, WrongValue
from assetlib.catalog.models import Asset, Collection, CollectionAncestor, CollectionGrant, CollectionItem
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.collections import get_collection
from tests import make
from tests.catalog.closures import closure, walked
from tests.catalog.recorded import actions, recorded

ENGINES = ("sqlite", "postgresql")
pytestmark = pytest.mark.usefixtures("noise")


def members(session: Session, collection: Collection) -> list[int]:
    return list(
        session.scalars(
            select(CollectionItem.asset_id)
            .where(CollectionItem.collection_id == collection.id)
            .order_by(CollectionItem.position, CollectionItem.asset_id)
        )
    )


def test_a_collection_is_made_for_its_owner(session: Session, people: make.People) -> None:
    made = make_collection(session, people.field_marketer, name=" My huts ", description="For the\r\nshop")
    assert (made.name, made.description, made.audience) == (" My huts ", "For the\r\nshop", "private")
    assert made.owner_id == people.field_marketer.person_id
    inside = make_collection(session, people.field_marketer, name="Inside", parent=made)
    assert inside.parent_id == made.id
    assert closure(session) == walked(session)
    assert actions(session) == ["collection_made", "collection_made"]
    with pytest.raises(NoSuchCollection):
        get_collection(session, people.librarian, made.id)


@pytest.mark.parametrize("who", ["contributor", "partner_marketer", "without_role"])
def test_collections_are_made_by_own_people_with_a_role(
    session: Session, people: make.People, who: str
) -> None:
    with pytest.raises(NotPermitted):
        make_collection(session, getattr(people, who), name="Huts")


def test_nobody_puts_one_into_what_is_not_theirs_to_change(session: Session, people: make.People) -> None:
    shared = make.collection(session, people.librarian)
    private = make.collection(session, people.librarian, audience="private")
    own = make.collection(session, people.field_marketer)
    for parent in (shared, private):
        with pytest.raises(NotPermitted):
            make_collection(session, people.field_marketer, name="Huts", parent=parent)
        with pytest.raises(NotPermitted):
            move_collection(session, people.field_marketer, own, parent)
    with pytest.raises(NotPermitted):
        move_collection(session, people.field_marketer, shared, None)
    with pytest.raises(WrongValue):
        make_collection(session, people.librarian, name="Huts", audience="organisation", parent=private)
    with pytest.raises(WrongValue):
        move_collection(session, people.librarian, shared, private)
    assert closure(session) == walked(session)


def test_it_is_described_anew_by_those_who_may(session: Session, people: make.People) -> None:
    row = make.collection(session, people.field_marketer, name="Huts")
    describe_collection(
        session,
        people.librarian,
        row,
        revision=row.revision,
        name="Huts",
        description="",
        audience="organisation",
    )
    assert actions(session) == []
    describe_collection(
        session,
        people.librarian,
        row,
        revision=row.revision,
        name="Cabins",
        description="x",
        audience="organisation",
    )
    assert (row.name, row.description) == ("Cabins", "x")
    assert recorded(session)[-1].changes["before"] == {"name": "Huts", "description": ""}
    for who in (people.contributor, people.without_role):
        with pytest.raises(NotPermitted):
            describe_collection(
                session, who, row, revision=row.revision, name="No", description="", audience="organisation"
            )
    describe_collection(
        session,
        people.field_marketer,
        row,
        revision=row.revision,
        name="Cabins",
        description="",
        audience="private",
    )
    with pytest.raises(NotPermitted):
        describe_collection(
            session,
            people.librarian,
            row,
            revision=row.revision,
            name="No",
            description="",
            audience="private",
        )


def test_it_is_not_described_over_what_nobody_saw(session: Session, people: make.People) -> None:
    row = make.collection(session, people.librarian, name="Huts")
    seen = row.revision
    add_assets(session, people.librarian, row, [make.asset(session, people.own).id])
    said: dict[str, str] = {"description": "", "audience": "organisation"}
    describe_collection(session, people.librarian, row, revision=seen, name="Cabins", **said)
    with pytest.raises(ChangedMeanwhile) as refused:
        describe_collection(session, people.administrator, row, revision=seen, name="Lodges", **said)
    assert refused.value.details["current"]["name"] == "Cabins"
    now = row.revision
    move_collection(session, people.librarian, row, make.collection(session, people.librarian))
    with pytest.raises(ChangedMeanwhile):
        describe_collection(session, people.administrator, row, revision=now, name="Lodges", **said)
    assert row.name == "Cabins"


def test_it_is_not_made_private_while_something_open_hangs_on_it(
    session: Session, people: make.People
) -> None:
    outer = make.collection(session, people.librarian)
    make.collection(session, people.librarian, inside=outer, name="Inside")
    granted = make.collection(session, people.librarian, granted_to=[people.agency])
    for row in (outer, granted):
        with pytest.raises(WrongValue):
            describe_collection(
                session,
                people.librarian,
                row,
                revision=row.revision,
                name="X",
                description="",
                audience="private",
            )
    ungrant_collection(session, people.librarian, granted, people.agency)
    describe_collection(
        session,
        people.librarian,
        granted,
        revision=granted.revision,
        name="X",
        description="",
        audience="private",
    )
    assert granted.audience == "private"


def test_a_collection_never_lies_in_itself(session: Session, people: make.People) -> None:
    top = make.collection(session, people.librarian)
    middle = make.collection(session, people.librarian, inside=top)
    low = make.collection(session, people.librarian, inside=middle)
    for place in (top, middle, low):
        with pytest.raises(WrongValue):
            move_collection(session, people.librarian, top, place)
    move_collection(session, people.librarian, low, None)
    move_collection(session, people.librarian, top, low)
    assert closure(session) == walked(session)
    assert recorded(session)[-1].changes == {"before": {"parent": None}, "after": {"parent": low.id}}


def test_what_is_too_deep_stays_where_it_is(session: Session, people: make.People) -> None:
    chain = [make.collection(session, people.librarian)]
    for _ in range(11):
        chain.append(make.collection(session, people.librarian, inside=chain[-1]))
    with pytest.raises(WrongValue):
        make_collection(session, people.librarian, name="X", audience="organisation", parent=chain[-1])
    pair = make.collection(session, people.librarian)
    make.collection(session, people.librarian, inside=pair)
    with pytest.raises(WrongValue):
        move_collection(session, people.librarian, pair, chain[-2])
    move_collection(session, people.librarian, pair, chain[-3])
    assert closure(session) == walked(session)


Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(st.sampled_from(["make", "move", "delete"]), st.integers(0, 7), st.integers(-1, 7)), max_size=15
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(steps)
def test_after_any_moves_and_deletions_everybody_is_found_above_and_below(
    session: Session, people: make.People, plan: list[Step]
) -> None:
    session.execute(delete(CollectionAncestor))
    session.execute(delete(Collection))
    session.expunge_all()
    alive: list[Collection] = []
    for verb, one, other in plan:
        place = alive[other % len(alive)] if alive and other >= 0 else None
        try:
            if verb == "make" or not alive:
                alive.append(
                    make_collection(
                        session, people.librarian, name="C", audience="organisation", parent=place
                    )
                )
            elif verb == "move":
                move_collection(session, people.librarian, alive[one % len(alive)], place)
            else:
                delete_collection(session, people.librarian, alive[one % len(alive)])
                alive.pop(one % len(alive))
        except (WrongValue, InUse):
            pass
        assert closure(session) == walked(session)
    assert {row.id for row in alive} == set(session.scalars(select(Collection.id)))


def test_what_holds_others_is_not_deleted_and_assets_stay(
    session: Session, people: make.People, noise: Asset
) -> None:
    outer = make.collection(session, people.librarian, noise, granted_to=[people.agency])
    inside = make.collection(session, people.librarian, inside=outer, name="Huts")
    with pytest.raises(InUse) as refused:
        delete_collection(session, people.librarian, outer)
    assert "Huts" in refused.value.sentence
    with pytest.raises(NotPermitted):
        delete_collection(session, people.field_marketer, inside)
    delete_collection(session, people.librarian, inside)
    delete_collection(session, people.librarian, outer)
    assert session.scalars(select(Collection.id)).all() == []
    for table in (CollectionItem, CollectionGrant, CollectionAncestor):
        assert session.scalars(select(table)).all() == []
    assert session.get(Asset, noise.id) is not None
    assert recorded(session)[-1].object_id == str(outer.id)
    assert recorded(session)[-1].changes["before"]["assets"] == 1


def test_the_name_of_a_private_one_inside_is_not_told(session: Session, people: make.People) -> None:
    outer = make.collection(session, people.field_marketer)
    make.collection(session, people.field_marketer, inside=outer, audience="private", name="My secret")
    with pytest.raises(InUse) as refused:
        delete_collection(session, people.librarian, outer)
    assert "secret" not in refused.value.sentence


def test_only_what_the_actor_sees_goes_in_once_and_at_the_end(
    session: Session, people: make.People, noise: Asset
) -> None:
    out = [make.published(session, people.agency, people.librarian) for _ in range(3)]
    draft = make.asset(session, people.own)
    gone = make.published(session, people.own, people.librarian, deleted_at=clock.now())
    row = make.collection(session, people.field_marketer, out[1], audience="private")
    wanted = [out[2].id, draft.id, gone.id, out[1].id, out[2].id, out[0].id, 10**6]
    assert add_assets(session, people.field_marketer, row, wanted) == 2
    assert members(session, row) == [out[1].id, out[2].id, out[0].id]
    assert add_assets(session, people.field_marketer, row, wanted) == 0
    assert [entry.changes for entry in recorded(session)] == [{"after": {"assets": [out[2].id, out[0].id]}}]
    item = session.get_one(CollectionItem, (row.id, out[0].id))
    assert item.added_by_id == people.field_marketer.person_id
    assert noise.id not in members(session, row)


def test_assets_are_taken_out_and_stay_in_the_library(session: Session, people: make.People) -> None:
    assets = [make.asset(session, people.own) for _ in range(3)]
    row = make.collection(session, people.librarian, *assets)
    other = make.collection(session, people.librarian, *assets)
    assert remove_assets(session, people.librarian, row, [assets[1].id, assets[1].id, 10**6]) == 1
    assert remove_assets(session, people.librarian, row, [assets[1].id]) == 0
    assert members(session, row) == [assets[0].id, assets[2].id]
    assert members(session, other) == [each.id for each in assets]
    assert [entry.changes for entry in recorded(session)] == [{"before": {"assets": [assets[1].id]}}]


def test_what_one_does_not_see_one_does_not_take_out(session: Session, people: make.People) -> None:
    draft = make.asset(session, people.own)
    row = make.collection(session, people.field_marketer, draft)
    assert remove_assets(session, people.field_marketer, row, [draft.id]) == 0
    assert remove_assets(session, people.librarian, row, [draft.id]) == 1


def test_some_are_put_first(session: Session, people: make.People) -> None:
    assets = [make.asset(session, people.own) for _ in range(4)]
    row = make.collection(session, people.librarian, *assets)
    a, b, c, d = (each.id for each in assets)
    reorder_assets(session, people.librarian, row, [c, a, 10**6, c])
    assert members(session, row) == [c, a, b, d]
    reorder_assets(session, people.librarian, row, [d])
    assert members(session, row) == [d, c, a, b]
    assert actions(session) == ["collection_ordered"] * 2


def test_others_change_nothing_inside(session: Session, people: make.People, noise: Asset) -> None:
    row = make.collection(session, people.librarian, noise, granted_to=[people.agency])
    for who in (people.field_marketer, people.contributor, people.partner_marketer, people.without_role):
        for act in (add_assets, remove_assets, reorder_assets):
            with pytest.raises(NotPermitted):
                act(session, who, row, [noise.id])
    assert members(session, row) == [noise.id]
    assert actions(session) == []


def test_no_more_go_at_once_than_may(session: Session, people: make.People) -> None:
    row = make.collection(session, people.librarian)
    for act in (add_assets, remove_assets, reorder_assets):
        with pytest.raises(WrongValue):
            act(session, people.librarian, row, list(range(10_001)))


def open_to(session: Session, who: Actor) -> frozenset[int]:
    return actor_of(session, who.person_id or 0).collections


def test_a_grant_opens_and_closes_with_all_below(session: Session, people: make.People) -> None:
    outer = make.collection(session, people.librarian)
    inside = make.collection(session, people.librarian, inside=outer)
    deep = make.collection(session, people.librarian, inside=inside)
    private = make.collection(session, people.librarian, inside=outer, audience="private")
    elsewhere = make.collection(session, people.librarian, granted_to=[people.partner])
    grant_collection(session, people.librarian, inside, people.agency)
    grant_collection(session, people.librarian, inside, people.agency)
    assert open_to(session, people.contributor) == {inside.id, deep.id}
    assert open_to(session, people.other_contributor) == frozenset()
    assert open_to(session, people.partner_marketer) == {elsewhere.id}
    grant_collection(session, people.librarian, outer, people.agency)
    assert open_to(session, people.contributor) == {outer.id, inside.id, deep.id}
    assert private.id not in open_to(session, people.contributor)
    move_collection(session, people.librarian, deep, elsewhere)
    assert open_to(session, people.contributor) == {outer.id, inside.id}
    assert open_to(session, people.partner_marketer) == {elsewhere.id, deep.id}
    for _ in range(2):
        ungrant_collection(session, people.librarian, outer, people.agency)
    assert open_to(session, people.contributor) == {inside.id}
    assert actions(session) == [
        "collection_granted", "collection_granted", "collection_moved", "collection_ungranted",
    ]  # fmt: skip


def test_who_may_not_open_to_others_does_not_fill_what_is_opened(
    session: Session, people: make.People
) -> None:
    marketer = people.field_marketer
    out = make.published(session, people.own, people.librarian)
    outer = make.collection(session, marketer, granted_to=[people.partner])
    inner = make.collection(session, marketer, inside=outer)
    own = make.collection(session, marketer, out)
    hidden = make.collection(session, marketer, inside=outer, audience="private")
    assert add_assets(session, marketer, hidden, [out.id]) == 1
    said: dict[str, str] = {"name": "x", "description": ""}
    tries = (
        lambda: add_assets(session, marketer, outer, [out.id]),
        lambda: add_assets(session, marketer, inner, [out.id]),
        lambda: move_collection(session, marketer, own, inner),
        lambda: describe_collection(
            session, marketer, hidden, revision=hidden.revision, audience="organisation", **said
        ),
    )
    for each in tries:
        with pytest.raises(NotPermitted, match="Ask a librarian"):
            each()
    for row in (outer, inner, own):
        assert row.parent_id == (outer.id if row is inner else None)
    assert {item.collection_id for item in out.items} == {own.id, hidden.id}
    assert add_assets(session, people.librarian, inner, [out.id]) == 1
    assert remove_assets(session, marketer, inner, [out.id]) == 1


def test_only_librarians_open_to_others_and_only_what_is_shared(
    session: Session, people: make.People
) -> None:
    own = make.collection(session, people.field_marketer)
    private = make.collection(session, people.librarian, audience="private")
    cases: list[tuple[Actor, Collection]] = [(people.field_marketer, own), (people.librarian, private)]
    for actor, row in cases:
        for act in (grant_collection, ungrant_collection):
            with pytest.raises(NotPermitted):
                act(session, actor, row, people.agency)
    with pytest.raises(WrongValue):
        grant_collection(session, people.librarian, own, people.own)
    assert open_to(session, people.contributor) == frozenset()
