"""When tasks are expected, what comes before them, and what moves with them."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.holding import held_campaign, held_task, held_tasks
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, Task, TaskPredecessor
from assetlib.planning.permissions.work import DO_TASK, EDIT_CAMPAIGN
from assetlib.planning.queries.timing import moves_after, needs_in
from assetlib.planning.rules.campaigns import NOT_SAVED
from assetlib.planning.rules.schedule import Move, must_not_loop
from assetlib.planning.rules.tasks import CANCELLED, must_be_days, must_be_lag, must_be_open
from assetlib.words import say


def set_forecast(
    session: Session,
    actor: Actor,
    task: Task,
    *,
    start: date | None,
    finish: date | None,
    revision: int | None = None,
) -> Task:
    """When it is expected now. What follows stays where it is: see `push_followers`."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id, revision=revision)
    must_be_open(row.name, row.stage)
    must_be_days(row.kind, start, finish)
    if start is None or finish is None or (start, finish) == (row.forecast_start, row.forecast_finish):
        return row
    before = {"start": row.forecast_start, "finish": row.forecast_finish}
    row.forecast_start, row.forecast_finish = start, finish
    session.flush()
    after = {"start": start, "finish": finish}
    record(session, actor, "planning.task_forecast", row, before=before, after=after)
    return row


def push_followers(session: Session, actor: Actor, task: Task) -> Sequence[Move]:
    """Move what follows a task to later days, as far as it has to; what moved.

    Nothing moves that has begun, and nothing to an earlier day.
    """
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    campaign = held_campaign(session, task.activity.campaign_id)
    everything = select(Task.id).join(Activity).where(Activity.campaign_id == campaign.id)
    rows = {each.id: each for each in held_tasks(session, session.scalars(everything))}
    moves = moves_after(session, campaign.id, task.id)
    for move in moves:
        row = rows[move.id]
        before = {"start": row.forecast_start, "finish": row.forecast_finish}
        row.forecast_start, row.forecast_finish = move.start, move.finish
        session.flush()
        after = {"start": move.start, "finish": move.finish}
        record(session, actor, "planning.task_pushed", row, before=before, after=after, behind=task.id)
    return moves


def add_predecessor(
    session: Session, actor: Actor, task: Task, predecessor: Task, *, lag: int | None = 0
) -> None:
    """The task begins after another one of its campaign, so many workdays later; a loop is refused.

    Where it stands already, the days between are changed.
    """
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    must_be_lag(lag)
    campaign = held_campaign(session, task.activity.campaign_id)
    if predecessor.activity.campaign_id != campaign.id:
        raise WrongPlanning(NOT_SAVED, fields={"predecessor": say("Choose a task of the same campaign.")})
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    if predecessor.stage == CANCELLED:
        raise WrongPlanning(NOT_SAVED, fields={"predecessor": say("Choose a task that is not cancelled.")})
    needs = needs_in(session, campaign.id)
    names: Mapping[int, str] = {
        each.id: each.name
        for each in session.execute(
            select(Task.id, Task.name).join(Activity).where(Activity.campaign_id == campaign.id)
        )
    }
    must_not_loop(needs, row.id, predecessor.id, names)
    link = session.get(TaskPredecessor, (row.id, predecessor.id))
    before = None if link is None else {"lag": link.lag_days}
    if link is None:
        session.add(TaskPredecessor(task_id=row.id, predecessor_id=predecessor.id, lag_days=lag))
    elif link.lag_days == lag:
        return
    else:
        link.lag_days = lag or 0
    session.flush()
    record(
        session,
        actor,
        "planning.predecessor_added",
        row,
        before=before,
        after={"lag": lag},
        predecessor=predecessor.id,
    )


def remove_predecessor(session: Session, actor: Actor, task: Task, predecessor_id: int) -> None:
    """The task need not wait for that one any more."""
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    held_campaign(session, task.activity.campaign_id)
    link = session.get(TaskPredecessor, (task.id, predecessor_id))
    if link is None:
        return
    session.delete(link)
    session.flush()
    record(session, actor, "planning.predecessor_removed", task, predecessor=predecessor_id)
