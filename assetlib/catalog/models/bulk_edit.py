"""One change to many assets, seen before it happens and undone if it was wrong."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class BulkEdit(Base):
    """What a person wants done to a selection."""

    __tablename__ = "bulk_edit"
    __table_args__ = (
        CheckConstraint("state IN ('preview','running','done','undoing','undone')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    changes: Mapped[dict[str, Any]]
    """Field → new value; see `rules.bulk_edits` for the forms."""
    state: Mapped[str] = mapped_column(String(16), default="preview")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    items: Mapped[list["BulkEditItem"]] = relationship(
        back_populates="bulk_edit", cascade="all, delete-orphan"
    )


class BulkEditItem(Base):
    """One asset of a bulk edit, with what it said before and after."""

    __tablename__ = "bulk_edit_item"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('waiting','changed','same','refused','undone','kept')", name="known_outcome"
        ),
        Index(None, "asset_id"),
    )

    bulk_edit_id: Mapped[int] = mapped_column(
        ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[str] = mapped_column(String(16), default="waiting")
    """`kept` means: changed by somebody since, so undoing left it alone."""
    reason: Mapped[str] = mapped_column(String(300), default="")

    bulk_edit: Mapped[BulkEdit] = relationship(back_populates="items")
