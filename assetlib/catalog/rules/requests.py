"""Asking for what is not open: pure rules over plain values."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from assetlib.catalog.errors import WrongValue
from assetlib.catalog.rules.rights import Terms
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.words import say

USUAL_DAYS = 30
MOST_DAYS = 366
LONGEST_QUERY = 500
MOST_GRANTED = 50
"""Assets that one request for a search opens at once."""
CLOSES_AFTER = timedelta(days=30)
NOBODY_ANSWERED = say("Nobody answered within 30 days. Ask again, or write to a librarian.")
NOT_SENT = say("This was not sent. Look at the marked fields.")
NOTHING_OPENED = say("Nothing was opened. Look at the marked fields.")


def usual_end(today: date) -> date:
    """The last day, unless somebody says another."""
    return today + timedelta(days=USUAL_DAYS)


def must_be_asked(*, asset: int | None, purpose: str, query: str, until: date | None, today: date) -> None:
    """Nothing, or `WrongValue` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := text_fault(purpose, LONGEST_NOTE, required=True):
        faults["purpose"] = fault if purpose.strip() else say("Say what you want it for.")
    if asset is not None and query:
        faults["query"] = say("Ask for an asset or for a search, not for both.")
    elif asset is None and not query:
        faults["query"] = say("Write what you looked for.")
    elif fault := text_fault(query, LONGEST_QUERY):
        faults["query"] = fault
    if fault := day_fault(until, today):
        faults["until"] = fault
    if faults:
        raise WrongValue(NOT_SENT, fields=faults)


def day_fault(until: date | None, today: date) -> str:
    """Why something cannot be opened up to this day; nothing when it can."""
    if until is None:
        return say("Choose the last day.")
    if until < today:
        return say("Choose today or a day that is still to come.")
    if until > today + timedelta(days=MOST_DAYS):
        return say("It can be opened for a year at most. Choose a day before.")
    return ""


def must_be_answered(*, until: date | None, today: date, assets: Collection[int]) -> None:
    """Nothing, or `WrongValue` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := day_fault(until, today):
        faults["until"] = fault
    if not assets:
        faults["assets"] = say("Choose what is opened: write numbers such as AST-00042.")
    elif len(assets) > MOST_GRANTED:
        faults["assets"] = say("Open at most {most} at once.", most=MOST_GRANTED)
    if faults:
        raise WrongValue(NOTHING_OPENED, fields=faults)


def why_not_grantable(
    *, in_trash: bool, state: str, opens: datetime | None, terms: Terms | None, today: date
) -> str:
    """Why an asset cannot be opened to one person: a grant goes over none of these. Nothing when it can."""
    if in_trash:
        return say("It lies in the trash.")
    if state != "published":
        return say("It is not published. Publish it first, or refuse with a reason.")
    if opens is not None:
        return say("It is under embargo. Wait for its day, or refuse with a reason.")
    if terms is not None and terms.ends_on is not None and terms.ends_on < today:
        return say("Its rights have ended. Refuse with a reason.")
    return ""
