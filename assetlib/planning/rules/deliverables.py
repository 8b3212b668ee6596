"""What is ordered: its states, what may be changed when, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assetlib.catalog.rules.texts import LONGEST_NOTE, LONGEST_TEXT, name_fault, text_fault
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.words import say, together

LONGEST_NAME, LONGEST_LOCALE = 200, 10
MOST_ITEMS, MOST_ATTACHMENTS = 60, 30
LARGEST_SIDE = 100_000
NOT_SAVED = say("This was not saved. Look at the marked fields.")

SCOPE: dict[str, dict[str, str]] = {
    "submit_brief": {"draft": "brief_submitted", "rescoped": "brief_submitted"},
    "approve_scope": {"brief_submitted": "scope_approved"},
    "send_back": {"brief_submitted": "draft"},
    "rescope": {"scope_approved": "rescoped"},
    "drop": {
        "draft": "dropped",
        "brief_submitted": "dropped",
        "scope_approved": "dropped",
        "rescoped": "dropped",
    },
}
"""Verb → scope state before → after. What is not here is refused."""
SAID = {
    "draft": say("The brief is a draft."),
    "brief_submitted": say("The brief waits for its approval."),
    "scope_approved": say("The brief is approved."),
    "rescoped": say("The brief is being changed."),
    "dropped": say("This was dropped."),
}
_DOES = {
    "submit_brief": say("Only a draft or a changed brief is sent for approval."),
    "approve_scope": say("Only a brief that was sent for approval is approved."),
    "send_back": say("Only a brief that was sent for approval is sent back."),
    "rescope": say("Only an approved brief is taken up again."),
    "drop": say("It cannot be dropped twice."),
}
OPEN_TO_CHANGE = ("draft", "rescoped")


@dataclass(frozen=True)
class ItemForm:
    """One required file, as it is typed. `id` names one that is there already."""

    name: str
    width: int | None = None
    height: int | None = None
    unit: str = "px"
    locale: str = ""
    id: int | None = None


def next_scope(verb: str, state: str) -> str:
    """The scope state that follows, or `WrongPlanningState` with a sentence that says why not."""
    after = SCOPE[verb].get(state)
    if after is None:
        raise WrongPlanningState(together(SAID[state], _DOES[verb]), verb=verb, state=state)
    return after


def must_be_open_to_change(state: str) -> None:
    if state not in OPEN_TO_CHANGE:
        then = say("Take it up again before you change it.") if state == "scope_approved" else ""
        then = say("Send it back before you change it.") if state == "brief_submitted" else then
        raise WrongPlanningState(together(SAID[state], then), state=state)


def must_be_deliverable(*, name: str, brief: str, due_at: datetime | None) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault
    if fault := text_fault(brief, LONGEST_TEXT):
        faults["brief"] = fault
    if due_at is None:
        faults["due_at"] = say("Choose the day and hour on which it is due.")
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=faults)


def must_be_items(items: Sequence[ItemForm]) -> None:
    """Nothing, or `WrongPlanning` with a sentence for the first item that cannot be kept."""
    if len(items) > MOST_ITEMS:
        fault = say("Ask for at most {most} files.", most=MOST_ITEMS)
        raise WrongPlanning(NOT_SAVED, fields={"items": fault})
    for number, item in enumerate(items, start=1):
        if wrong := _item_fault(item):
            sentence = together(say("File {number}:", number=number), wrong)
            raise WrongPlanning(NOT_SAVED, fields={"items": sentence})


def _item_fault(item: ItemForm) -> str | None:
    if fault := name_fault(item.name, LONGEST_NAME, required=True):
        return fault
    if item.unit not in ("px", "mm"):
        return say("A size is in pixels or millimetres.")
    if (item.width is None) != (item.height is None):
        return say("A size has two sides.")
    if item.width is not None and not all(
        1 <= side <= LARGEST_SIDE for side in (item.width, item.height or 0)
    ):
        return say("A side has 1 to {most}.", most=LARGEST_SIDE)
    if fault := name_fault(item.locale, LONGEST_LOCALE):
        return fault
    return None


def must_be_complete(*, brief: str, has_brief_asset: bool, items: int) -> None:
    """Nothing, or why nobody could approve this brief yet."""
    faults: dict[str, str] = {}
    if not brief.strip() and not has_brief_asset:
        faults["brief"] = say("Write the brief, or choose one of the library.")
    if not items:
        faults["items"] = say("Say which files are needed.")
    if faults:
        raise WrongPlanning(say("The brief is not complete. Look at the marked fields."), fields=faults)


def must_be_said(text: str, field: str, *, required: bool = True) -> str:
    """The text without what surrounds it, or `WrongPlanning` beside its field."""
    fault = text_fault(text, LONGEST_NOTE, required=required)
    if fault:
        if required and not text.strip():
            fault = say("Say why, so that they know what to do next.")
        raise WrongPlanning(say("Nothing was done. Look at the marked field."), fields={field: fault})
    return text.strip()


_WORST = ("rejected", "changes_requested", "waiting", "in_work", "in_review", "approved")


def creative_of(states: Sequence[str]) -> str:
    """How far a deliverable is: as far as the worst of its items."""
    if not states or all(state == "waiting" for state in states):
        return "not_started"
    worst = min(states, key=_WORST.index)
    return "in_work" if worst == "waiting" else worst
