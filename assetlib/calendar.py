"""Days as people read them."""

from datetime import UTC, date, datetime

from babel.dates import format_date

NEAR_DAYS = 183


def day_in_words(day: date, today: date, locale: str = "en") -> str:
    """27 Nov 2026; the year is left out within six months."""
    near = abs((today - day).days) < NEAR_DAYS
    return format_date(day, "d MMM" if near else "d MMM yyyy", locale=locale)


def moment_in_words(moment: datetime, today: date, locale: str = "en") -> str:
    """27 Nov, 09:00 UTC; whatever zone the moment is told in."""
    in_utc = moment.astimezone(UTC)
    return f"{day_in_words(in_utc.date(), today, locale)}, {in_utc:%H:%M} UTC"
