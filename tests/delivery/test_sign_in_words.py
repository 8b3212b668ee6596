"""What somebody reads who does not get in: in numbers that are right, and never a zero."""

from collections.abc import Iterator

import pytest
from flask import Flask

from assetlib.accounts.errors import NoMatch, TooManyTries
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
