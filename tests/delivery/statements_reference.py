"""The lists of reference data, and one more row of each, for `test_statements.py`."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from tests import make_plans, make_reference

A_CHANGE = r'href="/reference/changes/(\d+)'
_ID = r'"id":\s*(\d+)'
PAGES = [
    # where, and what tells a row from another
    ("/reference/accounts?size=96", A_CHANGE),
    ("/reference/cost-centres?size=96", A_CHANGE),
    ("/reference/rates?size=96", A_CHANGE),
    ("/reference/vendors?size=96", r'href="/reference/vendors/(\d+)'),
    ("/reference/vendors/1", A_CHANGE),
    ("/reference/changes?size=96", A_CHANGE),
    ("/reference", r'href="/reference/calendars/(\d+)'),
    ("/reference/holidays?country=DE&year=2026", r"/reference/holidays/(\d+)/remove"),
    ("/api/v1/reference/calendars", _ID),
    ("/api/v1/reference/accounts?size=96", _ID),
    ("/api/v1/reference/cost-centres?size=96", _ID),
    ("/api/v1/reference/rates?size=96", _ID),
    ("/api/v1/reference/vendors?size=96", _ID),
    ("/api/v1/reference/vendors/1/contracts", _ID),
    ("/api/v1/reference/changes?size=96", _ID),
]


def one_more(session: Session, maker: Actor, number: int) -> None:
    """One of each sort, each with a change that waits."""
    make_plans.fiscal_year(session, make_plans.fiscal_calendar(session))
    vendor = make_reference.vendor(session)
    first = session.get(type(vendor), 1)
    assert first is not None
    day = date(2020, 1, 1) + timedelta(days=number)
    things = {
        "gl_account": make_plans.gl_account(session).id,
        "cost_centre": make_plans.cost_centre(session).id,
        "rate": make_reference.rate(session, valid_from=day).id,
        "vendor": vendor.id,
        "contract": make_reference.contract(session, first, name=f"Frame {number}").id,
    }
    for kind, thing_id in things.items():
        values = {"rate": 1} if kind == "rate" else {"name": "x"}
        make_reference.change(session, maker, kind=kind, thing_id=thing_id, before=values, after=values)
    make_reference.company_day(session, day=date(2026, 1, 5) + timedelta(days=number))
