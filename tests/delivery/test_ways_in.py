"""Sessions, fresh proofs, second factors and tokens, as people and programs meet them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, update

from assetlib import clock
from assetlib.accounts.models import ApiToken, Person, PersonSession, RoleGrant
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.audit.models import AuditEntry
from assetlib.house import House
from assetlib.notify.models import Notice
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


def set_up(visit: Visit, at: datetime = NOON) -> tuple[pyotp.TOTP, list[str]]:
    """A second factor, as a person sets it up; their phone and their recovery codes."""
    assert visit.post("/account/second-factor").status_code == 303
    page = read_page(visit.get("/account/second-factor"))
    (secret,) = page.tree.xpath("//code[contains(@class, 'secret')]/text()")
    phone = pyotp.TOTP(secret.replace(" ", ""))
    answer = visit.post("/account/second-factor/confirm", {"code": phone.at(at)})
    assert answer.status_code == 303
    return phone, shown_codes(visit)


def shown_codes(visit: Visit) -> list[str]:
    """The recovery codes on the page to which making them leads."""
    page = read_page(visit.get("/account/second-factor"))
    return [str(each) for each in page.tree.xpath("//ol[contains(@class, 'codes')]/li/text()")]


class TestASecondFactor:
    @pytest.fixture
    def visit(self, finn: Person, visits: Visits) -> Visit:
        visit = visits.nobody()
        knock(visit)
        return visit

    def test_is_asked_for_after_the_password(
        self, house: House, visit: Visit, visits: Visits, held: ExitStack
    ) -> None:
        phone, codes = set_up(visit)
        assert len(set(codes)) == 10
        held.enter_context(clock.held_at(NOON + timedelta(minutes=1)))
        comer = visits.nobody()
        answer = knock(comer, "/collections")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/code")
        assert comer.client.get_cookie("assetlib") is None
        assert comer.get("/library").status_code == 302, "half signed in opens nothing"
        answer = comer.post("/sign-in/code", {"code": phone.at(clock.now())})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/collections")
        assert comer.get("/library").status_code == 200
        with house.database.reading() as session:
            ways = set(session.scalars(select(PersonSession.way)))
        assert ways == {"password", "code"}

    def test_takes_each_code_once_and_none_that_is_old(
        self, visit: Visit, visits: Visits, held: ExitStack
    ) -> None:
        phone, codes = set_up(visit)
        moment = NOON + timedelta(minutes=2)
        held.enter_context(clock.held_at(moment))
        first, second = visits.nobody(), visits.nobody()
        knock(first), knock(second)
        for wrong in (phone.at(moment - timedelta(minutes=1)), phone.at(moment + timedelta(minutes=1))):
            assert first.post("/sign-in/code", {"code": wrong}).status_code == 422
        assert first.post("/sign-in/code", {"code": phone.at(moment)}).status_code == 302
        assert second.post("/sign-in/code", {"code": phone.at(moment)}).status_code == 422
        assert second.post("/sign-in/code", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
        third = visits.nobody()
        knock(third)
        assert third.post("/sign-in/code", {"code": codes[0]}).status_code == 422
        assert third.post("/sign-in/code", {"code": codes[1]}).status_code == 302

    def test_slows_down_who_guesses(self, visit: Visit, visits: Visits) -> None:
        set_up(visit)
        comer = visits.nobody()
        knock(comer)
        answers = [comer.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(5)]
        assert answers == [422] * 4 + [429], "the password was a try too"

    @pytest.mark.parametrize("what", ["later", "another password", "suspended"])
    def test_ends_the_half_way_when(
        self, house: House, visit: Visit, visits: Visits, held: ExitStack, finn: Person, what: str
    ) -> None:
        _, codes = set_up(visit)
        comer = visits.nobody()
        knock(comer)
        if what == "later":
            held.enter_context(clock.held_at(NOON + timedelta(minutes=11)))
        changes = {"another password": {"password_hash": "x"}, "suspended": {"state": "suspended"}}
        if what in changes:
            with house.database.transaction() as session:
                session.execute(update(Person).where(Person.id == finn.id).values(changes[what]))
        assert comer.get("/sign-in/code").headers["Location"] == "/sign-in"
        answer = comer.post("/sign-in/code", {"code": codes[0]})
        assert answer.headers["Location"] == "/sign-in"
        assert comer.client.get_cookie("assetlib") is None

    def test_cannot_be_reached_without_the_password(self, visits: Visits) -> None:
        assert visits.nobody().get("/sign-in/code").headers["Location"] == "/sign-in"

    def test_ends_the_other_browsers_when_it_is_switched_on(
        self, visit: Visit, visits: Visits, finn: Person
    ) -> None:
        other = visits.nobody()
        knock(other)
        set_up(visit)
        assert (visit.get("/account").status_code, other.get("/account").status_code) == (200, 302)

    def test_is_switched_off_with_a_fresh_proof_only(
        self, visit: Visit, visits: Visits, held: ExitStack
    ) -> None:
        set_up(visit)
        held.enter_context(clock.held_at(NOON + timedelta(minutes=16)))
        assert visit.post("/account/second-factor/off").status_code == 403
        answer = visit.post("/account/second-factor/off", {"confirm.password": PASSWORD})
        assert answer.status_code == 303
        assert knock(visits.nobody()).headers["Location"] == "/"

    def test_that_was_lost_is_taken_away_by_an_administrator_and_its_owner_told(
        self, house: House, people: make.People, visit: Visit, visits: Visits, finn: Person
    ) -> None:
        set_up(visit)
        assert visits.of(people.librarian).post(f"/people/{finn.id}/second-factor/reset").status_code == 403
        administrator = visits.of(people.administrator)
        assert administrator.post(f"/people/{finn.id}/second-factor/reset").status_code == 303
        assert visit.get("/account").status_code == 302
        assert knock(visits.nobody()).headers["Location"] == "/"
        assert "accounts.second_factor_reset" in recorded(house)
        with house.database.reading() as session:
            notice = session.scalars(select(Notice)).one()
        assert (notice.person_id, notice.kind) == (finn.id, "account.changed")

    def test_is_kept_encrypted(self, house: House, visit: Visit) -> None:
        phone, codes = set_up(visit)
        with house.database.reading() as session:
            for table in ("second_factor", "recovery_code", "audit_entry"):
                rows = str(session.connection().exec_driver_sql(f"SELECT * FROM {table}").all())
                assert not any(each in rows for each in (phone.secret, *codes))

    def test_codes_open_nothing_after_new_ones_were_made(self, visit: Visit, visits: Visits) -> None:
        _, old = set_up(visit)
        assert visit.post("/account/second-factor/codes").status_code == 303
        new = shown_codes(visit)
        comer = visits.nobody()
        knock(comer)
        assert comer.post("/sign-in/code", {"code": old[0]}).status_code == 422
        assert comer.post("/sign-in/code", {"code": new[0]}).status_code == 302

    def test_codes_are_shown_once_and_a_reload_makes_none(
        self, house: House, visit: Visit, visits: Visits, held: ExitStack
    ) -> None:
        set_up(visit)
        visit.post("/account/second-factor/codes")
        new = shown_codes(visit)
        assert len(new) == 10
        assert shown_codes(visit) == []
        assert recorded(house).count("accounts.recovery_codes_renewed") == 1
        comer = visits.nobody()
        knock(comer)
        assert comer.post("/sign-in/code", {"code": new[0]}).status_code == 302
        visit.post("/account/second-factor/codes")
        held.enter_context(clock.held_at(NOON + timedelta(minutes=11)))
        assert shown_codes(visit) == [], "nor are they shown to whoever comes by later"

    def test_is_not_switched_off_without_a_question(self, visit: Visit) -> None:
        set_up(visit)
        shown_codes(visit)
        tree = read_page(visit.get("/account/second-factor")).tree
        for what in ("off", "codes"):
            (form,) = tree.xpath(f"//form[@action='/account/second-factor/{what}']")
            assert form.xpath(f"ancestor::dialog[@id='{what}']")
            assert tree.xpath(f"//button[@data-dialog='{what}']")

    def test_codes_do_not_lie_open_in_the_cookie(self, visit: Visit) -> None:
        set_up(visit)
        visit.post("/account/second-factor/codes")
        cookie = visit.client.get_cookie("assetlib-form")
        assert cookie is not None
        laid_by = URLSafeTimedSerializer("").load_payload(cookie.value.rsplit(".", 2)[0].encode())
        new = shown_codes(visit)
        assert new
        assert not any(each in str(laid_by) for each in new)


def test_a_role_that_asks_for_a_second_factor_leads_to_it_first(
    house: House, people: make.People, finn: Person
) -> None:
    settings = replace(house.settings, second_factor_roles=("field_marketer",))
    app = create_app(settings, house=replace(house, settings=settings))
    visits = Visits(app, house)
    visit = visits.of(people.field_marketer)
    for path in ("/", "/library", "/account"):
        answer = visit.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/second-factor")
    answer = visit.get("/api/v1/library?q=x")
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor_needed")
    assert visits.of(people.librarian).get("/library").status_code == 200
    set_up(visit)
    assert visit.get("/library").status_code == 200


def test_a_role_held_within_a_scope_asks_for_it_too(house: House, people: make.People) -> None:
    settings = replace(house.settings, second_factor_roles=("finance",))
    app = create_app(settings, house=replace(house, settings=settings))
    visit = Visits(app, house).of(people.field_marketer)
    assert visit.get("/account").status_code == 200
    with house.database.transaction() as session:
        grant = {"role": "finance", "scope_kind": "brand", "scope_key": "ridge"}
        session.add(RoleGrant(person_id=people.field_marketer.person_id, **grant))
    assert visit.get("/account").headers["Location"] == "/account/second-factor"
