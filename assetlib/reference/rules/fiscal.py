"""How fiscal years are cut into twelve periods: by months, or by whole weeks as 4-4-5 and its like.

A year by weeks ends on one weekday near the end of a month, so it has 52 weeks, and 53 when the next such
weekday would still be near enough. The 53rd week belongs to the last period.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assetlib.reference.errors import WrongReference
from assetlib.reference.rules.texts import text_fault
from assetlib.words import say
from assetlib.workdays import FIRST_YEAR, LAST_YEAR

MONTHS = "months"
WEEKS: Mapping[str, tuple[int, int, int]] = {"445": (4, 4, 5), "454": (4, 5, 4), "544": (5, 4, 4)}
"""Pattern → the weeks of the three periods of a quarter."""
ANCHORS = ("last", "nearest")
NAMED_BY = ("start", "end")
PERIODS, QUARTERS = 12, 4
LONGEST_NAME = 100
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
NOT_KEPT = say("The calendar was not saved. Look at the marked fields.")


@dataclass(frozen=True)
class Cut:
    """How years are cut; each field as on `FiscalCalendar`."""

    pattern: str = MONTHS
    start_month: int = 1
    last_weekday: int = 5
    anchor: str = "last"
    named_by: str = "end"

    @property
    def by_weeks(self) -> bool:
        return self.pattern in WEEKS


@dataclass(frozen=True)
class Period:
    """One of the twelve of a year, with its first and its last day."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def quarter(self) -> int:
        return (self.number - 1) // 3 + 1

    @property
    def weeks(self) -> int:
        """How many whole weeks it has; those of a month of the calendar are not whole."""
        return ((self.ends_on - self.starts_on).days + 1) // 7


def must_be_a_cut(cut: Cut, name: str, taken: Collection[str]) -> None:
    """Nothing, or `WrongReference` with a sentence per field. `taken`: the names of the other calendars."""
    faults: dict[str, str] = {}
    if fault := text_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault if name.strip() else say("Give the calendar a name.")
    elif name.strip().casefold() in {each.casefold() for each in taken}:
        faults["name"] = say("There is a calendar of this name. Choose another name.")
    if cut.pattern != MONTHS and cut.pattern not in WEEKS:
        faults["pattern"] = say("Choose months, or one of 4-4-5, 4-5-4 and 5-4-4 weeks.")
    if not 1 <= cut.start_month <= 12:
        faults["start_month"] = say("Choose the month in which the year begins.")
    if not 0 <= cut.last_weekday <= 6:
        faults["last_weekday"] = say("Choose the weekday on which the year ends.")
    if cut.anchor not in ANCHORS:
        faults["anchor"] = say("Choose the last such weekday of the month, or the one nearest to its end.")
    if cut.named_by not in NAMED_BY:
        faults["named_by"] = say("Choose whether a year is called by its start or by its end.")
    if faults:
        raise WrongReference(NOT_KEPT, fields=faults)


def must_be_a_year(year: int) -> None:
    """Nothing, or `WrongReference`: days are counted within these years."""
    if not FIRST_YEAR < year < LAST_YEAR:
        sentence = say(
            "Choose a year between {first} and {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR)
        )
        raise WrongReference(sentence, fields={"year": sentence})


def must_be_next(year: int, opened: Collection[int]) -> None:
    """Nothing, or `WrongReference`: years are opened one after the other, each once."""
    must_be_a_year(year)
    if year in opened:
        sentence = say("{year} is open already.", year=str(year))
    elif opened and year != max(opened) + 1:
        sentence = say(
            "{year} does not follow on {last}, the last year that is open. Open {next} next.",
            year=str(year),
            last=str(max(opened)),
            next=str(max(opened) + 1),
        )
    else:
        return
    raise WrongReference(sentence, fields={"year": sentence})


def periods_of(cut: Cut, year: int) -> list[Period]:
    """The twelve periods of a year, which join without a gap."""
    firsts = _firsts_of_weeks(cut, year) if cut.by_weeks else _firsts_of_months(cut, year)
    firsts.append(last_day(cut, year) + DAY)
    return [Period(number, firsts[number - 1], firsts[number] - DAY) for number in range(1, PERIODS + 1)]


def first_day(cut: Cut, year: int) -> date:
    """Of a fiscal year."""
    return last_day(cut, year - 1) + DAY


def last_day(cut: Cut, year: int) -> date:
    """Of a fiscal year."""
    ends_in = year if cut.named_by == "end" or cut.start_month == 1 else year + 1
    month = cut.start_month - 1 or 12
    end = date(ends_in, month, monthrange(ends_in, month)[1])
    if not cut.by_weeks:
        return end
    back = timedelta(days=(end.weekday() - cut.last_weekday) % 7)
    if cut.anchor == "nearest" and back > WEEK / 2:
        return end - back + WEEK
    return end - back


def weeks_of_year(cut: Cut, year: int) -> int:
    """52 or 53, of a year by weeks."""
    return ((last_day(cut, year) - last_day(cut, year - 1)).days) // 7


def place_of(cut: Cut, day: date) -> tuple[int, Period]:
    """The year and the period that a day lies in."""
    year = day.year - 1
    while last_day(cut, year) < day:
        year += 1
    return year, next(each for each in periods_of(cut, year) if each.ends_on >= day)


def _firsts_of_months(cut: Cut, year: int) -> list[date]:
    first = first_day(cut, year)
    months = [first.month - 1 + ahead for ahead in range(PERIODS)]
    return [date(first.year + each // 12, each % 12 + 1, 1) for each in months]


def _firsts_of_weeks(cut: Cut, year: int) -> list[date]:
    firsts = [first_day(cut, year)]
    for weeks in (WEEKS[cut.pattern] * QUARTERS)[:-1]:
        firsts.append(firsts[-1] + weeks * WEEK)
    return firsts
