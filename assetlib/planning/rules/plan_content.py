"""What a version of a plan says: its canonical form, its seal, and how two versions differ."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeVar

Said = TypeVar("Said")


@dataclass(frozen=True)
class ResultSaid:
    """What the plan, or one of its campaigns, is to bring."""

    kpi: str
    thousandths: int
    unit: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True)
class TaskSaid:
    """A task as it was expected when the version was sent."""

    id: int
    start: date
    finish: date


@dataclass(frozen=True)
class ActivitySaid:
    """An activity with its days, and those of its tasks."""

    activity_id: int
    starts_on: date
    ends_on: date
    tasks: tuple[TaskSaid, ...] = ()


@dataclass(frozen=True)
class LineSaid:
    """Money of an activity in a month, on an account and a cost centre."""

    activity_id: int
    period_id: int
    gl_account_id: int
    cost_centre_id: int
    amount_minor: int
    currency: str
    base_minor: int = 0
    certainty: str = "likely"
    is_fixed: bool = False
    note: str = ""

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Where the money stands: what stands in the same place of two versions is compared."""
        return self.activity_id, self.period_id, self.gl_account_id, self.cost_centre_id


@dataclass(frozen=True)
class Content:
    """All that a version says."""

    objectives: tuple[str, ...] = ()
    assumptions: str = ""
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    expected: tuple[ResultSaid, ...] = ()
    activities: tuple[ActivitySaid, ...] = ()
    lines: tuple[LineSaid, ...] = ()

    @property
    def total_minor(self) -> int:
        """In the plan's currency."""
        return sum(each.base_minor for each in self.lines)


def canonical(content: Content, *, plan_id: int, number: int, currency: str) -> bytes:
    """The one way to write this content down: the same content gives the same bytes, other content others."""
    said = {"plan": plan_id, "version": number, "currency": currency, **asdict(content)}
    return json.dumps(
        said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=date.isoformat
    ).encode()


def seal(content: Content, *, plan_id: int, number: int, currency: str) -> str:
    """The sha256 of the canonical form."""
    return hashlib.sha256(canonical(content, plan_id=plan_id, number=number, currency=currency)).hexdigest()


ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"


@dataclass(frozen=True)
class Pair:
    """One thing as the earlier and as the later version says it; None where that says nothing of it."""

    before: Any
    after: Any

    @property
    def what(self) -> str:
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        return SAME if self.before == self.after else CHANGED


@dataclass(frozen=True)
class Difference:
    """Two versions beside each other, field by field; also what is the same in both."""

    objectives: Sequence[Pair]
    assumptions: Pair
    products: Sequence[Pair]
    segments: Sequence[Pair]
    channels: Sequence[Pair]
    expected: Sequence[Pair]
    activities: Sequence[Pair]
    lines: Sequence[Pair]

    def pairs(self) -> list[Pair]:
        return [
            *self.objectives, self.assumptions, *self.products, *self.segments, *self.channels,
            *self.expected, *self.activities, *self.lines,
        ]  # fmt: skip

    @property
    def counts(self) -> dict[str, int]:
        """How many things were added, removed and changed."""
        found = Counter(pair.what for pair in self.pairs())
        return {what: found[what] for what in (ADDED, REMOVED, CHANGED)}

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())


def difference(before: Content, after: Content) -> Difference:
    """How `after` differs from `before`.

    Words and keys are compared as they stand, results by their KPI, activities by their number, and lines by
    their place; of several lines in one place the first is compared with the first. The days of tasks are
    left out: a draft has none yet.
    """
    return Difference(
        objectives=_paired(before.objectives, after.objectives, _itself),
        assumptions=Pair(before.assumptions or None, after.assumptions or None)
        if before.assumptions or after.assumptions
        else Pair("", ""),
        products=_paired(before.products, after.products, _itself),
        segments=_paired(before.segments, after.segments, _itself),
        channels=_paired(before.channels, after.channels, _itself),
        expected=_paired(before.expected, after.expected, lambda each: (each.campaign_id, each.kpi)),
        activities=_paired(_alone(before), _alone(after), lambda each: each.activity_id),
        lines=_paired(before.lines, after.lines, lambda each: each.place),
    )


def _alone(content: Content) -> list[ActivitySaid]:
    """The activities without their tasks."""
    return [replace(each, tasks=()) for each in content.activities]


def _itself(said: str) -> str:
    return said


def _paired(before: Iterable[Said], after: Iterable[Said], key: Callable[[Said], Hashable]) -> Sequence[Pair]:
    """What the later version says, in its order, each beside its own; then what it says no more."""
    earlier, later = _numbered(before, key), _numbered(after, key)
    kept = [Pair(earlier.get(place), each) for place, each in later.items()]
    return kept + [Pair(each, None) for place, each in earlier.items() if place not in later]


def _numbered(things: Iterable[Said], key: Callable[[Said], Hashable]) -> dict[Hashable, Said]:
    """Key and how often it came before → thing."""
    seen: Counter[Hashable] = Counter()
    found: dict[Hashable, Said] = {}
    for each in things:
        place = key(each)
        found[place, seen[place]] = each
        seen[place] += 1
    return found
