"""What administrators do with the work of the house."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.audit.actions import LOG
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.jobs.carrying import try_again
from assetlib.jobs.enqueuing import enqueue
from assetlib.jobs.models import Job
from assetlib.jobs.permissions import REPEAT_JOB

VERIFY_AUDIT = "audit.verify"


def start_again(session: Session, actor: Actor, job: Job) -> None:
    """Let a piece of work that was given up wait for its turn anew, with all its tries."""
    REPEAT_JOB.require(actor, job)
    job = session.get_one(Job, job.id, with_for_update=True, populate_existing=True)
    before = {"state": job.state, "attempts": job.attempts}
    try_again(job)
    record(
        session, actor, "jobs.started_again", job, before=before, after={"state": job.state, "attempts": 0}
    )


def ask_for_verification(session: Session, actor: Actor) -> None:
    """Let a worker go along the whole record of what happened, before other work."""
    SEE_AUDIT.require(actor)
    enqueue(session, VERIFY_AUDIT, dedupe=VERIFY_AUDIT, priority=-10)
    record(session, actor, "audit.verification_asked", LOG)
