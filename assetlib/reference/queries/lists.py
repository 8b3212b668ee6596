"""Accounts, cost centres, rates and vendors as lists, with how each stands on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import Date, Select, func, select
from sqlalchemy.orm import Session

from assetlib.accounts.models import Organisation
from assetlib.paging import Page
from assetlib.reference.errors import NoSuchReference
from assetlib.reference.models import (
    CompanyDay,
    Contract,
    CostCentre,
    ExchangeRate,
    FiscalPeriod,
    GlAccount,
    ReferenceChange,
    Vendor,
)
from assetlib.reference.queries.changes import pending_of
from assetlib.words import say

Row = TypeVar("Row")
VALID, COMING, OVER = "valid", "coming", "over"


@dataclass(frozen=True)
class Standing(Generic[Row]):
    """A row, whether it counts on the day, and the change of it that may still come."""

    row: Row
    state: str
    """`valid`, `coming` or `over`."""
    pending: ReferenceChange | None


def standing_on(day: date, first: date, last: date | None) -> str:
    """How something stands that counts from one day to another, both counted."""
    if first > day:
        return COMING
    return VALID if last is None or last >= day else OVER


def accounts_page(session: Session, day: date, *, number: int, size: int) -> Page[Standing[GlAccount]]:
    return _valid_page(session, "gl_account", GlAccount, day, number, size)


def cost_centres_page(session: Session, day: date, *, number: int, size: int) -> Page[Standing[CostCentre]]:
    return _valid_page(session, "cost_centre", CostCentre, day, number, size)


def rates_page(session: Session, day: date, *, number: int, size: int) -> Page[Standing[ExchangeRate]]:
    """Rates pair by pair, the latest first; of each pair and kind one counts on the day, earlier ones are
    over."""
    following = (
        func.lead(ExchangeRate.valid_from, type_=Date)
        .over(
            partition_by=(ExchangeRate.kind, ExchangeRate.base, ExchangeRate.quote),
            order_by=ExchangeRate.valid_from,
        )
        .label("following")
    )
    query = select(ExchangeRate, following).order_by(
        ExchangeRate.base, ExchangeRate.quote, ExchangeRate.kind, ExchangeRate.valid_from.desc()
    )
    rows = session.execute(query.limit(size).offset((number - 1) * size)).all()
    pending = pending_of(session, "rate", [row.ExchangeRate.id for row in rows])

    def state(rate: ExchangeRate, following: date | None) -> str:
        if rate.valid_from > day:
            return COMING
        return VALID if following is None or following > day else OVER

    return Page(
        [
            Standing(rate, state(rate, following), pending.get(rate.id))
            for rate, following in ((row.ExchangeRate, row.following) for row in rows)
        ],
        number,
        size,
        _count(session, ExchangeRate),
    )


def vendors_page(
    session: Session, *, number: int, size: int
) -> Page[tuple[Vendor, int, ReferenceChange | None]]:
    """Vendors by name, each with how many contracts there are with it."""
    contracts = (
        select(func.count(Contract.id))
        .where(Contract.vendor_id == Vendor.id)
        .correlate(Vendor)
        .scalar_subquery()
        .label("contracts")
    )
    query = select(Vendor, contracts).order_by(func.lower(Vendor.name), Vendor.id)
    rows = session.execute(query.limit(size).offset((number - 1) * size)).all()
    pending = pending_of(session, "vendor", [row.Vendor.id for row in rows])
    shown = [(row.Vendor, row.contracts, pending.get(row.Vendor.id)) for row in rows]
    return Page(shown, number, size, _count(session, Vendor))


def contracts_of(session: Session, vendor_id: int, day: date) -> list[Standing[Contract]]:
    """What was agreed with a vendor, the latest first."""
    rows = session.scalars(
        select(Contract)
        .where(Contract.vendor_id == vendor_id)
        .order_by(Contract.starts_on.desc(), Contract.id.desc())
    ).all()
    pending = pending_of(session, "contract", [row.id for row in rows])
    return [Standing(row, standing_on(day, row.starts_on, row.ends_on), pending.get(row.id)) for row in rows]


def years_of(session: Session, calendar_ids: Sequence[int]) -> dict[int, list[int]]:
    """Calendar → the years of it that were opened, the latest first."""
    found: dict[int, list[int]] = {each: [] for each in calendar_ids}
    rows = session.execute(
        select(FiscalPeriod.calendar_id, FiscalPeriod.fiscal_year)
        .where(FiscalPeriod.calendar_id.in_(calendar_ids))
        .distinct()
        .order_by(FiscalPeriod.fiscal_year.desc())
    )
    for calendar_id, year in rows:
        found[calendar_id].append(year)
    return found


def company_days(session: Session, country: str, year: int) -> Sequence[CompanyDay]:
    """The days of a country and year that the house keeps otherwise."""
    return session.scalars(
        select(CompanyDay)
        .where(CompanyDay.country == country, CompanyDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CompanyDay.day)
    ).all()


def find_company_day(session: Session, day_id: int) -> CompanyDay:
    row = session.get(CompanyDay, day_id)
    if row is None:
        raise NoSuchReference(say("There is no such day."))
    return row


def organisations_to_pay(session: Session) -> list[tuple[int, str]]:
    """Agencies and partners that a vendor may be, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind != "own", Organisation.state != "closed")
        .order_by(func.lower(Organisation.name))
    )
    return [(row.id, row.name) for row in rows]


def _valid_page(
    session: Session, kind: str, model: Any, day: date, number: int, size: int
) -> Page[Standing[Any]]:
    query: Select[Any] = select(model).order_by(model.code).limit(size).offset((number - 1) * size)
    rows = session.scalars(query).all()
    pending = pending_of(session, kind, [row.id for row in rows])
    shown = [
        Standing(row, standing_on(day, row.valid_from, row.valid_until), pending.get(row.id)) for row in rows
    ]
    return Page(shown, number, size, _count(session, model))


def _count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
