"""A campaign that went well is kept as a template, and begun again on other days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.catalog.schema import lay_schema
from assetlib.planning.actions.templates import begin_campaign, keep_as_template, retire_template
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.planning.models import Activity, Task, TaskPredecessor
from assetlib.planning.queries.templates import templates
from assetlib.planning.rules.campaigns import CampaignFacts
from assetlib.workdays import workdays_of
from tests import make, make_plans

GERMAN = workdays_of("DE")
FIRST = date(2027, 9, 1)


@pytest.fixture
def activity(session: Session, planner: Actor) -> Activity:
    """From 1 March to 31 May, with two tasks of which one waits, and what was cancelled."""
    lay_schema(session)
    made = make_plans.running_campaign(session, planner)
    made.country, made.channel = "DE", "Social"
    first = make_plans.task(session, made, start=date(2027, 2, 1), finish=date(2027, 2, 12), role="design")
    second = make_plans.task(session, made, start=date(2027, 2, 17), finish=date(2027, 2, 26), position=1)
    session.add(TaskPredecessor(task_id=second.id, predecessor_id=first.id, lag_days=2))
    make_plans.task(session, made, stage="cancelled")
    make_plans.activity(session, made.campaign, state="cancelled")
    session.flush()
    return made


def facts(planner: Actor, **values: object) -> CampaignFacts:
    said = {"name": "Autumn", "starts_on": FIRST, "ends_on": None, "owner_id": planner.person_id, **values}
    return CampaignFacts(**said)  # type: ignore[arg-type]  # as the fields have them


def test_what_is_begun_has_the_same_shape_on_other_days(
    session: Session, planner: Actor, activity: Activity
) -> None:
    template = keep_as_template(session, planner, activity.campaign, name="Launch")
    begun = begin_campaign(
        session, planner, activity.campaign.plan, template, facts(planner), country="DE", region="germany"
    )
    assert (begun.starts_on, begun.ends_on) == (FIRST, FIRST + timedelta(days=91))
    [copy] = session.scalars(select(Activity).where(Activity.campaign_id == begun.id)).all()
    assert (copy.name, copy.channel, copy.region, copy.country) == (
        activity.name, "Social", "germany", "DE",
    )  # fmt: skip
    first, second = session.scalars(
        select(Task).where(Task.activity_id == copy.id).order_by(Task.position)
    ).all()
    assert (first.role, first.assignee_id, first.stage) == ("design", None, "to_do")
    assert GERMAN.count(first.forecast_start, first.forecast_finish) == 10
    assert GERMAN.slip(first.forecast_start, FIRST) == GERMAN.slip(date(2027, 2, 1), date(2027, 3, 1))
    assert GERMAN.count(second.forecast_start, second.forecast_finish) == 8
    [link] = second.predecessors
    assert (link.predecessor_id, link.lag_days) == (first.id, 2)


def test_a_template_that_is_retired_begins_nothing(
    session: Session, planner: Actor, activity: Activity
) -> None:
    template = keep_as_template(session, planner, activity.campaign, name="Launch")
    assert templates(session) == [template]
    retire_template(session, planner, template)
    assert templates(session) == []
    with pytest.raises(WrongPlanningState, match="not offered"):
        begin_campaign(session, planner, activity.campaign.plan, template, facts(planner))


def test_an_empty_campaign_and_a_name_that_is_taken_are_refused(
    session: Session, planner: Actor, activity: Activity
) -> None:
    empty = make_plans.campaign(session, activity.campaign.plan)
    with pytest.raises(WrongPlanning) as refused:
        keep_as_template(session, planner, empty, name="Empty")
    assert set(refused.value.details["fields"]) == {"campaign"}
    keep_as_template(session, planner, activity.campaign, name="Launch")
    with pytest.raises(WrongPlanning, match="not kept"):
        keep_as_template(session, planner, activity.campaign, name=" Launch ")
    with pytest.raises(WrongPlanning) as undated:
        begin_campaign(
            session,
            planner,
            activity.campaign.plan,
            templates(session)[0],
            facts(planner, starts_on=None),
        )
    assert set(undated.value.details["fields"]) == {"starts_on"}


@pytest.mark.parametrize("who", ["field_marketer", "librarian", "contributor"])
def test_only_planners_keep_and_begin(
    session: Session, people: make.People, planner: Actor, activity: Activity, who: str
) -> None:
    template = keep_as_template(session, planner, activity.campaign, name="Launch")
    actor = getattr(people, who)
    with pytest.raises(NotPermitted):
        keep_as_template(session, actor, activity.campaign, name="Another")
    with pytest.raises(NotPermitted):
        begin_campaign(session, actor, activity.campaign.plan, template, facts(actor))
