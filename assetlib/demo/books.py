"""The demo company lays down what it plans in: years, accounts, cost centres, rates, vendors, free days."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts.models import Organisation
from assetlib.demo.library import Act, Library
from assetlib.demo.plans import ACCOUNTS, COST_CENTRES, FIRST_MONTH, RATES, VENDORS, YEAR_NAME
from assetlib.money import RATE_DIGITS
from assetlib.reference.actions.changes import approve_change, propose_change
from assetlib.reference.actions.days import keep_day
from assetlib.reference.actions.fiscal import make_calendar, open_fiscal_year
from assetlib.reference.models import ReferenceChange
from assetlib.reference.rules.fiscal import Cut
from assetlib.reference.rules.things import Value

FROM = "2020-07-01"


def year_of(day: date) -> int:
    """The fiscal year of the demo company in which a day lies."""
    return day.year + (day.month >= FIRST_MONTH)


def books(library: Library) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minutes after the morning, and what is laid down then."""
    yield 356, 10, partial(_open_years, library)
    yield 356, 30, partial(_propose, library)
    yield 355, 20, partial(_approve_all, library)
    yield 20, 60, partial(_keep_bridge_day, library)
    yield 2, 70, partial(_propose_another, library)


def _open_years(library: Library) -> None:
    with library.house.database.transaction() as session:
        petra = library.acting(session, "petra")
        calendar = make_calendar(session, petra, name=YEAR_NAME, cut=Cut(start_month=FIRST_MONTH))
        year = year_of(library.today)
        for each in (year - 1, year, year + 1):
            open_fiscal_year(session, petra, calendar, each)


def _propose(library: Library) -> None:
    with library.house.database.transaction() as session:
        for kind, values in _first_things(session):
            propose_change(
                session, library.acting(session, "petra"), kind, values=values, reason="To begin with."
            )


def _first_things(session: Session) -> Iterator[tuple[str, dict[str, Value]]]:
    for code, name in ACCOUNTS.items():
        yield "gl_account", {"code": code, "name": name, "valid_from": FROM}
    for code, name in COST_CENTRES.items():
        yield "cost_centre", {"code": code, "name": name, "valid_from": FROM}
    for currency, worth in RATES.items():
        whole, _, part = worth.partition(".")
        rate = int(whole + part.ljust(RATE_DIGITS, "0"))
        yield "rate", {"kind": "plan", "base": currency, "quote": "EUR", "rate": rate, "valid_from": FROM}
    for code, (name, country, currency) in VENDORS.items():
        agency = session.scalars(select(Organisation.id).where(Organisation.name == name)).one_or_none()
        yield "vendor", {
            "code": code, "name": name, "country": country, "currency": currency, "organisation_id": agency,
        }  # fmt: skip


def _approve_all(library: Library) -> None:
    """Somebody else lets them through."""
    with library.house.database.transaction() as session:
        ida = library.acting(session, "ida")
        for change in session.scalars(
            select(ReferenceChange).where(ReferenceChange.state == "open").order_by(ReferenceChange.id)
        ).all():
            approve_change(session, ida, change)


def _keep_bridge_day(library: Library) -> None:
    """The house rests between Christmas and New Year."""
    with library.house.database.transaction() as session:
        year = library.today.year
        keep_day(
            session,
            library.acting(session, "petra"),
            country="DE",
            day=date(year, 12, 28),
            name="The house rests",
            works=False,
        )


def _propose_another(library: Library) -> None:
    """What still waits for a second person."""
    with library.house.database.transaction() as session:
        propose_change(
            session,
            library.acting(session, "petra"),
            "gl_account",
            values={"code": "6460", "name": "Sponsoring", "valid_from": library.today.isoformat()},
            reason="The mountain rescue asked for three years.",
        )
