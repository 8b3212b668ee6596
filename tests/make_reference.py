"""Rows of reference data for tests beside those of `make_plans`, and those who change them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FINANCE, PLANNER, Actor, Duty
from assetlib.accounts.models import DutyGrant
from assetlib.reference.models import CompanyDay, Contract, ExchangeRate, ReferenceChange, Vendor
from tests import make

LONG_AGO = date(2020, 1, 1)


@dataclass
class Keepers:
    """Those of the house who keep reference data."""

    finance: Actor
    second: Actor
    """Of finance too."""
    planner: Actor
    maintainer: Actor
    """A field marketer whose duty the vendors are."""


def keepers(session: Session, people: make.People) -> Keepers:
    def one(name: str, *roles: str) -> Actor:
        return make.actor(make.person(session, people.own, *roles, name=name), people.own)

    maintainer = one("Vera Vendor", "field_marketer")
    session.add(DutyGrant(person_id=maintainer.person_id, duty="vendor_maintainer", granted_at=clock.now()))
    session.flush()
    return Keepers(
        one("Fred Finance", FINANCE),
        one("Frida Finance", FINANCE),
        one("Paul Planner", PLANNER),
        replace(maintainer, duties=(Duty("vendor_maintainer"),)),
    )


def _kept(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def vendor(session: Session, **values: Any) -> Vendor:
    row: Vendor = _kept(
        session, Vendor(**{"code": uuid4().hex[:8], "name": "Halden & Frey", "currency": "EUR", **values})
    )
    return row


def contract(session: Session, of: Vendor, **values: Any) -> Contract:
    row: Contract = _kept(
        session, Contract(**{"vendor_id": of.id, "name": "Frame 2026", "starts_on": LONG_AGO, **values})
    )
    return row


def rate(session: Session, **values: Any) -> ExchangeRate:
    """1.085 US dollars for a euro."""
    row: ExchangeRate = _kept(
        session,
        ExchangeRate(
            **{
                "kind": "plan",
                "base": "EUR",
                "quote": "USD",
                "rate": 10_850_000_000,
                "valid_from": LONG_AGO,
                "entered_at": clock.now(),
                **values,
            }
        ),
    )
    return row


def company_day(session: Session, **values: Any) -> CompanyDay:
    row: CompanyDay = _kept(
        session,
        CompanyDay(**{"country": "DE", "day": date(2026, 12, 24), "name": "Christmas Eve", **values}),
    )
    return row


def change(session: Session, maker: Actor, **values: Any) -> ReferenceChange:
    """A new account that somebody proposed."""
    row: ReferenceChange = _kept(
        session,
        ReferenceChange(
            **{
                "kind": "gl_account",
                "after": {
                    "code": uuid4().hex[:8],
                    "name": "Fairs",
                    "kind": "expense",
                    "valid_from": "2026-01-01",
                    "valid_until": None,
                },
                "effective_on": clock.today(),
                "reason": "Fairs are booked apart",
                "made_by_id": maker.person_id,
                "made_at": clock.now(),
                **values,
            }
        ),
    )
    return row
