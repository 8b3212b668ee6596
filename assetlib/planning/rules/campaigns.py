"""What campaigns and activities may say, and when they may change: pure rules over plain values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from assetlib.catalog.rules.texts import LONGEST_NOTE, name_fault, text_fault
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.words import say, together
from assetlib.workdays import countries

LONGEST_NAME = 200
LONGEST_CHANNEL = 60
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2089, 12, 31)
KINDS = ("activity", "event")
NOT_SAVED = say("Nothing was saved. Look at the marked fields.")

STATES = {
    "planned": say("planned"),
    "running": say("running"),
    "done": say("done"),
    "cancelled": say("cancelled"),
}


@dataclass(frozen=True)
class CampaignFacts:
    """What somebody says of a campaign."""

    name: str
    starts_on: date | None
    ends_on: date | None
    owner_id: int | None
    theme: str = ""
    objective: str = ""
    brand: str = ""
    regions: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    choice_key: str = ""
    brief_asset_id: int | None = None


@dataclass(frozen=True)
class ActivityFacts:
    """What somebody says of an activity or an event."""

    name: str
    starts_on: date | None
    ends_on: date | None
    owner_id: int | None
    kind: str = "activity"
    channel: str = ""
    region: str = ""
    country: str = ""
    venue: str = ""
    gl_account_id: int | None = None
    cost_centre_id: int | None = None


def must_be_campaign(facts: CampaignFacts) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults = _named_and_dated(facts.name, facts.starts_on, facts.ends_on, facts.owner_id)
    for name, text in (("theme", facts.theme), ("objective", facts.objective)):
        if fault := text_fault(text, LONGEST_NOTE):
            faults[name] = fault
    for channel in facts.channels:
        if fault := name_fault(channel, LONGEST_CHANNEL, required=True):
            faults["channels"] = fault
    must_be_without_faults(faults)


def must_be_activity(facts: ActivityFacts) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults = _named_and_dated(facts.name, facts.starts_on, facts.ends_on, facts.owner_id)
    if facts.kind not in KINDS:
        faults["kind"] = say("Choose an activity or an event.")
    if facts.country and facts.country not in countries():
        faults["country"] = say("The holidays of this country are not known. Choose another one, or none.")
    for name, text, most in (
        ("venue", facts.venue, LONGEST_NAME),
        ("channel", facts.channel, LONGEST_CHANNEL),
    ):
        if fault := name_fault(text, most):
            faults[name] = fault
    must_be_without_faults(faults)


def _named_and_dated(name: str, first: date | None, last: date | None, owner: int | None) -> dict[str, str]:
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault if name.strip() else say("Give it a name.")
    faults |= days_faults(first, last, "starts_on", "ends_on")
    if owner is None:
        faults["owner_id"] = say("Choose who answers for it.")
    return faults


def days_faults(first: date | None, last: date | None, of_first: str, of_last: str) -> dict[str, str]:
    """What is wrong with a first and a last day, by the names of their fields."""
    faults = {}
    if first is None:
        faults[of_first] = say("Choose the first day.")
    elif not FIRST_DAY <= first <= LAST_DAY:
        faults[of_first] = say("Choose a day from 2000 to 2089.")
    if last is None:
        faults[of_last] = say("Choose the last day.")
    elif not FIRST_DAY <= last <= LAST_DAY:
        faults[of_last] = say("Choose a day from 2000 to 2089.")
    elif first is not None and last < first:
        faults[of_last] = say("The last day lies before the first one. Choose a later day.")
    return faults


def must_be_without_faults(faults: dict[str, str], sentence: str = NOT_SAVED) -> None:
    """Nothing, or `WrongPlanning` with a sentence for each field."""
    if faults:
        raise WrongPlanning(sentence, fields=faults)


def must_be_known(name: str, given: Collection[str], known: Collection[str], sentence: str) -> None:
    """Nothing, or `WrongPlanning` for a key that the library does not have."""
    if any(each not in known for each in given):
        raise WrongPlanning(NOT_SAVED, fields={name: sentence})


def must_stand(state: str, *allowed: str, what: str) -> None:
    """Nothing, or `WrongPlanningState` that says in which state it is."""
    if state not in allowed:
        raise WrongPlanningState(
            say("{what} is {state}. This cannot be done now.", what=what, state=STATES[state]), state=state
        )


def must_not_be_held(name: str, holders: Sequence[str]) -> None:
    """Nothing, or `WrongPlanningState` with the words of those who need it kept."""
    if holders:
        raise WrongPlanningState(
            together(say("{name} cannot be cancelled.", name=name), *holders), holders=list(holders)
        )
