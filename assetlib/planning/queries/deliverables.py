"""Deliverables as pages and calls look at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.accounts.holders import holders
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.queries import names_of
from assetlib.catalog.models import Asset, DeliverySpec, Version
from assetlib.catalog.queries.actors import granted_collections
from assetlib.catalog.queries.visibility import visible_to
from assetlib.paging import Page
from assetlib.planning.errors import NoSuchDeliverable, NoSuchTask, WrongPlanningState
from assetlib.planning.models import Activity, Campaign, Deliverable, DeliverableItem, Delivery, Hold, Task
from assetlib.planning.permissions.deliverables import DELIVER, MAKE_DELIVERABLE, SEE_DELIVERABLES
from assetlib.planning.queries.visibility import deliverables_visible_to, tasks_visible_to
from assetlib.storage.models import Upload
from assetlib.storage.states import AVAILABLE, VERIFYING
from assetlib.words import say

GONE = say("There is no such deliverable, or it is not open to you.")
LONGEST_CHECK = timedelta(hours=1)
"""A file that was not checked for so long is nobody's any more: it was not ordered from its sender."""
Due = Literal["", "late", "week"]


@dataclass(frozen=True)
class Wish:
    """By what a list of deliverables is narrowed."""

    campaign: int | None = None
    agency: int | None = None
    task: int | None = None
    scope: str = ""
    creative: str = ""
    due: Due = ""


@dataclass(frozen=True)
class Seen:
    """One deliverable in a list, with the names around it."""

    deliverable: Deliverable
    agency: str
    owner: str


def get_deliverable(session: Session, actor: Actor, deliverable_id: int) -> Deliverable:
    """With task, campaign, items and what was attached; `NoSuchDeliverable` to those it is not open to."""
    SEE_DELIVERABLES.require(actor)
    row = session.scalars(
        _with_all(Deliverable.id == deliverable_id).where(deliverables_visible_to(actor))
    ).one_or_none()
    if row is None:
        raise NoSuchDeliverable(GONE)
    return row


def get_item(session: Session, actor: Actor, item_id: int) -> DeliverableItem:
    """One required file of a deliverable that is open to the actor."""
    SEE_DELIVERABLES.require(actor)
    row = session.scalars(
        select(DeliverableItem)
        .join(Deliverable, Deliverable.id == DeliverableItem.deliverable_id)
        .where(DeliverableItem.id == item_id, deliverables_visible_to(actor))
    ).one_or_none()
    if row is None:
        raise NoSuchDeliverable(GONE)
    return row


def get_delivery(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    """One file that came for a deliverable that is open to the actor."""
    SEE_DELIVERABLES.require(actor)
    row = session.scalars(
        select(Delivery)
        .join(DeliverableItem, DeliverableItem.id == Delivery.item_id)
        .join(Deliverable, Deliverable.id == DeliverableItem.deliverable_id)
        .where(Delivery.id == delivery_id, deliverables_visible_to(actor))
    ).one_or_none()
    if row is None:
        raise NoSuchDeliverable(GONE)
    return row


def item_to_deliver(session: Session, actor: Actor, item_id: int) -> DeliverableItem:
    """The item that a file may be sent for now; the file is the next version of its asset, if it has one."""
    item = get_item(session, actor, item_id)
    DELIVER.require(actor, item.deliverable)
    if item.state == "approved":
        raise WrongPlanningState(
            say(
                "“{name}” was accepted. Ask for a change of the brief before you send another.",
                name=item.name,
            )
        )
    return item


def locked(session: Session, deliverable_id: int) -> Deliverable:
    """The same deliverable with its items, read afresh and held until this transaction ends."""
    row = session.scalars(
        _with_all(Deliverable.id == deliverable_id)
        .with_for_update(of=Deliverable)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchDeliverable(GONE)
    return row


def _with_all(where: ColumnElement[bool]) -> Select[Deliverable]:
    return (
        select(Deliverable)
        .where(where)
        .options(
            joinedload(Deliverable.task, innerjoin=True)
            .joinedload(Task.activity, innerjoin=True)
            .joinedload(Activity.campaign, innerjoin=True),
            selectinload(Deliverable.items),
            selectinload(Deliverable.attachments),
        )
    )


def deliverables_page(session: Session, actor: Actor, wish: Wish, *, number: int, size: int) -> Page[Seen]:
    """What is open to the actor, what is due first at the top."""
    SEE_DELIVERABLES.require(actor)
    where = and_(deliverables_visible_to(actor), *_narrowed(wish))
    base = select(Deliverable.id).join(Task).join(Activity).where(where)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    rows = session.scalars(
        _with_all(Deliverable.id.in_(base.correlate(None).scalar_subquery()))
        .order_by(Deliverable.due_at, Deliverable.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    agencies = organisation_names(session, [row.agency_id for row in rows])
    people = names_of(session, [row.owner_id for row in rows])
    seen = [Seen(row, agencies.get(row.agency_id or 0, ""), people.get(row.owner_id, "")) for row in rows]
    return Page(seen, number, size, total)


def _narrowed(wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.campaign is not None:
        found.append(Activity.campaign_id == wish.campaign)
    if wish.agency is not None:
        found.append(Deliverable.agency_id == wish.agency)
    if wish.task is not None:
        found.append(Deliverable.task_id == wish.task)
    if wish.scope:
        found.append(Deliverable.scope_state == wish.scope)
    if wish.creative:
        found.append(Deliverable.creative_state == wish.creative)
    if wish.due:
        end = clock.now() if wish.due == "late" else clock.now() + timedelta(days=7)
        found += [Deliverable.due_at < end, Deliverable.accepted_at.is_(None)]
        found.append(Deliverable.scope_state != "dropped")
    return found


def organisation_names(session: Session, ids: Sequence[int | None]) -> Mapping[int, str]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def agencies(session: Session) -> list[tuple[int, str]]:
    """Agencies that files can be asked of, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == "agency")
        .order_by(func.lower(Organisation.name))
    )
    return [(row.id, row.name) for row in rows]


def campaigns(session: Session) -> list[tuple[int, str]]:
    """Campaigns that have deliverables, by name."""
    rows = session.execute(
        select(Campaign.id, Campaign.name)
        .where(
            Campaign.id.in_(
                select(Activity.campaign_id).join(Task).join(Deliverable, Deliverable.task_id == Task.id)
            )
        )
        .order_by(func.lower(Campaign.name))
    )
    return [(row.id, row.name) for row in rows]


def spec_of(session: Session, deliverable: Deliverable) -> DeliverySpec | None:
    return session.get(DeliverySpec, deliverable.spec_id) if deliverable.spec_id is not None else None


def task_for(session: Session, actor: Actor, task_id: int) -> Task:
    """The task under which the actor may ask for files."""
    row = session.scalars(
        select(Task)
        .where(Task.id == task_id, tasks_visible_to(actor))
        .options(joinedload(Task.activity, innerjoin=True).joinedload(Activity.campaign, innerjoin=True))
    ).one_or_none()
    if row is None:
        raise NoSuchTask(say("There is no such task, or it is not open to you."))
    MAKE_DELIVERABLE.require(actor, row)
    return row


@dataclass(frozen=True)
class Came:
    """A file that came for an item."""

    delivery: Delivery
    version: Version | None
    """None once it was removed for good."""
    by: str


def deliveries_of(session: Session, *deliverables: Deliverable) -> dict[int, list[Came]]:
    """Item id → what came for it, the newest first, with all that a decision about its bytes needs."""
    found: dict[int, list[Came]] = {item.id: [] for each in deliverables for item in each.items}
    if not found:
        return found
    rows = session.execute(
        select(Delivery, Version)
        .outerjoin(Version, Version.id == Delivery.version_id)
        .where(Delivery.item_id.in_(found))
        .order_by(Delivery.id.desc())
        .options(
            selectinload(Version.approvals),
            joinedload(Version.asset).options(
                joinedload(Asset.right), selectinload(Asset.items), selectinload(Asset.versions)
            ),
        )
    ).all()
    names = names_of(session, [delivery.by_id for delivery, _ in rows])
    for delivery, version in rows:
        found[delivery.item_id].append(Came(delivery, version, names.get(delivery.by_id or 0, "")))
    return found


def on_the_way(session: Session, deliverable: Deliverable) -> dict[int, str]:
    """Item id → the name of a file that has arrived for it and is looked at, or waits for its checks."""
    checked = (
        select(Delivery.id)
        .join(Version, Version.id == Delivery.version_id)
        .where(
            Delivery.item_id == Upload.delivered_for,
            Version.asset_id == Upload.asset_id,
            Version.number == Upload.version_number,
        )
        .correlate(Upload)
    )
    waits_for_checks = and_(
        Upload.state == AVAILABLE, Upload.completed_at > clock.now() - LONGEST_CHECK, ~checked.exists()
    )
    rows = session.execute(
        select(Upload.delivered_for, Upload.name)
        .where(
            Upload.delivered_for.in_([item.id for item in deliverable.items]),
            or_(Upload.state == VERIFYING, waits_for_checks),
        )
        .order_by(Upload.id)
    )
    return {row.delivered_for: row.name for row in rows}


def holds_on(session: Session, deliverable_id: int) -> Sequence[Hold]:
    """What holds a deliverable now, the oldest first."""
    return session.scalars(
        select(Hold)
        .where(Hold.deliverable_id == deliverable_id, Hold.released_at.is_(None))
        .order_by(Hold.id)
    ).all()


def people_of(session: Session, agency_id: int | None) -> list[int]:
    """People of an agency who deliver for it."""
    if agency_id is None:
        return []
    working = holders(session, AGENCY_CONTRIBUTOR)
    return list(
        session.scalars(select(Person.id).where(Person.organisation_id == agency_id, Person.id.in_(working)))
    )


def not_open_to_agency(session: Session, deliverable: Deliverable) -> list[Asset]:
    """What was attached, the brief included, and is not open to everybody who delivers for the agency."""
    ids = [each.asset_id for each in deliverable.attachments]
    if deliverable.brief_asset_id is not None:
        ids.append(deliverable.brief_asset_id)
    if deliverable.agency_id is None or not ids:
        return []
    anybody = Actor(
        kind="person",
        name="",
        organisation_id=deliverable.agency_id,
        organisation_kind="agency",
        roles=frozenset({AGENCY_CONTRIBUTOR}),
        collections=granted_collections(session, deliverable.agency_id),
    )
    seen = select(Asset.id).where(Asset.id.in_(ids), visible_to(anybody))
    return list(
        session.scalars(select(Asset).where(Asset.id.in_(ids), Asset.id.not_in(seen)).order_by(Asset.id))
    )
