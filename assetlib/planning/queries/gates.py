"""The gates as they stand now."""

from collections import defaultdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assetlib.planning.models import (
    Activity,
    Campaign,
    Deliverable,
    Hold,
    Plan,
    PlannedActivity,
    PlanVersion,
    Task,
)
from assetlib.planning.rules.gates import Gate, for_activating, for_assigning
from assetlib.words import recalled


def gate_for_assigning(session: Session, activity: Activity, *, task_kind: str) -> Gate:
    """G1, for work under an activity, in one statement."""
    planned = (
        select(PlannedActivity.activity_id)
        .join(PlanVersion, PlanVersion.id == PlannedActivity.version_id)
        .where(PlannedActivity.activity_id == activity.id, PlanVersion.state == "active")
        .exists()
    )
    campaign, plan, closed_at, is_planned = session.execute(
        select(Campaign.name, Plan.name, Plan.closed_at, planned)
        .join(Plan, Plan.id == Campaign.plan_id)
        .where(Campaign.id == activity.campaign_id)
    ).one()
    return for_assigning(
        task_kind=task_kind,
        campaign=campaign,
        plan=plan,
        planned=is_planned,
        plan_is_closed=closed_at is not None,
    )


def gate_for_activating(session: Session, version: PlanVersion) -> Gate:
    """G7: what stands in the active version, not in this one, and is held."""
    kept = select(PlannedActivity.activity_id).where(PlannedActivity.version_id == version.id)
    rows = session.execute(
        select(Activity.id, Activity.name, Hold.sentence)
        .join(PlannedActivity, PlannedActivity.activity_id == Activity.id)
        .join(PlanVersion, PlanVersion.id == PlannedActivity.version_id)
        .join(
            Hold,
            or_(
                Hold.activity_id == Activity.id,
                Hold.deliverable_id.in_(
                    select(Deliverable.id)
                    .join(Task, Task.id == Deliverable.task_id)
                    .where(Task.activity_id == Activity.id)
                    .correlate(Activity)
                ),
            ),
        )
        .where(
            PlanVersion.plan_id == version.plan_id,
            PlanVersion.state == "active",
            Activity.id.not_in(kept),
            Hold.released_at.is_(None),
        )
        .order_by(Activity.id, Hold.id)
    )
    held: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for activity_id, name, sentence in rows:
        held[activity_id, name].append(recalled(sentence))
    return for_activating([(name, sentences) for (_, name), sentences in held.items()])
