"""What somebody reads who does not get in: in numbers that are right, and never a zero."""

from collections.abc import Iterator

import pytest
from flask import Flask

from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.errors import Refusal
from assetlib.house import House
from assetlib.web.sign_in import said
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


@pytest.fixture
def _in_a_request(house: House) -> Iterator[Flask]:
    app = create_app(house.settings, house=house)
    with app.test_request_context("/sign-in"):
        yield app


@pytest.mark.usefixtures("_in_a_request")
@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (NoMatch("No.", tries_left=4), "No. 4 tries left."),
        (NoMatch("No.", tries_left=1), "No. 1 try left."),
        (NoMatch("No.", tries_left=0), "No. Wait a moment before you try again."),
        (NoMatch("It changed. Try again."), "It changed. Try again."),
        (TooManyTries("Wait.", retry_after=1), "Too many tries. Wait 1 second, then try again."),
        (TooManyTries("Wait.", retry_after=64), "Too many tries. Wait 64 seconds, then try again."),
        (TooManyTries("Wait.", retry_after=121), "Too many tries. Wait 3 minutes, then try again."),
    ],
)
def test_how_often_and_how_soon(refusal: Refusal, words: str) -> None:
    assert said(refusal) == words


def test_who_guesses_reads_it_on_the_page(visits: Visits, people: make.People) -> None:
    visit = visits.nobody()
    wrong = {"email": "nobody@company.example", "password": "not this one"}
    told = [read_page(visit.post("/sign-in", wrong)).notices() for _ in range(6)]
    for left in ("4 tries left.", "3 tries left.", "2 tries left.", "1 try left.", "Wait a moment", "Wait"):
        assert left in told.pop(0)


def test_an_empty_form_is_no_try(visits: Visits, people: make.People) -> None:
    visit = visits.nobody()
    for form in ({}, {"email": "ada@company.example"}, {"password": "a few words in a row"}) * 3:
        answer = visit.post("/sign-in", form)
        assert answer.status_code == 422
        assert "Write your address and your password." in read_page(answer).notices()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "suspended"}, "Your account is suspended. Ask an administrator of"),
        ({"state": "closed"}, "Your account is closed. Ask an administrator of"),
        ({"organisation": "suspended"}, "is not open here now. Ask an administrator of"),
    ],
)
def test_who_is_shut_out_reads_so_with_the_right_password_only(
    house: House, people: make.People, visits: Visits, changed: dict[str, str], words: str
) -> None:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.contributor.person_id)
        person.email, person.password_hash = "ada@company.example", hash_password("a few words in a row")
        if "state" in changed:
            person.state = changed["state"]
        else:
            person.organisation.state = changed["organisation"]
    visit = visits.nobody()
    for _ in range(7):
        answer = visit.post("/sign-in", {"email": "ada@company.example", "password": "a few words in a row"})
        assert answer.status_code == 403
        assert words in read_page(answer).notices()
        assert visit.client.get_cookie("assetlib") is None
    answer = visit.post("/sign-in", {"email": "ada@company.example", "password": "another few words"})
    assert "do not match. 4 tries left." in read_page(answer).notices()
