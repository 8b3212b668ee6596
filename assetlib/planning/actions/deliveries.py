"""Files come for what was ordered: checked, sent, let through, returned or accepted.

Whoever changes something of a deliverable holds it first, so that two go one after the other.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.actions.versions import approve_version
from assetlib.catalog.models import Version
from assetlib.catalog.permissions.assets import ACCEPT_DELIVERED
from assetlib.catalog.queries.delivery_specs import facts_of
from assetlib.catalog.rules.delivery_checks import Wanted, checks_of
from assetlib.catalog.rules.delivery_specs import Rules, rules_of
from assetlib.planning.actions.deliverables import settle_creative
from assetlib.planning.actions.telling import (
    tell_accepted,
    tell_quarantined,
    tell_returned,
    tell_sent,
    tell_waived,
)
from assetlib.planning.errors import NoSuchDeliverable, PlanningChanged, WrongPlanningState
from assetlib.planning.models import Deliverable, DeliverableItem, Delivery
from assetlib.planning.permissions.deliverables import (
    CHECK_DELIVERY,
    DECIDE_DELIVERY,
    DELIVER,
    TAKE_DELIVERY,
    is_asked,
)
from assetlib.planning.queries.deliverables import GONE, locked, spec_of
from assetlib.planning.rules.deliverables import must_be_said
from assetlib.planning.rules.deliveries import must_be_newest, must_be_sendable, state_after_checks
from assetlib.storage.models import Upload
from assetlib.words import say

UNSENT = ("quarantined", "passed", "waived")


def take_delivery(session: Session, actor: Actor, upload: Upload, sender: Actor) -> Delivery | None:
    """Write down that a file came for an item, and what its checks found; None when that was done before.

    None also for what nobody ordered from this sender's house: then it is an asset of theirs like any other.
    """
    TAKE_DELIVERY.require(actor)
    version = session.scalars(
        select(Version).where(
            Version.asset_id == upload.asset_id, Version.number == (upload.version_number or 0)
        )
    ).one_or_none()
    item = session.get(DeliverableItem, upload.delivered_for or 0)
    if version is None or item is None:
        return None
    row = locked(session, item.deliverable_id)
    item = _item(row, item.id)
    known = select(Delivery.id).where(Delivery.item_id == item.id, Delivery.version_id == version.id)
    if (
        row.scope_state == "dropped"
        or not is_asked(sender, row)
        or session.scalars(known).first() is not None
    ):
        return None
    checks = _checks(session, row, item, version)
    delivery = Delivery(
        item_id=item.id,
        version_id=version.id,
        sha256=version.sha256,
        state="replaced" if item.state == "approved" else state_after_checks(checks),
        checks=checks,
        by_id=upload.person_id,
        at=clock.now(),
    )
    if delivery.state != "replaced":
        for before in _live(session, item):
            before.state = "replaced"
        item.asset_id, item.state = version.asset_id, "in_work"
        settle_creative(row, actor)
    session.add(delivery)
    session.flush()
    record(
        session,
        sender,
        "planning.delivery_taken",
        row,
        after={"state": delivery.state},
        item=item.name,
        sha256=delivery.sha256,
    )
    if delivery.state == "quarantined":
        tell_quarantined(session, row, delivery, version.file_name)
    return delivery


def check_again(session: Session, actor: Actor, delivery: Delivery) -> None:
    """Check a file anew that was not sent yet: details and rights may have been filled in since."""
    row, item, held = _held(session, delivery)
    CHECK_DELIVERY.require(actor, row)
    _must_be_in(held, ("quarantined", "passed"))
    before = held.state
    held.checks = _checks(session, row, item, _version(session, held))
    held.state = state_after_checks(held.checks)
    session.flush()
    _record(session, actor, "planning.delivery_checked", row, item, held, before)


def waive_checks(session: Session, actor: Actor, delivery: Delivery, *, reason: str) -> None:
    """Let a file through as it is; why, stands beside it and is told to whoever sent it."""
    row, item, held = _held(session, delivery)
    DECIDE_DELIVERY.require(actor, row)
    _must_be_in(held, ("quarantined",))
    held.waived_reason = must_be_said(reason, "reason")
    held.state, held.waived_by_id, held.waived_at = "waived", actor.person_id, clock.now()
    session.flush()
    _record(session, actor, "planning.delivery_waived", row, item, held, "quarantined", held.waived_reason)
    tell_waived(session, row, held, _version(session, held).file_name, by=actor)


def remove_delivery(session: Session, actor: Actor, delivery: Delivery) -> None:
    """Take back a file that was not sent yet. The asset stays a draft of its sender's."""
    row, item, held = _held(session, delivery)
    DELIVER.require(actor, row)
    _must_be_in(held, UNSENT)
    before, held.state = held.state, "replaced"
    item.state = "waiting"
    settle_creative(row, actor)
    session.flush()
    _record(session, actor, "planning.delivery_removed", row, item, held, before)


def send_deliverable(session: Session, actor: Actor, deliverable: Deliverable, *, note: str = "") -> int:
    """Send what passed its checks or was let through, for a decision; how many files that were."""
    row = locked(session, deliverable.id)
    DELIVER.require(actor, row)
    note = must_be_said(note, "note", required=False)
    ready = [each for item in row.items for each in _live(session, item) if each.state in UNSENT]
    must_be_sendable([each.state for each in ready])
    items = {item.id: item for item in row.items}
    for each in ready:
        each.state, each.note, each.sent_at = "sent", note, clock.now()
        items[each.item_id].state = "in_review"
    settle_creative(row, actor)
    session.flush()
    record(session, actor, "planning.deliverable_sent", row, after={"files": len(ready)}, reason=note)
    tell_sent(session, row, by=actor, count=len(ready))
    return len(ready)


def return_item(session: Session, actor: Actor, item: DeliverableItem, *, sha256: str, reason: str) -> None:
    """Send back exactly these bytes with a reason: another file is to come."""
    row, item, delivery = _decided(session, actor, item, sha256)
    said = must_be_said(reason, "reason")
    delivery.state, delivery.returned_reason, item.state = "returned", said, "changes_requested"
    settle_creative(row, actor)
    session.flush()
    _record(session, actor, "planning.item_returned", row, item, delivery, "sent", said)
    tell_returned(session, row, item, delivery, by=actor, reason=said)


def accept_item(
    session: Session, actor: Actor, item: DeliverableItem, *, sha256: str, seen: str, note: str = ""
) -> None:
    """Approve exactly these bytes in the catalogue, and lay down that they were delivered, at once.

    `seen` is how the asset stood, as `catalog.actions.versions` has it. Once reviews are there, only their
    close calls this.
    """
    row, item, delivery = _decided(session, actor, item, sha256)
    version = _version(session, delivery)
    approve_version(session, actor, version, sha256=sha256, seen=seen, note=note, permission=ACCEPT_DELIVERED)
    delivery.state, item.state = "accepted", "approved"
    item.accepted_version_id, item.accepted_sha256 = version.id, version.sha256
    settle_creative(row, actor)
    session.flush()
    _record(session, actor, "planning.item_accepted", row, item, delivery, "sent", note)
    if row.accepted_at is not None:
        tell_accepted(session, row, delivery, by=actor)


def _held(session: Session, delivery: Delivery) -> tuple[Deliverable, DeliverableItem, Delivery]:
    """The delivery with what it is for, read afresh and held."""
    item = session.get_one(DeliverableItem, delivery.item_id)
    row = locked(session, item.deliverable_id)
    held = session.get_one(Delivery, delivery.id, populate_existing=True)
    return row, _item(row, item.id), held


def _decided(
    session: Session, actor: Actor, item: DeliverableItem, sha256: str
) -> tuple[Deliverable, DeliverableItem, Delivery]:
    """The delivery of an item that waits for a decision, held, if it has exactly the bytes that were seen."""
    row = locked(session, item.deliverable_id)
    DECIDE_DELIVERY.require(actor, row)
    item = _item(row, item.id)
    if row.scope_state != "scope_approved":
        raise WrongPlanningState(
            say("The brief is not approved now. Have it approved before you decide about its files.")
        )
    live = _live(session, item)
    must_be_newest(item.state, live[0].sha256 if live else "", sha256)
    return row, item, live[0]


def _live(session: Session, item: DeliverableItem) -> list[Delivery]:
    """What came for an item and still counts, the newest first."""
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.item_id == item.id, Delivery.state.in_((*UNSENT, "sent")))
        .order_by(Delivery.id.desc())
        .execution_options(populate_existing=True)
    )
    return list(rows)


def _item(row: Deliverable, item_id: int) -> DeliverableItem:
    for item in row.items:
        if item.id == item_id:
            return item
    raise NoSuchDeliverable(GONE)


def _checks(
    session: Session, row: Deliverable, item: DeliverableItem, version: Version
) -> list[dict[str, Any]]:
    spec = spec_of(session, row)
    rules = rules_of(spec.rules) if spec is not None else Rules()
    wanted = Wanted(item.width, item.height, item.unit)
    found = checks_of(rules, wanted, facts_of(session, version), clock.today())
    return [each.to_json() for each in found]


def _must_be_in(delivery: Delivery, states: tuple[str, ...]) -> None:
    if delivery.state not in states:
        raise PlanningChanged(
            say("This file moved on meanwhile. Look at it again, then decide."),
            current={"state": delivery.state},
        )


def _version(session: Session, delivery: Delivery) -> Version:
    version = session.get(Version, delivery.version_id or 0)
    if version is None:
        raise PlanningChanged(say("This file was removed from the library. Ask for another one."))
    return version


def _record(
    session: Session,
    actor: Actor,
    action: str,
    row: Deliverable,
    item: DeliverableItem,
    delivery: Delivery,
    before: str,
    reason: str = "",
) -> None:
    record(
        session,
        actor,
        action,
        row,
        before={"state": before},
        after={"state": delivery.state},
        reason=reason,
        item=item.name,
        sha256=delivery.sha256,
    )
