"""Figures of tasks summed up to any level: first and last days, how much is done, what is late, the money."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from assetlib.workdays import Workdays


@dataclass
class Figures:
    """What tasks are together; of nothing it says nothing. It takes others in, in any order."""

    baseline_start: date | None = None
    baseline_finish: date | None = None
    forecast_start: date | None = None
    forecast_finish: date | None = None
    country: str = ""
    """Of what is expected to finish last: by its workdays the slip is counted."""
    tasks: int = 0
    done: int = 0
    late: int = 0
    weight: int = 0
    """Workdays, by which tasks count among others."""
    hundredths: int = 0
    """The sum of weight × percent."""
    money: Counter[str] = field(default_factory=Counter)
    """Bucket → minor units."""

    @property
    def open(self) -> int:
        return self.tasks - self.done

    @property
    def percent(self) -> int | None:
        """How much is done, weighted by workdays; None: there is no task."""
        return self.hundredths // self.weight if self.weight else None

    @property
    def total(self) -> int:
        return self.money.total()

    def take(self, other: "Figures") -> None:
        if other.baseline_start is not None and (
            self.baseline_start is None or other.baseline_start < self.baseline_start
        ):
            self.baseline_start = other.baseline_start
        if other.baseline_finish is not None and (
            self.baseline_finish is None or other.baseline_finish > self.baseline_finish
        ):
            self.baseline_finish = other.baseline_finish
        if other.forecast_start is not None and (
            self.forecast_start is None or other.forecast_start < self.forecast_start
        ):
            self.forecast_start = other.forecast_start
        if other.forecast_finish is not None and (
            self.forecast_finish is None or other.forecast_finish > self.forecast_finish
        ):
            self.forecast_finish, self.country = other.forecast_finish, other.country
        self.tasks += other.tasks
        self.done += other.done
        self.late += other.late
        self.weight += other.weight
        self.hundredths += other.hundredths
        if other.money:
            self.money.update(other.money)


class Until(dict[date | str, int]):
    """Day → how many workdays lie between a base day and it, below zero before the base. Counted once for
    each day that is asked for; a day may be a date, or its text as a database keeps it."""

    def __init__(self, days: Workdays, base: date, *, without_the_day: bool = False) -> None:
        super().__init__()
        self._days, self._base = days, base
        self._back = timedelta(days=int(without_the_day))

    def __missing__(self, day: date | str) -> int:
        found = self[day] = self._days.slip(self._base, as_date(day) - self._back)
        return found


def as_date(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)
