"""Activities and events of a campaign: added, changed, moved, cancelled."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.planning.actions import activities as actions
from assetlib.planning.models import Activity
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.campaigns import get_activity, get_campaign
from assetlib.policy import open_to
from assetlib.web.asset_forms import day_typed
from assetlib.web.campaign_forms import activity_facts, activity_typed, as_typed, choices_of
from assetlib.web.changing import Changing, carried_out
from assetlib.web.forms import revision_seen
from assetlib.words import say

pages = Blueprint("activities", __name__)


@pages.get("/campaigns/<int:campaign_id>/activities/new")
@open_to(EDIT_CAMPAIGN)
def new(campaign_id: int) -> str:
    """The form for a new one."""
    return _new(campaign_id)


@pages.post("/campaigns/<int:campaign_id>/activities")
@open_to(EDIT_CAMPAIGN)
def add(campaign_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.add_activity(
            session, actor(), get_campaign(session, actor(), campaign_id), activity_facts()
        ),
        said=say("Added. Add its tasks now."),
        to=f"/campaigns/{campaign_id}",
        refused=lambda refusal: _new(campaign_id, problem=refusal),
    )


@pages.get("/activities/<int:activity_id>")
@open_to(EDIT_CAMPAIGN)
def show(activity_id: int) -> str:
    """What it says, to change it."""
    return _page(activity_id)


changing: Changing[int, Activity] = Changing(
    lambda session, activity_id: get_activity(session, actor(), activity_id),
    "/activities/{}",
    lambda activity_id, refusal, form: _page(activity_id, problem=refusal, sent=form),
)


@pages.post("/activities/<int:activity_id>")
@open_to(EDIT_CAMPAIGN)
def change(activity_id: int) -> Response | tuple[str, int]:
    return changing(
        activity_id,
        lambda session, who, row: actions.change_activity(
            session, who, row, activity_facts(), revision=revision_seen()
        ),
        say("Saved."),
        "edit",
    )


@pages.post("/activities/<int:activity_id>/move")
@open_to(EDIT_CAMPAIGN)
def move(activity_id: int) -> Response | tuple[str, int]:
    """To another first day, with what of its tasks has not begun."""
    return changing(
        activity_id,
        lambda session, who, row: actions.move_activity(
            session, who, row, starts_on=day_typed("starts_on"), with_tasks="with_tasks" in request.form
        ),
        say("Moved."),
        "move",
    )


@pages.post("/activities/<int:activity_id>/cancel")
@open_to(EDIT_CAMPAIGN)
def cancel(activity_id: int) -> Response | tuple[str, int]:
    return changing(
        activity_id,
        lambda session, who, row: actions.cancel_activity(
            session, who, row, reason=request.form.get("reason", "")
        ),
        say("Cancelled. Those who had tasks are told."),
        "cancel",
    )


def _new(campaign_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        campaign = get_campaign(session, actor(), campaign_id)
        EDIT_CAMPAIGN.require(actor(), campaign)
        choices = choices_of(session, money_on=clock.today())
    return render_template(
        "activities/form.html",
        heading=say("New activity"),
        campaign=campaign,
        action=f"/campaigns/{campaign_id}/activities",
        typed=as_typed(activity_typed(None, campaign, actor())),
        choices=choices,
        activity=None,
        problem=problem,
        sent="edit",
    )


def _page(activity_id: int, *, problem: Refusal | None = None, sent: str = "") -> str:
    with database().reading() as session:
        row = get_activity(session, actor(), activity_id)
        EDIT_CAMPAIGN.require(actor(), row.campaign)
        choices = choices_of(session, money_on=clock.today())
    before = activity_typed(row, row.campaign, actor())
    return render_template(
        "activities/form.html",
        heading=row.name,
        campaign=row.campaign,
        action=f"/activities/{activity_id}",
        typed=as_typed(before) if sent == "edit" else before,
        choices=choices,
        activity=row,
        is_open=row.state in ("planned", "running"),
        problem=problem,
        sent=sent,
    )
