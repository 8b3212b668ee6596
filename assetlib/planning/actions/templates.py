"""A campaign is kept as a template, and begun anew on other days."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.activities import add_activity
from assetlib.planning.actions.campaigns import make_campaign
from assetlib.planning.actions.scheduling import add_predecessor
from assetlib.planning.actions.tasks import add_task
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.planning.models import Activity, Campaign, CampaignTemplate, Plan, Task
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.rules.campaigns import NOT_SAVED, ActivityFacts, CampaignFacts
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.planning.rules.templates import (
    NOT_KEPT,
    ActivityShape,
    LaidOut,
    TaskShape,
    laid_out,
    last_day,
    must_be_template,
    shape_of_task,
    shapes_in,
    to_body,
)
from assetlib.reference.queries import workdays_in
from assetlib.words import say


def keep_as_template(
    session: Session, actor: Actor, campaign: Campaign, *, name: str, description: str = ""
) -> CampaignTemplate:
    """The shape of a campaign, without its days and people, for later ones."""
    EDIT_CAMPAIGN.require(actor, campaign)
    shapes = _shapes_of(session, campaign)
    must_be_template(name=name, description=description, activities=shapes)
    taken = session.scalars(select(CampaignTemplate.id).where(CampaignTemplate.name == name.strip())).first()
    if taken is not None:
        raise WrongPlanning(
            NOT_KEPT, fields={"name": say("Another template is called that. Choose another name.")}
        )
    template = CampaignTemplate(
        name=name.strip(),
        description=description.strip(),
        body=to_body(shapes),
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    session.add(template)
    session.flush()
    record(session, actor, "planning.template_kept", template, after={"name": template.name}, of=campaign.id)
    return template


def begin_campaign(
    session: Session,
    actor: Actor,
    plan: Plan,
    template: CampaignTemplate,
    facts: CampaignFacts,
    *,
    region: str = "",
    country: str = "",
) -> Campaign:
    """A campaign with all that the template holds, given to nobody yet; it begins on `facts.starts_on`.

    Work is laid out by the workdays of the country. The last day follows from the template.
    """
    EDIT_CAMPAIGN.require(actor, plan)
    if template.retired_at is not None:
        raise WrongPlanningState(say("This template is not offered any more. Choose another one."))
    if facts.starts_on is None:
        raise WrongPlanning(NOT_SAVED, fields={"starts_on": say("Choose the first day.")})
    laid = _laid_out(session, template, facts.starts_on, country)
    campaign = make_campaign(session, actor, plan, _with_last_day(facts, last_day(laid)))
    tasks: list[tuple[TaskShape, Task]] = []
    for each in laid:
        activity = add_activity(
            session,
            actor,
            campaign,
            ActivityFacts(
                each.shape.name,
                each.span.first,
                each.span.last,
                facts.owner_id,
                kind=each.shape.kind,
                channel=each.shape.channel,
                region=region,
                country=country,
            ),
        )
        for shape, span in zip(each.shape.tasks, each.tasks, strict=True):
            said = TaskFacts(shape.name, kind=shape.kind, role=shape.role, effort_hours=shape.effort_hours)
            task = add_task(session, actor, activity, said, start=span.first, finish=span.last)
            tasks.append((shape, task))
    for shape, task in tasks:
        for place, lag in shape.after:
            add_predecessor(session, actor, task, tasks[place][1], lag=lag)
    record(session, actor, "planning.campaign_begun", campaign, after={"template": template.name})
    return campaign


def retire_template(session: Session, actor: Actor, template: CampaignTemplate) -> None:
    """Offer it no more; campaigns that were begun by it stay."""
    EDIT_CAMPAIGN.require(actor)
    held = session.get_one(CampaignTemplate, template.id, with_for_update=True, populate_existing=True)
    if held.retired_at is not None:
        return
    held.retired_at = clock.now()
    held.revision += 1
    session.flush()
    record(session, actor, "planning.template_retired", held)


def _laid_out(session: Session, template: CampaignTemplate, first: date, country: str) -> list[LaidOut]:
    return laid_out(shapes_in(template.body), first, workdays_in(session, country))


def _with_last_day(facts: CampaignFacts, last: date) -> CampaignFacts:
    return CampaignFacts(**{**vars(facts), "ends_on": last})


def _shapes_of(session: Session, campaign: Campaign) -> list[ActivityShape]:
    """What stands of the campaign. Days are as planned, where there is a baseline, else as expected."""
    activities = session.scalars(
        select(Activity)
        .where(Activity.campaign_id == campaign.id, Activity.state != "cancelled")
        .order_by(Activity.position, Activity.id)
    ).all()
    tasks = session.scalars(
        select(Task)
        .where(Task.activity_id.in_([each.id for each in activities]), Task.stage != "cancelled")
        .order_by(Task.position, Task.id)
        .options(selectinload(Task.predecessors))
    ).all()
    ordered = [task for each in activities for task in tasks if task.activity_id == each.id]
    places = {task.id: place for place, task in enumerate(ordered)}
    return [
        ActivityShape(
            each.name,
            (each.starts_on - campaign.starts_on).days,
            (each.ends_on - each.starts_on).days + 1,
            each.kind,
            each.channel,
            _tasks_of(session, each, ordered, places),
        )
        for each in activities
    ]


def _tasks_of(
    session: Session, activity: Activity, ordered: Sequence[Task], places: dict[int, int]
) -> tuple[TaskShape, ...]:
    days = workdays_in(session, activity.country)
    found = []
    for task in ordered:
        if task.activity_id != activity.id:
            continue
        start, length = shape_of_task(
            task.baseline_start or task.forecast_start,
            task.baseline_finish or task.forecast_finish,
            activity.starts_on,
            days,
        )
        after = tuple(
            (places[each.predecessor_id], each.lag_days)
            for each in sorted(task.predecessors, key=lambda each: each.predecessor_id)
            if each.predecessor_id in places
        )
        found.append(TaskShape(task.name, start, length, task.kind, task.role, task.effort_hours, after))
    return tuple(found)
