"""Giving out work and superseding the version that allows it, in processes that do so at once."""

import time
from datetime import datetime

from sqlalchemy import select

from assetlib.audit import append_chain
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.planning.actions.tasks import assign_task
from assetlib.planning.errors import GateClosed
from assetlib.planning.models import PlannedActivity, PlanVersion, Task


def give(url: str, planner_id: int, task_id: int) -> str:
    """Whether the task could be given to the planner."""
    database = Database(url, before_commit=[append_chain])
    try:
        with database.transaction() as session:
            task = session.get_one(Task, task_id)
            assign_task(session, actor_of(session, planner_id), task, assignee_id=planner_id)
            time.sleep(0.3)
    except GateClosed:
        return "closed"
    finally:
        database.close()
    return "given"


def supersede(url: str, version_id: int, next_id: int, at: datetime) -> str:
    """The next version becomes active; whether work that it drops had been given to somebody before."""
    database = Database(url)
    try:
        with database.transaction() as session:
            for each in (version_id, next_id):
                row = session.get_one(PlanVersion, each, with_for_update=True)
                row.state, row.ended_at = ("superseded", at) if each == version_id else ("active", None)
                session.flush()
            time.sleep(0.3)
            kept = select(PlannedActivity.activity_id).where(PlannedActivity.version_id == next_id)
            dropped = select(Task.assignee_id).where(Task.activity_id.not_in(kept))
            return "given" if any(session.scalars(dropped)) else "free"
    finally:
        database.close()
