"""Plans that wait: for a decision, for changes, and for others."""

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from assetlib.access.actor import PLANNER, Actor
from assetlib.access.prepared import person_of
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.planning.models import Plan, PlanVersion
from assetlib.planning.permissions.plans import PLAN_APPROVER, has_duty, of_the_house
from assetlib.planning.queries.visibility import decidable_by
from assetlib.words import recalled, say


def _decides(actor: Actor) -> bool:
    return of_the_house(actor, None) and has_duty(PLAN_APPROVER)(actor, None)


def _plans(actor: Actor) -> bool:
    return of_the_house(actor, None) and actor.has_role(PLANNER)


def _versions() -> Rows:
    return select(
        Plan.id.label("plan_id"),
        Plan.name.label("name"),
        PlanVersion.number.label("number"),
        PlanVersion.submitted_at.label("at"),
        PlanVersion.decided_at.label("decided_at"),
        PlanVersion.answer.label("answer"),
    ).join(Plan, Plan.id == PlanVersion.plan_id)


def _to_decide(actor: Actor) -> Rows:
    return (
        _versions()
        .where(PlanVersion.state == "in_review", Plan.closed_at.is_(None), decidable_by(actor))
        .order_by(PlanVersion.submitted_at, PlanVersion.id)
    )


def _decide(row: Any) -> Item:
    return Item(
        row.name,
        say("Version {number} was sent for review.", number=row.number),
        _page(row),
        say("Read and decide"),
        icon="target",
        at=row.at,
    )


def _to_change(actor: Actor) -> Rows:
    """What came back to its owner or sender, while the next draft is not sent."""
    draft = aliased(PlanVersion)
    goes_on = exists(
        select(draft.id).where(
            draft.plan_id == PlanVersion.plan_id,
            draft.number == PlanVersion.number + 1,
            draft.state == "draft",
        )
    )
    return (
        _versions()
        .where(
            PlanVersion.state == "changes_requested",
            Plan.closed_at.is_(None),
            or_(Plan.owner_id == person_of(actor), PlanVersion.submitted_by_id == person_of(actor)),
            goes_on.correlate(PlanVersion),
        )
        .order_by(PlanVersion.decided_at, PlanVersion.id)
    )


def _change(row: Any) -> Item:
    return Item(
        row.name,
        say("Changes of version {number} were asked for.", number=row.number),
        f"/plans/{row.plan_id}/versions/{row.number + 1}",
        say("Open the draft"),
        icon="target",
        at=row.decided_at,
        words=recalled(row.answer),
    )


def _sent(actor: Actor) -> Rows:
    return (
        _versions()
        .where(
            PlanVersion.state == "in_review",
            Plan.closed_at.is_(None),
            PlanVersion.submitted_by_id == person_of(actor),
        )
        .order_by(PlanVersion.submitted_at, PlanVersion.id)
    )


def _wait(row: Any) -> Item:
    return Item(
        row.name,
        say("You sent version {number} for review. Nobody decided yet.", number=row.number),
        _page(row),
        say("Look at the plan"),
        icon="target",
        at=row.at,
    )


def _page(row: Any) -> str:
    return f"/plans/{row.plan_id}/versions/{row.number}"


SOURCES = (
    Source("decide", _decides, _to_decide, _decide),
    Source("fix", _plans, _to_change, _change),
    Source("sent", _plans, _sent, _wait),
)
