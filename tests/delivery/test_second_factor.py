"""A second factor, as people set it up, sign in with it, renew its codes and lose it."""

import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, update

from assetlib import clock
from assetlib.accounts.models import Person, PersonSession, RoleGrant
from assetlib.app import create_app
from assetlib.house import House
from assetlib.notify.models import Notice
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.test_ways_in import NOON, PASSWORD, finn, held, knock, recorded
from tests.delivery.visiting import Visit, Visits

__all__ = ["finn", "held"]


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
        answers = [comer.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429], "the right password was no try"

    def test_lets_in_after_the_wait_that_was_told(
        self, visit: Visit, visits: Visits, held: ExitStack
    ) -> None:
        _, codes = set_up(visit)
        comer = visits.nobody()
        knock(comer)
        for _ in range(8):
            answer = comer.post("/sign-in/code", {"code": "000000"})
            (wait,) = re.findall(r"Wait (\d+) second", read_page(answer).notices()) or ["0"]
            held.enter_context(clock.held_at(clock.now() + timedelta(seconds=int(wait))))
        answer = comer.post("/sign-in/code", {"code": "000000"})
        (wait,) = re.findall(
            r"Wait (\d+) second", read_page(comer.post("/sign-in/code", {"code": "1"})).notices()
        )
        held.enter_context(clock.held_at(clock.now() + timedelta(seconds=int(wait))))
        assert knock(comer).headers["Location"] == "/sign-in/code"
        assert comer.post("/sign-in/code", {"code": codes[0]}).status_code == 302

    def test_does_not_count_an_empty_field(self, visit: Visit, visits: Visits) -> None:
        _, codes = set_up(visit)
        comer = visits.nobody()
        knock(comer)
        for _ in range(7):
            answer = comer.post("/sign-in/code", {"code": " "})
            assert answer.status_code == 422
            assert "Write the code first." in read_page(answer).notices()
        assert comer.post("/sign-in/code", {"code": codes[0]}).status_code == 302

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
