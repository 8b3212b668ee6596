"""Who is told of what happens to tasks. Whoever did it themself is not told of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.calendar import Day
from assetlib.notify.telling import tell
from assetlib.planning.models import Task, TaskPredecessor
from assetlib.planning.rules.tasks import DOING, TO_DO, WAITING
from assetlib.words import say

AS_DOER = say("The task is yours.")
AS_FORMER = say("The task was yours.")


def tell_given(session: Session, task: Task, *, by: Actor) -> None:
    """Whoever the task was given to."""
    tell(
        session,
        [task.assignee_id if task.assignee_id != by.person_id else None],
        "task.given",
        say(
            "“{task}” is yours, until {day}.",
            task=task.name,
            day=Day(task.forecast_finish, clock.today()),
        ),
        AS_DOER,
        f"/tasks/{task.id}",
    )


def tell_taken(session: Session, task: Task, person_id: int | None, *, by: Actor) -> None:
    """Whoever had the task: it is not theirs to do any more."""
    sentence = (
        say("“{task}” was cancelled. There is nothing left to do.", task=task.name)
        if task.stage == "cancelled"
        else say("“{task}” is not yours any more.", task=task.name)
    )
    tell(
        session,
        [person_id if person_id != by.person_id else None],
        "task.taken",
        sentence,
        AS_FORMER,
        "/tasks",
    )


def tell_ready(session: Session, task: Task, *, by: Actor) -> None:
    """Those who wait for it: what comes before their task is finished."""
    rows = session.execute(
        select(Task.id, Task.name, Task.assignee_id)
        .join(TaskPredecessor, TaskPredecessor.task_id == Task.id)
        .where(TaskPredecessor.predecessor_id == task.id, Task.stage.in_((TO_DO, DOING, WAITING)))
        .order_by(Task.id)
    ).all()
    for row in rows:
        tell(
            session,
            [row.assignee_id if row.assignee_id != by.person_id else None],
            "task.ready",
            say("What comes before “{task}” is finished.", task=row.name),
            AS_DOER,
            f"/tasks/{row.id}",
        )
