"""What people ask marketing for, by forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class IntakeForm(Base):
    """A form for one sort of request: what it asks, who answers, and where its work goes."""

    __tablename__ = "intake_form"
    __table_args__ = (CheckConstraint("makes IN ('task','deliverable')", name="known_work"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    makes: Mapped[str] = mapped_column(String(16))
    """What an approved request becomes."""
    fields: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Of each question its key, label, kind, whether it must be answered, and its choices."""
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"), index=True)
    """Where its work goes, unless whoever answers says otherwise."""
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who is asked; None: every planner."""
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class IntakeRequest(Base):
    """What somebody asked for by a form, and what became of it."""

    __tablename__ = "intake_request"
    __table_args__ = (
        CheckConstraint("state IN ('open','approved','declined','withdrawn')", name="known_state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_when_not_open"),
        CheckConstraint(
            "state <> 'approved' OR answered_by_id <> person_id", name="approved_by_a_second_person"
        ),
        Index(None, "state", "created_at"),
        Index(None, "person_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("intake_form.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Key of a question → what was answered, with the label it had then."""
    needed_by: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    deliverable_id: Mapped[int | None] = mapped_column(ForeignKey("deliverable.id"), index=True)

    form: Mapped[IntakeForm] = relationship()
