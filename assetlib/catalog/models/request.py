"""Questions for what is not open to somebody, and what was opened to them for a time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class AccessRequest(Base):
    """Somebody asks for an asset that is not open to them, or that is to be asked for first."""

    __tablename__ = "access_request"
    __table_args__ = (
        CheckConstraint("state IN ('open','granted','refused','taken_back')", name="known_state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_when_not_open"),
        Index(None, "state", "created_at"),
        Index(None, "person_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asset_number: Mapped[int | None]
    """The number that was asked for, which may lead nowhere: who asks is not told. None: a search."""
    query: Mapped[str] = mapped_column(String(500), default="")
    """What was searched for, when nothing open was found."""
    purpose: Mapped[str] = mapped_column(Text)
    """What they want it for, in their words."""
    until: Mapped[date | None]
    """For how long they ask: the last day."""
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(Text, default="")


class AssetGrant(Base):
    """One asset is open to one person up to and with a day, also where one must ask first."""

    __tablename__ = "asset_grant"
    __table_args__ = (Index(None, "person_id", "until"),)

    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[date]
    """The last day."""
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_request.id", ondelete="SET NULL"), index=True
    )
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[datetime]
