"""Who gets through to reference data, what is sent there, and the rows that it is about.

A change of the finance person's waits, so that the administrator is the one who may decide it.
"""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from tests import make_plans, make_reference

LOOKS, KEEPS, PROPOSES = "AEM", "AM", "M"
THEIRS = {"change": "A"}
"""Of finance's own change."""

ROWS: dict[str, str | dict[str, str]] = {
    "reference.accounts": LOOKS,
    "reference.cost_centres": LOOKS,
    "reference.rates": LOOKS,
    "reference.vendors": LOOKS,
    "reference.vendor": LOOKS,
    "reference.holidays": LOOKS,
    "reference.keep": LOOKS,
    "reference.drop": LOOKS,
    "reference_years.index": LOOKS,
    "reference_years.show": LOOKS,
    "reference_years.new": KEEPS,
    "reference_years.make": KEEPS,
    "reference_years.edit": KEEPS,
    "reference_years.change": KEEPS,
    "reference_years.open_year": KEEPS,
    "reference_changes.index": LOOKS,
    "reference_changes.new": PROPOSES,
    "reference_changes.propose": PROPOSES,
    "reference_changes.show": LOOKS,
    "reference_changes.approve": THEIRS,
    "reference_changes.reject": THEIRS,
    # Who approves withdraws only what is approved: of what waits they are told so.
    "reference_changes.withdraw": {"change": KEEPS},
    "api_reference.index": LOOKS,
    "api_reference.make": KEEPS,
    "api_reference.change": KEEPS,
    "api_reference.open_year": KEEPS,
    "api_reference.show_year": LOOKS,
    "api_reference.accounts": LOOKS,
    "api_reference.cost_centres": LOOKS,
    "api_reference.rates": LOOKS,
    "api_reference.vendors": LOOKS,
    "api_reference.contracts": LOOKS,
    "api_reference.holidays": LOOKS,
    "api_reference.keep": LOOKS,
    "api_reference.drop": LOOKS,
    "api_reference_changes.index": LOOKS,
    "api_reference_changes.propose": PROPOSES,
    "api_reference_changes.show": LOOKS,
    "api_reference_changes.approve": THEIRS,
    "api_reference_changes.reject": THEIRS,
    "api_reference_changes.withdraw": {"change": KEEPS},
}

_ACCOUNT = {"code": "1", "name": "x", "valid_from": "2026-01-01"}
BODIES: dict[str, dict[str, Any]] = {
    "reference.keep": {"data": {"country": "DE", "day": "2026-12-31", "name": "x"}},
    "reference_years.make": {"data": {"name": "x"}},
    "reference_changes.new": {"query": {"what": "gl_account"}},
    "reference_changes.propose": {"data": {"what": "gl_account", **_ACCOUNT, "reason": "x"}},
    "reference_changes.reject": {"data": {"answer": "x"}},
    "api_reference.make": {"json": {"name": "x"}},
    "api_reference.change": {"json": {"name": "x", "revision": 1}},
    "api_reference.open_year": {"json": {"year": 2028}},
    "api_reference.holidays": {"query": {"country": "DE", "year": 2026}},
    "api_reference.keep": {"json": {"country": "DE", "day": "2026-12-31", "name": "x"}},
    "api_reference_changes.propose": {"json": {"kind": "gl_account", "values": _ACCOUNT, "reason": "x"}},
    "api_reference_changes.approve": {"json": {}},
    "api_reference_changes.reject": {"json": {"answer": "x"}},
}


def lay_reference(session: Session, finance: Actor) -> dict[str, dict[str, int]]:
    """One thing of each sort, and a change of finance's that waits. Thing → values for a route."""
    calendar = make_plans.fiscal_calendar(session, name="Group")
    make_plans.fiscal_year(session, calendar)
    make_plans.gl_account(session, code="006010")
    make_plans.cost_centre(session, code="0100")
    make_reference.rate(session)
    vendor = make_reference.vendor(session, code="70001")
    make_reference.contract(session, vendor)
    day = make_reference.company_day(session, day=date(2027, 12, 24))
    change = make_reference.change(session, finance)
    return {
        "any": {"calendar_id": calendar.id, "vendor_id": vendor.id, "day_id": day.id, "year": 2027,
                "change_id": change.id},
        "change": {"change_id": change.id},
    }  # fmt: skip
