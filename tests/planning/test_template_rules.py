"""A campaign that was made of a template has the same shape on other days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.planning.errors import WrongPlanning
from assetlib.planning.rules.templates import (
    MOST_TASKS,
    ActivityShape,
    TaskShape,
    laid_out,
    last_day,
    must_be_template,
    shape_of_task,
    shapes_in,
    to_body,
)
from assetlib.workdays import workdays_of

GERMAN = workdays_of("DE")
LAUNCH = ActivityShape(
    "Launch creative",
    start=0,
    length=14,
    channel="web",
    tasks=(
        TaskShape("Key visual", start=-20, length=10, role="design", effort_hours=60),
        TaskShape("Size family", start=-10, length=8, after=((0, 0),)),
        TaskShape("Press date", start=-2, length=1, kind="milestone", after=((1, 2),)),
    ),
)
FAIR = ActivityShape("Trade fair", start=5, length=3, kind="event")


def test_work_is_done_before_anybody_sees_it_and_not_on_holidays() -> None:
    [launch, fair] = laid_out([LAUNCH, FAIR], date(2027, 1, 4), GERMAN)
    assert (launch.span.first, launch.span.last) == (date(2027, 1, 4), date(2027, 1, 17))
    assert fair.span.last == last_day([fair]) == date(2027, 1, 11)
    visual, sizes, press = launch.tasks
    assert (visual.first, visual.last) == (date(2026, 12, 3), date(2026, 12, 16))
    assert (sizes.first, sizes.last) == (date(2026, 12, 17), date(2026, 12, 29))
    assert press.first == press.last == date(2026, 12, 30)


def test_what_a_template_keeps_is_what_it_was_made_of() -> None:
    assert shapes_in(to_body([LAUNCH, FAIR])) == [LAUNCH, FAIR]
    assert shapes_in({}) == []


def test_a_template_has_a_name_and_something_in_it() -> None:
    must_be_template(name="Launch", description="", activities=[LAUNCH])
    with pytest.raises(WrongPlanning) as refused:
        must_be_template(name="", description="", activities=[])
    assert set(refused.value.details["fields"]) == {"name", "campaign"}
    huge = ActivityShape("x", 0, 1, tasks=tuple(TaskShape("y", 0, 1) for _ in range(MOST_TASKS + 1)))
    with pytest.raises(WrongPlanning):
        must_be_template(name="Huge", description="", activities=[huge])


DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))


@given(DAYS, DAYS, st.integers(-60, 60), st.integers(1, 40))
def test_a_shape_taken_of_a_task_gives_it_back_on_other_days(
    first: date, other: date, start: int, length: int
) -> None:
    [laid] = laid_out([ActivityShape("a", 0, 7, tasks=(TaskShape("t", start, length),))], first, GERMAN)
    taken = shape_of_task(laid.tasks[0].first, laid.tasks[0].last, first, GERMAN)
    assert taken == (start, length)
    [again] = laid_out([ActivityShape("a", 0, 7, tasks=(TaskShape("t", *taken),))], other, GERMAN)
    assert GERMAN.count(again.tasks[0].first, again.tasks[0].last) == length
    assert all(GERMAN.includes(day) for day in (again.tasks[0].first, again.tasks[0].last))


@given(DAYS, st.integers(0, 100), st.integers(1, 100))
def test_an_activity_lasts_as_long_whatever_the_weekday(first: date, start: int, length: int) -> None:
    [laid] = laid_out([ActivityShape("a", start, length)], first, GERMAN)
    assert laid.span.first == first + timedelta(days=start)
    assert (laid.span.last - laid.span.first).days == length - 1
