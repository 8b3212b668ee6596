"""What came of a campaign, beside what was expected of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assetlib.catalog.rules.texts import name_fault
from assetlib.figures import NoFigure, read_figure
from assetlib.planning.errors import WrongPlanning
from assetlib.typed_tables import NoTable, columns_in, must_be_rows, rows_in
from assetlib.words import say

LONGEST_KPI, LONGEST_UNIT = 100, 20
MOST_ROWS = 1_000
LARGEST_FILE = 400_000
"""Bytes."""
COLUMNS = ("day", "kpi", "value", "unit", "activity")
HEADS = {
    "day": "day", "date": "day", "tag": "day", "datum": "day",
    "kpi": "kpi", "figure": "kpi", "kennzahl": "kpi",
    "value": "value", "wert": "value",
    "unit": "unit", "einheit": "unit",
    "activity": "activity", "maßnahme": "activity", "massnahme": "activity",
}  # fmt: skip
LABELS = {
    "day": say("Day"),
    "kpi": say("Figure"),
    "value": say("Value"),
    "unit": say("Unit"),
    "activity": say("Activity"),
}
NOT_KEPT = say("Nothing was kept. Look at the marked fields.")
NOTHING = say("There is nothing in it. The first row names the columns, each other row a figure.")


@dataclass(frozen=True)
class Figure:
    """One figure, of a day: of the whole campaign, or of one of its activities."""

    kpi: str
    thousandths: int
    unit: str
    measured_on: date
    activity_id: int | None = None


@dataclass(frozen=True)
class Typed:
    """A figure as it was typed, with what is wrong with it."""

    day: str
    kpi: str
    value: str
    unit: str = ""
    activity: str = ""
    """Name of the activity; empty: of the whole campaign."""
    number: int = 1
    """Its row as a spreadsheet counts."""


@dataclass(frozen=True)
class Read:
    """What was read of a typed figure: the figure, or what is wrong by field."""

    typed: Typed
    figure: Figure | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


def read(typed: Typed, *, language: str, today: date, activities: Mapping[str, int]) -> Read:
    """One typed figure. `activities`: name in small letters → id."""
    faults: dict[str, str] = {}
    day = _day(typed.day)
    if day is None:
        faults["day"] = say("Write the day as 2027-03-31.")
    elif day > today:
        faults["day"] = say("This day is still to come. Write a day on which it was measured.")
    if fault := name_fault(typed.kpi.strip(), LONGEST_KPI, required=True):
        faults["kpi"] = fault if typed.kpi.strip() else say("Say what was measured.")
    if fault := name_fault(typed.unit.strip(), LONGEST_UNIT):
        faults["unit"] = fault
    thousandths = 0
    try:
        thousandths = read_figure(typed.value, language)
    except NoFigure as unread:
        faults["value"] = unread.sentence
    activity = typed.activity.strip()
    if activity and activity.lower() not in activities:
        faults["activity"] = say("This campaign has no activity “{name}”.", name=activity[:60])
    if faults or day is None:
        return Read(typed, None, faults)
    return Read(
        typed,
        Figure(
            typed.kpi.strip(), thousandths, typed.unit.strip(), day, activities.get(activity.lower()) or None
        ),
    )


def typed_in(text: str) -> list[Typed]:
    """The rows of a table, or `WrongPlanning` when it is no such table at all."""
    try:
        head, rows = rows_in(text, nothing=NOTHING, most_rows=MOST_ROWS, most_bytes=LARGEST_FILE)
        columns = columns_in(head, HEADS, columns=COLUMNS, required=("day", "kpi", "value"))
        must_be_rows(rows, most_rows=MOST_ROWS)
    except NoTable as fault:
        raise WrongPlanning(fault.sentence, fields={"rows": fault.sentence}) from fault
    found = []
    for number, row in rows:
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name}
        found.append(Typed(**{**dict.fromkeys(COLUMNS, ""), **cells}, number=number))
    return found


def must_all_be_read(rows: Sequence[Read]) -> list[Figure]:
    """The figures of all rows, or `WrongPlanning`: all are kept, or none."""
    wrong = [each for each in rows if each.faults]
    if wrong:
        faults = {
            f"row-{each.typed.number}": say(
                "Row {number}, {field}: {fault}",
                number=str(each.typed.number),
                field=LABELS[name],
                fault=fault,
            )
            for each in wrong
            for name, fault in list(each.faults.items())[:1]
        }
        raise WrongPlanning(NOT_KEPT, fields=faults)
    return [each.figure for each in rows if each.figure is not None]


@dataclass(frozen=True)
class Beside:
    """What was expected of a figure, and what it came to."""

    kpi: str
    unit: str
    expected: int | None
    """Thousandths; None: nobody expected anything."""
    measured: int | None
    """Thousandths; None: not measured yet."""
    measured_on: date | None

    @property
    def percent(self) -> int | None:
        """Of a hundred that were expected so many came, rounded half to even."""
        if self.expected is None or self.measured is None or self.expected <= 0:
            return None
        whole, rest = divmod(self.measured * 100, self.expected)
        return whole + (rest * 2 > self.expected or (rest * 2 == self.expected and whole % 2 == 1))


def beside(expected: Iterable[tuple[str, int, str]], measured: Sequence[Figure]) -> list[Beside]:
    """Each figure once, first those that were expected. `measured` is in the order in which it was entered.

    The latest day counts, of one day what was entered last. What was measured of the whole campaign counts
    before the sum over its activities. Figures of one name in two units are two.
    """
    values = {(kpi.lower(), unit.lower()): _latest(measured, kpi, unit) for kpi, unit in _names(measured)}
    found = []
    for kpi, thousandths, unit in expected:
        came = values.pop((kpi.lower(), unit.lower()), None)
        found.append(Beside(kpi, unit, thousandths, *(came or (None, None))))
    rest = {(kpi.lower(), unit.lower()): (kpi, unit) for kpi, unit in _names(measured)}
    found += [Beside(*rest[key], None, *came) for key, came in values.items()]
    return found


def _names(measured: Iterable[Figure]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((each.kpi, each.unit) for each in measured))


def _latest(measured: Sequence[Figure], kpi: str, unit: str) -> tuple[int, date]:
    latest: dict[int | None, Figure] = {}
    for each in measured:
        if (each.kpi.lower(), each.unit.lower()) != (kpi.lower(), unit.lower()):
            continue
        before = latest.get(each.activity_id)
        if before is None or each.measured_on >= before.measured_on:
            latest[each.activity_id] = each
    whole = latest.get(None)
    if whole is not None:
        return whole.thousandths, whole.measured_on
    return sum(each.thousandths for each in latest.values()), max(
        each.measured_on for each in latest.values()
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
