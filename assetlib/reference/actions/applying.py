"""What was approved is made so: at once, or by a job on its day."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.notify.telling import tell
from assetlib.reference.errors import NoSuchReference
from assetlib.reference.models import ReferenceChange
from assetlib.reference.permissions import APPLY_CHANGES
from assetlib.reference.queries.changes import GONE
from assetlib.reference.queries.things import (
    MODELS,
    Thing,
    as_columns,
    get_thing,
    is_taken,
    set_values,
    values_of,
)
from assetlib.reference.rules.changes import why_not_now
from assetlib.reference.rules.things import KINDS, called
from assetlib.words import kept, say


def apply_change(session: Session, actor: Actor, change_id: int) -> None:
    """Make an approved change so whose day has come. One that is applied already, or gone, is let be.

    When it cannot be made any more it is rejected, and those who made and approved it are told why.
    """
    APPLY_CHANGES.require(actor)
    row = held_change(session, change_id)
    if row.state != "approved" or row.effective_on > clock.today():
        return
    hindrance = why_not(session, row)
    if not hindrance:
        carry_out(session, actor, row)
        return
    row.state, row.answer = "rejected", kept(hindrance)
    session.flush()
    record(session, actor, "reference.change_dropped", row, before={"state": "approved"}, reason=hindrance)
    tell(
        session,
        [row.made_by_id, row.decided_by_id],
        "reference.decided",
        say("The change of {thing} was not made. {why}", thing=name_in(session, row), why=hindrance),
        say("You proposed or approved it."),
        f"/reference/changes/{row.id}",
    )


def carry_out(session: Session, actor: Actor, row: ReferenceChange) -> None:
    """Write what a held and approved change says; whoever calls has asked whether it may be."""
    APPLY_CHANGES.require(actor, row)
    if row.thing_id is None:
        thing = _new(row)
        session.add(thing)
        session.flush()
        row.thing_id = thing.id
    else:
        thing = get_thing(session, row.kind, row.thing_id, hold=True)
        set_values(thing, row.after)
        if row.kind != "rate":
            thing.revision += 1  # type: ignore[union-attr]  # a rate has none
    row.state, row.applied_at = "applied", clock.now()
    session.flush()
    record(
        session,
        actor,
        "reference.change_applied",
        thing,
        before=row.before or None,
        after=row.after,
        change=row.id,
    )


def why_not(session: Session, row: ReferenceChange) -> str:
    """Why a held change cannot be made now; nothing when it can. The thing is held from now on."""
    current = {} if row.thing_id is None else values_of(get_thing(session, row.kind, row.thing_id, hold=True))
    taken = is_taken(session, row.kind, {**current, **row.after}, but=row.thing_id)
    return why_not_now(row.kind, before=row.before, current=current, after=row.after, taken=taken)


def held_change(session: Session, change_id: int) -> ReferenceChange:
    """The change; two who decide it at once go one after the other."""
    row = session.scalars(
        select(ReferenceChange)
        .where(ReferenceChange.id == change_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchReference(GONE)
    return row


def name_in(session: Session, row: ReferenceChange) -> str:
    """G/L account 006010 Advertising: what a change is about, in a sentence."""
    current = {} if row.thing_id is None else values_of(get_thing(session, row.kind, row.thing_id))
    name = called(row.kind, {**row.after, **current})
    return say("{kind} {name}", kind=KINDS[row.kind], name=name)


def _new(row: ReferenceChange) -> Thing:
    values = as_columns(row.kind, row.after)
    if row.kind == "rate":
        values |= {"entered_at": clock.now(), "change_id": row.id}
    return MODELS[row.kind](**values)
