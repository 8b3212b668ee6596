"""What the world has ordered: of agency C something that may come and a draft, and something of the house."""

from typing import Any

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.planning.models import Deliverable, Task
from tests import make, make_plans
from tests.planning.orders import delivered, spec

NAMED = {"revision": 1, "name": "x", "due_at": "2027-03-01T12:00"}
BODIES: dict[str, dict[str, Any]] = {
    "delivery_specs.make": {"data": {"name": "x"}},
    "delivery_specs.change": {"data": {"revision": 1, "name": "x"}},
    "api_delivery_specs.make": {"json": {"name": "x"}},
    "api_delivery_specs.change": {"json": {"revision": 1, "name": "x"}},
    "deliverables.new": {"query": lambda v: {"task": v["ordered_task"]}},
    "deliverables.make": {"data": lambda v: {**NAMED, "task": v["ordered_task"]}},
    "deliverables.change": {"data": NAMED},
    "deliverables.send_back": {"data": {"revision": 1, "reason": "x"}},
    "api_deliverables.make": {
        "json": lambda v: {"name": "x", "due_at": "2027-03-01T12:00:00Z", "task": v["ordered_task"]}
    },
    "api_deliverables.change": {"json": {"revision": 1, "name": "x", "due_at": "2027-03-01T12:00:00Z"}},
    "api_deliverables.approve_scope": {"json": {"revision": 1}},
    "api_deliverables.send_back": {"json": {"revision": 1, "reason": "x"}},
    "api_deliverables.rescope": {"json": {"reason": "x"}},
    "api_deliverables.drop": {"json": {"reason": "x"}},
    "api_deliverables.send": {"json": {}},
    "api_deliverables.accept": {"json": {"sha256": "0" * 64, "seen": "draft.1.0"}},
    "api_deliverables.give_back": {"json": {"sha256": "0" * 64, "reason": "x"}},
    "api_deliverables.waive": {"json": {"reason": "x"}},
}
"""Endpoint → what a call says."""


def lay_orders(
    session: Session, people: make.People, planner: Actor, task_id: int
) -> dict[str, dict[str, int]]:
    """Thing → values for the converters of a route, under a task that is there. `planner` wrote them."""
    task = session.get_one(Task, task_id)
    by = {"owner_id": planner.person_id, "brief_by_id": planner.person_id}
    rules = spec(session, formats=["JPEG"], sizes=[[1200, 800]])
    approved = {**by, "scope_state": "scope_approved", "brief": "Night sky.", "spec_id": rules.id}
    order = make_plans.deliverable(session, task, agency=people.agency, name="Story set", **approved)
    draft = make_plans.deliverable(session, task, agency=people.agency, name="Banner", **by)
    house = make_plans.deliverable(session, task, name="Poster", **approved)
    house.agency_id = None
    session.flush()
    delivery = delivered(session, people.contributor, order.items[0])

    def named(row: Deliverable) -> dict[str, int]:
        return {"deliverable_id": row.id, "item_id": row.items[0].id, "delivery_id": delivery.id}

    return {
        "order": named(order),
        "order_draft": named(draft),
        "order_house": named(house),
        "spec": {"spec_id": rules.id},
        "agency": {"agency_id": people.agency.id},
        "any_order": {"ordered_task": task.id, "spec_id": rules.id},
    }
