"""A form, a request by it, and results of a campaign: for the access matrix and the calls of the API."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.planning.models import CampaignTemplate, IntakeForm, IntakeRequest

OWN = "ALEMRFH"
WISHES: dict[str, str | dict[str, str]] = {
    "intake.index": OWN,
    "intake.new_form": "E",
    "intake.make_form": "E",
    "intake.edit_form": "E",
    "intake.change_form": "E",
    "intake.retire_form": "E",
    "intake.offer_form": "E",
    "intake.new": OWN,
    "intake.ask": OWN,
    "intake.show": {"wish": "EF"},
    "intake.withdraw": {"wish": "F"},
    "intake.approve": {"wish": "E"},
    "intake.decline": {"wish": "E"},
    "api_intake.index_forms": OWN,
    "api_intake.make_form": "E",
    "api_intake.show_form": OWN,
    "api_intake.change_form": "E",
    "api_intake.retire_form": "E",
    "api_intake.offer_form": "E",
    "api_intake.ask": OWN,
    "api_intake.index": OWN,
    "api_intake.waiting": "E",
    "api_intake.show": {"wish": "EF"},
    "api_intake.withdraw": {"wish": "F"},
    "api_intake.approve": {"wish": "E"},
    "api_intake.decline": {"wish": "E"},
    "campaign_results.show": {"task": OWN},
    "campaign_results.enter": {"task": "E"},
    "campaign_results.enter_table": {"task": "E"},
    "campaign_templates.index": OWN,
    "campaign_templates.keep": {"task": "E"},
    "campaign_templates.retire": "E",
    "api_campaign_templates.index": OWN,
    "api_campaign_templates.keep": {"task": "E"},
    "api_campaign_templates.retire": "E",
    "api_campaign_results.show": {"task": OWN},
    "api_campaign_results.enter": {"task": "E"},
}
"""Who gets through; the letters are those of `world.py`."""
_NEXT_WEEK = (clock.now() + timedelta(days=7)).isoformat()
_YESTERDAY = (clock.today() - timedelta(days=1)).isoformat()
_FIGURE = {"day": _YESTERDAY, "kpi": "Visits", "value": "12.5"}
WISH_BODIES: dict[str, dict[str, Any]] = {
    "intake.approve": {"data": lambda v: {"activity": v["activity_id"]}},
    "intake.decline": {"data": {"answer": "x"}},
    "api_intake.make_form": {"json": {"name": "x", "makes": "task"}},
    "api_intake.change_form": {"json": {"name": "x", "makes": "task", "revision": 1}},
    "api_intake.ask": {"json": {"title": "x", "needed_by": _NEXT_WEEK}},
    "api_intake.approve": {"json": lambda v: {"activity": v["activity_id"]}},
    "api_intake.decline": {"json": {"reason": "x"}},
    "campaign_results.enter": {"data": _FIGURE},
    "campaign_results.enter_table": {"data": {"rows": f"day,kpi,value\n{_YESTERDAY},Visits,1"}},
    "campaign_templates.keep": {"data": {"template_name": "y"}},
    "api_campaign_templates.keep": {"json": {"name": "y"}},
    "api_campaign_results.enter": {"json": {"figures": [_FIGURE]}},
}
"""Endpoint → what its call says, as far as the permission of the thing it is about."""

WISH_CALLS: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    ("F", "GET", "/intake/forms", None, 200, {}),
    ("F", "GET", "/intake", None, 200, {"total": 1}),
    ("E", "GET", "/intake/waiting", None, 200, {"total": 1}),
    ("E", "GET", "/intake/1", None, 200, {"title": "Oslo", "person": "Finn Field", "state": "open"}),
    (
        "E", "POST", "/intake/forms",
        {"name": "Banners", "makes": "deliverable", "questions": [{"label": "Where", "required": True}]},
        201, {"is_offered": True, "revision": 1},
    ),
    ("F", "GET", "/intake/forms/2", None, 200, {"name": "Banners"}),
    ("E", "PUT", "/intake/forms/2", {"name": "Flags", "makes": "task", "revision": 1}, 200, {"revision": 2}),
    ("E", "POST", "/intake/forms/2/retire", None, 200, {"is_offered": False}),
    ("E", "POST", "/intake/forms/2/offer", None, 200, {"is_offered": True}),
    (
        "F", "POST", "/intake/forms/1/requests",
        {"title": "Kiel", "needed_by": _NEXT_WEEK, "answers": {"q1": "Germany"}},
        201, {"state": "open", "form": 1},
    ),
    ("E", "POST", "/intake/2/approve", {"activity": 1, "answer": "Gladly."}, 200, {"state": "approved"}),
    ("E", "POST", "/intake/1/decline", {"reason": "There are some."}, 200, {"state": "declined"}),
    (
        "H", "POST", "/intake/forms/1/requests",
        {"title": "Bergen", "needed_by": _NEXT_WEEK, "answers": {"q1": "Norway"}}, 201, {"state": "open"},
    ),
    ("H", "POST", "/intake/3/withdraw", None, 200, {"state": "withdrawn"}),
    ("E", "POST", "/campaigns/1/template", {"name": "Launch"}, 201, {"name": "Launch", "is_offered": True}),
    ("F", "GET", "/campaign-templates", None, 200, {}),
    (
        "E", "POST", "/campaigns",
        {"plan": 1, "name": "Again", "starts_on": "2027-09-01", "ends_on": "2027-09-01", "owner": 9,
         "template": 2, "country": "DE"}, 201, {"name": "Again", "starts_on": "2027-09-01"},
    ),
    ("E", "POST", "/campaign-templates/2/retire", None, 200, {"is_offered": False}),
    ("F", "GET", "/campaigns/1/results", None, 200, {"total": 0}),
    ("E", "POST", "/campaigns/1/results", {"figures": [_FIGURE, {**_FIGURE, "unit": "EUR"}]}, 201,
     {"total": 2}),
]  # fmt: skip
"""Who, method, path, body, status, and some of what the answer says."""


def lay_wishes(session: Session, asker: Actor) -> dict[str, dict[str, Any]]:
    """Thing → values for the converters of a route."""
    form = IntakeForm(
        name="Stickers",
        makes="task",
        fields=[{"key": "q1", "label": "Market", "kind": "text", "required": False, "choices": []}],
        created_at=clock.now(),
    )
    session.add(form)
    session.flush()
    request = IntakeRequest(
        form_id=form.id,
        person_id=asker.person_id,
        title="Oslo",
        needed_by=clock.now() + timedelta(days=9),
        created_at=clock.now(),
    )
    session.add(request)
    session.flush()
    template = CampaignTemplate(name="Usual", body={"activities": []}, created_at=clock.now())
    session.add(template)
    session.flush()
    return {"any": {"form_id": form.id, "template_id": template.id}, "wish": {"request_id": request.id}}
