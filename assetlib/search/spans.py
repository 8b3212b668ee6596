"""Dates and numbers as they are typed: `>2026-01-01`, `2026-01..2026-06`, `>=3000`, `<10MB`, `1:30`."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

Span: TypeAlias = tuple[int | None, int | None]
"""First and last value, both included; None leaves a side open."""

MOST = 2**53
ATTRIBUTE_SCALE = 1000
"""Numbers of attributes are kept in thousandths, whole."""

_SIZES = {"": 1, "b": 1, "kb": 1000, "k": 1000, "mb": 1000**2, "m": 1000**2, "gb": 1000**3, "g": 1000**3}
_TIMES = {"": 1000, "ms": 1, "s": 1000, "sec": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000}
_STEPS = {"d": 1, "w": 7, "m": 30, "y": 365}


def read_span(text: str, one: Callable[[str], tuple[int, int] | None]) -> Span | None:
    """The span of a comparison, a range or a single value that `one` reads; None when it cannot be read."""
    text = text.strip()
    if ".." in text:
        left, right = (part.strip() for part in text.split("..", 1))
        low, high = one(left) if left else None, one(right) if right else None
        if (left and low is None) or (right and high is None) or not (left or right):
            return None
        return (low[0] if low else None, high[1] if high else None)
    found = re.fullmatch(r"(>=|<=|>|<)?\s*(.+)", text)
    value = one(found[2]) if found else None
    if found is None or value is None:
        return None
    match found[1]:
        case ">":
            return value[1] + 1, None
        case ">=":
            return value[0], None
        case "<":
            return None, value[0] - 1
        case "<=":
            return None, value[1]
    return value


def read_count(text: str) -> tuple[int, int] | None:
    """A whole number."""
    return _scaled(text, {"": 1, "px": 1})


def read_size(text: str) -> tuple[int, int] | None:
    """Bytes, also as `10MB`."""
    return _scaled(text, _SIZES)


def read_duration(text: str) -> tuple[int, int] | None:
    """Milliseconds of `30s`, `2m` or `1:30`; the second named is meant whole."""
    clock = re.fullmatch(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,2})", text)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        first = ((hours * 60 + minutes) * 60 + seconds) * 1000
        return first, first + 999
    value = _scaled(text, _TIMES)
    return None if value is None else (value[0], value[0] + (0 if text.endswith("ms") else 999))


def read_decimal(text: str) -> tuple[int, int] | None:
    """A number of an attribute, in thousandths."""
    return _scaled(text, {"": ATTRIBUTE_SCALE})


def _scaled(text: str, units: dict[str, int]) -> tuple[int, int] | None:
    found = re.fullmatch(r"(-?[0-9]{1,12})(?:\.([0-9]{1,6}))?\s*([a-z]*)", text.casefold())
    if found is None or found[3] not in units:
        return None
    whole, part, unit = found[1], found[2] or "", units[found[3]]
    value = int(whole + part) * unit // 10 ** len(part)
    value = max(-MOST, min(MOST, value))
    return value, value


def read_days(text: str, today: date) -> tuple[int, int] | None:
    """First and last day ordinal of a year, month or day, of `today`, `7d` (ago) or `+30d` (from now)."""
    text = text.casefold()
    if text in ("today", "yesterday"):
        day = today.toordinal() - (text == "yesterday")
        return day, day
    moved = re.fullmatch(r"([+-]?)([0-9]{1,4})([dwmy])", text)
    if moved:
        steps = int(moved[2]) * _STEPS[moved[3]]
        day = today.toordinal() + (steps if moved[1] == "+" else -steps)
        return (day, day) if 0 < day <= date.max.toordinal() else None
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?", text)
    if found is None:
        return None
    year, month, day_of = int(found[1]), found[2], found[3]
    try:
        first = date(year, int(month or 1), int(day_of or 1))
        last = date(year, int(month or 12), int(day_of or monthrange(year, int(month or 12))[1]))
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()


def read_moments(text: str, today: date) -> tuple[int, int] | None:
    """As `read_days`, in seconds since 1970 from the first day's begin to the last one's end, in UTC."""
    days = read_days(text, today)
    if days is None:
        return None
    return begin_of(days[0]), begin_of(days[1]) + 86_399


def begin_of(day: int) -> int:
    """Seconds since 1970 of a day ordinal's first moment."""
    return int((datetime.fromordinal(day).replace(tzinfo=UTC) - _EPOCH) / timedelta(seconds=1))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
