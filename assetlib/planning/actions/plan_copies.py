"""The next draft of a plan, which begins with what another version says."""

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.models import ExpectedResult, Plan, PlanLine, PlannedActivity, PlanVersion
from assetlib.planning.permissions.plans import COMMENT_ON_PLAN


def copy_version(
    session: Session, actor: Actor, plan: Plan, said: PlanVersion, *, by: int | None, reason: str
) -> PlanVersion:
    """The next draft of a plan that is held: it says what `said` says, and is `by`'s to write."""
    COMMENT_ON_PLAN.require(actor, plan)
    draft = PlanVersion(
        plan_id=plan.id,
        number=1 + max(each.number for each in plan.versions),
        reason=reason,
        objectives=list(said.objectives),
        assumptions=said.assumptions,
        products=list(said.products),
        segments=list(said.segments),
        channels=list(said.channels),
        created_by_id=by,
        created_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    draft.expected = [
        ExpectedResult(
            campaign_id=each.campaign_id,
            kpi=each.kpi,
            thousandths=each.thousandths,
            unit=each.unit,
            position=each.position,
        )
        for each in said.expected
    ]
    draft.activities = [
        PlannedActivity(activity_id=each.activity_id, starts_on=each.starts_on, ends_on=each.ends_on)
        for each in said.activities
    ]
    draft.lines = [
        PlanLine(
            activity_id=each.activity_id,
            period_id=each.period_id,
            gl_account_id=each.gl_account_id,
            cost_centre_id=each.cost_centre_id,
            amount_minor=each.amount_minor,
            currency=each.currency,
            base_minor=each.base_minor,
            certainty=each.certainty,
            is_fixed=each.is_fixed,
            note=each.note,
            position=each.position,
        )
        for each in said.lines
    ]
    session.flush()
    session.expire(plan, ["versions"])
    record(session, actor, "planning.version_started", plan, version=draft.number, reason=reason)
    return draft
