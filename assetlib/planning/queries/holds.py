"""What others need kept."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assetlib.planning.models import Deliverable, Hold, Task
from assetlib.words import recalled


def words_of_holders(
    session: Session, activity_ids: Iterable[int] = (), *, task_ids: Iterable[int] = ()
) -> list[str]:
    """Why these activities, or these tasks with their deliverables, may not be dropped. One statement."""
    activities = sorted(activity_ids)
    deliverables = (
        select(Deliverable.id)
        .join(Task, Task.id == Deliverable.task_id)
        .where(or_(Task.activity_id.in_(activities), Task.id.in_(sorted(task_ids))))
    )
    rows = session.scalars(
        select(Hold.sentence)
        .where(
            or_(Hold.activity_id.in_(activities), Hold.deliverable_id.in_(deliverables)),
            Hold.released_at.is_(None),
        )
        .order_by(Hold.id)
    )
    return [recalled(each) for each in rows]
