"""Fiscal calendars and their years."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib import clock, language
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.policy import open_to
from assetlib.reference.actions.fiscal import change_calendar, cut_of, make_calendar, open_fiscal_year
from assetlib.reference.models import FiscalCalendar
from assetlib.reference.permissions import KEEP_CALENDARS, SEE_REFERENCE
from assetlib.reference.queries import calendars, get_calendar, periods_of_year
from assetlib.reference.queries.lists import years_of
from assetlib.reference.rules.fiscal import Cut, Period, periods_of, place_of
from assetlib.web.changing import carried_out, made
from assetlib.web.forms import revision_seen
from assetlib.web.reference_view import URL, tabs_at
from assetlib.words import say

pages = Blueprint("reference_years", __name__, url_prefix=URL)

PATTERNS = {
    "months": say("Months of the calendar"),
    "445": say("Weeks: 4-4-5"),
    "454": say("Weeks: 4-5-4"),
    "544": say("Weeks: 5-4-4"),
}
ANCHORS = {"last": say("the last one of the month"), "nearest": say("the one nearest to the month's end")}
NAMES = {"start": say("the year in which it begins"), "end": say("the year in which it ends")}


@pages.get("")
@open_to(SEE_REFERENCE)
def index() -> str:
    """The calendars, and for each the years that are open."""
    with database().reading() as session:
        rows = calendars(session)
        years = years_of(session, [each.id for each in rows])
    return render_template(
        "reference/years.html",
        tabs=tabs_at(URL),
        rows=[
            {
                "name": each.name,
                "url": f"{URL}/calendars/{each.id}",
                "about": _in_words(each),
                "years": [(year, f"{URL}/calendars/{each.id}?year={year}") for year in years[each.id]],
            }
            for each in rows
        ],
        may_keep=KEEP_CALENDARS.allows(actor()),
    )


@pages.get("/calendars/new")
@open_to(KEEP_CALENDARS)
def new() -> str:
    return _form(None)


@pages.post("/calendars")
@open_to(KEEP_CALENDARS)
def make() -> Response | tuple[str, int]:
    return made(
        lambda session: make_calendar(session, actor(), name=request.form.get("name", ""), cut=_cut()),
        said=lambda row: say("{name} is there. Open its first year now.", name=row.name),
        to=lambda row: f"{URL}/calendars/{row.id}",
        refused=lambda refusal: _form(None, refusal),
    )


@pages.get("/calendars/<int:calendar_id>")
@open_to(SEE_REFERENCE)
def show(calendar_id: int) -> str:
    """A calendar and the periods of one year, open or as it would be."""
    return _page(calendar_id)


@pages.get("/calendars/<int:calendar_id>/edit")
@open_to(KEEP_CALENDARS)
def edit(calendar_id: int) -> str:
    return _form(calendar_id)


@pages.post("/calendars/<int:calendar_id>")
@open_to(KEEP_CALENDARS)
def change(calendar_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: change_calendar(
            session,
            actor(),
            get_calendar(session, calendar_id),
            name=request.form.get("name", ""),
            cut=_cut(),
            revision=revision_seen(),
        ),
        said=say("Saved."),
        to=f"{URL}/calendars/{calendar_id}",
        refused=lambda refusal: _form(calendar_id, refusal),
    )


@pages.post("/calendars/<int:calendar_id>/years")
@open_to(KEEP_CALENDARS)
def open_year(calendar_id: int) -> Response | tuple[str, int]:
    """Fix the days of a year."""
    year = request.form.get("year", 0, type=int)
    return carried_out(
        lambda session: open_fiscal_year(session, actor(), get_calendar(session, calendar_id), year),
        said=say("{year} is open. Its days are fixed.", year=str(year)),
        to=f"{URL}/calendars/{calendar_id}?year={year}",
        refused=lambda refusal: _page(calendar_id, refusal),
    )


def _cut() -> Cut:
    form = request.form
    return Cut(
        form.get("pattern", ""),
        form.get("start_month", 0, type=int),
        form.get("last_weekday", -1, type=int),
        form.get("anchor", ""),
        form.get("named_by", ""),
    )


def _form(calendar_id: int | None, problem: Refusal | None = None) -> str:
    row = None
    if calendar_id is not None:
        with database().reading() as session:
            row = get_calendar(session, calendar_id)
    cut = cut_of(row) if row is not None else Cut()
    typed = request.form if problem is not None else {}
    values = {"name": row.name if row is not None else "", **vars(cut), **typed}
    return render_template(
        "reference/calendar_form.html",
        action=f"{URL}/calendars/{calendar_id}" if calendar_id is not None else f"{URL}/calendars",
        name=row.name if row is not None else "",
        revision=typed.get("revision", row.revision if row is not None else ""),
        values={name: str(value) for name, value in values.items()},
        patterns=list(PATTERNS.items()),
        months=[(str(number), name) for number, name in language.month_names().items()],
        weekdays=[(str(number), name) for number, name in language.weekday_names().items()],
        anchors=list(ANCHORS.items()),
        names=list(NAMES.items()),
        problem=problem,
        faults=problem.details.get("fields", {}) if problem is not None else {},
    )


def _page(calendar_id: int, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        row = get_calendar(session, calendar_id)
        years = years_of(session, [row.id])[row.id]
        coming = _next_year(row, years)
        year = request.args.get("year", type=int) or (years[0] if years else coming)
        year = year if year in years else coming
        periods = _periods(session, row, year, is_open=year in years)
    today = clock.today()
    return render_template(
        "reference/calendar.html",
        name=row.name,
        about=_in_words(row),
        year=year,
        is_open=year in years,
        years=[(each, f"{URL}/calendars/{row.id}?year={each}", each == year, "") for each in sorted(years)],
        coming=(coming, f"{URL}/calendars/{row.id}?year={coming}", coming == year, ""),
        periods=[
            {
                "number": each.number,
                "quarter": each.quarter,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "weeks": each.weeks if cut_of(row).by_weeks else None,
                "is_now": each.starts_on <= today <= each.ends_on,
            }
            for each in periods
        ],
        weeks=sum(each.weeks for each in periods) if cut_of(row).by_weeks else None,
        may_keep=KEEP_CALENDARS.allows(actor()),
        edit_url=f"{URL}/calendars/{row.id}/edit" if not years else "",
        action=f"{URL}/calendars/{row.id}/years",
        first_year=not years,
        problem=problem,
    )


def _next_year(row: FiscalCalendar, years: list[int]) -> int:
    """The one that is opened next: of a calendar without any the present one, or another on request."""
    if years:
        return max(years) + 1
    asked = request.values.get("year", type=int)
    return asked if asked and 1991 <= asked <= 2099 else place_of(cut_of(row), clock.today())[0]


def _periods(session: Session, row: FiscalCalendar, year: int, *, is_open: bool) -> list[Period]:
    if not is_open:
        return periods_of(cut_of(row), year)
    stored = periods_of_year(session, row.id, year)
    return [Period(each.number, each.starts_on, each.ends_on) for each in stored]


def _in_words(row: FiscalCalendar) -> Any:
    months = language.month_names()
    if row.pattern == "months":
        return say(
            "By months, from {month} on. A year is called by {name}.",
            month=months[row.start_month],
            name=NAMES[row.named_by],
        )
    values = {
        "weeks": "-".join(row.pattern),
        "weekday": language.weekday_names()[row.last_weekday],
        "month": months[row.start_month - 1 or 12],
        "name": NAMES[row.named_by],
    }
    if row.anchor == "last":
        return say(
            "By weeks, {weeks}, to the last {weekday} of {month}. A year is called by {name}.", **values
        )
    return say(
        "By weeks, {weeks}, to the {weekday} nearest to the end of {month}. A year is called by {name}.",
        **values,
    )
