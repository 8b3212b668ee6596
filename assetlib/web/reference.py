"""Reference data as lists: accounts, cost centres, rates, vendors with their contracts, and holidays."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock, language, money
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import Page, clamp
from assetlib.policy import open_to
from assetlib.reference.actions.days import drop_day, keep_day
from assetlib.reference.models import Vendor
from assetlib.reference.permissions import KEEP_DAYS, PROPOSE_CHANGE, SEE_REFERENCE
from assetlib.reference.queries.changes import pending_of
from assetlib.reference.queries.lists import (
    Standing,
    accounts_page,
    company_days,
    contracts_of,
    cost_centres_page,
    find_company_day,
    rates_page,
    vendors_page,
)
from assetlib.reference.queries.things import get_thing, values_of
from assetlib.reference.rules.things import ACCOUNT_KINDS, CONTRACT_KINDS, FIELDS, RATE_KINDS
from assetlib.web.changing import carried_out
from assetlib.web.pages import last_page, pager_view
from assetlib.web.reference_view import (
    URL,
    country_choices,
    in_words,
    names_for,
    pending_view,
    standing_view,
    tabs_at,
)
from assetlib.words import say
from assetlib.workdays import FIRST_YEAR, LAST_YEAR, countries, public_holidays

pages = Blueprint("reference", __name__, url_prefix=URL)

VENDOR_STATES = {
    "active": {"icon": "circle-check", "label": say("Active"), "tone": "ok"},
    "blocked": {"icon": "ban", "label": say("Blocked"), "tone": "bad"},
    "closed": {"icon": "archive", "label": say("Closed"), "tone": "ink"},
}
USUAL_COUNTRY = "DE"


@pages.get("/accounts")
@open_to(SEE_REFERENCE)
def accounts() -> str | Response:
    return _list(
        "gl_account",
        f"{URL}/accounts",
        lambda session, **page: accounts_page(session, clock.today(), **page),
        lambda row, _: [ACCOUNT_KINDS[row.kind]],
    )


@pages.get("/cost-centres")
@open_to(SEE_REFERENCE)
def cost_centres() -> str | Response:
    return _list(
        "cost_centre",
        f"{URL}/cost-centres",
        lambda session, **page: cost_centres_page(session, clock.today(), **page),
        lambda row, names: [names["region"].get(row.region, row.region) or say("All regions")],
    )


@pages.get("/rates")
@open_to(SEE_REFERENCE)
def rates() -> str | Response:
    return _list(
        "rate",
        f"{URL}/rates",
        lambda session, **page: rates_page(session, clock.today(), **page),
        lambda row, _: [RATE_KINDS[row.kind], money.rate_in_words(row.rate, language.language())],
    )


@pages.get("/vendors")
@open_to(SEE_REFERENCE)
def vendors() -> str | Response:
    number, size = _page_asked()
    with database().reading() as session:
        page = vendors_page(session, number=number, size=size)
    if page.is_past_the_end:
        return last_page(page)
    return render_template(
        "reference/vendors.html",
        tabs=tabs_at(f"{URL}/vendors"),
        rows=[
            {
                "name": row.name,
                "code": row.code,
                "url": f"{URL}/vendors/{row.id}",
                "currency": row.currency,
                "contracts": contracts,
                "state": VENDOR_STATES[row.state],
                "pending": pending_view(pending),
            }
            for row, contracts, pending in page.rows
        ],
        pager=pager_view(page),
        propose_url=_propose_url("vendor"),
    )


@pages.get("/vendors/<int:vendor_id>")
@open_to(SEE_REFERENCE)
def vendor(vendor_id: int) -> str:
    """One vendor, and what was agreed with it."""
    today = clock.today()
    with database().reading() as session:
        row = get_thing(session, "vendor", vendor_id)
        values = values_of(row)
        names = names_for(session, "vendor", values)
        agreed = contracts_of(session, vendor_id, today)
        pending = pending_of(session, "vendor", [vendor_id]).get(vendor_id)
    assert isinstance(row, Vendor)  # noqa: S101  # by its kind
    facts = [
        (field.label, in_words(field, values[field.name], values, names))
        for field in FIELDS["vendor"]
        if field.name != "state"
    ]
    return render_template(
        "reference/vendor.html",
        name=row.name,
        state=VENDOR_STATES[row.state],
        pending=pending_view(pending),
        facts=[(label, value) for label, value in facts if value],
        contracts=[
            {
                "name": each.row.name,
                "kind": CONTRACT_KINDS[each.row.kind],
                "starts_on": each.row.starts_on,
                "standing": standing_view(each.state, each.row.starts_on, each.row.ends_on),
                "cap": ""
                if each.row.cap_minor is None
                else money.amount_in_words(each.row.cap_minor, each.row.currency, language.language()),
                "pending": pending_view(each.pending),
                "change_url": _propose_url("contract", thing=each.row.id),
            }
            for each in agreed
        ],
        change_url=_propose_url("vendor", thing=vendor_id),
        add_url=_propose_url("contract", vendor=vendor_id),
    )


@pages.get("/holidays")
@open_to(SEE_REFERENCE)
def holidays() -> str:
    return _holidays_page()


@pages.post("/holidays")
@open_to(KEEP_DAYS)
def keep() -> Response | tuple[str, int]:
    """The house rests, or works, on a day."""
    country, form = _country(), request.form
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        day = None
    return carried_out(
        lambda session: keep_day(
            session,
            actor(),
            country=country,
            day=day,
            name=form.get("name", ""),
            works=form.get("works") == "1",
        ),
        said=say("Saved. Dates are counted with it from now on."),
        to=f"{URL}/holidays?country={country}&year={day.year if day else _year()}",
        refused=_holidays_page,
    )


@pages.post("/holidays/<int:day_id>/remove")
@open_to(KEEP_DAYS)
def drop(day_id: int) -> Response | tuple[str, int]:
    """The house keeps the day as its country does."""
    return carried_out(
        lambda session: drop_day(session, actor(), find_company_day(session, day_id)),
        said=say("Removed."),
        to=f"{URL}/holidays?country={_country()}&year={_year()}",
        refused=_holidays_page,
    )


def _holidays_page(problem: Refusal | None = None) -> str:
    country, year = _country(), _year()
    with database().reading() as session:
        kept = company_days(session, country, year)
    public = public_holidays(country, year, language.language())
    rows: list[dict[str, Any]] = [
        {"day": day, "name": name, "kind": "public", "id": None} for day, name in public.items()
    ]
    rows += [
        {"day": each.day, "name": each.name, "kind": "works" if each.works else "rests", "id": each.id}
        for each in kept
    ]
    return render_template(
        "reference/holidays.html",
        tabs=tabs_at(f"{URL}/holidays"),
        country=country,
        countries=country_choices(),
        year=year,
        first=FIRST_YEAR,
        last=LAST_YEAR,
        rows=sorted(rows, key=lambda each: (each["day"], each["kind"])),
        may_keep=KEEP_DAYS.allows(actor()),
        typed=request.form if problem is not None else {},
        problem=problem,
    )


def _country() -> str:
    asked = request.values.get("country", USUAL_COUNTRY)
    return asked if asked in countries() else USUAL_COUNTRY


def _year() -> int:
    year = request.values.get("year", type=int) or clock.today().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _list(kind: str, url: str, read: Any, cells: Any) -> str | Response:
    """A list of things that count from a day; `cells` says what stands between their name and their days."""
    number, size = _page_asked()
    with database().reading() as session:
        page: Page[Standing[Any]] = read(session, number=number, size=size)
        names = names_for(session, kind, {})
    if page.is_past_the_end:
        return last_page(page)
    return render_template(
        "reference/list.html",
        tabs=tabs_at(url),
        kind=kind,
        rows=[
            {
                "code": getattr(each.row, "code", ""),
                "name": getattr(each.row, "name", "") or f"{each.row.base} → {each.row.quote}",
                "cells": cells(each.row, names),
                "valid_from": each.row.valid_from,
                "standing": standing_view(
                    each.state, each.row.valid_from, getattr(each.row, "valid_until", None)
                ),
                "pending": pending_view(each.pending),
                "change_url": _propose_url(kind, thing=each.row.id),
            }
            for each in page.rows
        ],
        pager=pager_view(page),
        propose_url=_propose_url(kind),
    )


def _propose_url(kind: str, **more: int) -> str:
    """Where a change of this kind is proposed; nothing for those who propose none."""
    if not PROPOSE_CHANGE.allows(actor(), kind):
        return ""
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{URL}/changes/new?what={kind}{asked}"


def _page_asked() -> tuple[int, int]:
    return clamp(request.args.get("page", type=int), request.args.get("size", type=int))
