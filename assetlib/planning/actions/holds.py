"""What an upper room needs kept, it writes down here; what holds a thing is told to whoever would drop it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.models import Activity, Deliverable, Hold
from assetlib.planning.permissions.deliverables import PLACE_HOLD
from assetlib.words import kept


def place_hold(
    session: Session,
    actor: Actor,
    thing: Activity | Deliverable,
    *,
    holder: str,
    holder_ref: str,
    sentence: str,
) -> Hold:
    """Hold a thing in these words. Said again of the same reference, the words are the later ones."""
    PLACE_HOLD.require(actor, thing)
    row = _hold(session, thing, holder, holder_ref)
    if row is None:
        row = Hold(holder=holder, holder_ref=holder_ref, sentence=kept(sentence), placed_at=clock.now())
        if isinstance(thing, Activity):
            row.activity_id = thing.id
        else:
            row.deliverable_id = thing.id
        session.add(row)
    row.sentence, row.released_at = kept(sentence), None
    session.flush()
    record(session, actor, "planning.hold_placed", thing, reason=sentence, holder=holder, ref=holder_ref)
    return row


def release_hold(
    session: Session, actor: Actor, thing: Activity | Deliverable, *, holder: str, holder_ref: str
) -> None:
    """Hold it no longer. Saying it twice changes nothing."""
    PLACE_HOLD.require(actor, thing)
    row = _hold(session, thing, holder, holder_ref)
    if row is None or row.released_at is not None:
        return
    row.released_at = clock.now()
    session.flush()
    record(session, actor, "planning.hold_released", thing, holder=holder, ref=holder_ref)


def _hold(session: Session, thing: Activity | Deliverable, holder: str, holder_ref: str) -> Hold | None:
    # The thing is held, so that nobody drops it in the same moment.
    model = type(thing)
    session.execute(select(model.id).where(model.id == thing.id).with_for_update())
    of = Hold.activity_id if isinstance(thing, Activity) else Hold.deliverable_id
    return session.scalars(
        select(Hold)
        .where(of == thing.id, Hold.holder == holder, Hold.holder_ref == holder_ref)
        .with_for_update()
    ).one_or_none()
