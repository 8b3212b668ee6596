"""What somebody had open in planning goes to a colleague when they leave; an agency finishes first."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.accounts.errors import StillOpen, WrongPerson
from assetlib.accounts.queries import get_person
from assetlib.goodbyes import let_go, open_matters, part_from, work_of
from assetlib.notify.models import Notice
from assetlib.planning.models import Deliverable, IntakeForm, IntakeRequest, Task
from assetlib.words import recalled
from tests import make, make_plans
from tests.planning.test_intake import asked_for, stickers


def person_of(session: Session, actor: Actor) -> Any:
    return get_person(session, actor.person_id or 0)


@pytest.fixture
def task(session: Session, planner: Actor) -> Task:
    """Everything of one planner: plan, campaign, activity, a task given to them, a deliverable."""
    activity = make_plans.running_campaign(session, planner)
    made = make_plans.task(session, activity, assignee_id=planner.person_id)
    make_plans.task(
        session, activity, assignee_id=planner.person_id, stage="done", percent=100,
        actual_finish=clock.today(),
    )  # fmt: skip
    make_plans.deliverable(session, made)
    return made


def test_what_is_open_is_told_before_it_is_done(
    session: Session, people: make.People, planner: Actor, other_planner: Actor, task: Task
) -> None:
    stickers(session, other_planner, answered_by_id=planner.person_id)
    asked_for(session, planner, stickers(session, other_planner, name="Free"))
    make_plans.running_campaign(session, other_planner)
    found = {each.key: (each.count, each.way) for each in work_of(session, person_of(session, planner))}
    assert found == {
        "plans": (1, "hand"),
        "campaigns": (1, "hand"),
        "activities": (1, "hand"),
        "tasks": (1, "hand"),
        "deliverables": (1, "hand"),
        "forms": (1, "end"),
        "intake": (1, "end"),
    }


def test_it_goes_to_whoever_takes_over(
    session: Session, people: make.People, planner: Actor, other_planner: Actor, task: Task
) -> None:
    form = stickers(session, other_planner, answered_by_id=planner.person_id)
    request = asked_for(session, planner, form)
    with pytest.raises(WrongPerson, match="Choose who takes over"):
        let_go(session, people.administrator, person_of(session, planner), to=None)
    let_go(session, people.administrator, person_of(session, planner), to=person_of(session, other_planner))
    session.flush()
    session.expire_all()
    to = other_planner.person_id
    activity = task.activity
    deliverable = session.scalars(select(Deliverable)).one()
    assert [
        activity.campaign.plan.owner_id, activity.campaign.owner_id, activity.owner_id, task.assignee_id,
        deliverable.owner_id,
    ] == [to] * 5  # fmt: skip
    done = session.scalars(select(Task).where(Task.stage == "done")).one()
    assert done.assignee_id == planner.person_id
    assert session.scalars(select(IntakeForm.answered_by_id)).one() is None
    assert session.get_one(IntakeRequest, request.id).state == "withdrawn"
    assert work_of(session, person_of(session, planner)) == []
    notice = session.scalars(select(Notice).where(Notice.kind == "work.handed_on")).one()
    assert notice.person_id == to
    assert "1 plan" in recalled(notice.sentence)


def test_we_do_not_part_from_an_agency_that_has_work_to_do(
    session: Session, people: make.People, planner: Actor
) -> None:
    rosa = make.person(session, people.agency, AGENCY_CONTRIBUTOR)
    activity = make_plans.running_campaign(session, planner)
    task = make_plans.task(session, activity, agency_id=people.agency.id, assignee_id=rosa.id)
    make_plans.deliverable(session, task)
    found = {each.key: each.count for each in open_matters(session, people.agency)}
    assert found["tasks"] == found["deliverables"] == 1
    assert {each.key for each in open_matters(session, people.other_agency)} == {"people"}
    with pytest.raises(StillOpen, match="not accepted yet"):
        part_from(session, people.administrator, people.agency, with_people=True)
