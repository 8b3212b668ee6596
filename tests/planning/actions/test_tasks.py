"""Tasks: given to people under an approved plan only, kept while somebody needs them, moved on by those who
do them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, PLANNER, Actor, Scope
from assetlib.access.permission import NotPermitted
from assetlib.notify.models import Notice
from assetlib.planning.actions.activities import cancel_activity, move_activity
from assetlib.planning.actions.campaigns import cancel_campaign, end_campaign
from assetlib.planning.actions.progress import begin_task, finish_task, put_in_stage, reopen_task
from assetlib.planning.actions.scheduling import add_predecessor, set_forecast
from assetlib.planning.actions.tasks import add_task, assign_task, change_task, move_task
from assetlib.planning.errors import GateClosed, WrongPlanning, WrongPlanningState
from assetlib.planning.models import Activity, Hold, Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import SEE_TASKS, is_their_task
from assetlib.planning.queries.visibility import tasks_visible_to
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.words import kept, say
from tests import make, make_plans

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def planner(session: Session, people: make.People) -> Actor:
    return make.actor(make.person(session, people.own, PLANNER, name="Mira Koch"), people.own)


@pytest.fixture
def activity(session: Session, planner: Actor) -> Activity:
    make_plans.task(session, make_plans.running_campaign(session, planner), name="Noise")
    return make_plans.running_campaign(session, planner, name="Autumn Trails")


def not_approved(session: Session, planner: Actor, activity: Activity) -> Activity:
    """Another activity of the campaign, which no active version holds."""
    return make_plans.activity(session, activity.campaign, name="Came later")


def told(session: Session, who: Actor) -> list[str]:
    session.flush()
    return list(
        session.scalars(select(Notice.kind).where(Notice.person_id == who.person_id).order_by(Notice.id))
    )


def test_work_under_no_approved_plan_is_given_to_nobody_by_no_way(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    later, finn = not_approved(session, planner, activity), people.field_marketer.person_id
    task = make_plans.task(session, later)
    day = later.starts_on
    with pytest.raises(GateClosed):
        assign_task(session, planner, task, assignee_id=finn)
    with pytest.raises(GateClosed):
        assign_task(session, planner, task, assignee_id=None, agency_id=people.agency.id)
    with pytest.raises(GateClosed):
        add_task(session, planner, later, TaskFacts("Print"), start=day, finish=day, assignee_id=finn)
    given = make_plans.task(session, activity, assignee_id=finn)
    with pytest.raises(GateClosed):
        move_task(session, planner, given, later)
    planning = make_plans.task(session, later, kind="planning")
    assign_task(session, planner, planning, assignee_id=finn)
    with pytest.raises(GateClosed):
        change_task(session, planner, planning, TaskFacts("Print"), revision=planning.revision)
    assert (task.assignee_id, given.activity_id, planning.kind) == (None, activity.id, "planning")
    assign_task(session, planner, task, assignee_id=None)
    move_task(session, planner, make_plans.task(session, activity), later)


def test_a_task_that_comes_later_has_its_first_days_as_its_baseline_once_the_plan_is_approved(
    session: Session, planner: Actor, activity: Activity
) -> None:
    day = activity.starts_on
    task = add_task(session, planner, activity, TaskFacts("Print"), start=day, finish=day)
    set_forecast(session, planner, task, start=day, finish=day + timedelta(days=3))
    assert (task.baseline_start, task.baseline_finish) == (day, day)
    early = add_task(
        session, planner, not_approved(session, planner, activity), TaskFacts("Idea"), start=day, finish=day
    )
    assert (early.baseline_start, early.baseline_finish) == (None, None)


def test_work_is_given_to_the_house_and_to_agencies_only(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    task = make_plans.task(session, activity)
    assign_task(session, planner, task, assignee_id=people.contributor.person_id)
    assert task.agency_id == people.agency.id
    for person_id, agency_id in (
        (people.contributor.person_id, people.other_agency.id),
        (people.partner_marketer.person_id, None),
        (people.without_role.person_id, None),
        (None, people.partner.id),
        (9_999, None),
        (None, 9_999),
    ):
        with pytest.raises(WrongPlanning):
            assign_task(session, planner, task, assignee_id=person_id, agency_id=agency_id)
    people.agency.state = "suspended"
    session.flush()
    with pytest.raises(WrongPlanning):
        assign_task(session, planner, make_plans.task(session, activity), assignee_id=None,
                    agency_id=people.agency.id)  # fmt: skip


def test_those_concerned_are_told(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    layout, press = (make_plans.task(session, activity, name=name) for name in ("Layout", "Press"))
    add_predecessor(session, planner, press, layout)
    assign_task(session, planner, press, assignee_id=people.field_marketer.person_id)
    assign_task(session, planner, layout, assignee_id=planner.person_id)
    finish_task(session, planner, layout)
    assign_task(session, planner, press, assignee_id=people.librarian.person_id)
    assert told(session, people.field_marketer) == ["task.given", "task.ready", "task.taken"]
    assert told(session, people.librarian) == ["task.given"]
    assert told(session, planner) == [], "whoever does it is not told of it"


def test_what_somebody_needs_kept_is_not_cancelled(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    task = make_plans.task(session, activity, assignee_id=people.field_marketer.person_id)
    deliverable = make_plans.deliverable(session, task)
    hold = Hold(
        deliverable_id=deliverable.id, holder="spend", holder_ref="order-7", placed_at=clock.now(),
        sentence=kept(say("{order} was issued for it.", order="PO-2041")),
    )  # fmt: skip
    session.add(hold)
    session.flush()
    for act, thing in ((cancel_activity, activity), (cancel_campaign, activity.campaign)):
        with pytest.raises(WrongPlanningState) as refused:
            act(session, planner, thing)  # type: ignore[operator]  # each with its own thing
        assert "PO-2041 was issued for it." in str(refused.value.sentence)
    hold.released_at = clock.now()
    cancel_activity(session, planner, activity)
    assert (activity.state, task.stage) == ("cancelled", "cancelled")
    assert told(session, people.field_marketer) == ["task.taken"]


def test_a_task_is_begun_finished_and_taken_up_again_with_its_days(
    session: Session, planner: Actor, activity: Activity
) -> None:
    task, today = make_plans.task(session, activity), clock.today()
    begin_task(session, planner, task, on=today - timedelta(days=3))
    session.expire_all()
    assert (activity.state, activity.campaign.state) == ("running", "running")
    with pytest.raises(WrongPlanning):
        finish_task(session, planner, task, on=today - timedelta(days=4))
    with pytest.raises(WrongPlanning):
        finish_task(session, planner, task, on=today + timedelta(days=1))
    finish_task(session, planner, task)
    with pytest.raises(WrongPlanningState):
        set_forecast(session, planner, task, start=today, finish=today)
    with pytest.raises(WrongPlanningState):
        begin_task(session, planner, task)
    reopen_task(session, planner, task)
    assert (task.stage, task.percent, task.actual_finish) == ("doing", 90, None)
    with pytest.raises(WrongPlanningState):
        end_campaign(session, planner, activity.campaign)
    put_in_stage(session, planner, task, "done")
    end_campaign(session, planner, activity.campaign)


def test_an_activity_moves_with_what_has_not_begun_and_the_campaign_lasts_as_long(
    session: Session, planner: Actor, activity: Activity
) -> None:
    open_task = make_plans.task(session, activity)
    begun = make_plans.task(session, activity, stage="doing", actual_start=activity.starts_on)
    length = (activity.ends_on - activity.starts_on).days
    start, monday = open_task.forecast_start, activity.starts_on + timedelta(days=14)
    move_activity(session, planner, activity, starts_on=monday, with_tasks=True)
    assert activity.campaign.starts_on == monday
    assert abs((activity.ends_on - activity.starts_on).days - length) <= 2
    assert open_task.forecast_start == start + timedelta(days=14)
    assert open_task.baseline_start == start
    assert begun.forecast_start == start


def test_planners_edit_within_their_scope_only(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    scope = Scope("brand", frozenset({"ridge"}))
    scoped = Actor(
        kind="person", name="Sam", person_id=planner.person_id, organisation_id=people.own.id,
        organisation_kind="own", scoped_roles=frozenset({(PLANNER, scope)}),
    )  # fmt: skip
    task = make_plans.task(session, activity)
    with pytest.raises(NotPermitted):
        change_task(session, scoped, task, TaskFacts("Mine"), revision=task.revision)
    activity.campaign.brand = "ridge"
    change_task(session, scoped, task, TaskFacts("Mine"), revision=task.revision)


def test_sql_and_python_agree_on_who_sees_which_task(
    session: Session, planner: Actor, activity: Activity, people: make.People
) -> None:
    colleague = make.actor(make.person(session, people.agency, AGENCY_CONTRIBUTOR), people.agency)
    for values in (
        {},
        {"agency_id": people.agency.id},
        {"agency_id": people.agency.id, "assignee_id": people.contributor.person_id},
        {"agency_id": people.other_agency.id},
        {"assignee_id": people.field_marketer.person_id},
        {"assignee_id": people.partner_marketer.person_id},
    ):
        make_plans.task(session, activity, **values)
    tasks = session.scalars(select(Task)).all()
    for who in (*people.all(), planner, colleague):
        seen = set(session.scalars(select(Task.id).where(tasks_visible_to(who))))
        may = {
            each.id
            for each in tasks
            if SEE_TASKS.allows(who, each) and (of_the_house(who, each) or is_their_task(who, each))
        }
        assert seen == may, who.name
