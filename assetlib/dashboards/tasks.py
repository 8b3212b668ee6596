"""What somebody has to do for a campaign, and what is late in the campaigns that somebody answers for."""

from typing import Any

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import aliased

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.access.prepared import day, person_of
from assetlib.accounts.models import Person
from assetlib.calendar import Day
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.planning.models import Activity, Campaign, Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import SEE_TASKS
from assetlib.planning.queries.visibility import tasks_visible_to
from assetlib.planning.rules.tasks import CANCELLED, DOING, DONE, TO_DO, WAITING
from assetlib.words import say

_OPEN = Task.stage.in_((TO_DO, DOING, WAITING))


def _does(actor: Actor) -> bool:
    return actor.person_id is not None and SEE_TASKS.clause(actor, None)


def _plans(actor: Actor) -> bool:
    return of_the_house(actor, None) and actor.has_role(PLANNER)


def _tasks() -> Rows:
    return (
        select(
            Task.id.label("task_id"),
            Task.name.label("name"),
            Task.stage.label("stage"),
            Task.forecast_finish.label("finish"),
            Task.created_at.label("at"),
            Activity.name.label("activity"),
            Campaign.name.label("campaign"),
        )
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .order_by(Task.forecast_finish, Task.id)
    )


def _mine(actor: Actor) -> Rows:
    return _tasks().where(Task.assignee_id == person_of(actor), _OPEN, tasks_visible_to(actor))


def _do(row: Any) -> Item:
    sentences = {
        TO_DO: say("A task of {campaign}, {activity}.", campaign=row.campaign, activity=row.activity),
        DOING: say("You work on it for {campaign}.", campaign=row.campaign),
        WAITING: say("It waits. It is for {campaign}.", campaign=row.campaign),
    }
    return Item(
        row.name,
        sentences[row.stage],
        f"/tasks/{row.task_id}",
        say("Open the task"),
        icon="list-checks",
        due=row.finish,
        at=row.at,
    )


def _late(actor: Actor) -> Rows:
    """What is late in the actor's campaigns and is others' to do."""
    doer = aliased(Person)
    return (
        _tasks()
        .add_columns(doer.name.label("doer"), Task.baseline_finish.label("planned"))
        .outerjoin(doer, doer.id == Task.assignee_id)
        .where(
            or_(Campaign.owner_id == person_of(actor), Activity.owner_id == person_of(actor)),
            Task.stage.not_in((DONE, CANCELLED)),
            Campaign.state.in_(("planned", "running")),
            or_(
                Task.forecast_finish < day(),
                Task.baseline_finish < day(),
                and_(Task.baseline_finish.is_not(None), Task.forecast_finish > Task.baseline_finish),
            ),
            or_(Task.assignee_id.is_(None), not_(Task.assignee_id == person_of(actor))),
        )
    )


def _watch(row: Any) -> Item:
    today = clock.today()
    planned = row.planned or row.finish
    sentence = (
        say("{who} is to finish it for {campaign}; planned {day}.",
            who=row.doer, campaign=row.campaign, day=Day(planned, today))
        if row.doer
        else say("Nobody named is to finish it for {campaign}; planned {day}.",
                 campaign=row.campaign, day=Day(planned, today))
    )  # fmt: skip
    return Item(
        row.name,
        sentence,
        f"/tasks/{row.task_id}",
        say("Open the task"),
        icon="calendar-clock",
        at=row.at,
        is_told=True,
    )


SOURCES = (
    Source("do", _does, _mine, _do),
    Source("watch", _plans, _late, _watch, is_told=True),
)
