"""Tasks are moved on by those who do them: begun, reported, finished, taken up again."""

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.holding import held_task
from assetlib.planning.actions.telling_of_tasks import tell_ready
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, Campaign, Task
from assetlib.planning.permissions.work import DO_TASK
from assetlib.planning.rules.campaigns import NOT_SAVED
from assetlib.planning.rules.tasks import (
    DOING,
    DONE,
    NEARLY,
    TO_DO,
    WAITING,
    must_be_in,
    must_be_open,
    must_be_past,
    must_be_percent,
)
from assetlib.words import say


def begin_task(session: Session, actor: Actor, task: Task, *, on: date | None = None) -> None:
    """Somebody works on it, since a day: today, if no other is said."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_in(row.name, row.stage, TO_DO, WAITING)
    before = _facts(row)
    _begin(session, row, on or clock.today())
    row.stage = DOING
    session.flush()
    record(session, actor, "planning.task_begun", row, before=before, after=_facts(row))


def put_task_back(session: Session, actor: Actor, task: Task) -> None:
    """It was not begun after all."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_in(row.name, row.stage, DOING, WAITING)
    before = _facts(row)
    row.stage, row.actual_start, row.percent = TO_DO, None, 0
    session.flush()
    record(session, actor, "planning.task_put_back", row, before=before, after=_facts(row))


def let_task_wait(session: Session, actor: Actor, task: Task) -> None:
    """It cannot go on now: something is missing."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_in(row.name, row.stage, TO_DO, DOING)
    before = _facts(row)
    row.stage = WAITING
    session.flush()
    record(session, actor, "planning.task_waits", row, before=before, after=_facts(row))


def report_progress(session: Session, actor: Actor, task: Task, *, percent: int | None) -> None:
    """How much of it is done; it is begun by that, if it was not."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    must_be_percent(percent)
    before = _facts(row)
    if percent and row.stage == TO_DO:
        row.stage = DOING
    if percent:
        _begin(session, row, clock.today())
    row.percent = percent or 0
    session.flush()
    if before != _facts(row):
        record(session, actor, "planning.progress_reported", row, before=before, after=_facts(row))


def finish_task(session: Session, actor: Actor, task: Task, *, on: date | None = None) -> None:
    """It is done, on a day: today, if no other is said. Those who wait for it are told."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    day = on or clock.today()
    must_be_past(day, clock.today(), "on", since=row.actual_start)
    before = _facts(row)
    if row.actual_start is None:
        row.actual_start = min(row.forecast_start, day)
    row.actual_finish, row.stage, row.percent = day, DONE, 100
    session.flush()
    record(session, actor, "planning.task_finished", row, before=before, after=_facts(row))
    tell_ready(session, row, by=actor)


def reopen_task(session: Session, actor: Actor, task: Task, *, percent: int | None = NEARLY) -> None:
    """There is more to do after all."""
    DO_TASK.require(actor, task)
    row = held_task(session, task.id)
    must_be_in(row.name, row.stage, DONE)
    must_be_percent(percent)
    before = _facts(row)
    row.actual_finish, row.stage, row.percent = None, DOING, percent or 0
    session.flush()
    record(session, actor, "planning.task_reopened", row, before=before, after=_facts(row))


def put_in_stage(session: Session, actor: Actor, task: Task, stage: str) -> None:
    """What a board's column asks for: begun, waiting, done, or to do again."""
    DO_TASK.require(actor, task)
    if stage == task.stage:
        return
    if stage == TO_DO:
        put_task_back(session, actor, task)
    elif stage == DOING and task.stage == DONE:
        reopen_task(session, actor, task)
    elif stage == DOING:
        begin_task(session, actor, task)
    elif stage == WAITING:
        let_task_wait(session, actor, task)
    elif stage == DONE:
        finish_task(session, actor, task)
    else:
        raise WrongPlanning(NOT_SAVED, fields={"stage": say("There is no such column.")})


def _begin(session: Session, row: Task, day: date) -> None:
    """With the first task its activity and campaign begin. Their editors are not disturbed by that."""
    must_be_past(day, clock.today(), "on")
    if row.actual_start is not None:
        return
    row.actual_start = day
    of = select(Activity.campaign_id).where(Activity.id == row.activity_id).scalar_subquery()
    for model, which in ((Activity, Activity.id == row.activity_id), (Campaign, Campaign.id == of)):
        session.execute(
            update(model)
            .where(which, model.state == "planned")
            .values(state="running")
            .execution_options(synchronize_session=False)
        )


def _facts(row: Task) -> dict[str, Any]:
    return {
        "stage": row.stage,
        "percent": row.percent,
        "actual_start": row.actual_start,
        "actual_finish": row.actual_finish,
    }
