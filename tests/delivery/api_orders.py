"""A deliverable from its spec to its acceptance, as a program asks for it."""

from typing import Any

from assetlib.planning.models import DeliverableItem
from tests.delivery.api_desk import API, Desk, operations
from tests.planning.orders import delivered


def take_orders(desk: Desk) -> None:
    """Every call about delivery specs and deliverables, each taken."""
    ids = desk.world.ids
    spec = ok(desk, "E", "POST", "/delivery-specs", 201, {"name": "Web", "rules": {"formats": ["PSD"]}})
    assert spec["rules"] == {"formats": ["PSD"]}
    at = f"/delivery-specs/{spec['id']}"
    body = {"revision": 1, "name": "Web stories", "rules": {"formats": ["JPEG"], "heaviest": 10**6}}
    assert ok(desk, "L", "PUT", at, 200, body)["rules"]["heaviest"] == 10**6
    assert ok(desk, "L", "POST", f"{at}/retire", 200)["retired_at"] is not None
    assert ok(desk, "L", "POST", f"{at}/offer", 200)["retired_at"] is None
    assert ok(desk, "F", "GET", at, 200)["name"] == "Web stories"
    assert ok(desk, "F", "GET", "/delivery-specs", 200)["total"] == 2

    asked = {
        "task": ids["any"]["ordered_task"], "name": "Story", "due_at": "2027-03-01T12:00:00Z",
        "brief": "Stars.", "agency": ids["agency"]["agency_id"],
        "items": [{"name": "Master", "width": 1080, "height": 1920}],
    }  # fmt: skip
    made = ok(desk, "E", "POST", "/deliverables", 201, asked)
    at, item = f"/deliverables/{made['id']}", made["items"][0]
    assert (made["scope_state"], made["ref"]) == ("draft", f"D-{made['id']}")
    changed = {**asked, "revision": made["revision"], "spec": spec["id"], "items": [item_in(item)]}
    assert ok(desk, "E", "PUT", at, 200, changed)["items"][0]["id"] == item["id"]
    ok(desk, "E", "POST", f"{at}/submit-brief", 200)
    revision = ok(desk, "K", "GET", at, 200)["revision"]
    sent_back = {"revision": revision, "reason": "Which stars?"}
    assert ok(desk, "K", "POST", f"{at}/send-back", 200, sent_back)["scope_state"] == "draft"
    revision = ok(desk, "E", "POST", f"{at}/submit-brief", 200)["revision"]
    approved = ok(desk, "K", "POST", f"{at}/approve-scope", 200, {"revision": revision})
    assert approved["scope_state"] == "scope_approved"
    assert ok(desk, "E", "POST", f"{at}/rescope", 200, {"reason": "Wider"})["scope_state"] == "rescoped"
    revision = ok(desk, "E", "POST", f"{at}/submit-brief", 200)["revision"]
    ok(desk, "K", "POST", f"{at}/approve-scope", 200, {"revision": revision})

    files = come(desk, item["id"])
    assert (files["state"], [each["name"] for each in files["checks"] if not each["passed"]]) == (
        "quarantined", ["size"],
    )  # fmt: skip
    checked = ok(desk, "C", "POST", f"/deliverables/deliveries/{files['id']}/check", 200)
    assert checked["items"][0]["deliveries"][0]["state"] == "quarantined"
    ok(desk, "C", "POST", f"/deliverables/deliveries/{files['id']}/remove", 200)
    files = come(desk, item["id"])
    ok(desk, "L", "POST", f"/deliverables/deliveries/{files['id']}/waive", 200, {"reason": "Fits"})
    assert ok(desk, "C", "POST", f"{at}/send", 200, {"note": "Live type"}) == {"files": 1}
    back = {"sha256": files["sha256"], "reason": "Darker"}
    assert ok(desk, "E", "POST", f"/deliverables/items/{item['id']}/return", 200, back)["creative_state"] == (
        "changes_requested"
    )
    files = come(desk, item["id"], width=1080, height=1920)
    ok(desk, "C", "POST", f"{at}/send", 200, {})
    seen = ok(desk, "L", "GET", at, 200)["items"][0]["deliveries"][0]
    assert ok(desk, "C", "GET", at, 200)["items"][0]["deliveries"][0]["standing"] is None
    accepted = {"sha256": files["sha256"], "seen": seen["standing"]}
    done = ok(desk, "L", "POST", f"/deliverables/items/{item['id']}/accept", 200, accepted)
    assert (done["creative_state"], done["items"][0]["accepted_sha256"]) == ("approved", files["sha256"])

    assert ok(desk, "C", "GET", "/deliverables?state=approved", 200)["total"] == 1
    assert ok(desk, "O", "GET", "/deliverables", 200)["total"] == 0
    dropped = ids["order"]["deliverable_id"]
    assert ok(desk, "E", "POST", f"/deliverables/{dropped}/drop", 200, {"reason": "No money"})["scope_note"]


def about_orders(desk: Desk) -> set[tuple[str, str]]:
    rooms = (f"{API}/deliverables", f"{API}/delivery-specs")
    return {each for each in operations(desk.app) if each[1].startswith(rooms)}


def ok(
    desk: Desk, who: str, method: str, path: str, status: int, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What is answered to a call that is taken."""
    answer = desk.call(who, method, path, **({"json": body} if body is not None else {}))
    assert answer.status_code == status, (method, path, answer.text)
    return answer.json or {}


def item_in(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("id", "name", "width", "height", "unit", "locale")}


def come(desk: Desk, item_id: int, **facts: Any) -> dict[str, Any]:
    """A file of the agency is taken in for the item; what the newest delivery says then."""
    with desk.visits.house.database.transaction() as session:
        delivered(session, desk.world.actors["C"], session.get_one(DeliverableItem, item_id), **facts)
        of = session.get_one(DeliverableItem, item_id).deliverable_id
    files: dict[str, Any] = ok(desk, "C", "GET", f"/deliverables/{of}", 200)["items"][0]["deliveries"][0]
    return files
