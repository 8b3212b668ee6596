"""Sessions and fresh proofs, as people and programs meet them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.models import ApiToken, Person, PersonSession
from assetlib.accounts.passwords import hash_password
from assetlib.audit.models import AuditEntry
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
PASSWORD = "seven wet boots on the ridge"
HASHED = hash_password(PASSWORD)


@pytest.fixture(autouse=True)
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(NOON))
        yield stack


@pytest.fixture
def finn(house: House, people: make.People) -> Person:
    with house.database.transaction() as session:
        person = session.get_one(Person, people.field_marketer.person_id)
        person.email, person.password_hash = "finn@northwind.example", HASHED
        session.get_one(Person, people.administrator.person_id).password_hash = HASHED
    return person


def knock(visit: Visit, onward: str = "/") -> Any:
    data = {"email": "finn@northwind.example", "password": PASSWORD}
    answer = visit.post(f"/sign-in?next={onward}", data)
    visit._token = ""  # the form session starts anew
    return answer


def recorded(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


class TestSessions:
    def test_are_listed_and_ended_one_by_one(self, house: House, finn: Person, visits: Visits) -> None:
        here, there = visits.nobody(), visits.nobody()
        for each in (here, there):
            each.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
            knock(each)
        page = read_page(here.get("/account"))
        assert page.text.count("Firefox on Linux") == 2
        assert "this browser" in page.text
        (address,) = (each.get("action") for each in page.forms if each.get("action", "").endswith("/end"))
        assert here.post(address).status_code == 303
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 302
        assert "accounts.session_ended" in recorded(house)
        assert here.post(address).status_code == 404

    def test_of_others_are_not_there(self, house: House, people: make.People, visits: Visits) -> None:
        visits.of(people.librarian).get("/account")
        with house.database.reading() as session:
            row = session.scalars(select(PersonSession)).one()
        stranger = visits.of(people.field_marketer)
        assert stranger.post(f"/account/sessions/{row.id}/end").status_code == 404
        assert stranger.send("DELETE", f"/api/v1/me/sessions/{row.id}").status_code == 404
        assert visits.of(people.librarian).get("/account").status_code == 200

    def test_all_others_end_together_by_page_and_by_call(
        self, people: make.People, house: House, visits: Visits
    ) -> None:
        for way in ("page", "call"):
            here = Visits(visits.app, house).of(people.librarian)
            there = Visits(visits.app, house).of(people.librarian)
            if way == "page":
                assert here.post("/account/sessions/end-others").status_code == 303
            else:
                assert len(here.get("/api/v1/me/sessions").json["sessions"]) == 3
                assert here.send("DELETE", "/api/v1/me/sessions").status_code == 204
            assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


class TestAFreshProof:
    """Making a token stands for every act that asks for one."""

    FORM = {"name": "Press tool", "scopes": ["read", "download"], "until": "2026-12-31"}

    @pytest.fixture
    def visit(self, finn: Person, visits: Visits, held: ExitStack) -> Visit:
        visit = visits.nobody()
        knock(visit)
        return visit

    def later(self, held: ExitStack, **passed: int) -> None:
        held.enter_context(clock.held_at(NOON + timedelta(**passed)))

    def test_is_not_asked_for_within_a_quarter_of_an_hour(self, visit: Visit, held: ExitStack) -> None:
        self.later(held, minutes=14)
        assert visit.post("/account/tokens", self.FORM).status_code == 303

    def test_keeps_the_form_and_goes_on_with_it(self, house: House, visit: Visit, held: ExitStack) -> None:
        self.later(held, minutes=16)
        asked = visit.post("/account/tokens", self.FORM)
        assert asked.status_code == 403
        kept = read_page(asked).typed("/account/tokens")
        assert (kept["name"], kept["scopes"], kept["until"]) == (
            ["Press tool"],
            ["read", "download"],
            ["2026-12-31"],
        )
        assert self.tokens(house) == []
        answer = visit.client.post("/account/tokens", data={**kept, "confirm.password": PASSWORD})
        assert answer.status_code == 303
        assert self.tokens(house) == ["Press tool"]
        assert "accounts.confirmed" in recorded(house)
        assert visit.post("/account/tokens", self.FORM).status_code == 303, "it is fresh from now on"

    def tokens(self, house: House) -> list[str]:
        with house.database.reading() as session:
            return list(session.scalars(select(ApiToken.name)))

    def test_that_is_wrong_is_counted(self, house: House, visit: Visit, held: ExitStack) -> None:
        self.later(held, minutes=16)
        wrong = {**self.FORM, "confirm.password": "not this one at all"}
        answers = [visit.post("/account/tokens", wrong) for _ in range(6)]
        assert [each.status_code for each in answers] == [422] * 5 + [429]
        page = read_page(answers[0])
        assert "4 tries left" in page.notices()
        assert page.typed("/account/tokens")["name"] == ["Press tool"]
        right = {**self.FORM, "confirm.password": PASSWORD}
        assert visit.post("/account/tokens", right).status_code == 429
        assert self.tokens(house) == []
        assert recorded(house).count("accounts.confirmation_refused") == 5

    def test_that_is_empty_is_not_counted(self, visit: Visit, held: ExitStack) -> None:
        self.later(held, minutes=16)
        for _ in range(7):
            assert visit.post("/confirm", {"next": "/account"}).status_code == 422
        assert visit.post("/confirm", {"next": "/account", "confirm.password": PASSWORD}).status_code == 303

    def test_keeps_no_password_in_the_page(
        self, people: make.People, visits: Visits, finn: Person, held: ExitStack
    ) -> None:
        administrator = visits.of(people.administrator)
        self.later(held, minutes=16)
        answer = administrator.post("/account/tokens", {**self.FORM, "password": "a secret of somebody"})
        assert "a secret of somebody" not in answer.get_data(as_text=True)

    def test_is_asked_of_calls_in_words_a_program_knows(self, visit: Visit, held: ExitStack) -> None:
        self.later(held, minutes=16)
        for body, status in (({"password": "not this one"}, 422), ({"password": PASSWORD}, 204)):
            assert visit.send("POST", "/api/v1/me/confirm", json=body).status_code == status

    def test_comes_from_nowhere_else(self, visit: Visit, held: ExitStack) -> None:
        """The proof rides with the form, and with its own form token."""
        self.later(held, minutes=16)
        data = {**self.FORM, "confirm.password": PASSWORD}
        assert visit.client.post("/account/tokens", data=data).status_code == 403
