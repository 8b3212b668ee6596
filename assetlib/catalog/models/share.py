"""Links for people without an account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class Share(Base):
    """A link to some assets, or to what lies in a collection. It opens what its maker may, at any moment."""

    __tablename__ = "share"
    __table_args__ = (
        CheckConstraint("downloads >= 0", name="downloads_not_negative"),
        CheckConstraint("download_limit >= 1", name="limit_is_a_number"),
        CheckConstraint("download_limit IS NULL OR downloads <= download_limit", name="limit_is_kept"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    """The first characters of the link, by which its maker knows it again."""
    name: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text, default="")
    """What its maker says to those who open it."""
    maker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    collection_id: Mapped[int | None] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), index=True
    )
    """All that lies in this collection now; None: the assets in `items`."""
    forms: Mapped[list[str]]
    """Which forms may be downloaded: keys of presets, `original`; none: looking only."""
    expires_at: Mapped[datetime]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    download_limit: Mapped[int | None]
    """Files, over all who hold the link; None: as many as they like."""
    downloads: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    items: Mapped[list["ShareItem"]] = relationship(
        back_populates="share", cascade="all, delete-orphan", order_by="ShareItem.position"
    )


class ShareItem(Base):
    """An asset that a share was made for."""

    __tablename__ = "share_item"
    __table_args__ = (Index(None, "asset_id"),)

    share_id: Mapped[int] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]

    share: Mapped[Share] = relationship(back_populates="items")


class ShareSession(Base):
    """One browser in which a share was opened. It is good for that share alone, and never for a person's."""

    __tablename__ = "share_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    """Cut to its network."""


class ShareAccess(Base):
    """Something that was done with a share, for its maker to see."""

    __tablename__ = "share_access"
    __table_args__ = (
        CheckConstraint("what IN ('opened','refused','downloaded','resumed')", name="known_what"),
        Index(None, "share_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(
        ForeignKey("share_session.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(16))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", ondelete="SET NULL"), index=True)
    form: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    """Cut to its network."""
