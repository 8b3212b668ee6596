"""What is asked of agencies and what of it has to be mended; briefs to approve and deliveries to decide."""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import Session

from assetlib.access.actor import LIBRARIAN, PLANNER, Actor, Scope
from assetlib.access.prepared import Prepared, organisation_of, person_of
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.database import rows_of
from assetlib.planning.models import Activity, Campaign, Deliverable, DeliverableItem, Delivery, Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import of_an_agency
from assetlib.words import say, say_n


def _agency(actor: Actor) -> bool:
    return of_an_agency(actor, None)


def _planner(actor: Actor) -> bool:
    return of_the_house(actor, None) and actor.has_role(PLANNER)


def _decides(actor: Actor) -> bool:
    return of_the_house(actor, None) and actor.has_role(PLANNER, LIBRARIAN)


def campaigns_held_for(actor: Actor, *roles: str) -> ColumnElement[bool]:
    """Campaigns for which the actor holds one of these roles."""
    scopes = actor.scopes_of(*roles)
    return true() if scopes is None else or_(*(_within(each) for each in sorted(scopes, key=str)))


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.kind == "brand":
        return Campaign.brand.in_(sorted(scope.keys))
    if scope.kind == "region":
        regions = cast(Campaign.regions, String)
        return or_(*(regions.contains(f'"{key}"', autoescape=True) for key in sorted(scope.keys)))
    return Campaign.id < 0  # nothing of a campaign belongs to one organisation


def _asked(actor: Actor) -> ColumnElement[bool]:
    """Deliverables of the actor's agency for which files may come."""
    return and_(Deliverable.agency_id == organisation_of(actor), Deliverable.scope_state == "scope_approved")


def _has_item(*states: str) -> ColumnElement[bool]:
    return exists(
        select(DeliverableItem.id)
        .where(DeliverableItem.deliverable_id == Deliverable.id, DeliverableItem.state.in_(states))
        .correlate(Deliverable)
    )


def _columns() -> tuple[Any, ...]:
    return (
        Deliverable.id.label("deliverable_id"),
        Deliverable.name.label("name"),
        Deliverable.due_at.label("due"),
    )


def _to_deliver(actor: Actor) -> Rows:
    missing = select(func.count(DeliverableItem.id)).where(
        DeliverableItem.deliverable_id == Deliverable.id, DeliverableItem.state.in_(("waiting", "in_work"))
    )
    return (
        select(*_columns(), missing.correlate(Deliverable).scalar_subquery().label("missing"))
        .where(_asked(actor), _has_item("waiting", "in_work"))
        .order_by(Deliverable.due_at, Deliverable.id)
    )


def _deliver(row: Any) -> Item:
    return Item(
        f"D-{row.deliverable_id} {row.name}",
        say_n("{count} file is asked of you.", "{count} files are asked of you.", row.missing),
        f"/deliverables/{row.deliverable_id}",
        say("Deliver"),
        icon="upload",
        due=row.due,
    )


def _to_mend(actor: Actor) -> Rows:
    """Items whose newest file failed its checks, or came back."""
    later = select(func.max(Delivery.id)).where(Delivery.item_id == DeliverableItem.id)
    return (
        select(
            *_columns(),
            DeliverableItem.name.label("item"),
            DeliverableItem.asset_id.label("asset_id"),
            Delivery.state.label("state"),
            Delivery.returned_reason.label("reason"),
        )
        .select_from(Deliverable)
        .join(DeliverableItem, DeliverableItem.deliverable_id == Deliverable.id)
        .join(Delivery, Delivery.id == later.correlate(DeliverableItem).scalar_subquery())
        .where(
            _asked(actor),
            DeliverableItem.state.in_(("in_work", "changes_requested")),
            Delivery.state.in_(("quarantined", "returned")),
        )
        .order_by(Deliverable.due_at, DeliverableItem.id)
    )


def _mend(row: Any) -> Item:
    return Item(
        f"D-{row.deliverable_id} {row.name}",
        say("“{item}” came back.", item=row.item)
        if row.state == "returned"
        else say("A file for “{item}” failed its checks.", item=row.item),
        f"/deliverables/{row.deliverable_id}",
        say("Fix it"),
        row.asset_id,
        due=row.due,
        words=row.reason,
    )


def _of_campaigns(actor: Actor, *roles: str) -> Rows:
    return (
        select(*_columns())
        .select_from(Deliverable)
        .join(Task, Task.id == Deliverable.task_id)
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(campaigns_held_for(actor, *roles))
        .order_by(Deliverable.due_at, Deliverable.id)
    )


def _briefs(actor: Actor) -> Rows:
    return _of_campaigns(actor, PLANNER).where(
        Deliverable.scope_state == "brief_submitted", Deliverable.brief_by_id != person_of(actor)
    )


def _approve_brief(row: Any) -> Item:
    return Item(
        f"D-{row.deliverable_id} {row.name}",
        say("Its brief waits for your approval."),
        f"/deliverables/{row.deliverable_id}",
        say("Read the brief"),
        icon="file-text",
        due=row.due,
    )


def _in_review(actor: Actor) -> Rows:
    return _of_campaigns(actor, PLANNER, LIBRARIAN).where(
        Deliverable.scope_state == "scope_approved", _has_item("in_review")
    )


def _decide(row: Any) -> Item:
    return Item(
        f"D-{row.deliverable_id} {row.name}",
        say("Files were delivered and wait for a decision."),
        f"/deliverables/{row.deliverable_id}",
        say("Decide"),
        icon="package",
        due=row.due,
    )


_WAITING = Prepared(
    lambda actor: select(func.count(Deliverable.id)).where(
        _asked(actor), _has_item("waiting", "in_work", "changes_requested")
    )
)


def open_orders(session: Session, actor: Actor) -> int:
    """How many deliverables wait for files of the actor's agency."""
    count: int = rows_of(session, *_WAITING(actor))[0][0]
    return count


SOURCES = (
    Source("deliver", _agency, _to_deliver, _deliver),
    Source("fix", _agency, _to_mend, _mend),
    Source("decide", _planner, _briefs, _approve_brief),
    Source("decide", _decides, _in_review, _decide),
)
