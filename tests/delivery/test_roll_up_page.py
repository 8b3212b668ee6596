"""The roll-up's page and file: plans down to activities, money for those who see it."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
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
        return make.actor(make.person(session, people.own, PLANNER, name="Petra Planner"), people.own)


def fill(house: House, planner: Actor, campaigns: int) -> None:
    """A plan with campaigns of one activity each, with a task that is late and 1,234.50 in January."""
    with house.database.transaction() as session:
        plan = make_plans.plan(session, planner, name="DACH 2027")
        version = make_plans.plan_version(session, plan, "active", activated_at=clock.now())
        account = make_plans.gl_account(session, name="Print")
        for number in range(campaigns):
            campaign = make_plans.campaign(session, plan, name=f"Campaign {number}")
            activity = make_plans.activity(session, campaign, name=f"Mailing {number}")
            make_plans.planned(session, version, activity)
            make_plans.plan_line(session, version, activity, amount_minor=123_450, gl_account_id=account.id)
            make_plans.task(
                session, activity, start=date(2027, 3, 1), finish=date(2027, 3, 12),
                forecast_finish=date(2027, 3, 16), percent=40,
            )  # fmt: skip


def rows_of(visit: Visit, path: str) -> list[list[str]]:
    table = read_page(visit.get(path)).tree.xpath("//table[contains(@class,'rollup')]")[0]
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in table.xpath(".//tr")
    ]


def test_each_level_has_its_figures(house: House, planner: Actor, visits: Visits) -> None:
    fill(house, planner, 2)
    head, plan, first, mailing, *_ = rows_of(visits.of(planner), "/plans/roll-up?depth=activity")
    assert head[-2:] == ["Quarter 4", "Sum"]
    assert plan == [
        "DACH 2027", "1 Mar to 12 Mar", "1 Mar to 16 Mar", "+2 d", "40 %", "2", "2", "0",
        "€2,469.00", "", "", "", "€2,469.00",
    ]  # fmt: skip
    assert (first[0], first[5], first[-1]) == ("Campaign 0", "1", "€1,234.50")
    assert mailing[0] == "Mailing 0"
    assert len(rows_of(visits.of(planner), "/plans/roll-up?depth=plan")) == 2
    assert len(rows_of(visits.of(planner), "/plans/roll-up")) == 4


@pytest.mark.parametrize(("by", "heads"), [("month", 12), ("quarter", 4), ("year", 0), ("account", 1)])
def test_money_stands_by_month_quarter_year_or_account(
    house: House, planner: Actor, visits: Visits, by: str, heads: int
) -> None:
    fill(house, planner, 1)
    head, plan, *_ = rows_of(visits.of(planner), f"/plans/roll-up?by={by}")
    assert len(head) == len(plan) == 8 + heads + 1
    assert plan[-1] == "€1,234.50"
    if by == "account":
        assert head[8].endswith("Print")


def test_who_sees_no_money_is_shown_none(
    house: House, planner: Actor, people: make.People, visits: Visits
) -> None:
    fill(house, planner, 1)
    for path in ("/plans/roll-up", "/exports/roll-up", "/exports/roll-up?by=account"):
        text = visits.of(people.librarian).get(path).text
        assert "DACH 2027" in text
        assert not any(word in text for word in ("1,234.50", "1234.50", "Sum", "Money"))


def test_the_file_holds_every_level(house: House, planner: Actor, visits: Visits) -> None:
    fill(house, planner, 2)
    text = visits.of(planner).get("/exports/roll-up?by=month").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [each["Level"] for each in rows] == ["Plan", *["Campaign", "Activity"] * 2]
    assert (rows[0]["Month 1"], rows[0]["Sum"], rows[0]["Currency"]) == ("2469.00", "2469.00", "EUR")
    assert (rows[2]["Activity"], rows[2]["Slip in workdays"], rows[2]["Late"]) == ("Mailing 0", "2", "1")
    book = visits.of(planner).get("/exports/roll-up?format=xlsx")
    assert book.get_data().startswith(b"PK")


def test_a_year_that_nobody_planned_is_empty(house: House, planner: Actor, visits: Visits) -> None:
    fill(house, planner, 1)
    assert "Nothing is planned for this year" in visits.of(planner).get("/plans/roll-up?year=2031").text


def test_it_asks_as_often_for_many_as_for_few(house: House, planner: Actor, visits: Visits) -> None:
    counts, visit = [], visits.of(planner)
    for _ in range(2):
        fill(house, planner, 30)
        with counted(house.database) as sent:
            assert visit.get("/plans/roll-up?depth=activity").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= ELSEWHERE
