"""The calendar's page: whole weeks, bars that fill them, clashes in words, and never more statements."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.catalog.schema import lay_schema
from assetlib.house import House
from tests import make, make_plans
from tests.delivery.reading import read_page
from tests.delivery.test_statements import ELSEWHERE, counted
from tests.delivery.visiting import Visit, Visits


@pytest.fixture(autouse=True)
def _in_march() -> Iterator[None]:
    with clock.held_at(datetime(2027, 3, 10, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def planner(house: House, people: make.People) -> Actor:
    with house.database.transaction() as session:
        lay_schema(session)
        return make.actor(make.person(session, people.own, PLANNER, name="Petra Planner"), people.own)


@pytest.fixture
def visit(visits: Visits, planner: Actor) -> Visit:
    return visits.of(planner)


def fill(house: House, planner: Actor, campaigns: int) -> None:
    """Campaigns with an activity each, all of them of March and of one channel."""
    with house.database.transaction() as session:
        plan = make_plans.plan(session, planner)
        for number in range(campaigns):
            of = make_plans.campaign(session, plan, name=f"Campaign {number}")
            start = date(2027, 3, 1) + timedelta(days=number % 20)
            make_plans.activity(
                session,
                of,
                name=f"Mailing {number}",
                channel="Newsletter",
                starts_on=start,
                ends_on=start + timedelta(days=9),
            )


def test_each_row_of_the_grid_is_a_week_of_seven_days(house: House, planner: Actor, visit: Visit) -> None:
    fill(house, planner, 30)
    grid = read_page(visit.get("/calendar?on=2027-03-15")).tree.xpath("//table[contains(@class,'month')]")[0]
    assert grid.xpath("count(./tbody)") == 5
    for row in grid.xpath("./tbody/tr"):
        assert sum(int(cell.get("colspan", 1)) for cell in row) == 7
    days = grid.xpath(".//time/@datetime")
    assert [days[0], days[-1]] == ["2027-03-01", "2027-04-04"]
    assert grid.xpath(".//time[@aria-current='date']/@datetime") == ["2027-03-10"]


def test_what_a_week_has_no_room_for_is_counted_and_stands_in_the_list(
    house: House, planner: Actor, visit: Visit
) -> None:
    fill(house, planner, 30)
    assert "more</a>" in visit.get("/calendar").text
    listed = visit.get("/calendar?view=list").text
    assert all(f"Mailing {number}<" in listed for number in range(30))


def test_a_clash_is_told_with_both_names_and_its_days(house: House, planner: Actor, visit: Visit) -> None:
    fill(house, planner, 2)
    for view in ("month", "list", "quarter", "year"):
        page = read_page(visit.get(f"/calendar?view={view}"))
        (told,) = page.tree.xpath("//section[contains(@class,'clashes')]//li")
        words = " ".join(told.text_content().split())
        assert words.startswith("Mailing 0 (Campaign 0) and Mailing 1 (Campaign 1): 9 days, 2 Mar to 10 Mar")
    assert "Mailing 0" in visit.get("/calendar?clashes=1").text
    assert "Nothing fits these filters" in visit.get("/calendar?clashes=1&on=2027-06-01").text


def test_a_year_names_campaigns_with_their_days_in_words(house: House, planner: Actor, visit: Visit) -> None:
    fill(house, planner, 60)
    first = read_page(visit.get("/calendar?view=year"))
    rows = first.tree.xpath("//th[@scope='rowgroup']")
    assert len(rows) == 48
    assert "1 Mar to 31 May" in rows[0].getparent().text_content()
    second = read_page(visit.get("/calendar?view=year&page=2"))
    assert len(second.tree.xpath("//th[@scope='rowgroup']")) == 12


@pytest.mark.parametrize(
    ("view", "day", "earlier", "later"),
    [
        ("month", "2027-01-31", "2026-12-01", "2027-02-01"),
        ("quarter", "2027-03-31", "2026-10-01", "2027-04-01"),
        ("year", "2027-03-31", "2026-01-01", "2028-01-01"),
        ("month", "2100-12-31", "2099-11-01", "2100-01-01"),
        ("month", "not a day", "2027-02-01", "2027-04-01"),
    ],
)
def test_it_leads_to_the_days_before_and_after(
    visit: Visit, view: str, day: str, earlier: str, later: str
) -> None:
    page = read_page(visit.get(f"/calendar?view={view}&on={day}&region=europe"))
    (before,), (after,) = page.tree.xpath("//a[@rel='prev']/@href"), page.tree.xpath("//a[@rel='next']/@href")
    assert f"on={earlier}" in before
    assert f"on={later}" in after
    assert "region=europe" in before


def test_it_asks_the_database_as_often_for_many_as_for_few(
    house: House, planner: Actor, visit: Visit
) -> None:
    counts: dict[str, list[int]] = {}
    for _ in range(2):
        fill(house, planner, 40)
        for view in ("month", "quarter", "year", "list"):
            with counted(house.database) as sent:
                assert visit.get(f"/calendar?view={view}").status_code == 200
            counts.setdefault(view, []).append(len(sent))
    assert all(few == many <= ELSEWHERE for few, many in counts.values()), counts
