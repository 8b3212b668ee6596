"""Days as people read them."""

from datetime import date

from babel.dates import format_date

NEAR_DAYS = 183


def day_in_words(day: date, today: date, locale: str = "en") -> str:
    """27 Nov 2026; the year is left out within six months."""
    near = abs((today - day).days) < NEAR_DAYS
    return format_date(day, "d MMM" if near else "d MMM yyyy", locale=locale)
