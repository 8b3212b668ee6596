"""Campaigns: the list, one with its schedule, its board, and what happened to it."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.catalog.queries.assets import get_asset
from assetlib.current import actor, database
from assetlib.dashboards.campaign_past import past_of
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.planning.actions import campaigns as actions
from assetlib.planning.actions.templates import begin_campaign
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Campaign
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import (
    Schedule,
    Wanted,
    campaigns_of,
    get_campaign,
    planned_money,
    plans_to_work_under,
    schedule_of,
)
from assetlib.planning.queries.plan_of import get_open_plan
from assetlib.planning.queries.rights_ahead import rights_that_end_before
from assetlib.planning.queries.templates import get_template, templates
from assetlib.planning.rules.campaigns import NOT_SAVED, CampaignFacts
from assetlib.policy import open_to
from assetlib.web.board_view import columns_of
from assetlib.web.campaign_forms import as_typed, campaign_facts, campaign_typed, choices_of
from assetlib.web.campaign_view import (
    STATES,
    head_view,
    money_view,
    rights_view,
    schedule_view,
    summary_view,
)
from assetlib.web.changing import Changing, made
from assetlib.web.context import face, moment
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.gantt import SCALES, WEEKS
from assetlib.web.pages import address, last_page, pager_view
from assetlib.words import say

pages = Blueprint("campaigns", __name__)


@pages.get("/campaigns")
@open_to(SEE_CAMPAIGNS)
def index() -> str | Response:
    """Campaigns, the latest to begin first, with filters."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    asked = request.args
    wanted = Wanted(
        brand=asked.get("brand", ""),
        region=asked.get("region", ""),
        channel=asked.get("channel", ""),
        state=asked.get("state", ""),
        late="late" in asked,
        mine="mine" in asked,
        plan_id=asked.get("plan", type=row_number),
    )
    with database().reading() as session:
        page = campaigns_of(session, actor(), wanted, number=number, size=size)
        choices = choices_of(session)
    if page.is_past_the_end:
        return last_page(page)
    return render_template(
        "campaigns/index.html",
        rows=[summary_view(each) for each in page.rows],
        pager=pager_view(page),
        total=page.total,
        wanted=wanted,
        is_filtered=wanted != Wanted(),
        choices=choices,
        states=[(key, each["label"]) for key, each in STATES.items()],
        makes=EDIT_CAMPAIGN.allows(actor()),
        late_url=address(late=None if wanted.late else "1", page=None),
        mine_url=address(mine=None if wanted.mine else "1", page=None),
    )


@pages.get("/campaigns/new")
@open_to(EDIT_CAMPAIGN)
def new() -> str:
    """The form for a campaign under a plan."""
    return _form()


@pages.post("/campaigns")
@open_to(EDIT_CAMPAIGN)
def make() -> Response | tuple[str, int]:
    return made(
        _make,
        said=lambda _: (
            say("Made. Look at its days, and give its tasks to somebody.")
            if request.form.get("template")
            else say("Made. Add its activities now.")
        ),
        to=lambda row: f"/campaigns/{row.id}",
        refused=lambda refusal: _form(problem=refusal),
    )


def _make(session: Session) -> Campaign:
    plan_id = request.form.get("plan", type=row_number)
    if plan_id is None:
        raise WrongPlanning(NOT_SAVED, fields={"plan": say("Choose the plan it belongs to.")})
    plan, facts = get_open_plan(session, actor(), plan_id), _facts(session)
    template_id = request.form.get("template", type=row_number)
    if template_id is None:
        return actions.make_campaign(session, actor(), plan, facts)
    template = get_template(session, actor(), template_id)
    region = facts.regions[0] if len(facts.regions) == 1 else ""
    country = request.form.get("country", "")
    return begin_campaign(session, actor(), plan, template, facts, region=region, country=country)


def _facts(session: Session) -> CampaignFacts:
    facts = campaign_facts()
    if facts.brief_asset_id is not None:
        get_asset(session, actor(), facts.brief_asset_id)
    return facts


@pages.get("/campaigns/<int:campaign_id>")
@open_to(SEE_CAMPAIGNS)
def show(campaign_id: int) -> str:
    """The campaign with its schedule."""
    return _page(campaign_id)


@pages.get("/campaigns/<int:campaign_id>/board")
@open_to(SEE_CAMPAIGNS)
def board(campaign_id: int) -> str:
    """Its tasks by how far they are."""
    who = actor()
    with database().reading() as session:
        campaign, schedule, head = read(session, campaign_id)
        columns = columns_of(who, schedule.lines, campaign=campaign)
    return render_template("campaigns/board.html", **around(campaign, head, "board"), columns=columns)


@pages.get("/campaigns/<int:campaign_id>/activity")
@open_to(SEE_CAMPAIGNS)
def past(campaign_id: int) -> str:
    """What happened to it, its activities and tasks, the latest first."""
    with database().reading() as session:
        campaign, _, head = read(session, campaign_id)
        entries, older = past_of(
            session, actor(), campaign, before=request.args.get("before", type=row_number)
        )
    return render_template(
        "campaigns/past.html",
        **around(campaign, head, "activity"),
        entries=[
            {
                "person": face(each.person_id or 0, each.who),
                "sentence": each.sentence,
                "url": each.thing.url,
                "changed": each.changed,
                "reason": each.reason,
                "at": moment(each.at),
                "iso": each.at.isoformat(),
            }
            for each in entries
        ],
        older=f"/campaigns/{campaign_id}/activity?before={older}" if older else "",
    )


@pages.get("/campaigns/<int:campaign_id>/edit")
@open_to(EDIT_CAMPAIGN)
def edit(campaign_id: int) -> str:
    """The form for what it says."""
    return edit_page(campaign_id)


changing: Changing[int, Campaign] = Changing(
    lambda session, campaign_id: get_campaign(session, actor(), campaign_id),
    "/campaigns/{}",
    lambda campaign_id, refusal, form: (
        edit_page(campaign_id, problem=refusal) if form == "edit" else _page(campaign_id, problem=refusal)
    ),
)


@pages.post("/campaigns/<int:campaign_id>/edit")
@open_to(EDIT_CAMPAIGN)
def change(campaign_id: int) -> Response | tuple[str, int]:
    return changing(
        campaign_id,
        lambda session, who, row: actions.change_campaign(
            session, who, row, _facts(session), revision=revision_seen()
        ),
        say("Saved."),
        "edit",
    )


@pages.post("/campaigns/<int:campaign_id>/end")
@open_to(EDIT_CAMPAIGN)
def end(campaign_id: int) -> Response | tuple[str, int]:
    return changing(campaign_id, actions.end_campaign, say("It is done."))


@pages.post("/campaigns/<int:campaign_id>/reopen")
@open_to(EDIT_CAMPAIGN)
def reopen(campaign_id: int) -> Response | tuple[str, int]:
    return changing(campaign_id, actions.reopen_campaign, say("Taken up again."))


@pages.post("/campaigns/<int:campaign_id>/cancel")
@open_to(EDIT_CAMPAIGN)
def cancel(campaign_id: int) -> Response | tuple[str, int]:
    return changing(
        campaign_id,
        lambda session, who, row: actions.cancel_campaign(
            session, who, row, reason=request.form.get("reason", "")
        ),
        say("Cancelled. Those who had tasks are told."),
    )


def read(session: Session, campaign_id: int) -> tuple[Campaign, Schedule, dict[str, Any]]:
    campaign = get_campaign(session, actor(), campaign_id)
    schedule = schedule_of(session, actor(), campaign)
    return campaign, schedule, head_view(campaign, schedule)


def _page(campaign_id: int, *, problem: Refusal | None = None) -> str:
    who = actor()
    scale = request.args.get("scale", WEEKS)
    with database().reading() as session:
        campaign, schedule, head = read(session, campaign_id)
        money = planned_money(session, who, campaign)
        endings = rights_that_end_before(session, who, campaign)
    return render_template(
        "campaigns/page.html",
        **around(campaign, head, "schedule"),
        schedule=schedule_view(who, schedule, scale if scale in SCALES else WEEKS),
        money=money_view(campaign, money),
        rights=rights_view(campaign, endings),
        problem=problem,
    )


def around(campaign: Campaign, head: dict[str, Any], current: str) -> dict[str, Any]:
    """Head, tabs, and what may be done with it."""
    url = head["url"]
    tabs = [
        (say("Schedule"), url, current == "schedule"),
        (say("Board"), f"{url}/board", current == "board"),
    ]
    if "deliverables.index" in current_app.view_functions:
        tabs.append((say("Deliverables"), f"/deliverables?campaign={campaign.id}", False))
    tabs.append((say("Results"), f"{url}/results", current == "results"))
    if head["library_url"]:
        tabs.append((say("Assets"), head["library_url"], False))
    tabs.append((say("Activity"), f"{url}/activity", current == "activity"))
    edits = EDIT_CAMPAIGN.allows(actor(), campaign)
    return {
        "campaign": head,
        "tabs_here": tabs,
        "edits": edits,
        "adds": edits and campaign.state in ("planned", "running"),
    }


def _form(*, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        choices = choices_of(session)
        plans = [(each.id, each.name) for each in plans_to_work_under(session, actor())]
        offered = [(each.id, each.name) for each in templates(session)]
    asked = request.form if problem is not None else request.args
    chosen = {name: asked.get(name, type=row_number) for name in ("plan", "template")}
    typed = {**as_typed(campaign_typed(None, actor())), **chosen}
    return render_template(
        "campaigns/form.html",
        heading=say("New campaign"),
        action="/campaigns",
        back="/campaigns",
        typed=typed,
        choices=choices,
        plans=plans,
        offered=offered,
        days_fixed=False,
        is_new=True,
        problem=problem,
    )


def edit_page(campaign_id: int, *, problem: Refusal | None = None, kept: Refusal | None = None) -> str:
    """Its form; `kept` says why it was not kept as a template."""
    with database().reading() as session:
        row = get_campaign(session, actor(), campaign_id)
        EDIT_CAMPAIGN.require(actor(), row)
        choices = choices_of(session)
        days_fixed = actions.days_of_activities(session, row.id) is not None
    before = campaign_typed(row, actor())
    return render_template(
        "campaigns/form.html",
        heading=say("Change {name}", name=row.name),
        action=f"/campaigns/{campaign_id}/edit",
        back=f"/campaigns/{campaign_id}",
        typed=as_typed(before) if kept is None else {**before, **request.form},
        kept=kept,
        choices=choices,
        plans=[],
        days_fixed=days_fixed,
        revision=row.revision,
        is_new=False,
        may_cancel=row.state in ("planned", "running"),
        problem=problem,
    )
