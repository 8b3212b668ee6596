"""Every endpoint, taken and refused; each answer has the shape that the OpenAPI document gives it."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.catalog.models import BulkEdit
from assetlib.house import House
from tests.delivery.test_refused_forms import NOW, revision_of
from tests.delivery.visiting import Visits
from tests.delivery.world import PART, World, make_world

API = "/api/v1"
PROBLEM = {"type", "title", "status", "detail", "code"}


@dataclass
class Desk:
    app: Flask
    world: World
    visits: Visits
    document: dict[str, Any]
    called: set[tuple[str, str]] = field(default_factory=set)
    """Method and rule of what was called and taken."""

    def call(self, who: str, method: str, path: str, **more: Any) -> TestResponse:
        visit = self.visits.nobody() if who == "X" else self.visits.of(self.world.actors[who])
        answer = visit.send(method, API + path, **more)
        if answer.status_code < 400:
            rule = self.rule(method, path)
            self.called.add((method, rule))
            self.check_shape(method, rule, answer)
        return answer

    def rule(self, method: str, path: str) -> str:
        matched, _ = self.app.url_map.bind("localhost").match(
            API + path.partition("?")[0], method, return_rule=True
        )
        return str(matched.rule)

    def check_shape(self, method: str, rule: str, answer: TestResponse) -> None:
        path = rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        described = self.document["paths"][path][method.lower()]["responses"]
        assert str(answer.status_code) in described, (rule, answer.status_code, sorted(described))
        content = described[str(answer.status_code)].get("content", {})
        if answer.status_code == 204:
            assert answer.data == b""
            return
        schema = content["application/json"]["schema"] | {"components": self.document["components"]}
        jsonschema_rs.validate(schema, answer.json)


@pytest.fixture
def desk(house: House) -> Desk:
    world = make_world(house)
    app = create_app(house.settings, house=house)
    visits = Visits(app, house)
    document = visits.of(world.actors["L"]).get(f"{API}/openapi.json").json or {}
    return Desk(app, world, visits, document)


def operations(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and rule.endpoint != "openapi.spec"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


VERDICT = {"version": 1, "note": "Seen"}
RIGHT = {
    "revision": NOW,
    "holder": "Ida",
    "territories": ["DE"],
    "starts_on": "2026-01-01",
    "ends_on": "2030-01-01",
}
PERSON = {"name": "Ann", "email": "ann@fjord.example", "organisation_id": 1, "roles": ["librarian"],
          "password": "four words in a row"}  # fmt: skip
INVITED = {"name": "Ina", "email": "ina@fjord.example", "organisation_id": 1,
           "roles": ["librarian@organisation:2"], "message": "Welcome"}  # fmt: skip
LINK = {"name": "Press kit", "assets": [2], "forms": ["original"], "password": "kite-lamp-7"}
UPLOAD = {"name": "x.jpg", "size": len(PART), "mtime": 1, "fingerprint": "f"}
# Who, method, path, body, status, and some of what the answer says.
WISH = {"purpose": "A flyer", "until": (clock.today() + timedelta(days=9)).isoformat()}
TAKEN: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    ("N", "GET", "/me", None, 200, {"roles": [], "name": "Nils Nobody", "language": None}),
    ("N", "PATCH", "/me", {"language": "de"}, 200, {"language": "de", "time_zone": None}),
    ("N", "PATCH", "/me", {"time_zone": "Asia/Tokyo"}, 200, {"language": "de", "time_zone": "Asia/Tokyo"}),
    ("L", "GET", "/library?q=published&size=5", None, 200, {"total": 1, "page": 1, "size": 5}),
    ("L", "GET", "/suggestions?q=pub", None, 200, {}),
    ("F", "GET", "/assets/2", None, 200, {"state": "published", "may_download": True, "why_not": ""}),
    ("F", "POST", "/shares", LINK, 201, {"state": "open", "assets": [2], "has_password": True}),
    ("F", "GET", "/shares", None, 200, {"total": 2}),
    ("L", "GET", "/shares?everybody=1", None, 200, {"total": 2}),
    ("F", "PUT", "/shares/2", {"name": "Kit", "forms": [], "revision": 1}, 200, {"forms": [], "revision": 2}),
    ("F", "PUT", "/shares/2/password", {"password": None, "revision": 2}, 200, {"has_password": False}),
    ("L", "GET", "/shares/2", None, 200, {"opened": 0, "downloads": 0}),
    ("L", "GET", "/shares/2/accesses", None, 200, {"total": 0}),
    ("L", "POST", "/shares/2/revoke", None, 200, {"state": "revoked"}),
    ("F", "GET", "/requests", None, 200, {"total": 1}),
    ("L", "GET", "/requests/waiting", None, 200, {"total": 1}),
    ("F", "POST", "/requests", {"asset": 9_999, **WISH}, 201, {"state": "open", "asset": 9_999}),
    ("F", "POST", "/requests/2/take-back", None, 200, {"state": "taken_back"}),
    ("L", "GET", "/requests/1", None, 200, {"asset": 2, "person": "Finn Field"}),
    ("L", "POST", "/requests/1/grant", {"until": WISH["until"]}, 200, {"state": "granted"}),
    ("L", "GET", "/assets/2/access", None, 200, {}),
    ("L", "DELETE", "/assets/2/access/3", None, 204, {}),
    ("F", "POST", "/requests", {"query": "snow", **WISH}, 201, {"query": "snow", "asset": None}),
    ("L", "POST", "/requests/3/refuse", {"reason": "None"}, 200, {"state": "refused", "answer": "None"}),
    ("C", "PATCH", "/assets/1", {"revision": NOW, "title": "Ridge", "tags": ["a", "b"]}, 200,
     {"title": "Ridge", "tags": ["a", "b"]}),
    ("C", "PATCH", "/assets/1/attributes", {"revision": NOW, "values": {"season": "autumn"}}, 200,
     {"attributes": {"season": "autumn"}}),
    ("C", "POST", "/assets/1/submit", None, 200, {"state": "in_review"}),
    ("L", "POST", "/assets/1/return", {**VERDICT, "sha256": NOW, "seen": "in_review.1.0"}, 200,
     {"state": "draft"}),
    ("L", "POST", "/assets/1/approve", {**VERDICT, "sha256": NOW, "seen": "draft.1.1"}, 200,
     {"state": "approved"}),
    ("L", "PUT", "/assets/1/right", RIGHT, 200, {"rights_state": "cleared"}),
    ("L", "POST", "/assets/1/publish", {"embargo_until": "2030-01-01T09:00:00Z"}, 200,
     {"state": "published"}),
    ("L", "PUT", "/assets/1/embargo", {"embargo_until": None, "revision": NOW}, 200, {"embargo_until": None}),
    ("L", "POST", "/assets/1/withdraw", {"reason": "Wrong"}, 200, {"state": "withdrawn"}),
    ("L", "DELETE", f"/assets/1/right?revision={NOW}", None, 200, {"right": None, "rights_state": "unknown"}),
    ("L", "POST", "/assets/1/reopen", None, 200, {"state": "approved"}),
    ("L", "POST", "/assets/1/archive", {}, 200, {"state": "archived"}),
    ("L", "DELETE", "/assets/1?reason=Old", None, 204, {}),
    ("L", "POST", "/assets/1/restore", None, 200, {"state": "archived", "deleted_at": None}),
    ("C", "GET", "/assets/1/activity?size=2", None, 200, {"page": 1, "size": 2}),
    ("L", "GET", "/assets/2/usage", None, 200, {"total": 0, "uses": []}),
    ("L", "GET", "/trash", None, 200, {"total": 1}),
    ("L", "POST", "/trash/restore", {"assets": [3]}, 200, {"count": 1}),
    ("F", "POST", "/packages", {"assets": [2, 1]}, 201, {"assets": 1}),
    ("L", "GET", "/attributes", None, 200, {}),
    ("L", "POST", "/attributes", {"key": "light", "label": "Light", "kind": "tree", "embedded_as": "source"},
     201, {"choices": [], "embedded_as": "source"}),
    ("L", "PUT", "/attributes/light", {"revision": NOW, "label": "Light falls", "facet": True}, 200,
     {"facet": True}),
    ("L", "POST", "/attributes/light/choices", {"label": "Hard", "key": "hard"}, 201, {}),
    ("L", "PATCH", "/attributes/light/choices/hard", {"label": "Harsh"}, 200,
     {"choices": [{"key": "hard", "label": "Harsh", "parent": None}]}),
    ("L", "DELETE", "/attributes/light/choices/hard", None, 200, {"choices": []}),
    ("L", "DELETE", "/attributes/light", None, 204, {}),
    ("F", "GET", "/collections", None, 200, {}),
    ("L", "POST", "/collections", {"name": "Press", "audience": "organisation", "parent": 1}, 201,
     {"parent": 1}),
    ("L", "GET", "/collections/3", None, 200, {"name": "Press", "granted_to": []}),
    ("L", "PUT", "/collections/3",
     {"revision": NOW, "name": "Press kit", "audience": "organisation"}, 200, {"parent": None}),
    ("L", "POST", "/collections/3/assets", {"assets": [1, 2]}, 200, {"count": 2}),
    ("L", "POST", "/collections/3/assets/first", {"assets": [2]}, 204, {}),
    ("L", "GET", "/collections/3/assets", None, 200, {"total": 2, "assets": [2, 1]}),
    ("L", "POST", "/collections/3/assets/remove", {"assets": [1]}, 200, {"count": 1}),
    ("L", "PUT", "/collections/3/grants/2", None, 200, {"granted_to": [2]}),
    ("L", "DELETE", "/collections/3/grants/2", None, 200, {"granted_to": []}),
    ("L", "PUT", "/collections/3/group-grants/1", None, 200, {"granted_to_groups": [1]}),
    ("L", "DELETE", "/collections/3/group-grants/1", None, 200, {"granted_to_groups": []}),
    ("L", "DELETE", "/collections/3", None, 204, {}),
    ("L", "POST", "/bulk-edits", {"assets": [1, 2], "changes": {"tags": {"add": ["sea"]}}}, 201, {"id": 2}),
    ("L", "GET", "/bulk-edits/2", None, 200, {"state": "preview"}),
    ("L", "GET", "/bulk-edits/2/items?outcome=waiting", None, 200, {"total": 2}),
    ("L", "POST", "/bulk-edits/2/run", None, 202, {"state": "running"}),
    ("A", "GET", "/people?q=odo&state=active&size=5", None, 200, {"total": 1, "page": 1, "size": 5}),
    ("A", "GET", "/organisations?kind=partner", None, 200, {"page": 1}),
    ("A", "POST", "/organisations", {"name": "Fjord", "kind": "agency"}, 201,
     {"name": "Fjord", "state": "invited"}),
    ("A", "GET", "/organisations/3", None, 200, {"name": "Studio Brandt"}),
    ("A", "PATCH", "/organisations/3", {"name": "Atelier Brandt"}, 200, {"name": "Atelier Brandt"}),
    ("A", "POST", "/organisations/3/suspend", None, 200, {"state": "suspended"}),
    ("A", "POST", "/organisations/3/reopen", {}, 200, {"state": "active"}),
    ("A", "GET", "/organisations/3/open-matters", None, 200, {}),
    ("A", "POST", "/organisations/3/close", {"people": True}, 200, {"state": "closed"}),
    ("A", "POST", "/organisations/3/reopen", {"reason": "A new order"}, 200,
     {"state": "active", "closed_at": None}),
    ("A", "POST", "/people", PERSON, 201, {"email": "ann@fjord.example", "roles": ["librarian"]}),
    ("A", "POST", "/people", INVITED, 201, {"state": "invited", "roles": ["librarian@organisation:2"]}),
    ("A", "POST", "/people/bulk", {"csv": "name,email,roles\nBo,bo@fjord.example,planner", "send": True}, 200,
     {"rows": [{"row": 2, "email": "bo@fjord.example", "state": "ready", "faults": {}}]}),
    ("A", "GET", "/people/3", None, 200, {"roles": ["field_marketer"], "duties": []}),
    ("A", "PATCH", "/people/3", {"name": "Fina Field"}, 200, {"name": "Fina Field"}),
    ("A", "PUT", "/people/3/roles", {"roles": ["librarian"]}, 200, {"roles": ["librarian"]}),
    ("A", "POST", "/people/3/duties", {"duty": "po_approver", "limit_minor": 500_000, "currency": "EUR"}, 201,
     {"state": "active"}),
    ("A", "DELETE", "/people/3/duties/9", None, 404, {}),
    ("A", "DELETE", "/people/3/duties/1", None, 204, {}),
    ("A", "POST", "/people/3/suspend", None, 200, {"state": "suspended"}),
    ("A", "POST", "/people/3/reopen", {}, 200, {"state": "active"}),
    ("A", "GET", "/groups", None, 200, {"total": 1}),
    ("A", "POST", "/groups", {"name": "Kids", "roles": ["reviewer"]}, 201, {"id": 2, "roles": ["reviewer"]}),
    ("A", "GET", "/groups/2", None, 200, {"name": "Kids", "revision": 1}),
    ("A", "PATCH", "/groups/2", {"revision": 1, "name": "Kids team"}, 200, {"revision": 2}),
    ("A", "PUT", "/groups/2/roles", {"roles": ["planner"]}, 200, {"roles": ["planner"]}),
    ("A", "POST", "/groups/2/people", {"people": [3, 4]}, 200, {"id": 2}),
    ("A", "GET", "/groups/2/people", None, 200, {"total": 2}),
    ("A", "DELETE", "/groups/2/people/4", None, 204, {}),
    ("A", "PUT", "/people/6/groups", {"groups": [2]}, 200, {"groups": [2]}),
    ("A", "DELETE", "/groups/2", None, 204, {}),
    ("A", "GET", "/people/6/open-work", None, 200, {}),
    ("A", "POST", "/people/6/close", {}, 200, {"state": "closed", "roles": []}),
    ("A", "POST", "/people/6/reopen", {"reason": "Back again"}, 200, {"state": "invited"}),
    ("A", "PUT", "/people/6/roles", {"roles": ["partner"]}, 200, {"state": "invited"}),
    ("A", "POST", "/people/6/invite", None, 200, {"state": "invited"}),
    ("A", "POST", "/people/6/close", {}, 200, {"state": "closed"}),
    ("A", "POST", "/people/6/erase", {"typed": "not theirs"}, 422, {"code": "wrong_person"}),
    ("A", "GET", "/jobs?state=dead", None, 200, {"total": 1}),
    ("A", "POST", "/jobs/1/again", None, 200, {"state": "queued"}),
    ("C", "POST", "/uploads", UPLOAD, 201, {"state": "open", "parts": []}),
    ("C", "GET", "/uploads", None, 200, {}),
    ("C", "GET", "/notices", None, 200, {"unread": 1, "total": 1}),
    ("C", "GET", "/notices?unread=true", None, 200, {"total": 1}),
    ("C", "POST", "/notices/1/read", None, 200, {"unread": 0}),
    ("C", "GET", "/notices?unread=true", None, 200, {"total": 0}),
    ("C", "POST", "/notices/read", None, 200, {"unread": 0}),
    ("C", "GET", "/me/notices/choices", None, 200, {"quiet_from": None, "digest_hour": 8}),
    ("C", "PUT", "/me/notices/choices", {"modes": {"version.approved": "daily"}, "quiet_from": 1320,
     "quiet_to": 420, "digest_hour": 9, "digest_weekday": 4}, 200, {"quiet_from": 1320, "digest_weekday": 4}),
]  # fmt: skip


def test_every_endpoint_takes_what_is_right(desk: Desk) -> None:
    for who, method, path, body, status, says in TAKEN:
        sent = {"json": present(desk, path, body)} if body is not None else {}
        now = revision_of(desk.visits.of(desk.world.actors["L"]), path) if NOW in path else ""
        answer = desk.call(who, method, path.replace(NOW, str(now)), **sent)
        assert answer.status_code == status, (method, path, answer.text)
        told = (answer.json or {}) if status != 204 else {}
        assert told | says == told, (method, path, told)
    _undo(desk)
    _change_password(desk)
    _send(desk)
    assert operations(desk.app) - desk.called == set()


def present(desk: Desk, path: str, body: Any) -> Any:
    """The body with the present revision and hash put in."""
    if NOW not in body.values():
        return body
    known: dict[str, Any] = {"revision": revision_of(desk.visits.of(desk.world.actors["L"]), path)}
    if path.startswith("/assets"):
        asset = desk.call("L", "GET", "/".join(path.split("/")[:3])).json or {}
        known["sha256"] = asset["versions"][0]["sha256"]
    return {name: known[name] if value == NOW else value for name, value in body.items()}


def _change_password(desk: Desk) -> None:
    librarian = desk.world.actors["L"].person_id
    with desk.visits.house.database.transaction() as session:
        session.get_one(Person, librarian).password_hash = hash_password("four words in a row")
    said = {"old": "four words in a row", "password": "five other words in a row"}
    assert desk.call("L", "PUT", "/me/password", json=said).status_code == 204


def _undo(desk: Desk) -> None:
    with desk.visits.house.database.transaction() as session:
        session.get_one(BulkEdit, 2).state = "done"  # the worker's part
    assert desk.call("L", "POST", "/bulk-edits/2/undo").status_code == 202


def _send(desk: Desk) -> None:
    """An upload from its first part to the end; another one is given up."""
    public_id = desk.world.ids["upload_complete"]["public_id"]
    octets = {"Content-Type": "application/octet-stream"}
    part = desk.call("C", "PUT", f"/uploads/{public_id}/parts/1", data=PART, headers=octets)
    assert (part.json or {})["size"] == len(PART)
    assert (desk.call("C", "GET", f"/uploads/{public_id}").json or {})["parts"] == [
        {"n": 1, "size": len(PART)}
    ]
    assert desk.call("C", "POST", f"/uploads/{public_id}/complete").status_code == 202
    gone = desk.world.ids["upload_cancel"]["public_id"]
    assert desk.call("C", "DELETE", f"/uploads/{gone}").status_code == 204
    # A store on local disk takes no parts by itself, and says so.
    signed = desk.call("C", "POST", f"/uploads/{gone}/parts/sign", json={"parts": [{"n": 1, "size": 1}]})
    assert signed.status_code in (404, 409, 422)
    desk.called.add(("POST", f"{API}/uploads/<public_id>/parts/sign"))


# Who, method, path, body, status, code.
REFUSED: list[tuple[str, str, str, Any, int, str]] = [
    ("F", "GET", "/assets/1", None, 404, "asset_not_found"),
    ("L", "GET", "/assets/99999999999999999999", None, 404, "not_found"),
    ("F", "PATCH", "/assets/2", {"revision": 1, "title": "x"}, 403, "not_permitted"),
    ("L", "PATCH", "/assets/1", {"revision": 99, "title": "x"}, 409, ""),
    ("L", "PATCH", "/assets/1", {"revision": NOW, "title": ""}, 422, ""),
    ("L", "PATCH", "/assets/1", {"title": "x"}, 422, "unreadable"),
    ("L", "PATCH", "/assets/1", {"revision": NOW, "colour": "red"}, 422, "unreadable"),
    ("L", "PATCH", "/assets/1/attributes", {"revision": NOW, "values": {"season": "spring"}}, 422, ""),
    ("L", "PUT", "/assets/1/right", {"revision": 1, "starts_on": "soon"}, 422, "unreadable"),
    ("L", "PUT", "/assets/1/right", {"holder": "Ida"}, 422, "unreadable"),
    ("L", "PUT", "/assets/1/right", {**RIGHT, "revision": 0}, 409, "changed_meanwhile"),
    ("L", "DELETE", "/assets/1/right?revision=0", None, 409, "changed_meanwhile"),
    ("L", "PUT", "/attributes/season", {"revision": 0, "label": "x"}, 409, "changed_meanwhile"),
    ("L", "PUT", "/collections/1", {"revision": 0, "name": "x"}, 409, "changed_meanwhile"),
    ("L", "POST", "/assets/1/publish", {"embargo_until": "2030-04-02T09:00:00"}, 422, "unreadable"),
    ("L", "POST", "/assets/1/publish", {"embargo_until": 1}, 409, ""),
    ("L", "PUT", "/assets/1/right", {"revision": NOW, "starts_on": "2027-02-01", "ends_on": "2027-01-01"},
     422, ""),
    ("L", "POST", "/assets/1/approve", {**VERDICT, "sha256": "0" * 64, "seen": "draft.1.0"}, 409,
     "other_bytes"),
    ("L", "POST", "/assets/1/approve", {**VERDICT, "sha256": NOW, "seen": "draft.1.1"}, 409,
     "changed_meanwhile"),
    ("L", "POST", "/assets/1/return", {**VERDICT, "sha256": NOW, "seen": ""}, 409, "changed_meanwhile"),
    ("L", "POST", "/assets/1/approve", {"version": 9, "sha256": "0", "seen": ""}, 404, ""),
    ("L", "POST", "/assets/1/publish", {}, 409, ""),
    ("L", "POST", "/assets/2/withdraw", {"reason": ""}, 422, ""),
    ("L", "POST", "/assets/2/restore", None, 403, ""),
    ("F", "POST", "/packages", {"assets": [1]}, 404, ""),
    ("F", "POST", "/packages", {"assets": [2], "form": "poster"}, 422, ""),
    ("F", "POST", "/packages", {"assets": [10**25]}, 422, "unreadable"),
    ("F", "GET", "/library?sort=beauty", None, 422, "unreadable"),
    ("F", "GET", "/library?page=0", None, 422, "unreadable"),
    ("F", "POST", "/attributes", {"key": "a", "label": "A", "kind": "text"}, 403, ""),
    ("L", "POST", "/attributes", {"key": "a b", "label": "A", "kind": "text"}, 422, ""),
    ("L", "POST", "/attributes", {"key": "tags", "label": "Tags", "kind": "text"}, 422, "wrong_value"),
    ("L", "PUT", "/attributes/none", {"revision": 1, "label": "A"}, 404, ""),
    ("C", "POST", "/collections", {"name": "x"}, 403, ""),
    ("L", "POST", "/collections", {"name": ""}, 422, ""),
    ("L", "POST", "/collections", {"name": "x", "parent": 99}, 404, ""),
    ("L", "PUT", "/collections/2", {"revision": 1, "name": "x"}, 404, ""),
    ("L", "PUT", "/collections/1/grants/1", None, 422, ""),
    ("L", "PUT", "/collections/1/grants/99", None, 404, ""),
    ("L", "POST", "/bulk-edits", {"assets": [1], "changes": {}}, 422, ""),
    ("L", "POST", "/bulk-edits", {"assets": [], "changes": {"tags": {"add": ["x"]}}}, 422, ""),
    ("L", "POST", "/bulk-edits/1/undo", None, 409, ""),
    ("L", "GET", "/bulk-edits/99", None, 404, ""),
    ("A", "POST", "/organisations", {"name": "Own", "kind": "own"}, 422, ""),
    ("A", "POST", "/organisations", {"name": "Alpin Sport", "kind": "partner"}, 409, ""),
    ("A", "POST", "/people", {**PERSON, "email": "no"}, 422, ""),
    ("A", "POST", "/people", {**PERSON, "password": "short"}, 422, ""),
    ("A", "POST", "/people/1/suspend", None, 422, ""),
    ("A", "POST", "/people/1/close", {}, 422, "wrong_person"),
    ("A", "POST", "/people", {**INVITED, "roles": []}, 422, "wrong_person"),
    ("A", "POST", "/people", {**INVITED, "roles": ["librarian@brand:none"]}, 422, "wrong_person"),
    ("A", "POST", "/people/bulk", {"csv": "who"}, 422, "wrong_file"),
    ("A", "POST", "/organisations/2/close", {}, 409, "still_open"),
    ("A", "PATCH", "/groups/1", {"revision": 9, "name": "x"}, 409, "changed_meanwhile"),
    ("A", "GET", "/groups/77", None, 404, "group_not_found"),
    ("L", "GET", "/people", None, 403, "not_permitted"),
    ("A", "GET", "/jobs?state=odd", None, 422, "unreadable"),
    ("A", "POST", "/jobs/99/again", None, 404, ""),
    ("F", "POST", "/uploads", UPLOAD, 403, ""),
    ("C", "POST", "/uploads", {**UPLOAD, "size": -1}, 422, ""),
    ("O", "GET", "/uploads/nothing", None, 404, ""),
    ("L", "GET", "/nowhere", None, 404, "not_found"),
    ("L", "DELETE", "/me", None, 405, "method_not_allowed"),
    ("L", "POST", "/notices/1/read", None, 404, "notice_not_found"),
    ("C", "PUT", "/me/notices/choices", {"modes": {"rights.ending": "x"}}, 422, "wrong_notice_choice"),
]  # fmt: skip


def check_problem(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    told = answer.json or {}
    assert set(told) >= PROBLEM
    assert told["status"] == status
    assert told["detail"].endswith("."), told
    assert told["code"] == code or not code
    assert re.fullmatch(r"[a-z_]+", told["code"]), told
    assert answer.headers["X-Request-Id"]


def test_every_refusal_is_a_problem(desk: Desk) -> None:
    for who, method, path, body, status, code in REFUSED:
        sent = {"json": present(desk, path, body)} if body is not None else {}
        check_problem(desk.call(who, method, path, **sent), status, code)


def test_nobody_gets_401_everywhere(desk: Desk) -> None:
    for method, rule in sorted(operations(desk.app)):
        path = rule.removeprefix(API).replace("<int:", "<")
        for name in ("key", "choice_key", "public_id"):
            path = path.replace(f"<{name}>", "season")
        while "<" in path:
            path = path[: path.index("<")] + "1" + path[path.index(">") + 1 :]
        check_problem(desk.call("X", method, path), 401, "sign_in_first")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"name"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"name": NaN}', "application/json"),
        (b'{"name": ' + b"[" * 100_000 + b"}", "application/json"),
        (b'{"name": 1' + b"0" * 5_000 + b"}", "application/json"),
        (b"name=x", "application/x-www-form-urlencoded"),
        (b"<name>x</name>", "application/xml"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(desk: Desk, body: bytes, kind: str) -> None:
    answer = desk.call("L", "POST", "/collections", data=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 415, 422), answer.text
    check_problem(answer, answer.status_code, "")
