"""Whatever the API refuses is a problem with a code and a sentence."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from assetlib.app import create_app
from assetlib.house import House
from tests.delivery.api_desk import (
    API,
    INVITED,
    PERSON,
    PROBLEM,
    RIGHT,
    UPLOAD,
    VERDICT,
    Desk,
    operations,
    present,
)
from tests.delivery.test_refused_forms import NOW
from tests.delivery.visiting import Visits
from tests.delivery.world import make_world


@pytest.fixture
def desk(house: House) -> Desk:
    world = make_world(house)
    app = create_app(house.settings, house=house)
    visits = Visits(app, house)
    document = visits.of(world.actors["L"]).get(f"{API}/openapi.json").json or {}
    return Desk(app, world, visits, document)


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
    ("A", "PATCH", "/groups/1", {"revision": 9, "name": "x"}, 409, "group_changed"),
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
