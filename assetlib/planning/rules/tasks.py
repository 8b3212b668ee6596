"""What tasks may say, to whom they may be given, and how they move on: pure rules over plain values."""

from dataclasses import dataclass
from datetime import date

from assetlib.catalog.rules.texts import LONGEST_TEXT, name_fault, text_fault
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.planning.rules.campaigns import LONGEST_NAME, NOT_SAVED, days_faults, must_be_without_faults
from assetlib.words import say

KINDS = ("work", "planning", "milestone")
TO_DO, DOING, WAITING, DONE, CANCELLED = "to_do", "doing", "waiting", "done", "cancelled"
COLUMNS = (TO_DO, DOING, WAITING, DONE)
"""The stages of a board, in its order."""
STAGES = {
    TO_DO: say("to do"),
    DOING: say("being done"),
    WAITING: say("waiting"),
    DONE: say("done"),
    CANCELLED: say("cancelled"),
}
LONGEST_ROLE = 60
MOST_HOURS = 10_000
MOST_LAG = 260
NEARLY = 90
"""Percent of a task that was finished and is taken up again, unless somebody says otherwise."""


@dataclass(frozen=True)
class TaskFacts:
    """What somebody says of a task."""

    name: str
    kind: str = "work"
    role: str = ""
    effort_hours: int | None = 0
    note: str = ""


def must_be_task(facts: TaskFacts) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := name_fault(facts.name, LONGEST_NAME, required=True):
        faults["name"] = fault if facts.name.strip() else say("Give it a name.")
    if facts.kind not in KINDS:
        faults["kind"] = say("Choose work, planning or a milestone.")
    if fault := name_fault(facts.role, LONGEST_ROLE):
        faults["role"] = fault
    if facts.effort_hours is None or not 0 <= facts.effort_hours <= MOST_HOURS:
        faults["effort_hours"] = say("Write whole hours, from 0 to {most}.", most=MOST_HOURS)
    if fault := text_fault(facts.note, LONGEST_TEXT):
        faults["note"] = fault
    must_be_without_faults(faults)


def must_be_days(kind: str, start: date | None, finish: date | None) -> None:
    """Nothing, or `WrongPlanning` for days that a task cannot have."""
    faults = days_faults(start, finish, "start", "finish")
    if kind == "milestone" and not faults and start != finish:
        faults["finish"] = say("A milestone is one day. Choose the same day twice.")
    must_be_without_faults(faults)


def must_be_giveable(
    *,
    agency_name: str,
    agency_kind: str | None,
    agency_state: str | None,
    person_name: str,
    person_state: str | None,
    person_organisation: int | None,
    person_organisation_kind: str | None,
    person_has_role: bool,
    agency_id: int | None,
) -> None:
    """Nothing, or `WrongPlanning`: work is given to people of the house or of an agency that works for it.

    What is None is not asked for.
    """
    if agency_id is not None and (agency_kind != "agency" or agency_state != "active"):
        raise WrongPlanning(
            NOT_SAVED, fields={"agency": say("{name} is no agency that works for you now.", name=agency_name)}
        )
    if person_state is None:
        return
    if person_state not in ("active", "invited"):
        raise WrongPlanning(NOT_SAVED, fields={"assignee": say("{name} is not here now.", name=person_name)})
    if agency_id is not None and person_organisation != agency_id:
        raise WrongPlanning(
            NOT_SAVED,
            fields={"assignee": say("{name} is not one of {agency}.", name=person_name, agency=agency_name)},
        )
    if person_organisation_kind not in ("own", "agency") or not person_has_role:
        raise WrongPlanning(
            NOT_SAVED,
            fields={"assignee": say("{name} has no role in which tasks are done.", name=person_name)},
        )


def must_be_open(name: str, stage: str) -> None:
    """Nothing, or `WrongPlanningState`: what is done or cancelled is left as it is."""
    must_be_in(name, stage, TO_DO, DOING, WAITING)


def must_be_in(name: str, stage: str, *allowed: str) -> None:
    """Nothing, or `WrongPlanningState` that says how it stands."""
    if stage not in allowed:
        raise WrongPlanningState(
            say("“{name}” is {stage}. This cannot be done now.", name=name, stage=STAGES[stage]), stage=stage
        )


def must_be_percent(percent: int | None) -> None:
    """Nothing, or `WrongPlanning`: what is whole is finished, which has its own button."""
    if percent is None or not 0 <= percent < 100:
        raise WrongPlanning(
            NOT_SAVED, fields={"percent": say("Write a number from 0 to 99. What is whole is finished.")}
        )


def must_be_past(day: date | None, today: date, field: str, *, since: date | None = None) -> None:
    """Nothing, or `WrongPlanning`: what came true did so today or before, and not before it began."""
    if day is None:
        raise WrongPlanning(NOT_SAVED, fields={field: say("Choose the day.")})
    if day > today:
        raise WrongPlanning(NOT_SAVED, fields={field: say("Choose today or a day before.")})
    if since is not None and day < since:
        raise WrongPlanning(NOT_SAVED, fields={field: say("It had not begun by then. Choose a later day.")})


def must_be_lag(lag: int | None) -> None:
    """Nothing, or `WrongPlanning` for days between that cannot be."""
    if lag is None or not 0 <= lag <= MOST_LAG:
        raise WrongPlanning(
            NOT_SAVED, fields={"lag": say("Write whole workdays, from 0 to {most}.", most=MOST_LAG)}
        )
