"""Days and moments as people read them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache
from zoneinfo import available_timezones

NEAR_DAYS = 183
FORMS = {"en": ("d MMM", "d MMM yyyy"), "de": ("d. MMM", "d. MMM yyyy")}
"""Language → a day that is near, and one that is further away."""


@dataclass(frozen=True)
class Day:
    """A day in a sentence, as seen from `today`."""

    day: date
    today: date

    def written(self, language: str = "en") -> str:
        return day_in_words(self.day, self.today, language)


@dataclass(frozen=True)
class Moment:
    """A moment in a sentence, as seen from `today`; it is told in the reader's time zone, which is named."""

    moment: datetime
    today: date

    def written(self, language: str = "en", zone: tzinfo = UTC) -> str:
        return moment_in_words(self.moment, self.today, language, zone)


def is_zone(name: str) -> bool:
    """Whether this names a time zone, such as Europe/Berlin."""
    return name in _zones()


def zones() -> list[str]:
    """The time zones that people live by, without those that are other names of one."""
    return sorted(
        each
        for each in _zones()
        if "/" in each and not each.startswith(("Etc/", "SystemV/", "US/", "posix/"))
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=4_096)
def day_in_words(day: date, today: date, locale: str = "en") -> str:
    """27 Nov 2026, in German 27. Nov. 2026; the year is left out within six months."""
    from babel.dates import format_date  # the media processes say sentences too, and write no days

    near = abs((today - day).days) < NEAR_DAYS
    return format_date(day, FORMS.get(locale, FORMS["en"])[0 if near else 1], locale=locale)


@lru_cache(maxsize=4_096)
def month_in_words(day: date, locale: str = "en", *, short: bool = False) -> str:
    """March 2027 of any day in it; Mar when short."""
    from babel.dates import format_date  # as above

    return format_date(day, "LLL" if short else "LLLL yyyy", locale=locale)


@lru_cache(maxsize=16)
def weekdays_in_words(locale: str = "en") -> tuple[tuple[str, str], ...]:
    """Of each weekday from Monday on its name, and the short one."""
    from babel.dates import format_date  # as above

    week = [date(2024, 1, number) for number in range(1, 8)]
    return tuple(
        (format_date(each, "cccc", locale=locale), format_date(each, "ccc", locale=locale)) for each in week
    )


def moment_in_words(moment: datetime, today: date, locale: str = "en", zone: tzinfo = UTC) -> str:
    """27 Nov, 09:00 UTC; whatever zone the moment comes in, it is told in `zone`."""
    there = moment.astimezone(zone)
    return f"{day_in_words(there.date(), today, locale)}, {time_in_words(there, named=True)}"


def time_in_words(moment: datetime, *, named: bool) -> str:
    """09:00, with the name of its zone if that is wanted."""
    return f"{moment:%H:%M %Z}" if named else f"{moment:%H:%M}"
