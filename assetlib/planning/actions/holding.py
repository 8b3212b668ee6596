"""Rows that are judged, held until the transaction ends: campaign, activity, task, in that order, and rows of
one sort in the order of their ids. Plan and version are only shared: many may give out work at once."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.planning.errors import NoSuchCampaign, NoSuchTask, PlanningChanged
from assetlib.planning.models import Activity, Campaign, Plan, PlanVersion, Task
from assetlib.planning.queries.gates import gate_for_assigning
from assetlib.words import say

Row = TypeVar("Row", Campaign, Activity, Task)
NO_CAMPAIGN = say("There is no such campaign.")
NO_TASK = say("There is no such task, or it is not yours to see.")


def held_campaign(session: Session, campaign_id: int, *, revision: int | None = None) -> Campaign:
    """The campaign, held. With a `revision` only if it is still the one that somebody saw."""
    row = session.scalars(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchCampaign(NO_CAMPAIGN)
    return _as_seen(row, revision)


def held_activity(session: Session, activity_id: int, *, revision: int | None = None) -> Activity:
    """The activity, held; its campaign is held before."""
    row = session.scalars(
        select(Activity)
        .where(Activity.id == activity_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchCampaign(NO_CAMPAIGN)
    return _as_seen(row, revision)


def held_tasks(session: Session, task_ids: Iterable[int]) -> Sequence[Task]:
    """These tasks, held, in the order of their ids."""
    return session.scalars(
        select(Task)
        .where(Task.id.in_(sorted(task_ids)))
        .order_by(Task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def held_task(session: Session, task_id: int, *, revision: int | None = None) -> Task:
    """One task, held. With a `revision` only if it is still the one that somebody saw."""
    rows = held_tasks(session, [task_id])
    if not rows:
        raise NoSuchTask(NO_TASK)
    return _as_seen(rows[0], revision)


def people_may_begin(session: Session, activity_id: int, *, task_kind: str) -> None:
    """Nothing, or `GateClosed`: G1, with the plan and its active version held, so that neither is closed
    or superseded until this transaction ends.

    Whoever supersedes it first is waited for, and what is active then is judged.
    """
    activity = session.get_one(Activity, activity_id)
    plan_id = select(Campaign.plan_id).where(Campaign.id == activity.campaign_id).scalar_subquery()
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(read=True))
    session.execute(
        select(PlanVersion.id)
        .where(PlanVersion.plan_id == plan_id, PlanVersion.state == "active")
        .with_for_update(read=True)
    )
    gate_for_assigning(session, activity, task_kind=task_kind).must_be_open()


def _as_seen(row: Row, revision: int | None) -> Row:
    if revision is not None and row.revision != revision:
        raise PlanningChanged(
            say(
                "Somebody changed “{name}” while you were at it. What you wrote is kept here, nothing of it "
                "is saved yet. Look at it again, then save.",
                name=row.name,
            ),
            current=row.revision,
        )
    return row
