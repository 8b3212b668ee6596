"""When reference data may change: pure rules over plain values."""

from collections.abc import Mapping
from datetime import date

from assetlib.errors import NotAllowed
from assetlib.reference.errors import ReferenceChanged, WrongReference, WrongReferenceState
from assetlib.reference.rules.texts import LONGEST_NOTE, text_fault
from assetlib.reference.rules.things import FIELDS, KINDS, Value, Values, defaults_of, faults_of
from assetlib.words import listed, say
from assetlib.workdays import FIRST_YEAR, LAST_YEAR

NOT_SENT = say("Nothing was proposed. Look at the marked fields.")
OVERTAKEN = say(
    "It says something else now than when this was proposed. Reject this, and have it proposed anew."
)
TWICE = say("There is one like it already. Change that one.")
STATES: Mapping[str, str] = {
    "open": say("Waits for approval"),
    "approved": say("Approved, takes effect later"),
    "applied": say("In effect"),
    "rejected": say("Rejected"),
    "withdrawn": say("Withdrawn"),
}


class OwnChange(NotAllowed):
    """Whoever proposed it is not the second person."""

    code = "own_change"


def must_be_kind(kind: str) -> None:
    """Nothing, or `WrongReference`: only these change by a second person."""
    if kind not in KINDS:
        raise WrongReference(NOT_SENT, fields={"kind": say("Choose what is changed.")})


def wanted(kind: str, current: Values | None, given: Values) -> dict[str, Value]:
    """What a change would set, or `WrongReference` with a sentence per field.

    `current` is what the thing says now; None: it comes into being, and all of it is set.
    """
    known = {each.name for each in FIELDS[kind]}
    faults = {name: say("There is no such field.") for name in given if name not in known}
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    whole = {**(defaults_of(kind) if current is None else current), **tidy}
    faults |= faults_of(kind, whole)
    if current is None:
        after = {name: whole[name] for name in defaults_of(kind)}
    else:
        after = {name: value for name, value in tidy.items() if value != current.get(name)}
        for each in FIELDS[kind]:
            if each.fixed and each.name in after:
                faults[each.name] = say("This does not change. Propose a new one.")
    if faults:
        raise WrongReference(NOT_SENT, fields=faults)
    if not after:
        raise WrongReference(say("This is what it says already. Change a field first."))
    return after


def typed_anew(seen: Values, current: Values, given: Values) -> dict[str, Value]:
    """What somebody changed in a form made from `seen`, or `ReferenceChanged`: it says otherwise now."""
    anew = {name: value for name, value in given.items() if value != seen.get(name)}
    if any(current.get(name) != seen.get(name) for name in anew):
        raise ReferenceChanged(
            say("Somebody changed this while you were at it. What you typed is kept. Look at it again.")
        )
    return anew


def must_be_proposed(*, reason: str, effective_on: date) -> None:
    """Nothing, or `WrongReference` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := text_fault(reason, LONGEST_NOTE, required=True, lines=True):
        faults["reason"] = fault if reason.strip() else say("Say why, for whoever approves it.")
    if not FIRST_YEAR <= effective_on.year <= LAST_YEAR:
        first, last = str(FIRST_YEAR), str(LAST_YEAR)
        faults["effective_on"] = say("Choose a day between {first} and {last}.", first=first, last=last)
    if faults:
        raise WrongReference(NOT_SENT, fields=faults)


def must_be_told_apart(labels: list[str], *, by: str, is_open: bool) -> None:
    """Nothing, or `ReferenceChanged`: these fields are to be changed by another proposal already."""
    if not labels:
        return
    if is_open:
        sentence = say(
            "{who} proposed a change of the same already: {fields}. Wait for its decision.",
            who=by,
            fields=listed(labels),
        )
    else:
        sentence = say(
            "A change of the same by {who} is approved and takes effect later: {fields}. Wait for it, or "
            "have it withdrawn.",
            who=by,
            fields=listed(labels),
        )
    raise ReferenceChanged(sentence, fields_taken=list(labels))


def must_be_second(*, made_by: int, decided_by: int | None) -> None:
    """Nothing, or `OwnChange`: nobody lets through what they proposed."""
    if decided_by is None or decided_by == made_by:
        raise OwnChange(say("You proposed this. Somebody else approves it."))


def must_be_in(state: str, states: tuple[str, ...]) -> None:
    """Nothing, or `WrongReferenceState` with how it stands."""
    if state not in states:
        raise WrongReferenceState(say("This was decided already: {state}.", state=STATES[state]), state=state)


def must_say_why(reason: str, *, required: bool) -> None:
    """Nothing, or `WrongReference`."""
    if fault := text_fault(reason, LONGEST_NOTE, required=required, lines=True):
        missing = say("Say why, so that they know what to do next.")
        raise WrongReference(
            say("Nothing was decided. Look at the marked field."),
            fields={"answer": fault if reason.strip() else missing},
        )


def why_not_now(kind: str, *, before: Values, current: Values, after: Values, taken: bool) -> str:
    """Why a change can no longer be made; nothing when it can.

    `current`: what the thing says now, of a new one nothing. `taken`: another one is like it.
    """
    if any(current.get(name) != value for name, value in before.items()):
        return OVERTAKEN
    if taken:
        return TWICE
    if faults_of(kind, {**current, **after}):
        return OVERTAKEN
    return ""
