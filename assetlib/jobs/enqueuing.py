"""Promise work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs.models import QUEUED, Job


def enqueue(
    session: Session,
    kind: str,
    *,
    dedupe: str | None = None,
    run_at: datetime | None = None,
    priority: int = 0,
    **arguments: Any,
) -> None:
    """Promise that `kind` will be done with these ids, if and only if this transaction commits.

    With `dedupe`, a twin that still waits is enough. Its row is touched, not only seen: that holds it back
    until our own change is committed, so the work cannot run without seeing it. Of the two moments and
    priorities the sooner holds.
    """
    row = _row(kind, arguments, dedupe=dedupe, run_at=run_at, priority=priority)
    module: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = module.insert(Job).values(**row)
    if dedupe is not None:
        statement = statement.on_conflict_do_update(
            index_elements=[Job.dedupe_key],
            index_where=text("state = 'queued'"),
            set_={
                name: _less(Job.__table__.c[name], statement.excluded[name])
                for name in ("priority", "run_at")
            },
        )
    session.execute(statement)


def enqueue_each(
    session: Session, kind: str, arguments: Sequence[Mapping[str, Any]], *, priority: int = 0
) -> None:
    """The same for each of these, in one statement."""
    if arguments:
        session.execute(insert(Job), [_row(kind, each, priority=priority) for each in arguments])


def _row(
    kind: str,
    arguments: Mapping[str, Any],
    *,
    dedupe: str | None = None,
    run_at: datetime | None = None,
    priority: int = 0,
) -> dict[str, Any]:
    moment = clock.now()
    return {
        "kind": kind,
        "arguments": dict(arguments),
        "state": QUEUED,
        "priority": priority,
        "run_at": run_at or moment,
        "attempts": 0,
        "dedupe_key": dedupe,
        "created_at": moment,
    }


def _less(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((other < one, other), else_=one)
