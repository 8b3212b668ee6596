"""From the mail to the first page: an invitation, a forgotten password, and links that are over."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.accounts.actions.links import send_invitation
from assetlib.accounts.jobs import answer_forgotten
from assetlib.accounts.models import Person, PersonSession
from assetlib.accounts.passwords import hash_password, matches
from assetlib.house import House
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.notify.models import Notice, OutgoingMail
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

OLD, NEW = "seven wet boots on the ridge", "nine dry socks by the stove"
ADDRESS = "finn@northwind.example"


@pytest.fixture
def finn(house: House, people: make.People) -> int:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.field_marketer.person_id)
        person.email, person.password_hash = ADDRESS, hash_password(OLD)
    return person.id


@pytest.fixture
def invitation(house: House, people: make.People) -> str:
    """The address in the mail that somebody of an agency got."""
    with house.database.transaction() as session:
        person = make.person(session, people.agency, email="nora@halden.example", name="N.", state="invited")
        send_invitation(session, people.administrator, person)
    return mailed(house)[-1]


def mailed(house: House) -> list[str]:
    """The addresses that the buttons of all mails lead to."""
    with house.database.reading() as session:
        mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    return [str(each.letter["button_url"]) for each in mails]


def carry_out(house: House) -> None:
    """What the worker does for those who forgot their password."""
    with house.database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "accounts.answer_forgotten")).all()
    for each in jobs:
        answer_forgotten(Work(house.database, house.settings), **each.arguments)


def ask(visit: Visit, email: str = ADDRESS) -> TestResponse:
    return visit.post("/forgotten-password", {"email": email})


def person_of(house: House, email: str) -> Person:
    with house.database.reading() as session:
        return session.scalars(select(Person).where(Person.email == email)).one()


def test_an_invitation_leads_in(house: House, visits: Visits, invitation: str) -> None:
    visit = visits.nobody()
    answer = visit.get(invitation)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
    page = visit.get("/welcome")
    assert "nora@halden.example" in page.get_data(as_text=True)
    answer = visit.post("/welcome", {"name": "Nora Falk", "language": "de", "password": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert visit.get("/account").status_code == 200
    person = person_of(house, "nora@halden.example")
    assert (person.name, person.locale, person.state) == ("Nora Falk", "de", "active")
    assert matches(person.password_hash, NEW)
    with house.database.reading() as session:
        row = session.scalars(select(PersonSession).where(PersonSession.person_id == person.id)).one()
    assert row.way == "link"


def test_a_new_password_comes_by_mail(house: House, people: make.People, visits: Visits, finn: int) -> None:
    elsewhere, here = visits.of(people.field_marketer), visits.nobody()
    assert '"/forgotten-password"' in here.get("/sign-in").get_data(as_text=True)
    assert "mail with a link" in read_page(ask(here)).text
    carry_out(house)
    (address,) = mailed(house)
    here.get(address)
    assert here.post("/new-password", {"password": NEW}).status_code == 302
    assert here.get("/library").status_code == 200
    assert elsewhere.get("/library").status_code == 302
    assert matches(person_of(house, ADDRESS).password_hash, NEW)
    with house.database.reading() as session:
        notice = session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.kind) == (finn, "account.changed"), "should it have been somebody else"
    assert "Your password was changed by a link" in here.get("/notices").text


def test_looking_at_a_link_uses_nothing(house: House, visits: Visits, invitation: str) -> None:
    """A mail scanner that opens every link takes nothing from the person."""
    scanner = visits.nobody()
    for _ in range(3):
        scanner.get(invitation)
        assert scanner.get("/welcome").status_code == 200
    assert person_of(house, "nora@halden.example").state == "invited"
    visit = visits.nobody()
    visit.get(invitation)
    assert visit.post("/welcome", {"name": "Nora", "password": NEW}).status_code == 302


def test_no_other_place_learns_the_address(visits: Visits, invitation: str) -> None:
    visit = visits.nobody()
    answers = [visit.get(invitation), visit.get("/welcome"), visits.nobody().get("/welcome")]
    for each in answers:
        assert each.headers["Referrer-Policy"] == "no-referrer"
        assert each.headers["Cache-Control"] == "private, no-store"
    token = invitation.rsplit("/", 1)[1]
    assert token not in answers[0].headers["Location"]
    assert token not in answers[1].get_data(as_text=True)


def over(visit: Visit, address: str, password: str = NEW) -> tuple[int, str]:
    """What is read by whoever opens a link that opens nothing, on the page and by its button."""
    door = address.rsplit("/", 1)[0]
    visit.get(address)
    shown = visit.get(door)
    done = visit.post(door, {"name": "Nora", "password": password})
    assert (shown.status_code, read_page(shown).text) == (done.status_code, read_page(done).text)
    return done.status_code, read_page(done).text


def test_every_link_that_is_over_reads_the_same(
    house: House, visits: Visits, invitation: str, finn: int
) -> None:
    ask(visits.nobody())
    carry_out(house)
    reset = mailed(house)[-1]
    visit = visits.nobody()
    visit.get(invitation)
    visit.post("/welcome", {"name": "Nora", "password": NEW})
    used = over(visits.nobody(), invitation)
    with clock.held_at(clock.now() + timedelta(minutes=61)):
        old = over(visits.nobody(), reset)
    wrong_door = over(visits.nobody(), "/new-password/" + invitation.rsplit("/", 1)[1])
    unknown = [over(visits.nobody(), f"/welcome/{each}") for each in ("x", "a" * 43, "%00", "%F0%9F%98%80")]
    assert {used, old, wrong_door, *unknown} == {used}
    status, text = used
    assert status == 404
    assert "Ask for a new link" in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "Nora", "password": "short"}, "at least 12"),
        ({"name": "Nora", "password": "passwordpassword"}, "too easy to guess"),
        ({"name": "", "password": NEW}, "Give your name"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_link_still_works(
    visits: Visits, invitation: str, typed: dict[str, Any], words: str
) -> None:
    visit = visits.nobody()
    visit.get(invitation)
    answer = visit.post("/welcome", typed)
    assert answer.status_code == 422
    page = read_page(answer)
    assert words in page.notices()
    assert page.typed()["password"] == [""]
    assert visit.post("/welcome", {"name": "Nora", "password": NEW}).status_code == 302


def test_nobody_learns_who_has_an_account(house: House, visits: Visits, finn: int) -> None:
    known, unknown = (ask(visits.nobody(), each) for each in (ADDRESS, "nobody@northwind.example"))
    assert (known.status_code, read_page(known).text) == (unknown.status_code, read_page(unknown).text)
    assert mailed(house) == [], "whether there is somebody is seen later, by the worker"


def test_who_asks_too_often_waits_whether_they_exist_or_not(visits: Visits, finn: int) -> None:
    for email in (ADDRESS, "nobody@northwind.example"):
        answers = [ask(visits.nobody(), email) for _ in range(4)]
        assert [each.status_code for each in answers] == [200] * 3 + [429]
        assert "Wait 15 minutes" in read_page(answers[3]).notices()


def test_a_network_asks_for_twenty_addresses_in_an_hour(house: House, visits: Visits) -> None:
    begun = clock.now()
    with clock.held_at(begun):
        asked = [ask(visits.nobody(), f"n{number}@northwind.example") for number in range(21)]
    assert [each.status_code for each in asked] == [200] * 20 + [429]
    with clock.held_at(begun + timedelta(hours=1)):
        assert ask(visits.nobody(), "n21@northwind.example").status_code == 200


def test_the_browser_s_earlier_session_is_not_carried_over(
    house: House, people: make.People, visits: Visits, invitation: str
) -> None:
    """Whoever planted a cookie in the browser before does not come in with it afterwards."""
    visit = visits.nobody()
    visit.client.set_cookie("assetlib", "a" * 43)
    visit.get(invitation)
    form = visit.client.get_cookie("assetlib-form")
    assert visit.post("/welcome", {"name": "Nora", "password": NEW}).status_code == 302
    given = visit.client.get_cookie("assetlib")
    assert given is not None
    assert given.value != "a" * 43
    assert form is not None
    thief = visits.nobody()
    thief.client.set_cookie("assetlib-form", form.value)
    assert thief.get("/welcome").status_code == 404


def test_the_door_speaks_another_language(visits: Visits) -> None:
    visit = visits.nobody()
    answer = visit.post("/language", {"language": "de", "next": "/sign-in?next=/trash"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/trash")
    assert '<html lang="de"' in visit.get("/sign-in").get_data(as_text=True)
    assert visit.post("/language", {"next": "//evil.example"}).headers["Location"] == "/"
    assert visit.post("/language", {"language": "xx"}).headers.getlist("Set-Cookie") == []


def test_the_new_password_is_another_one(house: House, visits: Visits, finn: int) -> None:
    visit = visits.nobody()
    ask(visit)
    carry_out(house)
    visit.get(mailed(house)[0])
    answer = visit.post("/new-password", {"password": OLD})
    assert answer.status_code == 422
    assert "the password you have" in read_page(answer).notices()
    assert visit.post("/new-password", {"password": NEW}).status_code == 302
