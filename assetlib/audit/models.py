"""The audit log: one row per thing that happened, each sealed with the hash of the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.audit.canonical import KeptCanonical
from assetlib.database import Base


class AuditEntry(Base):
    """One thing that happened. Rows are only ever added; the database refuses to change or delete them."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "action"))

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Counts from 1 without gaps."""
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    """The person's id only, so that a name can be erased without touching the chain."""
    organisation_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(64))
    """The client's address, cut to its network (/24 or /48)."""
    request_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    """`domain.what_happened`, such as `catalog.asset_published`."""
    object_kind: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(KeptCanonical(), "sqlite"))
    """`{"before": {...}, "after": {...}}` of what changed, and further facts."""
    reason: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that holds the end of the chain; locking it puts writers in line."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
