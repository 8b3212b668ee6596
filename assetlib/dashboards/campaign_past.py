"""What happened to a campaign, its activities and its tasks, as sentences."""

from collections.abc import Sequence

from sqlalchemy import String, and_, cast, or_, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit.models import AuditEntry
from assetlib.dashboards.audit_log import Line, lines_of
from assetlib.planning.models import Activity, Campaign, Task
from assetlib.planning.permissions.work import SEE_CAMPAIGNS, SEE_TASKS

SHOWN = 50


def past_of(
    session: Session, actor: Actor, campaign: Campaign, *, before: int | None = None, size: int = SHOWN
) -> tuple[Sequence[Line], int | None]:
    """The latest first, or those before a number; and from where the rest goes on, None at its end."""
    SEE_CAMPAIGNS.require(actor, campaign)
    activities = select(Activity.id).where(Activity.campaign_id == campaign.id)
    tasks = select(Task.id).where(Task.activity_id.in_(activities))
    return _latest(
        session,
        or_(
            and_(AuditEntry.object_kind == "campaign", AuditEntry.object_id == str(campaign.id)),
            and_(
                AuditEntry.object_kind == "activity",
                AuditEntry.object_id.in_(activities.with_only_columns(cast(Activity.id, String))),
            ),
            and_(
                AuditEntry.object_kind == "task",
                AuditEntry.object_id.in_(tasks.with_only_columns(cast(Task.id, String))),
            ),
        ),
        before,
        size,
    )


def past_of_task(session: Session, actor: Actor, task: Task, *, size: int = SHOWN) -> Sequence[Line]:
    """What happened to a task, the latest first."""
    SEE_TASKS.require(actor, task)
    lines, _ = _latest(
        session,
        and_(AuditEntry.object_kind == "task", AuditEntry.object_id == str(task.id)),
        None,
        size,
    )
    return lines


def _latest(
    session: Session, which: object, before: int | None, size: int
) -> tuple[Sequence[Line], int | None]:
    asked = (
        select(AuditEntry)
        .where(which, AuditEntry.action.startswith("planning."))  # type: ignore[arg-type]  # a clause
        .order_by(AuditEntry.seq.desc())
        .limit(size + 1)
    )
    if before is not None:
        asked = asked.where(AuditEntry.seq < before)
    found = list(session.scalars(asked))
    lines = lines_of(session, found[:size])
    return lines, found[size - 1].seq if len(found) > size else None
