"""What was approved for a later day is made on that day, once."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from assetlib import clock
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.reference.actions.changes import approve_change, propose_change
from assetlib.reference.jobs import apply_changes
from assetlib.reference.models import Vendor
from assetlib.settings import Settings
from assetlib.worker import SCHEDULES
from tests import make
from tests.make_reference import keepers, vendor


def test_the_job_makes_what_is_due_and_nothing_else_and_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    work = Work(database, Settings(home=tmp_path))
    with clock.held_at(datetime(2026, 12, 1, tzinfo=UTC)), database.transaction() as session:
        kept_by = keepers(session, make.people(session))
        rows = [vendor(session, terms_days=30) for _ in range(3)]
        for row, day in zip(rows, (date(2027, 1, 1), date(2027, 2, 1), None), strict=True):
            change = propose_change(
                session,
                kept_by.finance,
                "vendor",
                thing_id=row.id,
                values={"terms_days": 60},
                effective_on=day or date(2027, 1, 1),
                reason="New terms",
            )
            if day is not None:  # the third waits for approval still
                approve_change(session, kept_by.second, change)
    with clock.held_at(datetime(2027, 1, 2, tzinfo=UTC)):
        apply_changes(work)
        apply_changes(work)
    with database.reading() as session:
        found = session.scalars(select(Vendor).order_by(Vendor.id)).all()
        assert [(each.terms_days, each.revision) for each in found] == [(60, 2), (30, 1), (30, 1)]
        applied = select(AuditEntry.actor_kind).where(AuditEntry.action == "reference.change_applied")
        assert session.scalars(applied).all() == ["system"]


def test_it_comes_round_every_day_at_least() -> None:
    assert SCHEDULES["reference.apply_changes"] <= 86_400
