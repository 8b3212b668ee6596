"""Calendars are made, changed until a year of theirs is open, and their years opened one after the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.reference.actions.days import drop_day, keep_day
from assetlib.reference.actions.fiscal import change_calendar, make_calendar, open_fiscal_year
from assetlib.reference.errors import ReferenceChanged, WrongReference, WrongReferenceState
from assetlib.reference.models import FiscalPeriod
from assetlib.reference.queries import find_period, periods_of_year, workdays_in
from assetlib.reference.rules.fiscal import Cut
from tests import make_plans
from tests.make_reference import Keepers, company_day

ENGINES = ("sqlite", "postgresql")
RETAIL = Cut("454", 2, 5, "nearest", "start")
CHRISTMAS_EVE, CHRISTMAS = date(2026, 12, 24), date(2026, 12, 25)


def test_a_year_that_is_opened_keeps_its_twelve_periods(session: Session, kept_by: Keepers) -> None:
    make_plans.fiscal_year(session, make_plans.fiscal_calendar(session), 2023)  # of another calendar
    calendar = make_calendar(session, kept_by.finance, name=" Stores ", cut=RETAIL)
    open_fiscal_year(session, kept_by.finance, calendar, 2023)
    periods = periods_of_year(session, calendar.id, 2023)
    assert calendar.name == "Stores"
    assert (periods[0].starts_on, periods[-1].ends_on) == (date(2023, 1, 29), date(2024, 2, 3))
    assert [each.quarter for each in periods] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    days = [periods[0].starts_on + timedelta(days=number) for number in range(371)]
    found = [find_period(session, calendar.id, day) for day in (days[0], days[27], days[28], days[-1])]
    assert [each.number for each in found if each is not None] == [1, 1, 2, 12]
    assert find_period(session, calendar.id, days[-1] + timedelta(days=1)) is None


def test_years_follow_each_other_and_are_opened_once(session: Session, kept_by: Keepers) -> None:
    calendar = make_calendar(session, kept_by.finance, name="Group", cut=Cut())
    open_fiscal_year(session, kept_by.finance, calendar, 2026)
    for year in (2026, 2025, 2028):
        with pytest.raises(WrongReference):
            open_fiscal_year(session, kept_by.finance, calendar, year)
    open_fiscal_year(session, kept_by.second, calendar, 2027)
    assert session.scalar(select(func.count()).select_from(FiscalPeriod)) == 24


def test_a_calendar_changes_until_a_year_of_it_is_open(session: Session, kept_by: Keepers) -> None:
    calendar = make_calendar(session, kept_by.finance, name="Group", cut=Cut())
    change_calendar(session, kept_by.second, calendar, name="Stores", cut=RETAIL, revision=1)
    assert (calendar.name, calendar.pattern, calendar.revision) == ("Stores", "454", 2)
    with pytest.raises(ReferenceChanged):
        change_calendar(session, kept_by.finance, calendar, name="Group", cut=Cut(), revision=1)
    open_fiscal_year(session, kept_by.finance, calendar, 2027)
    with pytest.raises(WrongReferenceState, match="Make another calendar"):
        change_calendar(session, kept_by.finance, calendar, name="Group", cut=Cut(), revision=2)
    assert (calendar.name, calendar.pattern) == ("Stores", "454")


def test_two_calendars_have_two_names(session: Session, kept_by: Keepers) -> None:
    make_calendar(session, kept_by.finance, name="Group", cut=Cut())
    with pytest.raises(WrongReference) as refused:
        make_calendar(session, kept_by.finance, name="GROUP", cut=Cut())
    assert list(refused.value.details["fields"]) == ["name"]


def test_planners_keep_no_fiscal_years(session: Session, kept_by: Keepers) -> None:
    calendar = make_plans.fiscal_calendar(session)
    with pytest.raises(NotPermitted):
        open_fiscal_year(session, kept_by.planner, calendar, 2027)
    with pytest.raises(NotPermitted):
        make_calendar(session, kept_by.planner, name="Mine", cut=Cut())


def test_a_day_of_the_company_counts_for_its_country(session: Session, kept_by: Keepers) -> None:
    company_day(session, country="NO", day=CHRISTMAS_EVE)
    assert workdays_in(session, "DE").includes(CHRISTMAS_EVE)
    eve = keep_day(
        session, kept_by.planner, country="DE", day=CHRISTMAS_EVE, name="Christmas Eve", works=False
    )
    keep_day(session, kept_by.planner, country="DE", day=CHRISTMAS, name="Stocktaking", works=True)
    german = workdays_in(session, "DE")
    assert (german.includes(CHRISTMAS_EVE), german.includes(CHRISTMAS)) == (False, True)
    drop_day(session, kept_by.planner, eve)
    assert workdays_in(session, "DE").includes(CHRISTMAS_EVE)
    assert not workdays_in(session, "NO").includes(CHRISTMAS_EVE)


def test_a_day_is_said_anew_and_not_twice(session: Session, kept_by: Keepers) -> None:
    first = keep_day(session, kept_by.planner, country="DE", day=CHRISTMAS_EVE, name="Eve", works=False)
    again = keep_day(
        session, kept_by.finance, country="DE", day=CHRISTMAS_EVE, name="Christmas Eve", works=False
    )
    assert (first.id, again.name) == (again.id, "Christmas Eve")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"day": None}, "day"),
        ({"day": date(1066, 10, 14)}, "day"),
        ({"name": " "}, "name"),
        ({"day": CHRISTMAS}, "day"),  # free anyway
        ({"works": True}, "day"),  # worked on anyway
    ],
)
def test_a_day_that_changes_nothing_is_refused(
    session: Session, kept_by: Keepers, said: dict[str, object], field: str
) -> None:
    whole = {"country": "DE", "day": CHRISTMAS_EVE, "name": "Eve", "works": False, **said}
    with pytest.raises(WrongReference) as refused:
        keep_day(session, kept_by.planner, **whole)  # type: ignore[arg-type]  # on purpose
    assert list(refused.value.details["fields"]) == [field]
