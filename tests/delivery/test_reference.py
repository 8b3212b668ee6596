"""Reference data in pages: proposed in the reader's own numbers, decided by somebody else, told to both."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.dashboards.my_work import what_waits
from assetlib.dashboards.work import DONE, FOR_ME, I_WAIT_FOR
from assetlib.house import House
from assetlib.notify.models import Notice
from assetlib.reference.models import Contract, ExchangeRate, GlAccount, ReferenceChange, Vendor
from assetlib.reference.queries import workdays_in
from tests import make, make_plans
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits
from tests.make_reference import Keepers, change, contract, keepers, rate, vendor

ACCOUNT = {
    "what": "gl_account",
    "kind": "expense",
    "code": "006010",
    "name": "Advertising",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "reason": "For the plan of 2027",
}


@dataclass
class Scene:
    house: House
    kept_by: Keepers
    finance: Visit
    second: Visit
    planner: Visit
    maintainer: Visit

    def rows(self, model: Any) -> list[Any]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def scene(house: House, people: make.People, visits: Visits) -> Iterator[Scene]:
    with clock.held_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        with house.database.transaction() as session:
            kept_by = keepers(session, people)
        four = (kept_by.finance, kept_by.second, kept_by.planner, kept_by.maintainer)
        yield Scene(house, kept_by, *(visits.of(each) for each in four))


def gone_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return answer.headers["Location"]


def items(scene: Scene, who: Actor, view: str) -> list[tuple[str, str]]:
    """What stands in a view of somebody's My work: title and where it leads."""
    with scene.house.database.reading() as session:
        groups = what_waits(session, who, view=view).groups
    return [(item.title, item.url) for group in groups for item in group.items]


def test_my_work_says_of_each_kind_what_it_is_about(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        halden = vendor(session, code="7", name="Halden")
        things = [
            ("vendor", halden.id),
            ("contract", contract(session, halden, name="Frame").id),
            ("rate", rate(session).id),
            ("cost_centre", make_plans.cost_centre(session, code="0100", name="DACH").id),
            ("rate", None),
        ]
        for kind, thing_id in things:
            after = {"base": "EUR", "quote": "NOK", "name": "New"} if thing_id is None else {"name": "x"}
            change(session, scene.kept_by.finance, kind=kind, thing_id=thing_id, after=after)
    assert [title for title, _ in items(scene, scene.kept_by.second, FOR_ME)] == [
        "Vendor 7 Halden",
        "Contract Frame",
        "Exchange rate EUR → USD",
        "Cost centre 0100 DACH",
        "Exchange rate EUR → NOK",
    ]


def test_an_account_is_proposed_seen_field_by_field_and_approved(scene: Scene) -> None:
    url = gone_to(scene.finance.post("/reference/changes", ACCOUNT))
    mine = read_page(scene.finance.get(url))
    assert f"{url}/approve" not in [each.get("action") for each in mine.forms]
    assert f"{url}/withdraw" in [each.get("action") for each in mine.forms]
    theirs = read_page(scene.second.get(url))
    assert "006010" in theirs.text
    assert "Fred Finance" in theirs.text
    assert "Your decision" in theirs.text
    assert "Your decision" not in read_page(scene.planner.get(url)).text
    with scene.house.database.reading() as session:
        waits = what_waits(session, scene.kept_by.second)
        assert [(group.verb, item.url) for group in waits.groups for item in group.items] == [("decide", url)]
        assert what_waits(session, scene.kept_by.finance).total == 0
        assert items(scene, scene.kept_by.finance, I_WAIT_FOR) == [("G/L account 006010 Advertising", url)]
        assert items(scene, scene.kept_by.planner, FOR_ME) == []
    gone_to(scene.second.post(f"{url}/approve", {"answer": "Fine"}))
    assert "006010" in read_page(scene.planner.get("/reference/accounts")).text
    assert items(scene, scene.kept_by.finance, DONE) == [("G/L account 006010 Advertising", url)]
    assert items(scene, scene.kept_by.second, FOR_ME) == []
    told = [(each.person_id, each.kind) for each in scene.rows(Notice) if each.kind == "reference.decided"]
    assert told == [(scene.kept_by.finance.person_id, "reference.decided")]


def test_what_was_typed_stands_in_the_form_with_what_is_wrong(scene: Scene) -> None:
    answer = scene.finance.post("/reference/changes", {**ACCOUNT, "code": "60 10", "reason": ""})
    assert answer.status_code == 422
    page = read_page(answer)
    typed = page.typed("/reference/changes")
    assert (typed["code"], typed["name"], typed["valid_from"]) == (["60 10"], ["Advertising"], ["2026-01-01"])
    assert "Write digits and letters" in page.notices()


def test_a_rate_is_typed_by_the_readers_customs_and_kept_to_the_last_digit(scene: Scene) -> None:
    assert scene.finance.send("PATCH", "/api/v1/me", json={"language": "de"}).status_code == 200
    form = {
        "what": "rate",
        "kind": "plan",
        "base": "EUR",
        "quote": "USD",
        "valid_from": "2027-01-01",
        "reason": "Plan",
    }
    assert scene.finance.post("/reference/changes", {**form, "rate": "1.0851"}).status_code == 422
    url = gone_to(scene.finance.post("/reference/changes", {**form, "rate": "1,0851"}))
    gone_to(scene.second.post(f"{url}/approve"))
    (row,) = scene.rows(ExchangeRate)
    assert (row.rate, row.valid_from) == (10_851_000_000, date(2027, 1, 1))
    assert "1,0851" in read_page(scene.finance.get("/reference/rates")).text
    assert "1.0851" in read_page(scene.second.get("/reference/rates")).text


def test_who_maintains_vendors_proposes_them_and_their_contracts_and_nothing_else(scene: Scene) -> None:
    form = {"what": "vendor", "code": "70001", "name": "Halden", "currency": "NOK", "reason": "New agency"}
    gone_to(scene.second.post(f"{gone_to(scene.maintainer.post('/reference/changes', form))}/approve"))
    agreed = {
        "what": "contract", "vendor_id": 1, "name": "Frame", "starts_on": "2027-01-01",
        "cap_minor": "500,000", "currency": "NOK", "reason": "Signed",
    }  # fmt: skip
    url = gone_to(scene.maintainer.post("/reference/changes", agreed))
    assert "NOK500,000.00" in read_page(scene.second.get(url)).text.replace("\xa0", "")
    gone_to(scene.second.post(f"{url}/approve"))
    assert [each.cap_minor for each in scene.rows(Contract)] == [50_000_000]
    assert scene.maintainer.post("/reference/changes", ACCOUNT).status_code == 403
    assert scene.maintainer.post(f"{url}/reject", {"answer": "x"}).status_code == 403
    page = read_page(scene.maintainer.get("/reference/accounts"))
    assert not any("changes/new" in each for each in page.links)
    assert "/reference/changes/new?what=vendor" in read_page(scene.maintainer.get("/reference/vendors")).links


def test_what_was_left_alone_is_not_proposed_and_a_change_in_between_is_told(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        vendor(session, code="7", name="Halden", terms_days=30)
    form = read_page(scene.finance.get("/reference/changes/new?what=vendor&thing=1"))
    typed = {name: values[0] for name, values in form.typed("/reference/changes").items()}
    typed["country"] = typed.get("country", "")
    with scene.house.database.transaction() as session:
        session.get_one(Vendor, 1).terms_days = 60
    url = gone_to(
        scene.finance.post("/reference/changes", {**typed, "name": "Halden AS", "reason": "Renamed"})
    )
    (row,) = scene.rows(ReferenceChange)
    assert row.after == {"name": "Halden AS"}
    assert url.endswith(str(row.id))
    answer = scene.second.post("/reference/changes", {**typed, "terms_days": "14", "reason": "Sooner"})
    assert answer.status_code == 409
    assert "Somebody changed this while you were at it." in read_page(answer).notices()
    assert json.loads(typed["seen"])["terms_days"] == 30


def test_rejecting_takes_a_reason_which_the_maker_reads(scene: Scene) -> None:
    url = gone_to(scene.finance.post("/reference/changes", ACCOUNT))
    assert scene.second.post(f"{url}/reject", {"answer": " "}).status_code == 422
    gone_to(scene.second.post(f"{url}/reject", {"answer": "We have 6010"}))
    assert "We have 6010" in read_page(scene.finance.get(url)).text
    answer = scene.second.post(f"{url}/approve")
    assert answer.status_code == 409
    assert scene.rows(GlAccount) == []


def test_a_rate_that_is_there_changes_its_number_only(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        row = rate(session)
    page = read_page(scene.finance.get(f"/reference/changes/new?what=rate&thing={row.id}"))
    assert set(page.typed("/reference/changes")) >= {"rate", "effective_on"}
    assert "base" not in page.typed("/reference/changes")


def test_a_calendar_is_made_looked_at_and_its_year_opened(scene: Scene) -> None:
    form = {"name": "Stores", "pattern": "454", "start_month": "2", "last_weekday": "5",
            "anchor": "nearest", "named_by": "start"}  # fmt: skip
    assert scene.finance.post("/reference/calendars", {**form, "name": ""}).status_code == 422
    url = gone_to(scene.finance.post("/reference/calendars", form))
    before = read_page(scene.finance.get(f"{url}?year=2023"))
    assert "Not open yet" in before.text
    assert "53 weeks" in before.text
    gone_to(scene.finance.post(f"{url}/years", {"year": "2023"}))
    again = scene.finance.post(f"{url}/years", {"year": "2023"})
    assert again.status_code == 422
    assert "2023 is open already." in read_page(again).notices()
    assert f"{url}?year=2024" in read_page(scene.planner.get(url)).links
    assert scene.planner.post(f"{url}/years", {"year": "2024"}).status_code == 403


def test_a_planner_keeps_a_day_of_the_company_and_takes_it_out(scene: Scene) -> None:
    form = {"country": "DE", "year": "2026", "day": "2026-12-24", "name": "Christmas Eve", "works": "0"}
    url = gone_to(scene.planner.post("/reference/holidays", form))
    page = read_page(scene.planner.get(url))
    assert "Christmas Eve" in page.text
    assert "German Unity Day" in page.text
    with scene.house.database.reading() as session:
        assert not workdays_in(session, "DE").includes(date(2026, 12, 24))
    again = scene.planner.post("/reference/holidays", {**form, "day": "2026-12-25"})
    assert again.status_code == 422
    assert read_page(again).typed("/reference/holidays")["name"] == ["Christmas Eve"]
    gone_to(scene.planner.post("/reference/holidays/1/remove", {"country": "DE", "year": "2026"}))
    assert "Christmas Eve" not in read_page(scene.planner.get(url)).text


@pytest.mark.parametrize(
    "path",
    ["changes/new?what=budget", "changes/new?what=gl_account&thing=99", "changes/new?what=rate&thing=x",
     "changes/new?what=contract",
     "changes/99", "vendors/99", "calendars/99"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(scene: Scene, path: str) -> None:
    assert scene.finance.get(f"/reference/{path}").status_code == 404


def test_a_list_longer_than_a_page_has_more_pages(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        for number in range(5):
            make_plans.gl_account(session, code=f"00{number}")
    page = read_page(scene.planner.get("/reference/accounts?size=2&page=2"))
    assert "002" in page.text
    assert "/reference/accounts?size=2&page=3" in page.links
    assert scene.planner.get("/reference/accounts?size=2&page=9").status_code == 302
