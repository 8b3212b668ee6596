"""The schedule: what comes before what, what moves with it, and what tasks make of the whole."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assetlib.planning.errors import WrongPlanning
from assetlib.planning.rules.schedule import (
    AT_RISK,
    DONE,
    LATE,
    ON_TRACK,
    Rolled,
    Span,
    Timed,
    chain_to,
    earliest_start,
    expected_finish,
    in_the_way,
    must_not_loop,
    planned_by,
    pushed,
    rolled_up,
    slip_of,
    standing_of,
    what_follows,
)
from assetlib.workdays import Workdays, workdays_of

MONDAY = date(2027, 3, 1)
WEEKENDS = Workdays()
GERMANY, NORWAY = workdays_of("DE"), workdays_of("NO")
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
COUNTRIES = st.sampled_from([WEEKENDS, GERMANY, NORWAY])


def week(number: int, task: int, *, before: Mapping[int, int] | None = None, **more: object) -> Timed:
    """A task from Monday to Friday of a week."""
    start = MONDAY + timedelta(weeks=number)
    return Timed(task, start, start + timedelta(days=4), before=before or {}, **more)  # type: ignore[arg-type]


@st.composite
def schedules(draw: st.DrawFn) -> list[Timed]:
    """Some tasks, each of which may wait for others that stand before it in some order."""
    order = draw(st.permutations(range(1, draw(st.integers(2, 9)))))
    tasks = []
    for place, number in enumerate(order):
        before = draw(st.dictionaries(st.sampled_from(order[:place]), st.integers(0, 4))) if place else {}
        start, length = draw(DAYS), draw(st.integers(0, 25))
        milestone = draw(st.booleans())
        tasks.append(
            Timed(
                number,
                start,
                start if milestone else start + timedelta(days=length),
                draw(COUNTRIES),
                has_begun=draw(st.integers(0, 4)) == 0,
                is_milestone=milestone,
                before=before,
            )
        )
    return tasks


@given(schedules(), st.data())
def test_pushing_moves_nothing_to_an_earlier_day_and_leaves_no_conflict(
    tasks: list[Timed], data: st.DataObject
) -> None:
    origin = data.draw(st.sampled_from([each.id for each in tasks]))
    before = {each.id: each for each in tasks}
    moves = {each.id: each for each in pushed(tasks, origin)}
    for move in moves.values():
        task = before[move.id]
        assert move.start > task.start
        assert move.finish >= task.finish
        assert move.by == task.days.slip(task.start, move.start) >= 0
        assert not task.has_begun
        assert task.days.includes(move.start)
        if task.is_milestone:
            assert move.start == move.finish
    after = [
        Timed(
            each.id,
            moves[each.id].start if each.id in moves else each.start,
            moves[each.id].finish if each.id in moves else each.finish,
            each.days,
            each.has_begun,
            each.is_milestone,
            each.before,
        )
        for each in tasks
    ]
    following = set(what_follows(tasks, origin))
    assert set(moves) <= following
    assert set(in_the_way(after)) & following == set()
    assert pushed(after, origin) == []


@given(schedules(), st.data())
def test_the_order_in_which_tasks_come_does_not_matter(tasks: list[Timed], data: st.DataObject) -> None:
    origin = data.draw(st.sampled_from([each.id for each in tasks]))
    other = data.draw(st.permutations(tasks))
    assert pushed(other, origin) == pushed(tasks, origin)
    assert in_the_way(other) == in_the_way(tasks)


@given(
    st.dictionaries(st.integers(1, 7), st.sets(st.integers(1, 7), max_size=4)),
    st.integers(1, 7),
    st.integers(1, 7),
)
def test_a_loop_is_found_exactly_when_there_is_one(
    before: dict[int, set[int]], task: int, predecessor: int
) -> None:
    loop = chain_to(before, task, predecessor)
    assert bool(loop) == (task == predecessor or waits(before, predecessor, task))
    if loop:
        assert (loop[0], loop[-2], loop[-1]) == (task, predecessor, task)
        for earlier, later in pairwise(loop[:-1]):
            assert earlier in before[later]


def waits(before: dict[int, set[int]], task: int, other: int) -> bool:
    """Whether a task waits for another one, by however many between: as one would look for it by hand."""
    reached = set(before.get(task, ()))
    for _ in range(8):
        reached |= {more for each in reached for more in before.get(each, ())}
    return other in reached


def test_a_loop_is_refused_with_the_names_on_its_way() -> None:
    names = {1: "Brief", 2: "Layout", 3: "Press"}
    with pytest.raises(WrongPlanning) as refused:
        must_not_loop({2: [1], 3: [2]}, 1, 3, names)
    assert refused.value.details["loop"] == [1, 2, 3, 1]
    assert refused.value.details["fields"] == {
        "predecessor": "Nothing could begin: Brief → Layout → Press → Brief"
    }
    must_not_loop({2: [1], 3: [2]}, 3, 1, names)


def test_a_task_begins_on_the_workday_after_what_it_waits_for_and_some_days_later_with_a_lag() -> None:
    easter = Timed(2, MONDAY, MONDAY, GERMANY, before={1: 0})
    thursday = date(2027, 3, 25)
    assert earliest_start(easter, {1: thursday}) == date(2027, 3, 30), (
        "Good Friday and Easter Monday are free"
    )
    assert earliest_start(Timed(2, MONDAY, MONDAY, before={1: 0}), {1: thursday}) == date(2027, 3, 26)
    assert earliest_start(Timed(2, MONDAY, MONDAY, before={1: 2}), {1: thursday}) == date(2027, 3, 30)
    assert earliest_start(Timed(2, MONDAY, MONDAY), {1: thursday}) is None


def test_moving_a_forecast_leaves_the_rest_and_says_what_is_in_the_way() -> None:
    tasks = [
        week(0, 1),
        week(0, 2, before={1: 0}),
        week(1, 3, before={2: 0, 1: 0}),
        week(9, 4, before={3: 0}),
    ]
    assert in_the_way(tasks) == {2: [1]}
    assert [(move.id, move.start, move.by) for move in pushed(tasks, 1)] == [
        (2, MONDAY + timedelta(weeks=1), 5),
        (3, MONDAY + timedelta(weeks=2), 5),
    ], "the last one has time enough"
    assert pushed(tasks, 3) == []


def test_what_has_begun_is_not_moved_and_what_waits_for_it_is_judged_by_its_finish() -> None:
    tasks = [week(0, 1), week(0, 2, before={1: 0}, has_begun=True), week(0, 3, before={2: 0})]
    assert in_the_way(tasks) == {3: [2]}
    assert [move.id for move in pushed(tasks, 1)] == [3]


SLICES = st.lists(
    st.tuples(DAYS, st.integers(0, 60), DAYS, st.integers(0, 60), st.integers(0, 100), st.booleans()),
    max_size=12,
)


def rolled(one: tuple[date, int, date, int, int, bool]) -> Rolled:
    planned, length, start, took, percent, is_done = one
    baseline = Span(planned, planned + timedelta(days=length))
    forecast = Span(start, start + timedelta(days=took))
    assert baseline.finish is not None
    weight = max(1, WEEKENDS.count(planned, baseline.finish))
    return Rolled(
        baseline,
        forecast,
        forecast if is_done else Span(),
        tasks=1,
        done=int(is_done),
        late=int(not is_done and percent < 20),
        weight=weight,
        hundredths=weight * (100 if is_done else percent),
    )


@given(SLICES, st.data())
def test_a_whole_is_what_its_tasks_are_however_they_are_grouped(
    slices: list[tuple[date, int, date, int, int, bool]], data: st.DataObject
) -> None:
    parts = [rolled(each) for each in slices]
    whole = rolled_up(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(parts)), max_size=3)))
    mixed = data.draw(st.permutations(parts))
    groups = [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]
    assert rolled_up(rolled_up(group) for group in groups) == whole
    assume(parts)
    naive = {
        "start": min(planned for planned, *_ in slices),
        "finish": max(planned + timedelta(days=length) for planned, length, *_ in slices),
        "expected": max(start + timedelta(days=took) for _, _, start, took, *_ in slices),
        "done": sum(is_done for *_, is_done in slices),
        "percent": sum(each.hundredths for each in parts) // sum(each.weight for each in parts),
    }
    assert naive == {
        "start": whole.baseline.start,
        "finish": whole.baseline.finish,
        "expected": whole.forecast.finish,
        "done": whole.done,
        "percent": whole.percent,
    }
    assert whole.is_done == all(is_done for *_, is_done in slices)
    assert (whole.came.finish is not None) == whole.is_done


def test_a_whole_of_nothing_is_nothing() -> None:
    assert rolled_up([]) == Rolled()
    assert (Rolled().percent, Rolled().planned_percent, Rolled().is_done) == (0, 0, False)


@given(DAYS, st.integers(0, 90), DAYS, COUNTRIES)
def test_what_should_be_done_grows_from_nothing_to_the_whole(
    start: date, length: int, day: date, days: Workdays
) -> None:
    finish = start + timedelta(days=length)
    over = planned_by(days, start, finish, day)
    weight = max(1, days.count(start, finish))
    assert 0 <= over <= planned_by(days, start, finish, day + timedelta(days=1)) <= weight
    assert planned_by(days, start, finish, start - timedelta(days=1)) == 0
    assert planned_by(days, start, finish, finish) == weight
    if day < finish:
        assert over == sum(days.includes(start + timedelta(days=n)) for n in range((day - start).days + 1))


def test_how_far_something_slipped_is_counted_in_the_workdays_of_its_country() -> None:
    planned, came = date(2027, 3, 25), date(2027, 3, 30)
    assert slip_of(GERMANY, planned, came) == 1
    assert slip_of(WEEKENDS, planned, came) == 3
    assert slip_of(WEEKENDS, came, planned) == -3
    assert slip_of(WEEKENDS, None, came) is None


def test_what_should_be_over_and_is_not_is_expected_today_at_the_earliest() -> None:
    today = MONDAY
    assert expected_finish(forecast=today - timedelta(days=5), actual=None, today=today) == today
    assert expected_finish(forecast=today + timedelta(days=5), actual=None, today=today) > today
    past = today - timedelta(days=9)
    assert expected_finish(forecast=today, actual=past, today=today) == past


@pytest.mark.parametrize(
    ("is_done", "slip", "should_have_begun", "predecessor_is_late", "standing"),
    [
        (True, 5, True, True, DONE),
        (False, 1, False, False, LATE),
        (False, 0, True, False, AT_RISK),
        (False, -2, False, True, AT_RISK),
        (False, None, False, True, AT_RISK),
        (False, 0, False, False, ON_TRACK),
        (False, None, False, False, ON_TRACK),
    ],
)
def test_how_a_task_stands(
    *, is_done: bool, slip: int | None, should_have_begun: bool, predecessor_is_late: bool, standing: str
) -> None:
    assert standing == standing_of(
        is_done=is_done,
        slip=slip,
        should_have_begun=should_have_begun,
        predecessor_is_late=predecessor_is_late,
    )
