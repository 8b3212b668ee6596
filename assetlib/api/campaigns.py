"""Campaigns and their activities: look, make, change, move, cancel."""

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from assetlib.api.campaign_shapes import (
    ActivityChange,
    ActivityIn,
    ActivityMoveIn,
    CampaignActivityOut,
    CampaignChange,
    CampaignOut,
    CampaignQuery,
    CampaignRowOut,
    CampaignScheduleOut,
    CampaignsOut,
    NewCampaign,
    activity_facts,
    activity_values,
    campaign_facts,
    campaign_values,
    rolled_out,
    schedule_out,
)
from assetlib.api.changing import Changing
from assetlib.api.shapes import Reason
from assetlib.current import actor, database
from assetlib.planning.actions import activities as activity_actions
from assetlib.planning.actions import campaigns as actions
from assetlib.planning.actions.templates import begin_campaign
from assetlib.planning.models import Activity, Campaign
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import (
    Wanted,
    campaigns_of,
    get_activity,
    get_campaign,
    planned_money,
    schedule_of,
)
from assetlib.planning.queries.plan_of import get_open_plan
from assetlib.planning.queries.templates import get_template
from assetlib.policy import open_to

api = APIBlueprint("api_campaigns", __name__, tag="Campaigns")


@api.get("/campaigns")
@api.input(CampaignQuery, location="query")
@api.output(CampaignsOut)
@open_to(SEE_CAMPAIGNS)
def index(query_data: CampaignQuery) -> CampaignsOut:
    """Campaigns, the latest to begin first, with how far they are."""
    asked = query_data
    wanted = Wanted(asked.brand, asked.region, asked.channel, asked.state, asked.late, asked.mine, asked.plan)
    with database().reading() as session:
        page = campaigns_of(session, actor(), wanted, number=asked.page, size=asked.size)
        return CampaignsOut(
            total=page.total,
            page=page.number,
            size=page.size,
            campaigns=[
                CampaignRowOut(
                    **campaign_values(each.campaign), schedule=rolled_out(each.rolled), slip=each.slip
                )
                for each in page.rows
            ],
        )


@api.post("/campaigns")
@api.input(NewCampaign)
@api.output(CampaignOut, status_code=201)
@open_to(EDIT_CAMPAIGN)
def make(json_data: NewCampaign) -> CampaignOut:
    """A campaign under a plan that is not closed."""
    with database().transaction() as session:
        plan = get_open_plan(session, actor(), json_data.plan)
        facts = campaign_facts(json_data)
        if json_data.template is None:
            row = actions.make_campaign(session, actor(), plan, facts)
        else:
            template = get_template(session, actor(), json_data.template)
            row = begin_campaign(session, actor(), plan, template, facts, country=json_data.country)
        return CampaignOut(**campaign_values(row))


@api.get("/campaigns/<int:campaign_id>")
@api.output(CampaignScheduleOut)
@open_to(SEE_CAMPAIGNS)
def show(campaign_id: int) -> CampaignScheduleOut:
    """A campaign with its activities and tasks, and how each stands."""
    with database().reading() as session:
        campaign = get_campaign(session, actor(), campaign_id)
        schedule = schedule_of(session, actor(), campaign)
        return schedule_out(schedule, planned_money(session, actor(), campaign))


changing: Changing[Campaign, CampaignOut] = Changing(
    lambda session, number: get_campaign(session, actor(), number),
    lambda _, row: CampaignOut(**campaign_values(row)),
)


@api.put("/campaigns/<int:campaign_id>")
@api.input(CampaignChange)
@api.output(CampaignOut)
@open_to(EDIT_CAMPAIGN)
def change(campaign_id: int, json_data: CampaignChange) -> CampaignOut:
    """What it says. With activities its days are theirs."""
    return changing(
        campaign_id,
        lambda session, who, row: actions.change_campaign(
            session, who, row, campaign_facts(json_data), revision=json_data.revision
        ),
    )


@api.post("/campaigns/<int:campaign_id>/end")
@api.output(CampaignOut)
@open_to(EDIT_CAMPAIGN)
def end(campaign_id: int) -> CampaignOut:
    """All of its work is done."""
    return changing(campaign_id, actions.end_campaign)


@api.post("/campaigns/<int:campaign_id>/reopen")
@api.output(CampaignOut)
@open_to(EDIT_CAMPAIGN)
def reopen(campaign_id: int) -> CampaignOut:
    """There is more to do."""
    return changing(campaign_id, actions.reopen_campaign)


@api.post("/campaigns/<int:campaign_id>/cancel")
@api.input(Reason)
@api.output(CampaignOut)
@open_to(EDIT_CAMPAIGN)
def cancel(campaign_id: int, json_data: Reason) -> CampaignOut:
    """It does not take place, unless somebody needs a part of it kept."""
    return changing(
        campaign_id,
        lambda session, who, row: actions.cancel_campaign(session, who, row, reason=json_data.reason),
    )


@api.post("/campaigns/<int:campaign_id>/activities")
@api.input(ActivityIn)
@api.output(CampaignActivityOut, status_code=201)
@open_to(EDIT_CAMPAIGN)
def add_activity(campaign_id: int, json_data: ActivityIn) -> CampaignActivityOut:
    """An activity or event of a campaign."""
    with database().transaction() as session:
        campaign = get_campaign(session, actor(), campaign_id)
        row = activity_actions.add_activity(session, actor(), campaign, activity_facts(json_data))
        return CampaignActivityOut(**activity_values(row))


def _show_activity(session: Session, row: Activity) -> CampaignActivityOut:  # noqa: ARG001  # as `Changing` asks
    return CampaignActivityOut(**activity_values(row))


changing_activity: Changing[Activity, CampaignActivityOut] = Changing(
    lambda session, number: get_activity(session, actor(), number), _show_activity
)


@api.put("/activities/<int:activity_id>")
@api.input(ActivityChange)
@api.output(CampaignActivityOut)
@open_to(EDIT_CAMPAIGN)
def change_activity(activity_id: int, json_data: ActivityChange) -> CampaignActivityOut:
    """What it says and when it is."""
    return changing_activity(
        activity_id,
        lambda session, who, row: activity_actions.change_activity(
            session, who, row, activity_facts(json_data), revision=json_data.revision
        ),
    )


@api.post("/activities/<int:activity_id>/move")
@api.input(ActivityMoveIn)
@api.output(CampaignActivityOut)
@open_to(EDIT_CAMPAIGN)
def move_activity(activity_id: int, json_data: ActivityMoveIn) -> CampaignActivityOut:
    """To another first day, with as many workdays."""
    return changing_activity(
        activity_id,
        lambda session, who, row: activity_actions.move_activity(
            session, who, row, starts_on=json_data.starts_on, with_tasks=json_data.with_tasks
        ),
    )


@api.post("/activities/<int:activity_id>/cancel")
@api.input(Reason)
@api.output(CampaignActivityOut)
@open_to(EDIT_CAMPAIGN)
def cancel_activity(activity_id: int, json_data: Reason) -> CampaignActivityOut:
    """It does not take place, unless somebody needs it kept."""
    return changing_activity(
        activity_id,
        lambda session, who, row: activity_actions.cancel_activity(
            session, who, row, reason=json_data.reason
        ),
    )
