"""Where the bars of a schedule lie: days as parts of a hundred of its width."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WEEKS, MONTHS = "weeks", "months"
SCALES = (WEEKS, MONTHS)
_PIXELS = {WEEKS: 4, MONTHS: 1.6}
"""How wide a day is at least."""
FEW_MONTHS = 3


@dataclass(frozen=True)
class Axis:
    """From the first day of a month to the last day of another."""

    first: date
    last: date
    scale: str = WEEKS

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def width(self) -> int:
        """How many pixels it needs at least."""
        return round(self.days * _PIXELS[self.scale])

    def at(self, day: date) -> float:
        """Where a day begins."""
        return round(100 * (day - self.first).days / self.days, 3)

    def bar(self, start: date | None, finish: date | None) -> dict[str, float] | None:
        """Where a bar lies from the morning of a day to the evening of another."""
        if start is None or finish is None or finish < start:
            return None
        left = self.at(start)
        return {"left": left, "width": round(self.at(finish + timedelta(days=1)) - left, 3)}

    def months(self) -> list[dict[str, Any]]:
        """Each month, with its first day and where it begins."""
        found, day = [], self.first
        while day <= self.last:
            found.append({"day": day, "left": self.at(day)})
            day += timedelta(days=monthrange(day.year, day.month)[1])
        return found

    def weeks(self) -> list[float]:
        """Where each Monday begins that is not the first of a month; none on the scale of months."""
        if self.scale != WEEKS:
            return []
        monday = self.first + timedelta(days=-self.first.weekday() % 7)
        return [
            self.at(day)
            for day in (monday + timedelta(days=7 * number) for number in range(self.days // 7 + 1))
            if day <= self.last and day.day != 1
        ]

    def today(self, day: date) -> float | None:
        """Where this day lies, its half; None outside."""
        if not self.first <= day <= self.last:
            return None
        return round(100 * ((day - self.first).days + 0.5) / self.days, 3)


def axis_over(days: Iterable[date | None], scale: str) -> Axis | None:
    """The months over all these days; None where there are none."""
    known = sorted(each for each in days if each is not None)
    if not known:
        return None
    first, last = known[0].replace(day=1), known[-1]
    last = last.replace(day=monthrange(last.year, last.month)[1])
    while (last.year - first.year) * 12 + last.month - first.month < FEW_MONTHS - 1:
        after = last + timedelta(days=1)
        last = after.replace(day=monthrange(after.year, after.month)[1])
    return Axis(first, last, scale if scale in SCALES else WEEKS)


def bars_of(
    axis: Axis, *, baseline: tuple[date | None, date | None], expected: tuple[date | None, date | None]
) -> dict[str, Any]:
    """The hollow bar as planned, the filled one as it is or is expected, and what of it is past the plan."""
    start, finish = expected
    end = baseline[1]
    over = None
    if end is not None and start is not None and finish is not None and finish > end:
        over = axis.bar(max(start, end + timedelta(days=1)), finish)
        finish = end
    return {"planned": axis.bar(*baseline), "filled": axis.bar(start, finish), "over": over}
