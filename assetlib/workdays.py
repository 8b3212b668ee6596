"""Workdays: which days of a country are worked on, and how many lie between two.

The public holidays come from the library `holidays`; a house may rest on more days, or work on some of them.
Days are plain dates: a task is due on a day, wherever the person sits who does it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ANYWHERE = ""
"""No country: only Saturdays and Sundays are free."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Within these years days are counted."""


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The codes of the countries whose public holidays are known."""
    import holidays  # it is large, and most of the house counts no days

    return frozenset(
        code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2
    )


@dataclass(frozen=True)
class Workdays:
    """The workdays of a country, as a house keeps them."""

    country: str = ANYWHERE
    rests: frozenset[date] = frozenset()
    """Days on which the house rests beside the public holidays."""
    works: frozenset[date] = frozenset()
    """Public holidays or weekends on which it works."""

    def includes(self, day: date) -> bool:
        """Whether people work on that day."""
        days = self._of(day.year)
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day

    def first_from(self, day: date) -> date:
        """The day itself if it is a workday, else the next one."""
        return self.after(day - timedelta(days=1), 1)

    def last_until(self, day: date) -> date:
        """The day itself if it is a workday, else the one before."""
        return self.before(day + timedelta(days=1), 1)

    def after(self, day: date, count: int) -> date:
        """The workday so many workdays after a day, which may itself be free. `count` is 1 or more."""
        year = day.year
        days, place = self._of(year), bisect_right(self._of(year), day) + count - 1
        while place >= len(days):
            place, year = place - len(days), year + 1
            days = self._of(year)
        return days[place]

    def before(self, day: date, count: int) -> date:
        """The workday so many workdays before a day. `count` is 1 or more."""
        year = day.year
        days, place = self._of(year), bisect_left(self._of(year), day) - count
        while place < 0:
            year -= 1
            days = self._of(year)
            place += len(days)
        return days[place]

    def moved(self, day: date, by: int) -> date:
        """The day moved by so many workdays, forward or back; by none it is the first workday from it."""
        if by == 0:
            return self.first_from(day)
        return self.after(day, by) if by > 0 else self.before(day, -by)

    def finish_of(self, start: date, length: int) -> date:
        """The last day of work that begins on a day and takes so many workdays, 1 or more."""
        return self.after(start - timedelta(days=1), length)

    def count(self, first: date, last: date) -> int:
        """How many workdays there are from one day to another, both counted; none if they cross."""
        if last < first:
            return 0
        before = -bisect_left(self._of(first.year), first)
        whole = sum(len(self._of(year)) for year in range(first.year, last.year))
        return before + whole + bisect_right(self._of(last.year), last)

    def slip(self, planned: date, came: date) -> int:
        """How many workdays later than planned something came; below zero when it was earlier."""
        if came >= planned:
            return self.count(planned + timedelta(days=1), came)
        return -self.count(came + timedelta(days=1), planned)

    def _of(self, year: int) -> tuple[date, ...]:
        return _workdays_of(self.country, self.rests, self.works, year)


def workdays_of(country: str, kept: Iterable[tuple[date, bool]] = ()) -> Workdays:
    """The workdays of a country, with days that the house keeps otherwise: day, and whether it works then."""
    days = list(kept)
    return Workdays(
        country if country in countries() else ANYWHERE,
        frozenset(day for day, works in days if not works),
        frozenset(day for day, works in days if works),
    )


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int, language: str = "en") -> Mapping[date, str]:
    """Day → what is celebrated, in the order of the days; in the language where the country's names have it,
    else in the country's own. Nothing of a country that is not known.
    """
    if country not in countries() or not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    import holidays  # see above

    known = holidays.country_holidays(country, years=year)
    spoken = next((each for each in known.supported_languages or () if each.split("_")[0] == language), None)
    if spoken is not None:
        known = holidays.country_holidays(country, years=year, language=spoken)
    return {day: name for day, name in sorted(known.items()) if day.year == year}


@lru_cache(maxsize=2_048)
def _workdays_of(country: str, rests: frozenset[date], works: frozenset[date], year: int) -> tuple[date, ...]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"days are counted from {FIRST_YEAR} to {LAST_YEAR}, not in {year}")
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return tuple(
        day for day in days if day in works or (day not in rests and day in _public_workdays(country, year))
    )


@lru_cache(maxsize=1_024)
def _public_workdays(country: str, year: int) -> frozenset[date]:
    """The days of a year that are neither a holiday nor of the weekend that the country then had."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    if country == ANYWHERE:
        return frozenset(day for day in days if day.isoweekday() < 6)
    import holidays  # see above

    kept = holidays.country_holidays(country, years=year)
    return frozenset(day for day in days if kept.is_working_day(day))
