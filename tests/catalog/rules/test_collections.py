import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.catalog.errors import InUse, WrongValue
from assetlib.catalog.rules.collections import (
    DEEPEST,
    MOST_AT_ONCE,
    must_be_described,
    must_fit_inside,
    must_hold_no_other,
    must_not_be_too_many,
    with_these_first,
)


@pytest.mark.parametrize(
    ("name", "description", "audience", "fields"),
    [
        (" Trails ", "", "private", set()),
        ("Trails", "x" * 20_000, "organisation", set()),
        (" ", "", "private", {"name"}),
        ("x" * 201, "\0", "everybody", {"name", "description", "audience"}),
        ("a\ud800", "", "private", {"name"}),
    ],
)
def test_a_collection_is_described_whole_or_refused(
    name: str, description: str, audience: str, fields: set[str]
) -> None:
    if not fields:
        must_be_described(name=name, description=description, audience=audience)
        return
    with pytest.raises(WrongValue) as refused:
        must_be_described(name=name, description=description, audience=audience)
    assert set(refused.value.details["fields"]) == fields


@pytest.mark.parametrize(
    ("audience", "parent", "depth", "fits"),
    [
        ("private", None, 1, True),
        ("organisation", None, 1, True),
        ("private", "private", 2, True),
        ("private", "organisation", 2, True),
        ("organisation", "organisation", DEEPEST, True),
        ("organisation", "private", 2, False),
        ("organisation", "organisation", DEEPEST + 1, False),
    ],
)
def test_what_the_organisation_sees_lies_in_nothing_private(
    audience: str, parent: str | None, depth: int, fits: bool
) -> None:
    if fits:
        must_fit_inside(audience=audience, parent_audience=parent, depth=depth)
        return
    with pytest.raises(WrongValue):
        must_fit_inside(audience=audience, parent_audience=parent, depth=depth)


def test_what_holds_others_says_which_are_known() -> None:
    must_hold_no_other([], 0)
    with pytest.raises(InUse) as refused:
        must_hold_no_other(["Huts"], 2)
    assert "Huts" in refused.value.sentence
    with pytest.raises(InUse):
        must_hold_no_other([], 1)


def test_only_so_many_go_at_once() -> None:
    must_not_be_too_many(list(range(MOST_AT_ONCE)))
    with pytest.raises(WrongValue):
        must_not_be_too_many(list(range(MOST_AT_ONCE + 1)))


@given(st.lists(st.integers(0, 20), unique=True), st.lists(st.integers(0, 25)))
def test_what_is_wanted_goes_first_and_nothing_is_lost(current: list[int], wanted: list[int]) -> None:
    after = with_these_first(current, wanted)
    assert sorted(after) == sorted(current)
    first = [each for each in dict.fromkeys(wanted) if each in current]
    assert after[: len(first)] == first
    rest = [each for each in current if each not in first]
    assert after[len(first) :] == rest
