"""The rows of a plan, held while somebody judges and changes them: first the plan, then its versions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.planning.errors import NoSuchPlan
from assetlib.planning.models import Plan, PlanVersion
from assetlib.planning.queries.plans import GONE, NO_VERSION
from assetlib.planning.rules.plans import must_be_open


def held_plan(session: Session, plan: Plan) -> Plan:
    """The plan as it is now, held with its versions; what is done to it goes one after the other."""
    session.flush()
    row = session.scalars(
        select(Plan).where(Plan.id == plan.id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchPlan(GONE)
    held = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.plan_id == row.id)
        .order_by(PlanVersion.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for each in held:  # what was read of it before may have changed since
        session.expire(each, ["lines", "activities", "expected", "comments", "writers"])
    session.expire(row, ["versions", "active_version"])
    return row


def held_version(session: Session, version: PlanVersion) -> tuple[Plan, PlanVersion]:
    """A version as it is now, held with its plan."""
    plan = held_plan(session, version.plan)
    row = next((each for each in plan.versions if each.id == version.id), None)
    if row is None:
        raise NoSuchPlan(NO_VERSION)
    return plan, row


def held_open(session: Session, version: PlanVersion) -> tuple[Plan, PlanVersion]:
    """The same, of a plan that is not closed."""
    plan, row = held_version(session, version)
    must_be_open(plan.name, is_closed=plan.closed_at is not None)
    return plan, row
