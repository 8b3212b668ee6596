"""Every endpoint, taken and refused; each answer has the shape that the OpenAPI document gives it."""

from typing import Any

import pytest

from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import open_session
from assetlib.app import create_app
from assetlib.catalog.models import BulkEdit
from assetlib.house import House
from tests.delivery.api_desk import (
    API,
    INVITED,
    LINK,
    PERSON,
    RIGHT,
    UPLOAD,
    VERDICT,
    WISH,
    Desk,
    operations,
    present,
)
from tests.delivery.api_orders import about_orders, take_orders
from tests.delivery.plan_world import lay_plans, plan_calls
from tests.delivery.planned_work_calls import PLANNED_WORK
from tests.delivery.reference_calls import CALLS as REFERENCE_CALLS
from tests.delivery.test_refused_forms import NOW, revision_of
from tests.delivery.visiting import Visits
from tests.delivery.wishes import WISH_CALLS
from tests.delivery.world import PART, make_world


@pytest.fixture
def desk(house: House) -> Desk:
    world = make_world(house, with_plans=False)
    app = create_app(house.settings, house=house)
    visits = Visits(app, house)
    document = visits.of(world.actors["L"]).get(f"{API}/openapi.json").json or {}
    return Desk(app, world, visits, document)


# Who, method, path, body, status, and some of what the answer says.
TAKEN: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    *PLANNED_WORK,
    *WISH_CALLS,
    ("C", "GET", "/notices", None, 200, {"unread": 1, "total": 1}),
    ("C", "GET", "/notices?unread=true", None, 200, {"total": 1}),
    ("C", "POST", "/notices/1/read", None, 200, {"unread": 0}),
    ("C", "GET", "/notices?unread=true", None, 200, {"total": 0}),
    ("C", "POST", "/notices/read", None, 200, {"unread": 0}),
    ("N", "GET", "/me", None, 200, {"roles": [], "name": "Nils Nobody", "language": None}),
    ("N", "PATCH", "/me", {"language": "de"}, 200, {"language": "de", "time_zone": None}),
    ("N", "PATCH", "/me", {"time_zone": "Asia/Tokyo"}, 200, {"language": "de", "time_zone": "Asia/Tokyo"}),
    ("L", "GET", "/library?q=published&size=5", None, 200, {"total": 1, "page": 1, "size": 5}),
    ("L", "GET", "/suggestions?q=pub", None, 200, {}),
    ("F", "GET", "/assets/2", None, 200, {"state": "published", "may_download": True, "why_not": ""}),
    ("F", "POST", "/shares", LINK, 201, {"state": "open", "assets": [2], "has_password": True}),
    ("F", "GET", "/shares", None, 200, {"total": 2}),
    ("L", "GET", "/shares?everybody=1", None, 200, {"total": 3}),
    ("F", "PUT", "/shares/3", {"name": "Kit", "forms": [], "revision": 1}, 200, {"forms": [], "revision": 2}),
    ("F", "PUT", "/shares/3/password", {"password": None, "revision": 2}, 200, {"has_password": False}),
    ("L", "GET", "/shares/3", None, 200, {"opened": 0, "downloads": 0}),
    ("L", "GET", "/shares/3/accesses", None, 200, {"total": 0}),
    ("L", "POST", "/shares/3/revoke", None, 200, {"state": "revoked"}),
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
    *REFERENCE_CALLS,
    ("C", "POST", "/uploads", UPLOAD, 201, {"state": "open", "parts": []}),
    ("C", "GET", "/uploads", None, 200, {}),
    ("L", "GET", "/my-work", None, 200, {}),
    ("A", "GET", "/audit", None, 200, {}),
    ("A", "GET", "/audit/verification", None, 200, {}),
    ("A", "POST", "/audit/verification", None, 202, {}),
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
    _plan(desk)
    _undo(desk)
    _change_password(desk)
    _send(desk)
    _look_at_ways_in(desk)
    _erase(desk)
    assert operations(desk.app) - desk.called == about_orders(desk)


def test_every_endpoint_about_orders_takes_what_is_right(desk: Desk) -> None:
    take_orders(desk)
    assert about_orders(desk) - desk.called == set()


def _plan(desk: Desk) -> None:
    """Plans from the draft to the end."""
    actors = desk.world.actors
    with desk.visits.house.database.transaction() as session:
        ids = lay_plans(session, actors["E"], actors["M"])
    owner, stranger = (actors[letter].person_id or 0 for letter in "EC")
    for who, method, path, body, status, says in plan_calls(ids, owner=owner, stranger=stranger):
        answer = desk.call(who, method, path, **({"json": body} if body is not None else {}))
        assert answer.status_code == status, (method, path, answer.text)
        told = answer.json or {}
        assert told | says == told, (method, path, told)


def _change_password(desk: Desk) -> None:
    librarian = desk.world.actors["L"].person_id
    with desk.visits.house.database.transaction() as session:
        session.get_one(Person, librarian).password_hash = hash_password("four words in a row")
    said = {"old": "four words in a row", "password": "five other words in a row"}
    assert desk.call("L", "PUT", "/me/password", json=said).status_code == 204
    proof = {"password": "five other words in a row"}
    assert desk.call("L", "POST", "/me/confirm", json=proof).status_code == 204


def _look_at_ways_in(desk: Desk) -> None:
    """The browsers of somebody, one ended and then all others."""
    other = desk.world.actors["H"]
    with desk.visits.house.database.transaction() as session:
        for browser in ("phone", "tablet"):
            person = get_person(session, other.person_id or 0)
            open_session(session, person, address="127.0.0.1", browser=browser)
    found = (desk.call("H", "GET", "/me/sessions").json or {})["sessions"]
    elsewhere = [each for each in found if not each["is_this_one"]]
    assert len(elsewhere) >= 2
    assert desk.call("H", "DELETE", f"/me/sessions/{elsewhere[0]['id']}").status_code == 204
    assert desk.call("H", "DELETE", "/me/sessions").status_code == 204
    left = (desk.call("H", "GET", "/me/sessions").json or {})["sessions"]
    assert [each["is_this_one"] for each in left] == [True]


def _erase(desk: Desk) -> None:
    """A person who left, by their own address."""
    address = (desk.call("A", "GET", "/people/6").json or {})["email"]
    erased = desk.call("A", "POST", "/people/6/erase", json={"typed": address}).json or {}
    assert erased["name"] == "Erased person 6"


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
