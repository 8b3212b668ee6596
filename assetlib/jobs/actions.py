"""What administrators do with the work of the house."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.jobs.carrying import try_again
from assetlib.jobs.models import Job
from assetlib.jobs.permissions import REPEAT_JOB


def start_again(session: Session, actor: Actor, job: Job) -> None:
    """Let a piece of work that was given up wait for its turn anew, with all its tries."""
    REPEAT_JOB.require(actor, job)
    job = session.get_one(Job, job.id, with_for_update=True, populate_existing=True)
    before = {"state": job.state, "attempts": job.attempts}
    try_again(job)
    record(
        session, actor, "jobs.started_again", job, before=before, after={"state": job.state, "attempts": 0}
    )
