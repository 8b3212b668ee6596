"""Signing in and out, where one comes to afterwards, and that changes come from our own pages only."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts import actions
from assetlib.accounts.models import Person, PersonSession
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Collection
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

PASSWORD = "seven wet boots on the ridge"
ADDRESS = "finn@northwind.example"


@pytest.fixture
def finn(house: House, people: make.People) -> Person:
    """The field marketer, with an address and a password."""
    with house.database.transaction() as session:
        person = session.get_one(Person, people.field_marketer.person_id)
        person.email = ADDRESS
        person.password_hash = hash_password(PASSWORD)
    return person


def knock(visit: Visit, password: str = PASSWORD, email: str = ADDRESS) -> Any:
    return visit.post("/sign-in", {"email": email, "password": password})


def test_signing_in_gives_a_cookie_of_ours(finn: Person, visits: Visits) -> None:
    visit = visits.nobody()
    answer = knock(visit, email=f"  {ADDRESS.upper()} ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("assetlib="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visit.get("/library").status_code == 200
    assert visit.get("/sign-in?next=/trash").headers["Location"] == "/trash"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/library?q=tag:coast&page=2", "/library?q=tag:coast&page=2"),
        ("/assets/3", "/assets/3"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("javascript:alert(1)", "/"),
        ("library", "/"),
        ("///evil.example", "/"),
        ("https:evil.example", "/"),
    ],
)
def test_the_way_on_stays_in_the_house(
    people: make.People, visits: Visits, wanted: str, reached: str
) -> None:
    """For who is signed in already; the form takes the same way, see below."""
    answer = visits.of(people.librarian).get("/sign-in", query_string={"next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, reached)


def test_the_form_leads_on_within_the_house_only(finn: Person, visits: Visits) -> None:
    leads_back = [(path, "/") for path in ("/sign-out", "/sign-in", "/sign-in/code?x=1", "/welcome/x")]
    for wanted, reached in [("/assets/3?v=2", "/assets/3?v=2"), ("//evil.example/", "/"), *leads_back]:
        data = {"email": ADDRESS, "password": PASSWORD}
        answer = visits.nobody().post("/sign-in", data, query_string={"next": wanted})
        assert (answer.status_code, answer.headers["Location"]) == (302, reached)


def refusals(visit: Visit, count: int, **who: str) -> list[tuple[int, str]]:
    answers = [knock(visit, **who) for _ in range(count)]
    return [(each.status_code, read_page(each).notices()) for each in answers]


def test_a_wrong_password_is_said_like_a_wrong_address(finn: Person, visits: Visits) -> None:
    wrong = refusals(visits.nobody(), 1, password="not this one at all")
    unknown = refusals(visits.nobody(), 1, email="nobody@northwind.example")
    assert wrong == unknown
    assert wrong[0][0] == 422
    assert "do not match" in wrong[0][1]


def test_a_refused_page_keeps_the_address_and_not_the_password(finn: Person, visits: Visits) -> None:
    answer = knock(visits.nobody(), password="not this one at all")
    typed = read_page(answer).typed()
    assert typed["email"] == [ADDRESS]
    assert typed["password"] == [""]
    assert "not this one" not in answer.get_data(as_text=True)


def test_who_guesses_waits_and_the_right_one_gets_in_later(finn: Person, visits: Visits) -> None:
    visit = visits.nobody()
    begun = clock.now()
    with clock.held_at(begun):
        seen = refusals(visit, 6, password="not this one at all")
        assert seen[5][0] == 429
        assert "Wait" in seen[5][1]
        assert knock(visit).status_code == 429  # even with the right one
    with clock.held_at(begun + timedelta(minutes=1)):
        assert knock(visit).status_code == 302


@pytest.mark.parametrize("what", ["person", "organisation"])
def test_the_suspended_are_told_no_more_than_others_without_their_password(
    house: House, people: make.People, visits: Visits, what: str
) -> None:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.contributor.person_id)
        person.email, person.password_hash = ADDRESS, hash_password(PASSWORD)
        if what == "person":
            actions.suspend_person(session, people.administrator, person)
        else:
            actions.suspend_organisation(session, people.administrator, person.organisation)
    seen = refusals(visits.nobody(), 1, password="not this one at all")
    assert seen == refusals(visits.nobody(), 1, email="nobody@northwind.example")
    assert seen[0][0] == 422


def test_signing_out_ends_the_session_and_clears_the_browser(
    house: House, finn: Person, visits: Visits
) -> None:
    visit = visits.nobody()
    knock(visit)
    cookie = visit.client.get_cookie("assetlib")
    assert cookie is not None
    token = read_page(visit.get("/library")).typed("/sign-out")["csrf_token"][0]
    answer = visit.client.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert visit.client.get_cookie("assetlib") is None
    copied = visits.nobody()
    copied.client.set_cookie("assetlib", cookie.value)
    assert copied.get("/library").status_code == 302
    assert copied.get("/api/v1/me").status_code == 401
    with house.database.reading() as session:
        assert all(row.ended_at for row in session.scalars(select(PersonSession)))
        said = list(session.scalars(select(AuditEntry.action)))
    assert said[-2:] == ["accounts.signed_in", "accounts.signed_out"]


@pytest.mark.parametrize("cookie", ["", "x", "y" * 65, "ü", "a" * 43, "' OR 1=1 --"])
def test_a_made_up_cookie_opens_nothing(visits: Visits, cookie: str) -> None:
    nobody = visits.nobody()
    nobody.client.set_cookie("assetlib", cookie)
    assert nobody.get("/api/v1/me").status_code == 401


OURS = {"name": "Made elsewhere"}


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost.evil.example"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, True),
        ({"X-CSRF-Token": "forged"}, False),
    ],
)
def test_a_change_from_elsewhere_is_not_done(
    house: House, people: make.People, visits: Visits, headers: dict[str, str], token: bool
) -> None:
    visit = visits.of(people.librarian)
    data = {**OURS, "csrf_token": visit.token()} if token else OURS
    page = visit.client.post("/collections", data=data, headers=headers)
    assert page.status_code == 403
    assert read_page(page).tree.xpath("//*[@class='error__text']")
    sent = {**({"X-CSRF-Token": visit.token()} if token else {}), **headers}
    answer = visit.client.post("/api/v1/collections", json=OURS, headers=sent)
    assert (answer.status_code, (answer.json or {})["code"]) == (403, "foreign_request")
    with house.database.reading() as session:
        assert session.scalars(select(Collection)).all() == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_change_from_our_own_pages_is_done(
    people: make.People, visits: Visits, headers: dict[str, str]
) -> None:
    assert visits.of(people.librarian).post("/collections", OURS, headers=headers).status_code == 303


def test_another_browser_s_token_is_not_ours(people: make.People, visits: Visits) -> None:
    stolen = visits.of(people.field_marketer).token()
    visit = visits.of(people.librarian)
    visit.token()
    answer = visit.client.post("/collections", data={**OURS, "csrf_token": stolen})
    assert answer.status_code == 403


def test_a_name_for_one_host_is_used_where_cookies_go_over_tls(house: House, people: make.People) -> None:
    settings = replace(house.settings, public_url="https://assets.example")
    app = create_app(settings, house=replace(house, settings=settings))
    answer = app.test_client().get("/sign-in", base_url="https://assets.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-assetlib-form=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
