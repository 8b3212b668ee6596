"""What somebody has to do for an activity, and what has to be done before."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base
from assetlib.planning.models.campaign import Activity


class Task(Base):
    """Work of one person or one agency, with days that were planned, are expected, and came true."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("kind IN ('work','planning','milestone')", name="known_kind"),
        CheckConstraint("stage IN ('to_do','doing','waiting','done','cancelled')", name="known_stage"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_a_whole"),
        CheckConstraint("effort_hours >= 0", name="effort_not_negative"),
        CheckConstraint(
            "(baseline_start IS NULL) = (baseline_finish IS NULL)"
            " AND (baseline_start IS NULL OR baseline_start <= baseline_finish)",
            name="baseline_in_order",
        ),
        CheckConstraint("forecast_start <= forecast_finish", name="forecast_in_order"),
        CheckConstraint(
            "actual_start IS NULL OR actual_finish IS NULL OR actual_start <= actual_finish",
            name="actual_in_order",
        ),
        CheckConstraint("(stage = 'done') = (actual_finish IS NOT NULL)", name="done_with_a_day"),
        CheckConstraint("stage <> 'done' OR percent = 100", name="done_is_whole"),
        CheckConstraint(
            "kind <> 'milestone' OR forecast_start = forecast_finish", name="a_milestone_is_a_day"
        ),
        Index(None, "activity_id", "position"),
        Index(None, "assignee_id", "stage"),
        Index(None, "agency_id", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default="work")
    """Planning work may be given to people before its plan is approved."""
    role: Mapped[str] = mapped_column(String(60), default="")
    """What sort of work it is, such as design or translation."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The agency that does it, with or without somebody named."""
    effort_hours: Mapped[int] = mapped_column(default=0)
    baseline_start: Mapped[date | None]
    baseline_finish: Mapped[date | None]
    """As planned by the active version; of a task that came later, as it came."""
    forecast_start: Mapped[date]
    forecast_finish: Mapped[date]
    """As expected now."""
    actual_start: Mapped[date | None]
    actual_finish: Mapped[date | None]
    percent: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(String(16), default="to_do")
    note: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}

    activity: Mapped[Activity] = relationship()
    predecessors: Mapped[list["TaskPredecessor"]] = relationship(
        cascade="all, delete-orphan", foreign_keys="TaskPredecessor.task_id"
    )


class TaskPredecessor(Base):
    """A task begins after another one is finished, and so many workdays later."""

    __tablename__ = "task_predecessor"
    __table_args__ = (
        CheckConstraint("task_id <> predecessor_id", name="not_before_itself"),
        CheckConstraint("lag_days >= 0", name="lag_not_negative"),
        Index(None, "predecessor_id"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    lag_days: Mapped[int] = mapped_column(default=0)
