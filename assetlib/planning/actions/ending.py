"""Tasks that are not done any more, because what they were for does not take place."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.holding import held_tasks
from assetlib.planning.actions.telling_of_tasks import tell_taken
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.rules.tasks import CANCELLED, DONE


def cancel_tasks(session: Session, actor: Actor, task_ids: Iterable[int], *, reason: str = "") -> list[int]:
    """Cancel what is open of these, and tell those who had them; the ids of what was cancelled.

    Whoever calls has looked for holds.
    """
    cancelled = []
    for task in held_tasks(session, task_ids):
        EDIT_CAMPAIGN.require(actor, task.activity.campaign)
        if task.stage in (DONE, CANCELLED):
            continue
        before = task.stage
        task.stage = CANCELLED
        session.flush()
        record(
            session,
            actor,
            "planning.task_cancelled",
            task,
            before={"stage": before},
            after={"stage": CANCELLED},
            reason=reason,
        )
        tell_taken(session, task, task.assignee_id, by=actor)
        cancelled.append(task.id)
    return cancelled
