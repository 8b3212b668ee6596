"""Who is paid, and what was agreed with them."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class Vendor(Base):
    """A company that is paid for work. An agency that signs in is one of the organisations too."""

    __tablename__ = "vendor"
    __table_args__ = (CheckConstraint("state IN ('active','blocked','closed')", name="known_state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """Its number in the books of the house."""
    name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The agency or partner that it is, where its people sign in."""
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3))
    """In which it usually bills."""
    tax_number: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    terms_days: Mapped[int] = mapped_column(default=30)
    """Days until an invoice is due."""
    state: Mapped[str] = mapped_column(String(16), default="active")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    contracts: Mapped[list["Contract"]] = relationship(
        back_populates="vendor", order_by="Contract.starts_on.desc()"
    )

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


class Contract(Base):
    """What was agreed with a vendor, from when to when, and up to which sum."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("kind IN ('frame','work','insurance','secrecy')", name="known_kind"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="begins_before_it_ends"),
        CheckConstraint("cap_minor IS NULL OR cap_minor >= 0", name="cap_not_negative"),
        CheckConstraint("(cap_minor IS NULL) = (currency = '')", name="cap_has_a_currency"),
        Index(None, "vendor_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendor.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default="frame")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    cap_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Up to this sum in minor units of `currency`; None: without a cap."""
    currency: Mapped[str] = mapped_column(String(3), default="")
    notice_days: Mapped[int] = mapped_column(default=0)
    """Days before its end by which it has to be renewed or ended."""
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    vendor: Mapped[Vendor] = relationship(back_populates="contracts")
