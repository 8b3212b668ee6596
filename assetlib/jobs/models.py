"""Jobs and schedules, as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base

QUEUED, RUNNING, DONE, DEAD = "queued", "running", "done", "dead"


class Job(Base):
    """One piece of work, promised in the transaction that made it necessary."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued','running','done','dead')", name="known_state"),
        # Only what still waits may swallow a twin: work that already runs has read the past.
        Index("uq_job_dedupe_key_queued", "dedupe_key", unique=True,
              sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")),
        Index("ix_job_state_run_at", "state", "priority", "run_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    """Which handler does it, such as `catalog.make_renditions`."""
    arguments: Mapped[dict[str, Any]]
    """Ids only; the handler reads the rows afresh."""
    state: Mapped[str] = mapped_column(String(16), default=QUEUED)
    priority: Mapped[int] = mapped_column(default=0)
    """Lower goes first."""
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(64))
    dedupe_key: Mapped[str | None] = mapped_column(String(128))
    error: Mapped[str | None] = mapped_column(Text)
    """Why the last try failed."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Schedule(Base):
    """Work that comes round again."""

    __tablename__ = "schedule"

    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    every_seconds: Mapped[int]
    next_at: Mapped[datetime]
