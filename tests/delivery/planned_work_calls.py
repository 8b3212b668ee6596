"""Calls about campaigns, activities and tasks for `test_api.py`, one after the other."""

from typing import Any

PLANNER = 9
CAMPAIGN = {"name": "Night walk", "starts_on": "2027-05-03", "ends_on": "2027-05-30", "owner": PLANNER}
ACTIVITY = {
    "name": "Fair", "starts_on": "2027-05-03", "ends_on": "2027-05-07", "owner": PLANNER, "kind": "event",
    "country": "DE",
}  # fmt: skip
TASK = {"name": "Build the stand", "start": "2027-05-03", "finish": "2027-05-05", "effort_hours": 16}
WEEK = {"start": "2027-03-01", "finish": "2027-03-05"}

PLANNED_WORK: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    ("F", "GET", "/campaigns?late=true", None, 200, {"page": 1}),
    ("F", "GET", "/campaigns/1", None, 200, {"name": "Autumn Trails", "planned_minor": None}),
    ("E", "GET", "/campaigns/1", None, 200, {"planned_minor": 0, "currency": "EUR"}),
    ("E", "POST", "/campaigns", {**CAMPAIGN, "plan": 1}, 201, {"id": 2, "state": "planned", "revision": 1}),
    ("E", "PUT", "/campaigns/2", {**CAMPAIGN, "theme": "Dark", "revision": 1}, 200, {"theme": "Dark"}),
    ("E", "POST", "/campaigns/2/activities", ACTIVITY, 201, {"id": 2, "campaign": 2, "country": "DE"}),
    ("E", "PUT", "/activities/2", {**ACTIVITY, "venue": "Hall 7", "revision": 1}, 200, {"venue": "Hall 7"}),
    ("E", "POST", "/activities/2/move", {"starts_on": "2027-05-10"}, 200, {"ends_on": "2027-05-13"}),
    (
        "E",
        "POST",
        "/activities/2/tasks",
        TASK,
        201,
        {"id": 4, "baseline_start": None, "standing": "on_track"},
    ),
    ("E", "PUT", "/tasks/4", {"name": "Stand", "kind": "planning", "revision": 1}, 200, {"name": "Stand"}),
    ("E", "PUT", "/tasks/4/assignee", {"assignee": PLANNER}, 200, {"assignee": PLANNER, "agency": None}),
    ("E", "GET", "/tasks", None, 200, {"total": 1}),
    ("E", "POST", "/tasks/4/progress", {"percent": 40}, 200, {"percent": 40, "stage": "doing"}),
    ("E", "POST", "/tasks/4/stage", {"stage": "waiting"}, 200, {"stage": "waiting"}),
    ("E", "POST", "/tasks/4/finish", {}, 200, {"percent": 100, "stage": "done", "standing": "done"}),
    ("E", "POST", "/campaigns/2/end", None, 200, {"state": "done"}),
    ("E", "POST", "/campaigns/2/reopen", None, 200, {"state": "running"}),
    ("E", "POST", "/activities/2/cancel", {"reason": "No fair"}, 200, {"state": "cancelled"}),
    ("E", "POST", "/campaigns/2/cancel", {}, 200, {"state": "cancelled"}),
    ("E", "POST", "/campaigns/1/activities", {**ACTIVITY, "name": "Tour"}, 201, {"id": 3}),
    ("E", "PUT", "/tasks/2/predecessors/1", {"lag": 1}, 200, {"id": 2}),
    ("C", "PUT", "/tasks/3/forecast", {**WEEK, "revision": 1}, 200, {"forecast_finish": "2027-03-05"}),
    ("C", "GET", "/tasks/3", None, 200, {"needs": [], "note": ""}),
    ("E", "GET", "/tasks/1/followers", None, 200, {}),
    ("E", "POST", "/tasks/1/followers/push", None, 200, {}),
    ("E", "GET", "/tasks/1/followers", None, 200, {"moves": []}),
    ("E", "DELETE", "/tasks/2/predecessors/1", None, 200, {"needs": []}),
    ("E", "POST", "/tasks/2/move", {"activity": 3}, 200, {"activity": 3}),
    ("E", "POST", "/tasks/2/cancel", {"reason": "Not needed"}, 200, {"stage": "cancelled"}),
]
"""Who, method, path, body, status, and some of what the answer says."""
