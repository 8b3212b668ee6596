"""A form that is sent when its session has ended: its sender is told, signs in, and goes on with it."""

from contextlib import ExitStack

import pytest
from sqlalchemy import select, update

from assetlib import clock
from assetlib.accounts.models import Person, PersonSession
from assetlib.catalog.models import Collection
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.test_second_factor import set_up
from tests.delivery.test_ways_in import HASHED, PASSWORD, finn, held, knock
from tests.delivery.visiting import Visit, Visits

__all__ = ["finn", "held"]

TYPED = {"name": "Wet boots", "description": "Ten lines, <b>typed</b> with care.", "password": "not kept"}


@pytest.fixture
def visit(finn: Person, visits: Visits) -> Visit:
    visit = visits.nobody()
    knock(visit)
    return visit


def sign_out_elsewhere(house: House) -> None:
    with house.database.transaction() as session:
        session.execute(update(PersonSession).values(ended_at=clock.now()))


def collections(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(Collection.name)))


def sent_too_late(house: House, visit: Visit) -> dict[str, list[str]]:
    """The sign-in form that answers a form of somebody who was signed out meanwhile, as it stands there."""
    visit.token()
    sign_out_elsewhere(house)
    answer = visit.post("/collections", TYPED)
    assert answer.status_code == 403
    page = read_page(answer)
    assert "You were signed out." in page.notices()
    assert "not kept" not in answer.text
    assert collections(house) == []
    return page.typed("/sign-in")


def test_its_sender_goes_on_with_it_after_signing_in(house: House, visit: Visit) -> None:
    form = sent_too_late(house, visit)
    assert "Ten lines" not in str(form), "nobody else reads it in the page"
    answer = visit.client.post(
        "/sign-in", data={**form, "email": "finn@northwind.example", "password": "wrong"}
    )
    form = read_page(answer).typed("/sign-in")
    answer = visit.client.post("/sign-in", data={**form, "password": PASSWORD})
    assert answer.status_code == 200
    page = read_page(answer)
    assert "What you typed is kept, and was not sent yet. Files and passwords" in page.text
    kept = page.typed("/collections")
    assert kept["description"] == [TYPED["description"]]
    assert "password" not in kept
    assert collections(house) == []
    assert visit.client.post("/collections", data=kept).status_code in (302, 303)
    assert collections(house) == ["Wet boots"]


def test_a_second_factor_between_does_not_lose_it(house: House, visit: Visit, held: ExitStack) -> None:
    _, codes = set_up(visit)
    form = sent_too_late(house, visit)
    answer = visit.client.post(
        "/sign-in", data={**form, "email": "finn@northwind.example", "password": PASSWORD}
    )
    form = read_page(answer).typed("/sign-in/code")
    answer = visit.client.post("/sign-in/code", data={**form, "code": "000000"})
    form = read_page(answer).typed("/sign-in/code")
    answer = visit.client.post("/sign-in/code", data={**form, "code": codes[0]})
    kept = read_page(answer).typed("/collections")
    assert visit.client.post("/collections", data=kept).status_code in (302, 303)
    assert collections(house) == ["Wet boots"]


def test_somebody_else_who_signs_in_is_not_shown_it(
    house: House, people: make.People, visit: Visit, finn: Person
) -> None:
    with house.database.transaction() as session:
        other = session.get_one(Person, people.librarian.person_id)
        other.email, other.password_hash = "lena@northwind.example", HASHED
    form = sent_too_late(house, visit)
    answer = visit.client.post(
        "/sign-in", data={**form, "email": "lena@northwind.example", "password": PASSWORD}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Wet boots" not in answer.text


@pytest.mark.parametrize("kept", ["", "x", "gAAAAA", "ü"])
def test_what_we_did_not_keep_is_not_gone_on_with(visits: Visits, finn: Person, kept: str) -> None:
    visit = visits.nobody()
    data = {"email": "finn@northwind.example", "password": PASSWORD, "kept": kept}
    answer = visit.post("/sign-in", data)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_who_only_looked_is_told_and_led_back(house: House, visit: Visit) -> None:
    sign_out_elsewhere(house)
    answer = visit.get("/library?q=boots")
    assert answer.headers["Location"] == "/sign-in?next=/library%3Fq%3Dboots"
    assert "You were signed out." in read_page(visit.get(answer.headers["Location"])).notices()
    current = {"HX-Request": "true", "HX-Current-URL": "http://localhost/library?q=boots"}
    answer = visit.get("/library?q=boots+wet", headers=current)
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/library%3Fq%3Dboots"


def test_who_signed_out_is_not_told_so(visit: Visit) -> None:
    visit.post("/sign-out")
    assert "You were signed out." not in read_page(visit.get("/sign-in")).text


def test_a_form_of_nobody_leads_to_the_door(visits: Visits, people: make.People) -> None:
    answer = visits.nobody().post("/collections", TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
