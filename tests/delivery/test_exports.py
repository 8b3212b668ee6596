"""Lists of planning as files: the rows of the pages, in the reader's language, money for those who see it."""

import csv
import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.accounts.models import Person
from assetlib.catalog.schema import lay_schema
from assetlib.house import House
from tests import make, make_plans
from tests.delivery.visiting import Visit, Visits

LISTS = ("calendar?on=2027-03-01", "campaigns?", "plans?", "tasks?")


@pytest.fixture
def planner(house: House, people: make.People) -> Actor:
    """Somebody who plans a campaign with a clash, and gave a task of it to an agency."""
    with house.database.transaction() as session:
        lay_schema(session)
        planner = make.actor(make.person(session, people.own, PLANNER, name="Petra Planner"), people.own)
        plan = make_plans.plan(session, planner, name="DACH 2027", region="europe")
        version = make_plans.plan_version(session, plan, "active", activated_at=clock.now())
        for name in ("Spring Trails", "=HYPERLINK(1)"):
            campaign = make_plans.campaign(session, plan, name=name, regions=["germany"])
            activity = make_plans.activity(session, campaign, name=f"{name} mailing", channel="Newsletter")
            make_plans.planned(session, version, activity)
            make_plans.plan_line(session, version, activity, amount_minor=123_450)
            make_plans.task(session, activity, name="Write", assignee_id=planner.person_id, percent=40)
            make_plans.task(
                session, activity, name=f"Draw for {name}", agency_id=people.agency.id, kind="planning"
            )
        return planner


def rows_of(visit: Visit, path: str) -> list[dict[str, str]]:
    answer = visit.get(f"/exports/{path}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="' in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def test_the_calendar_is_given_with_its_clashes(visits: Visits, planner: Actor) -> None:
    other, spring = rows_of(visits.of(planner), "calendar?on=2027-03-15&region=europe")
    assert spring["Name"] == "Spring Trails mailing"
    assert (spring["First day"], spring["Last day"]) == ("2027-03-01", "2027-05-31")
    assert (spring["Regions"], spring["Owner"]) == ("Germany", "Petra Planner")
    assert spring["Clashes with"] == "'=HYPERLINK(1) mailing"
    assert other["Campaign"] == "'=HYPERLINK(1)"
    assert rows_of(visits.of(planner), "calendar?on=2027-03-15&region=japan") == []


def test_an_agency_is_given_its_own_tasks_alone(visits: Visits, planner: Actor, people: make.People) -> None:
    all_of_them = rows_of(visits.of(planner), "tasks")
    assert len(all_of_them) == 4
    assert {each["Who does it"] for each in all_of_them} == {"Petra Planner", ""}
    theirs = rows_of(visits.of(people.contributor), "tasks")
    assert [each["Agency"] for each in theirs] == ["Halden & Frey", "Halden & Frey"]
    assert rows_of(visits.of(people.other_contributor), "tasks") == []
    assert len(rows_of(visits.of(planner), "tasks?mine=1")) == 2
    assert len(rows_of(visits.of(planner), "tasks?open=1&campaign=1")) == 2


def test_planned_money_is_given_to_those_alone_who_see_it(
    visits: Visits, planner: Actor, people: make.People
) -> None:
    (plan,) = rows_of(visits.of(planner), "plans")
    assert (plan["Number"], plan["Region"], plan["State"]) == ("PLN-001", "Europe", "Active")
    assert (plan["Planned money"], plan["Currency"]) == ("2469.00", "EUR")
    (plan,) = rows_of(visits.of(people.librarian), "plans")
    assert "Planned money" not in plan
    assert "2469" not in str(plan)


def test_the_campaigns_are_given_with_what_they_are_part_of(visits: Visits, planner: Actor) -> None:
    found = rows_of(visits.of(planner), "campaigns")
    assert {(each["Plan"], each["Activities"]) for each in found} == {("DACH 2027", "1")}


@pytest.mark.parametrize("path", LISTS)
def test_each_list_is_given_as_a_book_too(visits: Visits, planner: Actor, path: str) -> None:
    answer = visits.of(planner).get(f"/exports/{path}&format=xlsx")
    assert answer.status_code == 200
    with ZipFile(io.BytesIO(answer.get_data())) as book:
        assert book.testzip() is None
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "As of" in page
    assert "<f>" not in page
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_its_words_are_those_of_the_reader(house: House, visits: Visits, planner: Actor, form: str) -> None:
    with house.database.transaction() as session:
        session.get_one(Person, planner.person_id).locale = "de"
    content = visits.of(planner).get(f"/exports/tasks?format={form}").get_data()
    if form == "xlsx":
        with ZipFile(io.BytesIO(content)) as book:
            content = book.read("xl/worksheets/sheet1.xml")
    text = content.decode()
    assert all(word in text for word in ("Maßnahme", "Zu tun", "Erwartetes Ende", "Planung"))


def test_another_form_is_refused(visits: Visits, planner: Actor) -> None:
    assert visits.of(planner).get("/exports/tasks?format=pdf").status_code == 422


def test_a_file_is_called_by_its_day(visits: Visits, planner: Actor) -> None:
    with clock.held_at(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        answer = visits.of(planner).get("/exports/plans?format=xlsx")
    assert f"plans-{date(2026, 12, 1)}.xlsx" in answer.headers["Content-Disposition"]
