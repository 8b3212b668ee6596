"""The seal of a version, and what differs between two."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assetlib.planning.rules.plan_content import (
    ActivitySaid,
    Content,
    LineSaid,
    ResultSaid,
    TaskSaid,
    canonical,
    difference,
    seal,
)

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
WORDS = st.lists(st.text(max_size=8), max_size=3).map(tuple)
IDS = st.integers(1, 4)
RESULTS = st.builds(ResultSaid, st.sampled_from(["Reach", "Leads"]), st.integers(0, 9), st.just(""))
TASKS = st.builds(TaskSaid, IDS, DAYS, DAYS)
ACTIVITIES = st.builds(ActivitySaid, IDS, DAYS, DAYS, st.lists(TASKS, max_size=2).map(tuple))
LINES = st.builds(
    LineSaid, IDS, IDS, st.just(1), st.just(1), st.integers(0, 9), st.just("EUR"), st.integers(0, 9)
)
CONTENTS = st.builds(
    Content,
    objectives=WORDS,
    assumptions=st.text(max_size=8),
    products=WORDS,
    segments=WORDS,
    channels=WORDS,
    expected=st.lists(RESULTS, max_size=3).map(tuple),
    activities=st.lists(ACTIVITIES, max_size=3, unique_by=lambda each: each.activity_id).map(tuple),
    lines=st.lists(LINES, max_size=4).map(tuple),
)
FORM = {"plan_id": 3, "number": 1, "currency": "EUR"}


@given(CONTENTS, CONTENTS)
def test_the_same_content_has_the_same_seal_and_no_other_has_it(one: Content, other: Content) -> None:
    assert (canonical(one, **FORM) == canonical(other, **FORM)) == (one == other)  # type: ignore[arg-type]
    assert seal(one, **FORM) == seal(replace(one), **FORM)  # type: ignore[arg-type]
    assert seal(one, **FORM) != seal(one, **{**FORM, "number": 2})  # type: ignore[arg-type]


@given(CONTENTS)
def test_nothing_differs_from_itself(content: Content) -> None:
    assert difference(content, content).is_empty


@given(CONTENTS, CONTENTS)
def test_what_was_added_one_way_was_removed_the_other_way(before: Content, after: Content) -> None:
    there, back = difference(before, after).counts, difference(after, before).counts
    assert (there["added"], there["removed"], there["changed"]) == (
        back["removed"],
        back["added"],
        back["changed"],
    )


def test_lines_are_compared_by_their_place() -> None:
    line = LineSaid(1, 1, 1, 1, 100, "EUR", 100)
    before = Content(lines=(line, replace(line, period_id=2)))
    after = Content(lines=(replace(line, amount_minor=150, base_minor=150), replace(line, period_id=3)))
    said = [(pair.what, pair.before and pair.before.period_id) for pair in difference(before, after).lines]
    assert said == [("changed", 1), ("added", None), ("removed", 2)]


def test_two_lines_in_one_place_are_two() -> None:
    line = LineSaid(1, 1, 1, 1, 100, "EUR", 100)
    once, twice = Content(lines=(line,)), Content(lines=(line, line))
    assert difference(once, twice).counts == {"added": 1, "removed": 0, "changed": 0}


def test_assumptions_that_come_go_and_change() -> None:
    none, some, other = (Content(assumptions=each) for each in ("", "Snow", "Rain"))
    assert [difference(*each).assumptions.what for each in ((none, some), (some, none), (some, other))] == [
        "added",
        "removed",
        "changed",
    ]
    assert difference(none, none).assumptions.what == "same"
