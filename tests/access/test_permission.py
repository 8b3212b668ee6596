"""Permissions are sentences; these are the words they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.access.actor import ANONYMOUS, ROLES, SYSTEM, Actor
from assetlib.access.permission import (
    OPEN_TO_ALL,
    SIGNED_IN,
    Clause,
    NotPermitted,
    Permission,
    all_of,
    any_of,
    not_,
    role,
    the_house,
)
from assetlib.errors import NotAllowed

PERSONS = st.builds(
    Actor,
    kind=st.just("person"),
    name=st.just("Ada Example"),
    person_id=st.integers(1, 9),
    organisation_id=st.integers(1, 9),
    organisation_kind=st.sampled_from(["own", "agency", "partner"]),
    roles=st.frozensets(st.sampled_from(ROLES)),
)
ACTORS = PERSONS | st.sampled_from([ANONYMOUS, SYSTEM])


def is_even(actor: Actor, thing: int) -> bool:
    return thing % 2 == 0


def clauses() -> st.SearchStrategy[Clause]:
    words = st.sampled_from([is_even, the_house]) | st.lists(st.sampled_from(ROLES)).map(
        lambda names: role(*names)
    )
    return st.recursive(
        words,
        lambda inner: (
            inner.map(not_)
            | st.lists(inner, max_size=3).map(lambda each: all_of(*each))
            | st.lists(inner, max_size=3).map(lambda each: any_of(*each))
        ),
        max_leaves=8,
    )


@given(actor=ACTORS, thing=st.integers(0, 9), clause=clauses())
def test_require_and_allows_agree(actor: Actor, thing: int, clause: Clause) -> None:
    permission = Permission("test.do_it", clause, "Only some may do it.")
    if permission.allows(actor, thing):
        permission.require(actor, thing)
        return
    with pytest.raises(NotPermitted) as refused:
        permission.require(actor, thing)
    assert isinstance(refused.value, NotAllowed)
    assert refused.value.sentence == "Only some may do it."
    assert refused.value.details == {"permission": "test.do_it"}


@given(actor=ACTORS, thing=st.integers(0, 9), one=clauses(), other=clauses())
def test_clauses_join_as_and_or_not(actor: Actor, thing: int, one: Clause, other: Clause) -> None:
    assert all_of(one, other)(actor, thing) == (one(actor, thing) and other(actor, thing))
    assert any_of(one, other)(actor, thing) == (one(actor, thing) or other(actor, thing))
    assert not_(one)(actor, thing) == (not one(actor, thing))


@given(actor=ACTORS, names=st.lists(st.sampled_from(ROLES)))
def test_a_role_is_held_or_not(actor: Actor, names: list[str]) -> None:
    assert role(*names)(actor, None) == bool(actor.roles & set(names))


@given(actor=ACTORS)
def test_nothing_is_allowed_by_no_word_at_all(actor: Actor) -> None:
    assert not any_of()(actor, None)
    assert not role()(actor, None)


@given(actor=ACTORS)
def test_signed_in_is_a_person(actor: Actor) -> None:
    assert SIGNED_IN.allows(actor) == (actor not in (ANONYMOUS, SYSTEM))
    assert OPEN_TO_ALL.allows(actor)


def test_nobody_and_the_house_hold_no_role() -> None:
    for actor in (ANONYMOUS, SYSTEM):
        assert not actor.has_role(*ROLES)
        assert not actor.is_own
    assert not the_house(ANONYMOUS, None)
    assert the_house(SYSTEM, None)


@given(actor=PERSONS)
def test_only_the_own_organisation_is_own(actor: Actor) -> None:
    assert actor.is_own == (actor.organisation_kind == "own")


def test_an_actor_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(AttributeError):
        ANONYMOUS.roles = frozenset(ROLES)  # type: ignore[misc]  # that is the point
