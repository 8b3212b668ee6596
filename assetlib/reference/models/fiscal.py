"""Fiscal calendars, and the periods of the years that were opened."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assetlib.database import Base


class FiscalCalendar(Base):
    """How years are cut into periods: by months of the calendar, or by weeks as 4-4-5 and its like."""

    __tablename__ = "fiscal_calendar"
    __table_args__ = (
        CheckConstraint("pattern IN ('months','445','454','544')", name="known_pattern"),
        CheckConstraint("start_month BETWEEN 1 AND 12", name="begins_with_a_month"),
        CheckConstraint("last_weekday BETWEEN 0 AND 6", name="ends_on_a_weekday"),
        CheckConstraint("anchor IN ('last','nearest')", name="known_anchor"),
        CheckConstraint("named_by IN ('start','end')", name="known_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    pattern: Mapped[str] = mapped_column(String(8), default="months")
    start_month: Mapped[int] = mapped_column(default=1)
    """Month in which a year begins; of years by weeks the month after the one near whose end they end."""
    last_weekday: Mapped[int] = mapped_column(default=5)
    """Of years by weeks: the weekday on which they end, 0 is Monday."""
    anchor: Mapped[str] = mapped_column(String(8), default="last")
    """Of years by weeks: they end on the last such weekday of the month, or on the one nearest to its end."""
    named_by: Mapped[str] = mapped_column(String(8), default="end")
    """The year is called by the calendar year in which it starts, or in which it ends."""
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    periods: Mapped[list["FiscalPeriod"]] = relationship(
        back_populates="calendar", order_by="FiscalPeriod.starts_on"
    )


class FiscalPeriod(Base):
    """A month of a fiscal year. Its days are fixed when the year is opened."""

    __tablename__ = "fiscal_period"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 12", name="twelve_a_year"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="four_quarters"),
        CheckConstraint("starts_on <= ends_on", name="begins_before_it_ends"),
        CheckConstraint("state IN ('future','open','soft_closed','closed')", name="known_state"),
        UniqueConstraint("calendar_id", "fiscal_year", "number"),
        Index(None, "calendar_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("fiscal_calendar.id"))
    fiscal_year: Mapped[int]
    number: Mapped[int]
    quarter: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day."""
    state: Mapped[str] = mapped_column(String(16), default="future")

    calendar: Mapped[FiscalCalendar] = relationship(back_populates="periods")
