"""What is typed into the forms of an asset's page: lists, days, moments."""

from datetime import date, datetime

from flask import request

from assetlib import clock
from assetlib.calendar import Moment
from assetlib.catalog.errors import WrongValue
from assetlib.language import zone
from assetlib.words import say


def opens_on(opens: datetime) -> str:
    """What is said of an embargo that was set, by the reader's own clock."""
    return say("It opens on {moment}.", moment=Moment(opens, clock.today()))


def listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def day_typed(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = say("Write the day as year-month-day, such as 2027-03-31.")
        raise WrongValue(say("One of the days cannot be read."), fields={name: sentence}) from None


def moment_typed(name: str) -> datetime | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            # By the clock that the page names beside the field.
            read = read.replace(tzinfo=zone())
    except ValueError:
        sentence = say("Write the moment as year-month-day and time, such as 2027-03-31T09:00.")
        raise WrongValue(say("The moment cannot be read."), fields={name: sentence}) from None
    return read
