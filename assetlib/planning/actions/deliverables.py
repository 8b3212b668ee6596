"""Planners say which files are needed, and a second person approves it before anybody works or is paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation
from assetlib.audit import record
from assetlib.catalog.models import Asset, AssetType, DeliverySpec
from assetlib.catalog.queries.visibility import visible_to
from assetlib.planning.actions.telling import (
    tell_asked,
    tell_brief_decided,
    tell_brief_submitted,
    tell_dropped,
    tell_rescoped,
)
from assetlib.planning.errors import PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import Deliverable, DeliverableAttachment, DeliverableItem, Delivery, Task
from assetlib.planning.permissions.deliverables import APPROVE_SCOPE, EDIT_DELIVERABLE, MAKE_DELIVERABLE
from assetlib.planning.queries.deliverables import holds_on, locked
from assetlib.planning.rules.deliverables import (
    MOST_ATTACHMENTS,
    NOT_SAVED,
    ItemForm,
    creative_of,
    must_be_complete,
    must_be_deliverable,
    must_be_items,
    must_be_open_to_change,
    must_be_said,
    next_scope,
)
from assetlib.words import listed, recalled, say, together

CHANGED_MEANWHILE = say(
    "Someone changed this while you were writing. Compare with what it says now, then save again."
)
SAID = ("name", "type_key", "brief", "brief_asset_id", "spec_id", "agency_id", "due_at")


def make_deliverable(
    session: Session,
    actor: Actor,
    task: Task,
    *,
    name: str,
    due_at: datetime | None,
    brief: str = "",
    brief_asset_id: int | None = None,
    type_key: str | None = None,
    spec_id: int | None = None,
    agency_id: int | None = None,
    items: Sequence[ItemForm] = (),
    attachments: Sequence[int] = (),
) -> Deliverable:
    """A draft under a task, owned by whoever makes it."""
    MAKE_DELIVERABLE.require(actor, task)
    values = _checked(
        session,
        actor,
        name=name,
        due_at=due_at,
        brief=brief,
        brief_asset_id=brief_asset_id,
        type_key=type_key,
        spec_id=spec_id,
        agency_id=agency_id,
    )
    row = Deliverable(
        task_id=task.id,
        owner_id=actor.person_id,
        created_by_id=actor.person_id,
        created_at=clock.now(),
        **values,
    )
    session.add(row)
    session.flush()
    _lay_items(session, row, items)
    _attach(session, actor, row, attachments)
    record(session, actor, "planning.deliverable_made", row, after=_said(row), task=task.id)
    return row


def change_deliverable(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    *,
    revision: int,
    name: str,
    due_at: datetime | None,
    brief: str = "",
    brief_asset_id: int | None = None,
    type_key: str | None = None,
    spec_id: int | None = None,
    agency_id: int | None = None,
    items: Sequence[ItemForm] = (),
    attachments: Sequence[int] = (),
) -> None:
    """Say anew what is asked for, while the brief is a draft or was taken up again."""
    row = _held(session, actor, deliverable)
    if row.revision != revision:
        raise PlanningChanged(
            say(
                "Someone changed this while you were writing. Compare with what it says now, then save again."
            ),
            revision=row.revision,
            current=_said(row),
        )
    must_be_open_to_change(row.scope_state)
    values = _checked(
        session,
        actor,
        row,
        name=name,
        due_at=due_at,
        brief=brief,
        brief_asset_id=brief_asset_id,
        type_key=type_key,
        spec_id=spec_id,
        agency_id=agency_id,
    )
    if values["agency_id"] != row.agency_id and _something_came(session, row):
        fault = say("Files came from this agency already. Drop this and ask the other one anew.")
        raise WrongPlanning(NOT_SAVED, fields={"agency_id": fault})
    before = _said(row)
    for field, value in values.items():
        setattr(row, field, value)
    _lay_items(session, row, items)
    _attach(session, actor, row, attachments)
    settle_creative(row, actor)
    session.flush()
    record(session, actor, "planning.deliverable_changed", row, before=before, after=_said(row))


def submit_brief(session: Session, actor: Actor, deliverable: Deliverable) -> None:
    """Send the brief to a second planner for approval."""
    row = _held(session, actor, deliverable)
    before, after = row.scope_state, next_scope("submit_brief", row.scope_state)
    must_be_complete(brief=row.brief, has_brief_asset=row.brief_asset_id is not None, items=len(row.items))
    row.scope_state, row.brief_by_id = after, actor.person_id
    row.scope_decided_by_id = row.scope_decided_at = None
    row.scope_note = ""
    session.flush()
    _record(session, actor, "planning.brief_submitted", row, before)
    tell_brief_submitted(session, row, by=actor)


def approve_scope(session: Session, actor: Actor, deliverable: Deliverable, *, revision: int) -> None:
    """A second person says yes to exactly this brief: from now on files may come."""
    row = locked(session, deliverable.id)
    APPROVE_SCOPE.require(actor, row)
    before, after = row.scope_state, next_scope("approve_scope", row.scope_state)
    _must_be_as_read(row, revision)
    row.scope_state = after
    row.scope_decided_by_id, row.scope_decided_at = actor.person_id, clock.now()
    session.flush()
    _record(session, actor, "planning.scope_approved", row, before)
    tell_brief_decided(session, row, by=actor, approved=True)
    tell_asked(session, row, by=actor)


def send_back_brief(
    session: Session, actor: Actor, deliverable: Deliverable, *, revision: int, reason: str
) -> None:
    """A second person says what is missing; the brief is a draft again."""
    row = locked(session, deliverable.id)
    APPROVE_SCOPE.require(actor, row)
    before, after = row.scope_state, next_scope("send_back", row.scope_state)
    _must_be_as_read(row, revision)
    row.scope_note = must_be_said(reason, "reason")
    row.scope_state = after
    row.scope_decided_by_id, row.scope_decided_at = actor.person_id, clock.now()
    session.flush()
    _record(session, actor, "planning.brief_sent_back", row, before, reason=row.scope_note)
    tell_brief_decided(session, row, by=actor, approved=False)


def rescope(session: Session, actor: Actor, deliverable: Deliverable, *, reason: str) -> None:
    """Take an approved brief up again, to change it; no file may come until it is approved anew."""
    row = _held(session, actor, deliverable)
    before, after = row.scope_state, next_scope("rescope", row.scope_state)
    row.scope_note = must_be_said(reason, "reason")
    row.scope_state = after
    session.flush()
    _record(session, actor, "planning.rescoped", row, before, reason=row.scope_note)
    tell_rescoped(session, row, by=actor)


def drop_deliverable(session: Session, actor: Actor, deliverable: Deliverable, *, reason: str) -> None:
    """It is not needed any more. Refused while something holds it, in the words of who does."""
    row = _held(session, actor, deliverable)
    before, after = row.scope_state, next_scope("drop", row.scope_state)
    held = [recalled(hold.sentence) for hold in holds_on(session, row.id)]
    if held:
        raise WrongPlanningState(
            together(say("This cannot be dropped yet."), *held), holders=[str(each) for each in held]
        )
    row.scope_note = must_be_said(reason, "reason")
    row.scope_state = after
    session.flush()
    _record(session, actor, "planning.deliverable_dropped", row, before, reason=row.scope_note)
    if before in ("scope_approved", "rescoped"):
        tell_dropped(session, row, by=actor)


def settle_creative(row: Deliverable, actor: Actor) -> None:
    """Lay down how far a deliverable is, and since when and by whom all of it is accepted."""
    row.creative_state = creative_of([item.state for item in row.items])
    if row.creative_state != "approved":
        row.accepted_at = row.accepted_by_id = None
    elif row.accepted_at is None:
        row.accepted_at, row.accepted_by_id = clock.now(), actor.person_id


def _held(session: Session, actor: Actor, deliverable: Deliverable) -> Deliverable:
    row = locked(session, deliverable.id)
    EDIT_DELIVERABLE.require(actor, row)
    return row


def _must_be_as_read(row: Deliverable, revision: int) -> None:
    if row.revision != revision:
        raise PlanningChanged(
            say("Someone changed this while you were reading. Look at it again, then decide."),
            revision=row.revision,
            current=_said(row),
        )


def _checked(session: Session, actor: Actor, row: Deliverable | None = None, **given: Any) -> dict[str, Any]:
    """The values, each of which names something that is there and open to the actor."""
    must_be_deliverable(name=given["name"], brief=given["brief"], due_at=given["due_at"])
    faults: dict[str, str] = {}
    if given["type_key"] and session.get(AssetType, given["type_key"]) is None:
        faults["type_key"] = say("Choose one of the types.")
    if given["spec_id"] is not None:
        spec = session.get(DeliverySpec, given["spec_id"])
        kept = row is not None and row.spec_id == given["spec_id"]
        if spec is None or (spec.retired_at is not None and not kept):
            faults["spec_id"] = say("Choose one of the delivery specs.")
    if given["agency_id"] is not None:
        agency = session.get(Organisation, given["agency_id"])
        if agency is None or agency.kind != "agency":
            faults["agency_id"] = say("Choose one of the agencies.")
    if given["brief_asset_id"] is not None and _not_open(session, actor, [given["brief_asset_id"]]):
        faults["brief_asset_id"] = say("There is no such asset, or it is not open to you.")
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=faults)
    return {
        **given,
        "name": given["name"].strip(),
        "brief": given["brief"].strip(),
        "type_key": given["type_key"] or None,
    }


def _lay_items(session: Session, row: Deliverable, items: Sequence[ItemForm]) -> None:
    """The items as they are said now. One for which something came stays, and keeps what was accepted."""
    must_be_items(items)
    known = {item.id: item for item in row.items}
    kept: list[DeliverableItem] = []
    for position, form in enumerate(items):
        item = known.pop(form.id, None) if form.id is not None else None
        values = (form.name.strip(), form.width, form.height, form.unit, form.locale.strip())
        if item is None:
            item = DeliverableItem()
        elif item.state == "approved" and values != (
            item.name, item.width, item.height, item.unit, item.locale
        ):  # fmt: skip
            fault = say("“{name}” was accepted and stays as it is.", name=item.name)
            raise WrongPlanning(NOT_SAVED, fields={"items": fault})
        item.name, item.width, item.height, item.unit, item.locale = values
        item.position = position
        kept.append(item)
    used = [item.name for item in known.values() if item.asset_id is not None or item.deliveries]
    if used:
        fault = say("Files came for {names}. These cannot be left out.", names=listed(used))
        raise WrongPlanning(NOT_SAVED, fields={"items": fault})
    row.items = kept
    session.flush()


def _attach(session: Session, actor: Actor, row: Deliverable, attachments: Sequence[int]) -> None:
    """Attach what is open to the actor; what was attached before stays though it is closed to them now."""
    wanted = list(dict.fromkeys(attachments))
    if len(wanted) > MOST_ATTACHMENTS:
        fault = say("Attach at most {most} assets.", most=MOST_ATTACHMENTS)
        raise WrongPlanning(NOT_SAVED, fields={"attachments": fault})
    known = {each.asset_id: each for each in row.attachments}
    wrong = _not_open(session, actor, [each for each in wanted if each not in known])
    if wrong:
        names = listed([f"AST-{each:05d}" for each in wrong])
        fault = say("There is no {names}, or it is not open to you.", names=names)
        raise WrongPlanning(NOT_SAVED, fields={"attachments": fault})
    row.attachments = [known.get(each) or DeliverableAttachment(asset_id=each) for each in wanted]
    session.flush()


def _not_open(session: Session, actor: Actor, asset_ids: Sequence[int]) -> list[int]:
    if not asset_ids:
        return []
    found = set(session.scalars(select(Asset.id).where(Asset.id.in_(asset_ids), visible_to(actor))))
    return [each for each in asset_ids if each not in found]


def _something_came(session: Session, row: Deliverable) -> bool:
    items = [item.id for item in row.items]
    return (
        session.scalars(select(Delivery.id).where(Delivery.item_id.in_(items)).limit(1)).first() is not None
    )


def _said(row: Deliverable) -> dict[str, Any]:
    """What a deliverable says now, in values that JSON knows."""
    said = {name: getattr(row, name) for name in SAID}
    items = [
        {
            "name": each.name,
            "width": each.width,
            "height": each.height,
            "unit": each.unit,
            "locale": each.locale,
        }
        for each in row.items
    ]
    return {**said, "items": items, "attachments": [each.asset_id for each in row.attachments]}


def _record(
    session: Session, actor: Actor, action: str, row: Deliverable, before: str, *, reason: str = ""
) -> None:
    record(
        session,
        actor,
        action,
        row,
        before={"scope_state": before},
        after={"scope_state": row.scope_state},
        reason=reason,
    )
