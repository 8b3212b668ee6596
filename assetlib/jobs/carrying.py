"""Claim work, keep hold of it, and say how it went. At least once, never in silence."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs.enqueuing import enqueue
from assetlib.jobs.errors import NotGivenUp
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING, Job, Schedule
from assetlib.words import say

MOST_ATTEMPTS = 6
LONGEST_ERROR = 4_000


@dataclass(frozen=True)
class Claim:
    """A piece of work that one worker holds until its lease ends."""

    id: int
    kind: str
    arguments: dict[str, Any]
    attempts: int
    worker: str


def claim(
    session: Session, worker: str, *, lease: int, limit: int = 1, kinds: Sequence[str] | None = None
) -> list[Claim]:
    """Take up to `limit` pieces of due work, also those whose holder fell silent. `lease` is in seconds."""
    moment = clock.now()
    due = select(Job.id).where(
        or_(
            and_(Job.state == QUEUED, Job.run_at <= moment),
            and_(Job.state == RUNNING, Job.lease_until < moment),
        )
    )
    due = due.where(Job.attempts < MOST_ATTEMPTS)
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    due = due.order_by(Job.priority, Job.run_at, Job.id).limit(limit).with_for_update(skip_locked=True)
    # A CTE that locks is run once; a bare subquery might be run once per row, and take more than `limit`.
    chosen = due.cte("chosen")
    taken = session.execute(
        update(Job)
        .where(Job.id.in_(select(chosen.c.id)))
        .values(
            state=RUNNING,
            worker=worker,
            lease_until=moment + timedelta(seconds=lease),
            attempts=Job.attempts + 1,
        )
        .returning(Job.id, Job.kind, Job.arguments, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    return sorted(
        (Claim(row.id, row.kind, row.arguments, row.attempts, worker) for row in taken),
        key=lambda each: each.id,
    )


def extend(session: Session, claimed: Claim, *, lease: int) -> bool:
    """Hold on for another `lease` seconds. False when somebody else has it by now."""
    return _held(session, claimed, lease_until=clock.now() + timedelta(seconds=lease))


def finish(session: Session, claimed: Claim) -> bool:
    """It is done. False when the lease was lost: then whoever has it now will finish it."""
    return _held(session, claimed, state=DONE, finished_at=clock.now(), lease_until=None, error=None)


def fail(session: Session, claimed: Claim, error: str, *, again: bool = True) -> bool:
    """It did not work. It will be tried again, later each time, until the last try; then it is dead."""
    error = _keepable(error)
    if not again or is_last_try(claimed):
        return _held(session, claimed, state=DEAD, finished_at=clock.now(), lease_until=None, error=error)
    wait = timedelta(seconds=min(2**claimed.attempts, 600) * random.uniform(0.5, 1.5))  # noqa: S311
    moment = clock.now()
    # A twin may have been promised meanwhile; two of one key must not wait, so this one waits without it.
    return _held(
        session,
        claimed,
        state=QUEUED,
        run_at=moment + wait,
        lease_until=None,
        worker=None,
        dedupe_key=None,
        error=error,
    )


def _keepable(error: str) -> str:
    """The words of an error, which may quote anything, as a text column takes them."""
    return error[:LONGEST_ERROR].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _held(session: Session, claimed: Claim, **values: Any) -> bool:
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE gives a cursor result
        update(Job)
        .where(
            Job.id == claimed.id,
            Job.worker == claimed.worker,
            Job.state == RUNNING,
            Job.attempts == claimed.attempts,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


def is_last_try(claimed: Claim) -> bool:
    """Whether it is given up when it fails now."""
    return claimed.attempts >= MOST_ATTEMPTS


def bury_silent(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """Give up on work whose holder fell silent at the last try: most likely it takes its worker down.

    Kind and arguments of each piece.
    """
    buried = session.execute(
        update(Job)
        .where(Job.state == RUNNING, Job.lease_until < clock.now(), Job.attempts >= MOST_ATTEMPTS)
        .values(
            state=DEAD,
            lease_until=None,
            finished_at=clock.now(),
            error=say("The worker fell silent at every try. It may need more memory or time than there is."),
        )
        .returning(Job.kind, Job.arguments)
        .execution_options(synchronize_session=False)
    )
    return [(row.kind, row.arguments) for row in buried]


def try_again(job: Job) -> None:
    """Let a dead piece of work start anew, with all its tries."""
    if job.state != DEAD:
        raise NotGivenUp(say("This work was not given up: it waits, runs, or is done."))
    job.state, job.attempts, job.run_at, job.finished_at, job.dedupe_key = QUEUED, 0, clock.now(), None, None


def keep_schedule(session: Session, kind: str, *, every_seconds: int) -> None:
    """Make sure that `kind` comes round; a changed interval takes effect from the next time."""
    module: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = module.insert(Schedule).values(kind=kind, every_seconds=every_seconds, next_at=clock.now())
    # Several workers may start at once.
    session.execute(
        statement.on_conflict_do_update(index_elements=[Schedule.kind], set_={"every_seconds": every_seconds})
    )


def enqueue_due(session: Session) -> int:
    """Promise whatever is due by its schedule; how many that were."""
    moment = clock.now()
    due = session.scalars(
        select(Schedule).where(Schedule.next_at <= moment).with_for_update(skip_locked=True)
    ).all()
    for schedule in due:
        enqueue(session, schedule.kind, dedupe=schedule.kind)
        schedule.next_at = moment + timedelta(seconds=schedule.every_seconds)
    return len(due)
