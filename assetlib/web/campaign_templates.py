"""Campaigns are kept as templates, and templates offered no more; begun by one they are in `campaigns`."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.current import actor, database
from assetlib.planning.actions import templates as actions
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import get_campaign
from assetlib.planning.queries.templates import get_template, templates
from assetlib.planning.rules.templates import shapes_in
from assetlib.policy import open_to
from assetlib.web.campaigns import edit_page
from assetlib.web.changing import carried_out
from assetlib.words import say

pages = Blueprint("campaign_templates", __name__)


@pages.get("/campaign-templates")
@open_to(SEE_CAMPAIGNS)
def index() -> str:
    """What campaigns can be begun by."""
    with database().reading() as session:
        rows = [
            {
                "id": each.id,
                "name": each.name,
                "description": each.description,
                "activities": len(shapes_in(each.body)),
                "tasks": sum(len(shape.tasks) for shape in shapes_in(each.body)),
                "url": f"/campaign-templates/{each.id}",
            }
            for each in templates(session)
        ]
    return render_template("campaigns/templates.html", rows=rows, edits=EDIT_CAMPAIGN.allows(actor()))


@pages.post("/campaigns/<int:campaign_id>/template")
@open_to(EDIT_CAMPAIGN)
def keep(campaign_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.keep_as_template(
            session,
            actor(),
            get_campaign(session, actor(), campaign_id),
            name=request.form.get("template_name", ""),
            description=request.form.get("template_description", ""),
        ),
        said=say("Kept. New campaigns can be begun by it."),
        to="/campaign-templates",
        refused=lambda refusal: edit_page(campaign_id, kept=refusal),
    )


@pages.post("/campaign-templates/<int:template_id>/retire")
@open_to(EDIT_CAMPAIGN)
def retire(template_id: int) -> Response:
    with database().transaction() as session:
        actions.retire_template(session, actor(), get_template(session, actor(), template_id))
    flash(say("It is not offered any more. Campaigns that were begun by it stay."), "ok")
    return redirect("/campaign-templates", code=303)
