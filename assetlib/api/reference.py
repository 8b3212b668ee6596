"""Reference data: fiscal years, accounts, cost centres, rates, vendors, contracts, holidays."""

from typing import Any

from apiflask import APIBlueprint

from assetlib import clock, language
from assetlib.api.reference_shapes import (
    CalendarChange,
    CalendarIn,
    CalendarOut,
    CalendarsOut,
    CompanyDayIn,
    CompanyDayOut,
    ContractsOut,
    HolidayOut,
    HolidaysOut,
    HolidaysQuery,
    PeriodOut,
    ThingOut,
    ThingsOut,
    YearIn,
    YearOut,
)
from assetlib.api.shapes import Query
from assetlib.current import actor, database
from assetlib.money import plain_rate
from assetlib.paging import Page
from assetlib.policy import open_to
from assetlib.reference.actions.days import drop_day, keep_day
from assetlib.reference.actions.fiscal import change_calendar, cut_of, make_calendar, open_fiscal_year
from assetlib.reference.models import CompanyDay, FiscalCalendar
from assetlib.reference.permissions import KEEP_CALENDARS, KEEP_DAYS, SEE_REFERENCE
from assetlib.reference.queries import calendars, get_calendar, periods_of_year
from assetlib.reference.queries.lists import (
    Standing,
    accounts_page,
    company_days,
    contracts_of,
    cost_centres_page,
    find_company_day,
    rates_page,
    vendors_page,
    years_of,
)
from assetlib.reference.queries.things import get_thing, kind_of, values_of
from assetlib.reference.rules.fiscal import Cut, must_be_a_year, periods_of
from assetlib.reference.rules.things import Values, called
from assetlib.workdays import public_holidays

api = APIBlueprint("api_reference", __name__, tag="Reference data", url_prefix="/reference")


@api.get("/calendars")
@api.output(CalendarsOut)
@open_to(SEE_REFERENCE)
def index() -> CalendarsOut:
    """The fiscal calendars, with the years that are open."""
    with database().reading() as session:
        rows = calendars(session)
        years = years_of(session, [each.id for each in rows])
        return CalendarsOut(calendars=[_calendar(each, years[each.id]) for each in rows])


@api.post("/calendars")
@api.input(CalendarIn)
@api.output(CalendarOut, status_code=201)
@open_to(KEEP_CALENDARS)
def make(json_data: CalendarIn) -> CalendarOut:
    """Add a calendar."""
    with database().transaction() as session:
        return _calendar(make_calendar(session, actor(), name=json_data.name, cut=_cut(json_data)), [])


@api.put("/calendars/<int:calendar_id>")
@api.input(CalendarChange)
@api.output(CalendarOut)
@open_to(KEEP_CALENDARS)
def change(calendar_id: int, json_data: CalendarChange) -> CalendarOut:
    """Name it or cut it otherwise, until a year of it is open."""
    with database().transaction() as session:
        row = get_calendar(session, calendar_id)
        change_calendar(
            session,
            actor(),
            row,
            name=json_data.name,
            cut=_cut(json_data),
            revision=json_data.revision,
        )
        return _calendar(row, [])


@api.post("/calendars/<int:calendar_id>/years")
@api.input(YearIn)
@api.output(YearOut, status_code=201)
@open_to(KEEP_CALENDARS)
def open_year(calendar_id: int, json_data: YearIn) -> YearOut:
    """Fix the days of the year that follows on those that are open."""
    with database().transaction() as session:
        row = get_calendar(session, calendar_id)
        periods = open_fiscal_year(session, actor(), row, json_data.year)
        return _year(row, json_data.year, periods, is_open=True)


@api.get("/calendars/<int:calendar_id>/years/<int:year>")
@api.output(YearOut)
@open_to(SEE_REFERENCE)
def show_year(calendar_id: int, year: int) -> YearOut:
    """The twelve periods of a year, as they are fixed or as they would be."""
    must_be_a_year(year)
    with database().reading() as session:
        row = get_calendar(session, calendar_id)
        stored = periods_of_year(session, row.id, year)
    return _year(row, year, stored or periods_of(cut_of(row), year), is_open=bool(stored))


@api.get("/accounts")
@api.input(Query, location="query")
@api.output(ThingsOut)
@open_to(SEE_REFERENCE)
def accounts(query_data: Query) -> ThingsOut:
    """G/L accounts by their code, and whether each is valid today."""
    with database().reading() as session:
        page = accounts_page(session, clock.today(), number=query_data.page, size=query_data.size)
        return _things(page)


@api.get("/cost-centres")
@api.input(Query, location="query")
@api.output(ThingsOut)
@open_to(SEE_REFERENCE)
def cost_centres(query_data: Query) -> ThingsOut:
    """Cost centres by their code, and whether each is valid today."""
    with database().reading() as session:
        page = cost_centres_page(session, clock.today(), number=query_data.page, size=query_data.size)
        return _things(page)


@api.get("/rates")
@api.input(Query, location="query")
@api.output(ThingsOut)
@open_to(SEE_REFERENCE)
def rates(query_data: Query) -> ThingsOut:
    """Exchange rates pair by pair, the latest first."""
    with database().reading() as session:
        page = rates_page(session, clock.today(), number=query_data.page, size=query_data.size)
        return _things(page)


@api.get("/vendors")
@api.input(Query, location="query")
@api.output(ThingsOut)
@open_to(SEE_REFERENCE)
def vendors(query_data: Query) -> ThingsOut:
    """Vendors by name."""
    with database().reading() as session:
        page = vendors_page(session, number=query_data.page, size=query_data.size)
        things = [
            _thing(row, row.state, pending.id if pending is not None else None)
            for row, _, pending in page.rows
        ]
    return ThingsOut(total=page.total, page=page.number, size=page.size, things=things)


@api.get("/vendors/<int:vendor_id>/contracts")
@api.output(ContractsOut)
@open_to(SEE_REFERENCE)
def contracts(vendor_id: int) -> ContractsOut:
    """What was agreed with a vendor, the latest first."""
    with database().reading() as session:
        get_thing(session, "vendor", vendor_id)
        rows = contracts_of(session, vendor_id, clock.today())
        return ContractsOut(contracts=[_standing(each) for each in rows])


@api.get("/holidays")
@api.input(HolidaysQuery, location="query")
@api.output(HolidaysOut)
@open_to(SEE_REFERENCE)
def holidays(query_data: HolidaysQuery) -> HolidaysOut:
    """The public holidays of a country and year, and the days that the company keeps otherwise."""
    country, year = query_data.country, query_data.year
    with database().reading() as session:
        kept = company_days(session, country, year)
    public = public_holidays(country, year, language.language())
    return HolidaysOut(
        country=country,
        year=year,
        public=[HolidayOut(day=day, name=name) for day, name in public.items()],
        company=[_day(each) for each in kept],
    )


@api.post("/company-days")
@api.input(CompanyDayIn)
@api.output(CompanyDayOut, status_code=201)
@open_to(KEEP_DAYS)
def keep(json_data: CompanyDayIn) -> CompanyDayOut:
    """The company rests on a workday of a country, or works on a free day of it."""
    with database().transaction() as session:
        return _day(
            keep_day(
                session,
                actor(),
                country=json_data.country,
                day=json_data.day,
                name=json_data.name,
                works=json_data.works,
            )
        )


@api.delete("/company-days/<int:day_id>")
@api.output({}, status_code=204)
@open_to(KEEP_DAYS)
def drop(day_id: int) -> str:
    """The company keeps the day as its country does."""
    with database().transaction() as session:
        drop_day(session, actor(), find_company_day(session, day_id))
    return ""


def plain(values: Values) -> dict[str, Any]:
    """Values as programs read them: a rate is a text with a point, so that no digit of it is lost."""
    return {
        name: plain_rate(value) if name == "rate" and isinstance(value, int) else value
        for name, value in values.items()
    }


def _cut(said: CalendarIn) -> Cut:
    return Cut(said.pattern, said.start_month, said.last_weekday, said.anchor, said.named_by)


def _calendar(row: FiscalCalendar, years: list[int]) -> CalendarOut:
    return CalendarOut(id=row.id, name=row.name, revision=row.revision, years=years, **vars(cut_of(row)))


def _year(row: FiscalCalendar, year: int, periods: Any, *, is_open: bool) -> YearOut:
    return YearOut(
        calendar=row.id,
        year=year,
        is_open=is_open,
        periods=[
            PeriodOut(
                number=each.number, quarter=each.quarter, starts_on=each.starts_on, ends_on=each.ends_on
            )
            for each in periods
        ],
    )


def _things(page: Page[Any]) -> ThingsOut:
    return ThingsOut(
        total=page.total, page=page.number, size=page.size, things=[_standing(each) for each in page.rows]
    )


def _standing(each: Standing[Any]) -> ThingOut:
    return _thing(each.row, each.state, each.pending.id if each.pending is not None else None)


def _thing(row: Any, state: str, pending: int | None) -> ThingOut:
    values = values_of(row)
    return ThingOut(
        id=row.id,
        name=called(kind_of(row), values),
        values=plain(values),
        state=state,
        pending_change=pending,
    )


def _day(row: CompanyDay) -> CompanyDayOut:
    return CompanyDayOut(id=row.id, country=row.country, day=row.day, name=row.name, works=row.works)
