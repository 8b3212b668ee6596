"""Gates say why they are closed, and open when that has changed."""

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.planning.errors import GateClosed
from assetlib.planning.models import Hold
from assetlib.planning.queries.gates import gate_for_activating, gate_for_assigning
from assetlib.words import kept, say
from tests import make_plans

ENGINES = ("sqlite", "postgresql")


def test_work_is_given_to_people_under_an_approved_plan_only(session: Session, planner: Actor) -> None:
    plan = make_plans.plan(session, planner, name="FY 2027")
    version = make_plans.plan_version(session, plan, "in_review")
    activity = make_plans.activity(session, make_plans.campaign(session, plan, name="Autumn Trails"))
    make_plans.planned(session, version, activity)
    make_plans.running_campaign(session, planner)
    gate = gate_for_assigning(session, activity, task_kind="work")
    [reason] = gate.reasons
    assert reason == (
        "Autumn Trails does not stand in an approved version of FY 2027 yet. "
        "Have the plan approved, or make this a task of planning."
    )
    with pytest.raises(GateClosed) as refused:
        gate.must_be_open()
    assert refused.value.details["gate"] == "people"
    assert gate_for_assigning(session, activity, task_kind="planning").is_open

    version.state = "active"
    session.flush()
    assert gate_for_assigning(session, activity, task_kind="work").is_open
    gate_for_assigning(session, activity, task_kind="work").must_be_open()


def test_nothing_new_begins_under_a_closed_plan(session: Session, planner: Actor) -> None:
    activity = make_plans.running_campaign(session, planner)
    activity.campaign.plan.closed_at = clock.now()
    session.flush()
    assert not gate_for_assigning(session, activity, task_kind="work").is_open


def test_a_version_that_drops_what_is_held_does_not_become_active(session: Session, planner: Actor) -> None:
    activity = make_plans.running_campaign(session, planner)
    free = make_plans.activity(session, activity.campaign, name="Not held")
    plan = activity.campaign.plan
    assert plan.active_version is not None
    make_plans.planned(session, plan.active_version, free)
    deliverable = make_plans.deliverable(session, make_plans.task(session, activity))
    hold = Hold(
        deliverable_id=deliverable.id,
        holder="spend",
        holder_ref="order-7",
        sentence=kept(say("{order} was issued for it.", order="PO-2041")),
        placed_at=clock.now(),
    )
    session.add(hold)
    version = make_plans.plan_version(session, plan, "approved")
    gate = gate_for_activating(session, version)
    assert len(gate.reasons) == 1
    assert "PO-2041 was issued for it." in gate.reasons[0]
    assert activity.name in gate.reasons[0]

    make_plans.planned(session, version, activity)
    assert gate_for_activating(session, version).is_open


def test_what_was_let_go_holds_nothing(session: Session, planner: Actor) -> None:
    activity = make_plans.running_campaign(session, planner)
    session.add(
        Hold(
            activity_id=activity.id,
            holder="review",
            holder_ref="round-1",
            sentence="A round runs.",
            placed_at=clock.now(),
            released_at=clock.now(),
        )
    )
    version = make_plans.plan_version(session, activity.campaign.plan, "approved")
    assert gate_for_activating(session, version).is_open
