"""When work is done: what has to come before what, what moves with it, and how far it is. Days are dates.

Pure: plain values in, plain values out. A task's workdays are those of the country of its activity.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assetlib.planning.errors import WrongPlanning
from assetlib.words import say
from assetlib.workdays import Workdays

DONE, LATE, AT_RISK, ON_TRACK = "done", "late", "at_risk", "on_track"
"""How a task stands: see `standing_of`."""

Before = Mapping[int, int]
"""What has to be finished before a task begins → how many workdays lie between."""


@dataclass(frozen=True)
class Timed:
    """A task as the schedule sees it."""

    id: int
    start: date
    finish: date
    """As expected now, or as it came."""
    days: Workdays = field(default_factory=Workdays)
    has_begun: bool = False
    """Its start is a fact, which no plan moves."""
    is_milestone: bool = False
    before: Before = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """A task that would move, and by how many workdays."""

    id: int
    start: date
    finish: date
    by: int


def chain_to(before: Mapping[int, Iterable[int]], task: int, predecessor: int) -> list[int]:
    """The loop that would close if `predecessor` came before `task`; empty when none would.

    The shortest one, from the task over what follows it to the predecessor and back to the task.
    """
    after: defaultdict[int, set[int]] = defaultdict(set)
    for each, needs in before.items():
        for need in needs:
            after[need].add(each)
    came_from: dict[int, int] = {}
    waiting, seen = deque([task]), {task}
    while waiting:
        here = waiting.popleft()
        if here == predecessor:
            path = [here]
            while path[-1] != task:
                path.append(came_from[path[-1]])
            return [*reversed(path), task]
        for following in sorted(after[here] - seen):
            seen.add(following)
            came_from[following] = here
            waiting.append(following)
    return []


def must_not_loop(
    before: Mapping[int, Iterable[int]], task: int, predecessor: int, names: Mapping[int, str]
) -> None:
    """Nothing, or `WrongPlanning` with the loop: A → B → C → A."""
    loop = chain_to(before, task, predecessor)
    if loop:
        path = " → ".join(names.get(each, str(each)) for each in loop)
        raise WrongPlanning(
            say("This would be a loop."),
            fields={"predecessor": say("Nothing could begin: {path}", path=path)},
            loop=loop,
        )


def earliest_start(task: Timed, finishes: Mapping[int, date]) -> date | None:
    """The first day on which a task can begin after what comes before it; None: nothing comes before."""
    return max(
        (task.days.after(finishes[each], 1 + lag) for each, lag in task.before.items() if each in finishes),
        default=None,
    )


def in_the_way(tasks: Iterable[Timed]) -> dict[int, list[int]]:
    """Task → which of its predecessors are not finished early enough for the day on which it is to begin.

    What has begun is left out: it did begin.
    """
    rows = list(tasks)
    finishes = {each.id: each.finish for each in rows}
    found = {}
    for task in rows:
        late = [
            each
            for each, lag in sorted(task.before.items())
            if each in finishes and task.days.after(finishes[each], 1 + lag) > task.start
        ]
        if late and not task.has_begun:
            found[task.id] = late
    return found


def what_follows(tasks: Iterable[Timed], task: int) -> list[int]:
    """All that comes after a task, each behind what it waits for."""
    rows = {each.id: each for each in tasks}
    after: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows.values():
        for need in row.before:
            after[need].add(row.id)
    reached: set[int] = set()
    waiting = [task]
    while waiting:
        for each in after[waiting.pop()] - reached:
            reached.add(each)
            waiting.append(each)
    reached.discard(task)
    open_needs = {each: sum(need in reached for need in rows[each].before) for each in reached}
    ready = sorted(each for each, count in open_needs.items() if not count)
    ordered: list[int] = []
    for each in ready:  # it grows while it is walked
        ordered.append(each)
        for following in sorted(after[each] & reached):
            open_needs[following] -= 1
            if not open_needs[following]:
                ready.append(following)
    return ordered


def pushed(tasks: Iterable[Timed], task: int) -> list[Move]:
    """What would move, so that all that follows a task begins after what it waits for.

    Nothing moves to an earlier day, nothing that has begun moves, and each keeps its length in workdays.
    """
    rows = {each.id: each for each in tasks}
    finishes = {each.id: each.finish for each in rows.values()}
    moves = []
    for each in what_follows(rows.values(), task):
        row = rows[each]
        start = earliest_start(row, finishes)
        if row.has_begun or start is None or start <= row.start:
            continue
        finish = start if row.is_milestone else max(row.finish, shifted(row, start))
        finishes[each] = finish
        moves.append(Move(each, start, finish, row.days.slip(row.start, start)))
    return moves


def shifted(task: Timed, start: date) -> date:
    """When it finishes if it begins on another day and takes as many workdays."""
    if task.is_milestone:
        return start
    return max(start, task.days.finish_of(start, max(1, task.days.count(task.start, task.finish))))


def expected_finish(*, forecast: date, actual: date | None, today: date) -> date:
    """When it came, or will at the earliest: what should be over and is not, is not over before today."""
    return actual if actual is not None else max(forecast, today)


def slip_of(days: Workdays, planned: date | None, expected: date) -> int | None:
    """How many workdays later than planned; below zero when earlier. None: it was not planned."""
    return None if planned is None else days.slip(planned, expected)


def standing_of(
    *, is_done: bool, slip: int | None, should_have_begun: bool, predecessor_is_late: bool
) -> str:
    """`late`: it is expected after its planned finish. `at_risk`: that is not so yet, but it should have
    begun, or what it waits for is not finished in time. Else `on_track`, or `done`."""
    if is_done:
        return DONE
    if slip is not None and slip > 0:
        return LATE
    return AT_RISK if should_have_begun or predecessor_is_late else ON_TRACK


def weight_of(days: Workdays, start: date, finish: date) -> int:
    """How much a task counts among others: its workdays, one at least."""
    return max(1, days.count(start, finish))


def planned_by(days: Workdays, start: date, finish: date, day: date) -> int:
    """How many of a task's workdays should be over at the end of a day."""
    weight = weight_of(days, start, finish)
    return weight if day >= finish else min(weight, days.count(start, day))


@dataclass(frozen=True)
class Span:
    """From the first day of some to the last one."""

    start: date | None = None
    finish: date | None = None

    def with_(self, other: "Span") -> "Span":
        starts = [each for each in (self.start, other.start) if each is not None]
        finishes = [each for each in (self.finish, other.finish) if each is not None]
        return Span(min(starts, default=None), max(finishes, default=None))


@dataclass(frozen=True)
class Rolled:
    """What tasks are together, or one by itself: summed up to any level, in any order."""

    baseline: Span = field(default_factory=Span)
    forecast: Span = field(default_factory=Span)
    actual: Span = field(default_factory=Span)
    """When the first began and the last was finished, so far."""
    tasks: int = 0
    done: int = 0
    late: int = 0
    at_risk: int = 0
    weight: int = 0
    hundredths: int = 0
    """The sum of weight × percent."""
    planned: int = 0
    """Of the weight, what should be over by now."""

    @property
    def percent(self) -> int:
        """How much is done, weighted by workdays."""
        return self.hundredths // self.weight if self.weight else 0

    @property
    def planned_percent(self) -> int:
        return 100 * self.planned // self.weight if self.weight else 0

    @property
    def is_done(self) -> bool:
        return 0 < self.tasks == self.done

    @property
    def came(self) -> Span:
        """As it came: it is finished when all of it is."""
        return Span(self.actual.start, self.actual.finish if self.is_done else None)

    @property
    def standing(self) -> str:
        if self.is_done:
            return DONE
        return LATE if self.late else AT_RISK if self.at_risk else ON_TRACK


def rolled_up(parts: Iterable[Rolled]) -> Rolled:
    """Parts as a whole: the first start, the last finish, and sums."""
    whole = Rolled()
    for part in parts:
        whole = Rolled(
            whole.baseline.with_(part.baseline),
            whole.forecast.with_(part.forecast),
            whole.actual.with_(part.actual),
            whole.tasks + part.tasks,
            whole.done + part.done,
            whole.late + part.late,
            whole.at_risk + part.at_risk,
            whole.weight + part.weight,
            whole.hundredths + part.hundredths,
            whole.planned + part.planned,
        )
    return whole
