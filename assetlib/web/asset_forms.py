"""What is typed into the forms of an asset's page: lists, days, moments."""

from datetime import date, datetime

from flask import request

from assetlib.catalog.errors import WrongValue
from assetlib.web.context import day


def opens_on(opens: datetime) -> str:
    return f"It opens on {day(opens)} at {opens:%H:%M}, {opens.tzname()}."


def listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def day_typed(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = "Write the day as year-month-day, such as 2027-03-31."
        raise WrongValue("One of the days cannot be read.", fields={name: sentence}) from None


def moment_typed(name: str) -> datetime | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            # The browser says how far its clock is from UTC; without a script the page says that it is UTC.
            read = datetime.fromisoformat(text + (request.form.get("zone_offset", "") or "Z"))
    except ValueError:
        sentence = "Write the moment as year-month-day and time, such as 2027-03-31T09:00."
        raise WrongValue("The moment cannot be read.", fields={name: sentence}) from None
    return read
