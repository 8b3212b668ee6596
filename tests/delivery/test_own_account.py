"""One's own account: a new password for whoever knows the old one."""

from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.actions.tokens import make_token
from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password, matches
from assetlib.accounts.tokens import tokens_of
from assetlib.app import create_app
from assetlib.audit.models import AuditEntry
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits

OLD, NEW = "seven wet boots on the ridge", "nine dry socks by the stove"


@pytest.fixture
def finn(house: House, people: make.People) -> int:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.field_marketer.person_id)
        person.password_hash = hash_password(OLD)
    return person.id


def by_form(visit: Any, old: str, new: str) -> Any:
    return visit.post("/account/password", {"old": old, "password": new})


def by_call(visit: Any, old: str, new: str) -> Any:
    return visit.send("PUT", "/api/v1/me/password", json={"old": old, "password": new})


def opens(house: House, person_id: int, password: str) -> bool:
    with house.database.reading() as session:
        return matches(session.get_one(Person, person_id).password_hash, password)


def recorded(house: House) -> list[str]:
    with house.database.reading() as session:
        said = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    return [each for each in said if "password" in each]


@pytest.mark.parametrize(("change", "status"), [(by_form, 303), (by_call, 204)])
def test_a_new_password_ends_the_other_browsers(
    house: House, people: make.People, finn: int, change: Any, status: int
) -> None:
    app = create_app(house.settings, house=house)
    here, there = Visits(app, house).of(people.field_marketer), Visits(app, house).of(people.field_marketer)
    librarian = Visits(app, house).of(people.librarian)
    assert change(here, OLD, NEW).status_code == status
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert librarian.get("/account").status_code == 200
    assert opens(house, finn, NEW)
    assert recorded(house) == ["accounts.password_changed"]


@pytest.mark.parametrize("change", [by_form, by_call])
def test_who_does_not_know_the_old_one_is_refused_and_slowed_down(
    house: House, people: make.People, visits: Visits, finn: int, change: Any
) -> None:
    visit = visits.of(people.field_marketer)
    answers = [change(visit, "not this one", NEW).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert change(visit, OLD, NEW).status_code == 429
    assert opens(house, finn, OLD)
    assert recorded(house) == ["accounts.password_change_refused"] * 5


def test_the_page_says_what_is_in_the_way_and_shows_no_password(
    house: House, people: make.People, visits: Visits, finn: int
) -> None:
    visit = visits.of(people.field_marketer)
    assert '"/account"' in visit.get("/library").get_data(as_text=True)
    for old, new, words in ((OLD, "short", "at least 12"), ("not this one", NEW, "not your present")):
        answer = by_form(visit, old, new)
        assert answer.status_code == 422
        page = read_page(answer)
        assert words in page.notices()
        typed = page.typed("/account/password")
        assert (typed["old"], typed["password"]) == ([""], [""])
    assert opens(house, finn, OLD)


@pytest.mark.parametrize("change", [by_form, by_call])
def test_the_new_password_is_another_one(
    house: House, people: make.People, visits: Visits, finn: int, change: Any
) -> None:
    assert change(visits.of(people.field_marketer), OLD, OLD).status_code == 422
    assert recorded(house) == []


@pytest.mark.parametrize("revoked", [True, False])
@pytest.mark.parametrize("way", ["page", "call"])
def test_tokens_stay_unless_they_are_to_go_too(
    house: House, people: make.People, visits: Visits, finn: int, way: str, *, revoked: bool
) -> None:
    visit = visits.of(people.field_marketer)
    assert "revoke_tokens" not in read_page(visit.get("/account")).typed("/account/password")
    with house.database.transaction() as session:
        person = session.get_one(Person, finn)
        make_token(session, people.field_marketer, person, name="Press", scopes=["read"], until=clock.today())
    box = read_page(visit.get("/account")).tree.xpath("//input[@name='revoke_tokens']")
    assert len(box) == 1
    if way == "page":
        visit.post(
            "/account/password", {"old": OLD, "password": NEW, **({"revoke_tokens": "1"} if revoked else {})}
        )
        assert ("still acts in your name" in visit.get("/account").text) is not revoked
    else:
        visit.send("PUT", "/api/v1/me/password", json={"old": OLD, "password": NEW, "revoke_tokens": revoked})
    with house.database.reading() as session:
        assert len(tokens_of(session, finn)) == (0 if revoked else 1)


def test_an_empty_form_is_no_try(people: make.People, visits: Visits, finn: int) -> None:
    visit = visits.of(people.field_marketer)
    for _ in range(7):
        assert by_form(visit, "", NEW).status_code == 422
    assert by_form(visit, OLD, NEW).status_code == 303
