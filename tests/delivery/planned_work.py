"""A campaign with work for the house and for an agency, as the world of the access matrix has it."""

from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from tests import make, make_plans

WORK_BODIES: dict[str, dict[str, Any]] = {
    "tasks.stage": {"data": {"stage": "doing"}},
    "tasks.add_predecessor": {"data": lambda v: {"predecessor": v["predecessor_id"]}},
    "tasks.move": {"data": lambda v: {"activity": v["activity_id"]}},
    "api_campaigns.make": {
        "json": lambda v: {
            "plan": v["plan_of_work"], "name": "x", "starts_on": "2027-03-01", "ends_on": "2027-03-02",
            "owner": v["planner_id"],
        }
    },
    "api_campaigns.change": {
        "json": lambda v: {
            "name": "x", "starts_on": "2027-03-01", "ends_on": "2027-03-02", "owner": v["planner_id"],
            "revision": 1,
        }
    },
    "api_campaigns.cancel": {"json": {}},
    "api_campaigns.add_activity": {
        "json": lambda v: {
            "name": "x", "starts_on": "2027-03-01", "ends_on": "2027-03-02", "owner": v["planner_id"],
        }
    },
    "api_campaigns.change_activity": {
        "json": lambda v: {
            "name": "x", "starts_on": "2027-03-01", "ends_on": "2027-03-02", "owner": v["planner_id"],
            "revision": 1,
        }
    },
    "api_campaigns.move_activity": {"json": {"starts_on": "2027-03-01"}},
    "api_campaigns.cancel_activity": {"json": {}},
    "api_tasks.add": {"json": {"name": "x", "start": "2027-03-01", "finish": "2027-03-02"}},
    "api_tasks.change": {"json": {"name": "x", "revision": 1}},
    "api_tasks.assign": {"json": {}},
    "api_tasks.forecast": {"json": {"start": "2027-03-01", "finish": "2027-03-02", "revision": 1}},
    "api_tasks.stage": {"json": {"stage": "doing"}},
    "api_tasks.finish": {"json": {}},
    "api_tasks.report": {"json": {"percent": 50}},
    "api_tasks.add_predecessor": {"json": {}},
    "api_tasks.move": {"json": lambda v: {"activity": v["activity_id"]}},
    "api_tasks.cancel": {"json": {}},
}  # fmt: skip
"""Endpoint → what its call says, as far as the permission of the thing it is about."""


def lay_work(
    session: Session, people: make.People, planner: Actor, calendar_id: int
) -> dict[str, dict[str, Any]]:
    """Thing → values for the converters of a route."""
    plan = make_plans.plan(session, planner, calendar_id=calendar_id)
    version = make_plans.plan_version(session, plan, "active", activated_at=clock.now())
    campaign = make_plans.campaign(session, plan, name="Autumn Trails")
    activity = make_plans.activity(session, campaign)
    make_plans.planned(session, version, activity)
    first = make_plans.task(session, activity, name="Key visual")
    own = make_plans.task(session, activity, name="Size family")
    theirs = make_plans.task(
        session,
        activity,
        name="Layout",
        agency_id=people.agency.id,
        assignee_id=people.contributor.person_id,
    )
    of_all = {
        "campaign_id": campaign.id,
        "activity_id": activity.id,
        "predecessor_id": first.id,
        "planner_id": planner.person_id,
        "plan_of_work": campaign.plan_id,
    }
    return {
        "any": of_all,
        "task": {**of_all, "task_id": own.id},
        "agency_task": {**of_all, "task_id": theirs.id},
    }
