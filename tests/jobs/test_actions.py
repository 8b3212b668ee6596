"""What administrators do with the work of the house."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.permission import NotPermitted
from assetlib.audit import append_chain
from assetlib.audit.models import AuditEntry
from assetlib.jobs.actions import start_again
from assetlib.jobs.errors import NotGivenUp
from assetlib.jobs.models import DEAD, QUEUED, Job
from tests import make

ENGINES = ("sqlite", "postgresql")


def test_dead_work_starts_again_by_administrators_and_is_recorded(
    session: Session, people: make.People
) -> None:
    moment = clock.now()
    job = Job(kind="x", arguments={}, state=DEAD, attempts=6, run_at=moment, created_at=moment)
    session.add(job)
    session.flush()
    with pytest.raises(NotPermitted):
        start_again(session, people.librarian, job)
    start_again(session, people.administrator, job)
    assert (job.state, job.attempts) == (QUEUED, 0)
    with pytest.raises(NotGivenUp):
        start_again(session, people.administrator, job)
    append_chain(session)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.changes["before"]) == ("jobs.started_again", {"state": DEAD, "attempts": 6})
