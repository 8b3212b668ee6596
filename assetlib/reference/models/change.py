"""A change to reference data: made by one person, let through by another."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class ReferenceChange(Base):
    """What somebody wants an account, a cost centre, a rate, a vendor or a contract to say from a day on."""

    __tablename__ = "reference_change"
    __table_args__ = (
        CheckConstraint("kind IN ('gl_account','cost_centre','rate','vendor','contract')", name="known_kind"),
        CheckConstraint("state IN ('open','approved','applied','rejected','withdrawn')", name="known_state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_when_not_open"),
        CheckConstraint(
            "state NOT IN ('approved','applied') OR "
            "(decided_by_id IS NOT NULL AND decided_by_id <> made_by_id)",
            name="by_a_second_person",
        ),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_with_a_moment"),
        Index(None, "state", "effective_on"),
        Index(None, "kind", "thing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    thing_id: Mapped[int | None]
    """The row that is changed; None: it comes into being. No foreign key, as it is of one of five tables."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the fields said when the change was made."""
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What they shall say: only those that change."""
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="open")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    applied_at: Mapped[datetime | None]
