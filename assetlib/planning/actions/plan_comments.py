"""Remarks about a version that was sent, at one of its fields or at the whole."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.plan_telling import tell_commented
from assetlib.planning.errors import NoSuchPlan
from assetlib.planning.models import PlanComment, PlanVersion
from assetlib.planning.permissions.plans import COMMENT_ON_PLAN
from assetlib.planning.rules.plans import FIELDS, WHOLE, must_be_comment, must_be_sent
from assetlib.words import say


def add_comment(
    session: Session, actor: Actor, version: PlanVersion, *, text: str, field: str = WHOLE
) -> PlanComment:
    """A remark; it changes nothing of what the version says."""
    COMMENT_ON_PLAN.require(actor, version.plan)
    must_be_sent(version.state)
    must_be_comment(text, field, fields_of(version))
    row = PlanComment(
        version_id=version.id, field=field, text=text.strip(), author_id=actor.person_id, at=clock.now()
    )
    session.add(row)
    session.flush()
    session.expire(version, ["comments"])
    record(session, actor, "planning.comment_added", version.plan, version=version.number, field=field)
    tell_commented(session, version, by=actor)
    return row


def settle_comment(session: Session, actor: Actor, version: PlanVersion, comment_id: int) -> None:
    """It was seen to. A settled comment stays settled by who did it first."""
    COMMENT_ON_PLAN.require(actor, version.plan)
    row = session.scalars(
        select(PlanComment)
        .where(PlanComment.id == comment_id, PlanComment.version_id == version.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchPlan(say("There is no such comment on this version."))
    if row.settled_at is not None:
        return
    row.settled_by_id, row.settled_at = actor.person_id, clock.now()
    session.flush()
    record(session, actor, "planning.comment_settled", version.plan, version=version.number, field=row.field)


def fields_of(version: PlanVersion) -> set[str]:
    """What a comment on this version can be about."""
    return {
        *FIELDS,
        *(f"activity-{each.activity_id}" for each in version.activities),
        *(f"line-{each.position}" for each in version.lines),
    }
