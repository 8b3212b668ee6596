"""Accounts, cost centres, rates, vendors and contracts change when a second person lets them."""

from datetime import date

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation
from assetlib.accounts.queries import names_of
from assetlib.audit import record
from assetlib.calendar import Day
from assetlib.notify.telling import tell
from assetlib.reference.actions.applying import carry_out, held_change, name_in, why_not
from assetlib.reference.errors import NoSuchReference, ReferenceChanged, WrongReference
from assetlib.reference.models import ReferenceChange
from assetlib.reference.permissions import APPROVE_CHANGE, PROPOSE_CHANGE, WITHDRAW_CHANGE
from assetlib.reference.queries.approvers import approvers
from assetlib.reference.queries.changes import proposed_too
from assetlib.reference.queries.things import get_thing, is_taken, values_of
from assetlib.reference.rules.changes import (
    NOT_SENT,
    TWICE,
    must_be_in,
    must_be_kind,
    must_be_proposed,
    must_be_second,
    must_be_told_apart,
    must_say_why,
    typed_anew,
    wanted,
)
from assetlib.reference.rules.things import TELLS_APART, Value, Values, field_of
from assetlib.words import say

AS_APPROVER = say("You approve changes of reference data.")
AS_MAKER = say("You proposed it.")


def propose_change(
    session: Session,
    actor: Actor,
    kind: str,
    *,
    thing_id: int | None = None,
    values: Values,
    seen: Values | None = None,
    effective_on: date | None = None,
    reason: str,
) -> ReferenceChange:
    """What a thing shall say from a day on, today unless another is said; without `thing_id` a new one.

    `values` are as they are kept, see `rules.things`; of a thing that is there only what shall change.
    `seen`: what it said when somebody began to type; what they left alone is no wish of theirs. Those who
    approve are told.
    """
    PROPOSE_CHANGE.require(actor, kind)
    must_be_kind(kind)
    thing = None if thing_id is None else get_thing(session, kind, thing_id, hold=True)
    current = None if thing is None else values_of(thing)
    if current is not None and seen is not None:
        values = typed_anew(seen, current, values)
    after = wanted(kind, current, values)
    effective_on = effective_on or clock.today()
    must_be_proposed(reason=reason, effective_on=effective_on)
    _must_lead_somewhere(session, after)
    _must_be_the_only_one(session, kind, thing_id, {**(current or {}), **after}, after)
    row = ReferenceChange(
        kind=kind,
        thing_id=thing_id,
        before={name: current[name] for name in after} if current is not None else {},
        after=after,
        effective_on=effective_on,
        reason=reason.strip(),
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        "reference.change_proposed",
        row,
        before=row.before or None,
        after=after,
        reason=row.reason,
        effective_on=effective_on,
    )
    tell(
        session,
        [each for each in approvers(session) if each != actor.person_id],
        "reference.proposed",
        say(
            "{who} proposed a change: {thing}, from {day} on.",
            who=actor.name,
            thing=name_in(session, row),
            day=Day(effective_on, clock.today()),
        ),
        AS_APPROVER,
        f"/reference/changes/{row.id}",
        f"reference-{row.id}-proposed",
    )
    return row


def approve_change(session: Session, actor: Actor, change: ReferenceChange, *, answer: str = "") -> None:
    """Let it through: it is made at once when its day is there, else by a job on that day.

    Refused when the thing says something else now than it did when this was proposed.
    """
    APPROVE_CHANGE.require(actor, change)
    row = held_change(session, change.id)
    must_be_second(made_by=row.made_by_id, decided_by=actor.person_id)
    must_be_in(row.state, ("open",))
    must_say_why(answer, required=False)
    if hindrance := why_not(session, row):
        raise ReferenceChanged(hindrance)
    _decide(row, actor, "approved", answer)
    session.flush()
    record(session, actor, "reference.change_approved", row, before={"state": "open"}, reason=row.answer)
    thing, today = name_in(session, row), clock.today()
    if row.effective_on <= today:
        carry_out(session, actor, row)
        told = say("{who} approved your change of {thing}. It is in effect.", who=actor.name, thing=thing)
    else:
        day = Day(row.effective_on, today)
        told = say(
            "{who} approved your change of {thing}. It takes effect on {day}.",
            who=actor.name,
            thing=thing,
            day=day,
        )
    _tell_maker(session, row, told)


def reject_change(session: Session, actor: Actor, change: ReferenceChange, *, answer: str) -> None:
    """Say why it is not made."""
    APPROVE_CHANGE.require(actor, change)
    row = held_change(session, change.id)
    must_be_second(made_by=row.made_by_id, decided_by=actor.person_id)
    must_be_in(row.state, ("open",))
    must_say_why(answer, required=True)
    _decide(row, actor, "rejected", answer)
    session.flush()
    record(session, actor, "reference.change_rejected", row, before={"state": "open"}, reason=row.answer)
    _tell_maker(
        session,
        row,
        say(
            "{who} rejected your change of {thing}: “{reason}”",
            who=actor.name,
            thing=name_in(session, row),
            reason=row.answer,
        ),
    )


def withdraw_change(session: Session, actor: Actor, change: ReferenceChange) -> None:
    """It is not wanted any more. Whoever proposed it, and those who approve also after it was approved."""
    WITHDRAW_CHANGE.require(actor, change)
    row = held_change(session, change.id)
    theirs = row.made_by_id == actor.person_id
    must_be_in(row.state, ("open", "approved") if theirs else ("approved",))
    before = row.state
    row.state, row.decided_at = "withdrawn", clock.now()
    row.decided_by_id = actor.person_id
    session.flush()
    record(session, actor, "reference.change_withdrawn", row, before={"state": before})
    if not theirs:
        thing = name_in(session, row)
        _tell_maker(session, row, say("{who} withdrew your change of {thing}.", who=actor.name, thing=thing))


def _decide(row: ReferenceChange, actor: Actor, state: str, answer: str) -> None:
    row.state, row.answer = state, answer.strip()
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()


def _tell_maker(session: Session, row: ReferenceChange, sentence: str) -> None:
    tell(session, [row.made_by_id], "reference.decided", sentence, AS_MAKER, f"/reference/changes/{row.id}")


def _must_lead_somewhere(session: Session, after: Values) -> None:
    """Refuse a vendor or an organisation that is not there."""
    faults: dict[str, str] = {}
    organisation_id, vendor_id = after.get("organisation_id"), after.get("vendor_id")
    if organisation_id is not None:
        found = session.get(Organisation, organisation_id)
        if found is None or found.kind == "own":
            faults["organisation_id"] = say("Choose an agency or a partner.")
    if vendor_id is not None:
        try:
            get_thing(session, "vendor", int(vendor_id))
        except NoSuchReference:
            faults["vendor_id"] = say("There is no such vendor.")
    if faults:
        raise WrongReference(NOT_SENT, fields=faults)


def _must_be_the_only_one(
    session: Session, kind: str, thing_id: int | None, whole: Values, after: dict[str, Value]
) -> None:
    """Refuse what is there already, and what somebody else proposed."""
    if is_taken(session, kind, whole, but=thing_id):
        raise WrongReference(TWICE, fields={TELLS_APART[kind][0]: TWICE})
    found = proposed_too(session, kind, thing_id, after)
    if found is not None:
        row, names = found
        who = names_of(session, [row.made_by_id]).get(row.made_by_id, "") or say("Somebody")
        labels = [field_of(kind, name).label for name in names]
        must_be_told_apart(labels, by=who, is_open=row.state == "open")
