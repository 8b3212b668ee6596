"""Tokens, as programs bring them and as their owners and administrators look after them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.models import ApiToken, Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Collection
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(NOON))
        yield stack


class TestAToken:
    def made(self, visit: Visit, *scopes: str) -> str:
        form = {"name": "Press tool", "scopes": list(scopes), "until": "2026-12-31"}
        answer = visit.post("/account/tokens", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/tokens")
        page = read_page(visit.get("/account/tokens"))
        (token,) = page.tree.xpath("//code[contains(@class, 'secret')]/text()")
        assert token not in visit.get("/account/tokens").get_data(as_text=True), "it is shown once"
        return str(token)

    def call(self, visits: Visits, token: str, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return visits.app.test_client().open(path, method=method, headers=headers, **more)

    def test_opens_calls_within_its_scopes_without_a_form_token(
        self, house: House, people: make.People, visits: Visits
    ) -> None:
        visit = visits.of(people.librarian)
        reading, editing = self.made(visit, "read"), self.made(visit, "edit", "read")
        for token in (reading, editing):
            assert self.call(visits, token, "GET", "/api/v1/collections").status_code == 200
        answer = self.call(visits, reading, "POST", "/api/v1/collections", json={"name": "X"})
        assert (answer.status_code, answer.json["code"]) == (403, "not_in_token_scope")
        answer = self.call(visits, editing, "POST", "/api/v1/collections", json={"name": "By a program"})
        assert answer.status_code == 201
        with house.database.reading() as session:
            assert list(session.scalars(select(Collection.name))) == ["By a program"]
            entry = session.scalars(select(AuditEntry).where(AuditEntry.action.like("catalog.%"))).all()[-1]
            used = session.scalars(select(ApiToken).where(ApiToken.hint == editing[:9])).one()
        assert entry.actor_id == people.librarian.person_id
        assert used.id in entry.changes.values()
        assert used.used_at == NOON

    def test_that_may_download_may_look_as_well(
        self, house: House, people: make.People, visits: Visits
    ) -> None:
        token = self.made(visits.of(people.librarian), "download")
        with house.database.transaction() as session:
            asset = make.asset(session, people.own)
        answer = self.call(visits, token, "GET", f"/assets/{asset.id}/download")
        assert answer.status_code != 403
        with house.database.reading() as session:
            assert session.scalars(select(ApiToken)).one().scopes == ["read", "download"]

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Honolulu", None])
    def test_is_good_until_the_end_of_the_day_that_was_chosen(
        self, house: House, people: make.People, visits: Visits, held: ExitStack, zone: str | None
    ) -> None:
        with house.database.transaction() as session:
            session.get_one(Person, people.administrator.person_id).time_zone = zone
        visit = visits.of(people.administrator)
        token = self.made(visit, "read")
        for path in ("/account/tokens", "/people/tokens"):
            text = read_page(visit.get(path)).text
            assert "31 Dec" in text
            assert "1 Jan" not in text
        held.enter_context(clock.held_at(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)))
        assert self.call(visits, token, "GET", "/api/v1/me").status_code == 200

    def test_is_revoked_after_a_question(self, house: House, people: make.People, visits: Visits) -> None:
        visit = visits.of(people.administrator)
        self.made(visit, "read")
        for path in ("/account/tokens", "/people/tokens"):
            tree = read_page(visit.get(path)).tree
            (form,) = tree.xpath(f"//form[contains(@action, '{path}/') and contains(@action, '/revoke')]")
            (dialog,) = form.xpath("ancestor::dialog")
            assert tree.xpath(f"//button[@data-dialog='{dialog.get('id')}']")

    def test_of_one_person_are_looked_at_alone(self, people: make.People, visits: Visits) -> None:
        self.made(visits.of(people.field_marketer), "read")
        visit = visits.of(people.administrator)
        finn, ida = people.field_marketer.person_id, people.administrator.person_id
        tree = read_page(visit.get(f"/people/{finn}")).tree
        (there,) = tree.xpath("//a[starts-with(@href, '/people/tokens')]/@href")
        assert "Press tool" in visit.get(there).text
        assert "Press tool" not in visit.get(f"/people/tokens?person={ida}").text
        assert visit.get("/people/tokens?person=99999").status_code == 404

    def test_never_opens_pages(self, people: make.People, visits: Visits) -> None:
        token = self.made(visits.of(people.administrator), "read", "edit", "administer")
        for path in ("/library", "/account", "/account/tokens", "/people", "/people/tokens"):
            assert self.call(visits, token, "GET", path).headers["Location"].startswith("/sign-in")
        assert self.call(visits, token, "POST", "/account/tokens").status_code == 403

    def test_does_not_look_after_its_own_account(self, people: make.People, visits: Visits) -> None:
        token = self.made(visits.of(people.administrator), "read", "edit", "administer", "upload", "download")
        for method, path, body in (
            ("GET", "/api/v1/me/sessions", None),
            ("DELETE", "/api/v1/me/sessions", None),
            ("POST", "/api/v1/me/confirm", {"password": "x"}),
            ("PUT", "/api/v1/me/password", {"old": "x", "password": "y"}),
        ):
            assert self.call(visits, token, method, path, json=body).status_code == 403
        assert self.call(visits, token, "GET", "/api/v1/me").status_code == 200

    def test_of_a_request_with_a_cookie_is_what_counts(self, people: make.People, visits: Visits) -> None:
        visit = visits.of(people.administrator)
        token = self.made(visits.of(people.field_marketer), "read")
        for given, status, name in ((token, 200, people.field_marketer.name), ("alt_wrong", 401, None)):
            answer = visit.get("/api/v1/me", headers={"Authorization": f"Bearer {given}"})
            assert (answer.status_code, answer.json.get("name")) == (status, name)

    @pytest.mark.parametrize("token", ["", "alt_", "alt_" + "a" * 43, "x" * 43, "alt_ü", "alt_" + "a" * 500])
    def test_that_is_made_up_opens_nothing(self, visits: Visits, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        assert visits.nobody().get("/api/v1/me", headers=headers).status_code == 401

    @pytest.mark.parametrize("what", ["revoked", "revoked by an administrator", "too old", "suspended"])
    def test_opens_nothing_any_more_once(
        self, house: House, people: make.People, visits: Visits, held: ExitStack, what: str
    ) -> None:
        visit = visits.of(people.field_marketer)
        token = self.made(visit, "read")
        assert self.call(visits, token, "GET", "/api/v1/me").status_code == 200
        with house.database.reading() as session:
            row = session.scalars(select(ApiToken)).one()
        if what == "revoked":
            assert visit.post(f"/account/tokens/{row.id}/revoke").status_code == 303
        elif what == "revoked by an administrator":
            stranger = visits.of(people.librarian)
            assert stranger.post(f"/account/tokens/{row.id}/revoke").status_code == 403
            administrator = visits.of(people.administrator)
            assert "Press tool" in administrator.get("/people/tokens").get_data(as_text=True)
            assert administrator.post(f"/people/tokens/{row.id}/revoke").status_code == 303
        elif what == "too old":
            held.enter_context(clock.held_at(datetime(2027, 1, 1, tzinfo=UTC)))
        else:
            with house.database.transaction() as session:
                session.get_one(Person, people.field_marketer.person_id).state = "suspended"
        assert self.call(visits, token, "GET", "/api/v1/me").status_code == 401

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"name": ""}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["everything"]}, "scopes"),
            ({"until": "2026-05-05"}, "until"),
            ({"until": "2027-05-07"}, "until"),
            ({"until": "soon"}, "until"),
        ],
    )
    def test_that_cannot_be_is_refused_beside_the_field(
        self, house: House, people: make.People, visits: Visits, typed: dict[str, Any], field: str
    ) -> None:
        form = {"name": "Press tool", "scopes": ["read"], "until": "2026-12-31", **typed}
        answer = visits.of(people.librarian).post("/account/tokens", form)
        assert answer.status_code == 422
        assert read_page(answer).tree.xpath("//*[@class='field__error']")
        with house.database.reading() as session:
            assert session.scalars(select(ApiToken)).all() == []

    def test_whose_form_is_empty_is_told_of_every_field(self, people: make.People, visits: Visits) -> None:
        answer = visits.of(people.librarian).post("/account/tokens", {})
        assert len(read_page(answer).tree.xpath("//*[@class='field__error']")) == 3
