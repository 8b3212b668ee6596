"""What money is sorted by, and what a currency is worth."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assetlib.database import Base


class GlAccount(Base):
    """An account of the general ledger that marketing money is booked to."""

    __tablename__ = "gl_account"
    __table_args__ = (
        CheckConstraint("kind IN ('expense','prepaid','liability')", name="known_kind"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="begins_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """A text, because zeros in front belong to it."""
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default="expense")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The last day; None: until further notice."""
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


class CostCentre(Base):
    """Who bears the money."""

    __tablename__ = "cost_centre"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="begins_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    region: Mapped[str] = mapped_column(String(60), default="")
    """Key of the region it is for; empty for all."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


class ExchangeRate(Base):
    """How much of `quote` one unit of `base` is worth from a day on."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        CheckConstraint("kind IN ('plan','spot','month_average','month_end')", name="known_kind"),
        CheckConstraint("rate > 0", name="worth_something"),
        CheckConstraint("base <> quote", name="of_two_currencies"),
        UniqueConstraint("kind", "base", "quote", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    base: Mapped[str] = mapped_column(String(3))
    quote: Mapped[str] = mapped_column(String(3))
    rate: Mapped[int] = mapped_column(BigInteger)
    """In units of 10⁻¹⁰: 1.08 is 10,800,000,000."""
    valid_from: Mapped[date]
    entered_at: Mapped[datetime]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("reference_change.id"), index=True)
    """The change by which it came."""
