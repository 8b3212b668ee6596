"""Who took what, and for what."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class UsageEvent(Base):
    """One file that left the house."""

    __tablename__ = "usage_event"
    __table_args__ = (Index(None, "asset_id", "at"), Index(None, "person_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who took it; of a share, who made the link."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    form: Mapped[str] = mapped_column(String(32))
    """`original`, or the recipe's key."""
    size: Mapped[int] = mapped_column(BigInteger)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"), index=True)
    share_id: Mapped[int | None] = mapped_column(ForeignKey("share.id", ondelete="SET NULL"), index=True)


class Package(Base):
    """A selection that is fetched as one ZIP."""

    __tablename__ = "package"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    form: Mapped[str] = mapped_column(String(32))
    asset_ids: Mapped[list[int]]
    share_id: Mapped[int | None] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"), index=True)
    """Fetched by those who hold this link, not by its maker."""
    created_at: Mapped[datetime]
