"""What waits, runs and failed."""

from datetime import timedelta

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs.errors import NoSuchJob
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING, Job
from assetlib.paging import Page
from assetlib.words import say

DONE_KEPT_FOR = timedelta(days=7)
DEAD_KEPT_FOR = timedelta(days=90)
"""Whoever did not start it again by then does not wait for it."""


def counts(session: Session) -> dict[str, int]:
    """How many jobs stand in each state."""
    return {row[0]: row[1] for row in session.execute(select(Job.state, func.count()).group_by(Job.state))}


def jobs_in(session: Session, state: str, *, number: int, size: int) -> Page[Job]:
    where = Job.state == state
    total = session.scalar(select(func.count()).select_from(Job).where(where)) or 0
    rows = session.scalars(
        select(Job).where(where).order_by(Job.id.desc()).limit(size).offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def get_job(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NoSuchJob(say("There is no such job. It may have been cleared away."))
    return job


def forget_done(session: Session) -> None:
    """Drop what was finished, or given up, long ago, so that the table stays small."""
    moment = clock.now()
    session.execute(
        delete(Job).where(
            or_(
                and_(Job.state == DONE, Job.finished_at < moment - DONE_KEPT_FOR),
                and_(Job.state == DEAD, Job.finished_at < moment - DEAD_KEPT_FOR),
            )
        )
    )


def is_under_way(session: Session, kind: str) -> bool:
    """Whether work of this kind is promised for now, or being done."""
    due = or_(Job.state == RUNNING, and_(Job.state == QUEUED, Job.run_at <= clock.now()))
    return bool(session.scalar(select(exists().where(Job.kind == kind, due))))
