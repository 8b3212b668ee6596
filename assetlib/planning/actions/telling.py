"""Who is told of briefs and deliveries. Whoever did it themself is not told of it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.accounts.holders import holders
from assetlib.calendar import Moment
from assetlib.catalog.queries.actors import actors_of
from assetlib.notify.telling import tell
from assetlib.planning.models import Deliverable, DeliverableItem, Delivery
from assetlib.planning.permissions.deliverables import APPROVE_SCOPE
from assetlib.planning.queries.deliverables import people_of
from assetlib.words import say, say_n

AS_PLANNER = say("You are a planner of this campaign.")
AS_WRITER = say("You sent this brief.")
AS_OWNER = say("You asked for it.")
AS_AGENCY = say("It is asked of your agency.")
AS_SENDER = say("You sent this file.")


def tell_brief_submitted(session: Session, row: Deliverable, *, by: Actor) -> None:
    """Planners who may approve it."""
    planners = actors_of(session, holders(session, PLANNER)).values()
    _tell(
        session,
        [each.person_id for each in planners if APPROVE_SCOPE.allows(each, row)],
        "brief.submitted",
        say("The brief of {ref} {name} waits for your approval.", ref=row.ref, name=row.name),
        AS_PLANNER,
        row,
        by,
    )


def tell_brief_decided(session: Session, row: Deliverable, *, by: Actor, approved: bool) -> None:
    """Whoever sent the brief."""
    sentence = (
        say("The brief of {ref} {name} was approved.", ref=row.ref, name=row.name)
        if approved
        else say(
            "The brief of {ref} {name} came back: “{reason}”",
            ref=row.ref,
            name=row.name,
            reason=row.scope_note,
        )
    )
    _tell(session, [row.brief_by_id], "brief.decided", sentence, AS_WRITER, row, by)


def tell_asked(session: Session, row: Deliverable, *, by: Actor) -> None:
    """People of the agency: files are asked of them."""
    sentence = say(
        "{ref} {name} is asked of you, due {due}.",
        ref=row.ref,
        name=row.name,
        due=Moment(row.due_at, clock.today()),
    )
    _tell(session, people_of(session, row.agency_id), "delivery.asked", sentence, AS_AGENCY, row, by)


def tell_rescoped(session: Session, row: Deliverable, *, by: Actor) -> None:
    """People of the agency: the brief is being changed."""
    sentence = say(
        "The brief of {ref} {name} is being changed: “{reason}”",
        ref=row.ref,
        name=row.name,
        reason=row.scope_note,
    )
    _tell(session, people_of(session, row.agency_id), "delivery.asked", sentence, AS_AGENCY, row, by)


def tell_dropped(session: Session, row: Deliverable, *, by: Actor) -> None:
    """People of the agency: it is not needed any more."""
    sentence = say(
        "{ref} {name} is not needed any more: “{reason}”", ref=row.ref, name=row.name, reason=row.scope_note
    )
    _tell(session, people_of(session, row.agency_id), "delivery.asked", sentence, AS_AGENCY, row, by)


def tell_quarantined(session: Session, row: Deliverable, delivery: Delivery, name: str) -> None:
    """Whoever sent the file: it does not keep to what was asked."""
    failed = sum(1 for each in delivery.checks if not each["passed"])
    sentence = say_n(
        "“{name}” for {ref}: {count} check failed.",
        "“{name}” for {ref}: {count} checks failed.",
        failed,
        name=name,
        ref=row.ref,
    )
    url = f"/deliverables/{row.id}"
    tell(session, [delivery.by_id], "delivery.checked", sentence, AS_SENDER, url, f"delivery-{delivery.id}")


def tell_waived(session: Session, row: Deliverable, delivery: Delivery, name: str, *, by: Actor) -> None:
    """Whoever sent the file: it is let through as it is."""
    sentence = say(
        "“{name}” for {ref} is let through as it is: “{reason}”",
        name=name,
        ref=row.ref,
        reason=delivery.waived_reason,
    )
    _tell(session, [delivery.by_id], "delivery.checked", sentence, AS_SENDER, row, by)


def tell_sent(session: Session, row: Deliverable, *, by: Actor, count: int) -> None:
    """Whoever asked for it: files wait for a decision."""
    sentence = say_n(
        "{ref} {name}: {count} file was delivered.",
        "{ref} {name}: {count} files were delivered.",
        count,
        ref=row.ref,
        name=row.name,
    )
    _tell(session, [row.owner_id], "delivery.sent", sentence, AS_OWNER, row, by)


def tell_returned(
    session: Session, row: Deliverable, item: DeliverableItem, delivery: Delivery, *, by: Actor, reason: str
) -> None:
    """Whoever sent the file, and their colleagues: it came back, and why."""
    sentence = say(
        "“{item}” of {ref} {name} came back: “{reason}”",
        item=item.name,
        ref=row.ref,
        name=row.name,
        reason=reason,
    )
    told = {delivery.by_id, *people_of(session, row.agency_id)}
    _tell(session, told, "delivery.decided", sentence, AS_AGENCY if row.agency_id else AS_SENDER, row, by)


def tell_accepted(session: Session, row: Deliverable, delivery: Delivery, *, by: Actor) -> None:
    """Whoever sent the files, and their colleagues, once all of them are accepted."""
    sentence = say("{ref} {name} is accepted.", ref=row.ref, name=row.name)
    told = {delivery.by_id, *people_of(session, row.agency_id)}
    _tell(session, told, "delivery.decided", sentence, AS_AGENCY if row.agency_id else AS_SENDER, row, by)


def _tell(
    session: Session,
    people: Iterable[int | None],
    kind: str,
    sentence: str,
    reason: str,
    row: Deliverable,
    by: Actor,
) -> None:
    told = [each for each in people if each != by.person_id]
    tell(session, told, kind, sentence, reason, f"/deliverables/{row.id}")
