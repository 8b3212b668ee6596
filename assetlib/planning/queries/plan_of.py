"""The plan under which something new is to be done."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.planning.errors import NoSuchPlan
from assetlib.planning.models import Plan
from assetlib.planning.permissions.plans import SEE_PLANS
from assetlib.words import say


def get_open_plan(session: Session, actor: Actor, plan_id: int) -> Plan:
    """`NoSuchPlan` to whoever may not know of it."""
    SEE_PLANS.require(actor)
    row = session.get(Plan, plan_id)
    if row is None:
        raise NoSuchPlan(say("There is no such plan, or it is not yours to see."))
    return row
