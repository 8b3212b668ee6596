"""Plans in the world of the access matrix: who gets through their routes, and calls that are taken."""

from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import DutyGrant
from assetlib.planning.models import PlanComment
from tests import make_plans

OWN, PLANNER, APPROVER, TALKERS = "ALEMRFH", "E", "M", "AEM"


STATES = {
    "plan": "in_review", "plan_draft": "draft", "plan_active": "active", "plan_approved": "approved",
}  # fmt: skip


def lay_plans(session: Session, planner: Actor, approver: Actor) -> dict[str, dict[str, Any]]:
    """A plan in review with a comment, a draft that can be sent, and one that is approved and held back."""
    session.add(DutyGrant(person_id=approver.person_id, duty="plan_approver", granted_at=clock.now()))
    calendar = make_plans.fiscal_calendar(session, name="Calendar year")
    make_plans.fiscal_year(session, calendar)
    found = {}
    for name, state in STATES.items():
        plan = make_plans.plan(session, planner, name=f"A plan, {state}", calendar_id=calendar.id)
        version = make_plans.plan_version(session, plan, state, objectives=["Be seen"], assumptions="Snow")
        activity = make_plans.activity(session, make_plans.campaign(session, plan))
        make_plans.planned(session, version, activity)
        line = make_plans.plan_line(session, version, activity, note="A note")
        found[name] = {
            "plan_id": plan.id, "number": 1, "activity": activity.id, "period": line.period_id,
            "account": line.gl_account_id, "cost_centre": line.cost_centre_id, "calendar": calendar.id,
        }  # fmt: skip
        if state == "in_review":
            rows = [
                PlanComment(
                    version_id=version.id,
                    field=each,
                    text="Less.",
                    author_id=approver.person_id,
                    at=clock.now(),
                )
                for each in ("lines", "objectives", f"activity-{activity.id}", f"line-{line.position}")
            ]
            session.add_all(rows)
            session.flush()
            found[name]["comment_id"] = rows[0].id
    return found


PLAN_BODIES: dict[str, dict[str, Any]] = {
    "api_plans.make": {"json": {"name": "x", "calendar": 1, "fiscal_year": 2027, "currency": "EUR"}},
    "api_plans.change": {"json": {"revision": 1, "name": "x", "owner": 1}},
    "api_plans.close": {"json": {"reason": "x"}},
    "api_plans.start": {"json": {"reason": "x"}},
    "api_plans.write_words": {"json": {"revision": 1, "objectives": ["x"]}},
    "api_plans.write_results": {"json": {"revision": 1, "expected": []}},
    "api_plans.write_activities": {"json": {"revision": 1, "activities": []}},
    "api_plans.write_lines": {"json": {"revision": 1, "lines": []}},
    "api_plans.differing": {"query": {"before": 1, "after": 1}},
    "api_plan_reviews.send": {"json": {"revision": 1}},
    "api_plan_reviews.request_changes": {"json": {"answer": "x"}},
    "api_plan_reviews.reject": {"json": {"answer": "x"}},
    "api_plan_reviews.approve": {"json": {}},
    "api_plan_reviews.comment": {"json": {"text": "x"}},
}
PLAN_ROWS: dict[str, str | dict[str, str]] = {
    "plans.index": OWN,
    "plans.new": PLANNER,
    "plans.make": PLANNER,
    "plans.show": {"plan": OWN},
    "plans.change_form": {"plan": PLANNER},
    "plans.change": {"plan": PLANNER},
    "plans.close": {"plan": PLANNER},
    "plans.start": {"plan": PLANNER},
    "plan_versions.show": {"plan": OWN},
    "plan_versions.compare": {"plan": OWN},
    "plan_versions.write_words": {"plan_draft": PLANNER},
    "plan_versions.write_results": {"plan_draft": PLANNER},
    "plan_versions.write_activities": {"plan_draft": PLANNER},
    "plan_versions.write_lines": {"plan_draft": PLANNER},
    "plan_versions.send": {"plan_draft": PLANNER},
    "plan_versions.take_back": {"plan": PLANNER},
    "plan_versions.approve": {"plan": APPROVER},
    "plan_versions.request_changes": {"plan": APPROVER},
    "plan_versions.reject": {"plan": APPROVER},
    "plan_versions.activate": {"plan": PLANNER + APPROVER},
    "plan_versions.comment": {"plan": TALKERS},
    "plan_versions.settle": {"plan": TALKERS},
    "api_plans.index": OWN,
    "api_plans.make": PLANNER,
    "api_plans.show": {"plan": OWN},
    "api_plans.change": {"plan": PLANNER},
    "api_plans.close": {"plan": PLANNER},
    "api_plans.start": {"plan": PLANNER},
    "api_plans.version": {"plan": OWN},
    "api_plans.differing": {"plan": OWN},
    "api_plans.write_words": {"plan_draft": PLANNER},
    "api_plans.write_results": {"plan_draft": PLANNER},
    "api_plans.write_activities": {"plan_draft": PLANNER},
    "api_plans.write_lines": {"plan_draft": PLANNER},
    "api_plan_reviews.send": {"plan_draft": PLANNER},
    "api_plan_reviews.take_back": {"plan": PLANNER},
    "api_plan_reviews.approve": {"plan": APPROVER},
    "api_plan_reviews.request_changes": {"plan": APPROVER},
    "api_plan_reviews.reject": {"plan": APPROVER},
    "api_plan_reviews.activate": {"plan": PLANNER + APPROVER},
    "api_plan_reviews.comment": {"plan": TALKERS},
    "api_plan_reviews.settle": {"plan": TALKERS},
}
REACH = {"kpi": "Reach", "thousandths": 1_500, "unit": "m"}
Call = tuple[str, str, str, Any, int, dict[str, Any]]


def plan_calls(ids: dict[str, dict[str, Any]], *, owner: int, stranger: int) -> list[Call]:
    """Who, method, path, body, status, and some of what the answer says, after `lay_plans`."""
    there = ids["plan_draft"]
    draft, active, new = there["plan_id"], ids["plan_active"]["plan_id"], ids["plan_approved"]["plan_id"] + 1
    comment = ids["plan"]["comment_id"] + 4
    first = {"name": "Plan 2027", "calendar": there["calendar"], "fiscal_year": 2027, "currency": "EUR"}
    line = {
        **{name: there[name] for name in ("activity", "period", "account", "cost_centre")},
        "amount_minor": 40_000,
        "currency": "EUR",
    }
    days = {"activity": there["activity"], "starts_on": "2027-03-01", "ends_on": "2027-05-31"}
    return [
        ("H", "GET", "/plans", None, 200, {"page": 1}),
        ("E", "GET", "/plans?year=2027&state=active", None, 200, {"page": 1}),
        ("E", "POST", "/plans", first, 201, {"state": "draft", "active": None}),
        ("E", "POST", "/plans", {**first, "fiscal_year": 2029}, 422, {"code": "wrong_planning_value"}),
        ("E", "GET", f"/plans/{new}", None, 200, {"id": new, "newest": 1}),
        ("E", "PUT", f"/plans/{new}", {"revision": 1, "name": "Brand plan", "owner": stranger}, 422,
         {"code": "wrong_planning_value"}),
        ("H", "GET", f"/plans/{draft}/versions/1", None, 200, {"lines": None, "total_minor": None}),
        ("E", "PUT", f"/plans/{draft}/versions/1/words", {"revision": 1, "objectives": ["Win"]}, 200,
         {"objectives": ["Win"], "revision": 2}),
        ("E", "PUT", f"/plans/{draft}/versions/1/words", {"revision": 1, "objectives": []}, 409,
         {"code": "planning_changed"}),
        ("E", "PUT", f"/plans/{draft}/versions/1/expected", {"revision": 2, "expected": [REACH]}, 200,
         {"expected": [{**REACH, "campaign": None}]}),
        ("E", "PUT", f"/plans/{draft}/versions/1/activities", {"revision": 3, "activities": [days]}, 200,
         {"activities": [days]}),
        ("E", "PUT", f"/plans/{draft}/versions/1/lines", {"revision": 4, "lines": [line]}, 200,
         {"total_minor": 40_000}),
        ("E", "PUT", f"/plans/{new}", {"revision": 1, "name": "Brand plan", "owner": owner}, 200,
         {"name": "Brand plan", "revision": 2}),
        ("E", "POST", f"/plans/{new - 1}/versions/1/activate", None, 200, {"state": "active"}),
        ("E", "POST", f"/plans/{draft}/versions/1/send", {"revision": 5}, 200, {"state": "in_review"}),
        ("M", "POST", f"/plans/{draft}/versions/1/comments", {"text": "Less?", "field": "line-1"}, 201, {}),
        ("M", "POST", f"/plans/{draft}/versions/1/comments/{comment}/settle", None, 200, {}),
        ("H", "GET", f"/plans/{draft}/versions/1", None, 200, {"comments": []}),
        ("E", "POST", f"/plans/{draft}/versions/1/take-back", None, 200, {"number": 2, "state": "draft"}),
        ("E", "POST", f"/plans/{draft}/versions/2/send", {"revision": 1}, 200, {"state": "in_review"}),
        ("M", "POST", f"/plans/{draft}/versions/2/request-changes", {"answer": "Less."}, 200,
         {"number": 3, "reason": "Less."}),
        ("E", "POST", f"/plans/{draft}/versions/3/send", {"revision": 1}, 200, {"state": "in_review"}),
        ("M", "POST", f"/plans/{draft}/versions/3/reject", {"answer": "No."}, 200, {"state": "rejected"}),
        ("E", "POST", f"/plans/{draft}/versions", {"reason": "Once more"}, 201, {"number": 4}),
        ("E", "POST", f"/plans/{draft}/versions/4/send", {"revision": 1}, 200, {"total_minor": 40_000}),
        ("E", "POST", f"/plans/{draft}/versions/4/approve", {}, 403, {"code": "not_permitted"}),
        ("M", "POST", f"/plans/{draft}/versions/4/approve", {}, 200, {"state": "active", "in_the_way": []}),
        ("E", "GET", f"/plans/{draft}/difference?before=1&after=4", None, 200, {"pairs": []}),
        ("E", "POST", f"/plans/{active}/versions", {"reason": "x"}, 201, {"number": 2}),
        ("E", "POST", f"/plans/{draft}/close", {"reason": "Over"}, 200, {"state": "closed"}),
    ]  # fmt: skip
