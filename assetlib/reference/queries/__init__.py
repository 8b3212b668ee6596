"""What plans and books ask of the reference data."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assetlib.money import RATE_DIGITS
from assetlib.reference.errors import NoSuchReference
from assetlib.reference.models import (
    CompanyDay,
    CostCentre,
    ExchangeRate,
    FiscalCalendar,
    FiscalPeriod,
    GlAccount,
)
from assetlib.words import say
from assetlib.workdays import Workdays, workdays_of

ONE: int = 10**RATE_DIGITS
"""The rate between a currency and itself."""


def calendars(session: Session) -> Sequence[FiscalCalendar]:
    return session.scalars(select(FiscalCalendar).order_by(FiscalCalendar.name)).all()


def get_calendar(session: Session, calendar_id: int) -> FiscalCalendar:
    """Or `NoSuchReference`."""
    row = session.get(FiscalCalendar, calendar_id)
    if row is None:
        raise NoSuchReference(say("There is no such calendar."))
    return row


def periods_of_year(session: Session, calendar_id: int, fiscal_year: int) -> Sequence[FiscalPeriod]:
    """The months of a year that was opened, in their order; none of one that was not."""
    return session.scalars(
        select(FiscalPeriod)
        .where(FiscalPeriod.calendar_id == calendar_id, FiscalPeriod.fiscal_year == fiscal_year)
        .order_by(FiscalPeriod.number)
    ).all()


def find_period(session: Session, calendar_id: int, day: date) -> FiscalPeriod | None:
    """The month that a day falls in."""
    return session.scalars(
        select(FiscalPeriod).where(
            FiscalPeriod.calendar_id == calendar_id,
            FiscalPeriod.starts_on <= day,
            FiscalPeriod.ends_on >= day,
        )
    ).one_or_none()


def accounts_on(session: Session, day: date) -> Sequence[GlAccount]:
    """Accounts that may be booked to on a day."""
    return session.scalars(
        select(GlAccount)
        .where(
            GlAccount.valid_from <= day, or_(GlAccount.valid_until.is_(None), GlAccount.valid_until >= day)
        )
        .order_by(GlAccount.code)
    ).all()


def cost_centres_on(session: Session, day: date) -> Sequence[CostCentre]:
    """Cost centres that may bear money on a day."""
    return session.scalars(
        select(CostCentre)
        .where(
            CostCentre.valid_from <= day, or_(CostCentre.valid_until.is_(None), CostCentre.valid_until >= day)
        )
        .order_by(CostCentre.code)
    ).all()


def find_rate(session: Session, base: str, quote: str, on: date, *, kind: str = "plan") -> int | None:
    """How much of `quote` one unit of `base` is worth on a day, in units of 10⁻¹⁰; None: nobody said."""
    if base == quote:
        return ONE
    return session.scalars(
        select(ExchangeRate.rate)
        .where(
            ExchangeRate.kind == kind,
            ExchangeRate.base == base,
            ExchangeRate.quote == quote,
            ExchangeRate.valid_from <= on,
        )
        .order_by(ExchangeRate.valid_from.desc())
        .limit(1)
    ).one_or_none()


def workdays_in(session: Session, country: str) -> Workdays:
    """The workdays of a country as the house keeps them."""
    kept = session.execute(select(CompanyDay.day, CompanyDay.works).where(CompanyDay.country == country))
    return workdays_of(country, [(day, works) for day, works in kept])
