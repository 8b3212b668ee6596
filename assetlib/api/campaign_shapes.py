"""What campaigns, activities and tasks look like as JSON."""

from datetime import date
from typing import Any

from pydantic import Field

from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.planning.models import Activity, Campaign
from assetlib.planning.queries.campaigns import Schedule
from assetlib.planning.queries.lines import Line
from assetlib.planning.rules.campaigns import ActivityFacts, CampaignFacts
from assetlib.planning.rules.schedule import Rolled


class CampaignIn(Shape):
    name: Text
    starts_on: date = Field(description="first day on which people see it")
    ends_on: date
    owner: RowId
    theme: Text = ""
    objective: Text = ""
    brand: Text = ""
    regions: list[Text] = Field(default=[], max_length=200, description="keys; none: all regions")
    channels: list[Text] = Field(default=[], max_length=50)
    library_campaign: Text = Field("", description="key among the choices of the attribute `campaign`")
    brief: RowId | None = Field(None, description="an asset")


class NewCampaign(CampaignIn):
    plan: RowId
    template: RowId | None = Field(None, description="its activities and tasks come along")
    country: Text = Field("", description="by whose workdays the tasks of the template are laid out")


class CampaignChange(CampaignIn):
    revision: int = Field(description="the one that was read")


class ActivityIn(Shape):
    name: Text
    starts_on: date
    ends_on: date
    owner: RowId
    kind: Text = Field("activity", description="activity or event")
    channel: Text = ""
    region: Text = ""
    country: Text = Field("", description="by whose holidays its workdays are counted; empty: weekends only")
    venue: Text = ""
    gl_account: RowId | None = None
    cost_centre: RowId | None = None


class ActivityChange(ActivityIn):
    revision: int = Field(description="the one that was read")


class ActivityMoveIn(Shape):
    starts_on: date
    with_tasks: bool = Field(default=True, description="also what of its tasks has not begun")


class RolledOut(Shape):
    """Of all tasks below: the first start, the last finish, and how much is done, weighted by workdays."""

    baseline_start: date | None
    baseline_finish: date | None
    forecast_start: date | None
    forecast_finish: date | None
    actual_start: date | None
    actual_finish: date | None = Field(description="when all of it was finished")
    tasks: int
    done: int
    late: int
    at_risk: int
    percent: int
    planned_percent: int = Field(description="what should be done by today")


class CampaignOut(Shape):
    id: int
    plan: int
    name: str
    theme: str
    objective: str
    brand: str
    regions: list[str]
    channels: list[str]
    starts_on: date
    ends_on: date
    library_campaign: str
    owner: int
    brief: int | None
    state: str = Field(description="planned, running, done or cancelled")
    revision: int


class CampaignRowOut(CampaignOut):
    schedule: RolledOut
    slip: int | None = Field(description="workdays by which the last planned day has moved")


class CampaignsOut(Shape):
    total: int
    page: int
    size: int
    campaigns: list[CampaignRowOut]


class CampaignActivityOut(Shape):
    id: int
    campaign: int
    name: str
    kind: str
    channel: str
    region: str
    country: str
    venue: str
    starts_on: date
    ends_on: date
    owner: int
    state: str
    revision: int


class TaskLineOut(Shape):
    """A task as it stands."""

    id: int
    activity: int
    name: str
    kind: str
    role: str
    stage: str
    percent: int
    effort_hours: int
    assignee: int | None
    agency: int | None
    baseline_start: date | None
    baseline_finish: date | None
    forecast_start: date
    forecast_finish: date
    actual_start: date | None
    actual_finish: date | None
    slip: int | None = Field(description="workdays later than planned; null: it was not planned")
    standing: str = Field(description="on_track, at_risk, late or done")
    revision: int


class CampaignPartOut(CampaignActivityOut):
    schedule: RolledOut
    tasks: list[TaskLineOut]


class CampaignScheduleOut(CampaignOut):
    schedule: RolledOut
    planned_minor: int | None = Field(description="by the active version, for those who see money")
    currency: str
    activities: list[CampaignPartOut]


class CampaignQuery(Query):
    brand: str = ""
    region: str = ""
    channel: str = ""
    state: str = ""
    late: bool = False
    mine: bool = False
    plan: int | None = None


def campaign_facts(given: CampaignIn) -> CampaignFacts:
    return CampaignFacts(
        name=given.name,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        owner_id=given.owner,
        theme=given.theme,
        objective=given.objective,
        brand=given.brand,
        regions=list(given.regions),
        channels=list(given.channels),
        choice_key=given.library_campaign,
        brief_asset_id=given.brief,
    )


def activity_facts(given: ActivityIn) -> ActivityFacts:
    return ActivityFacts(
        name=given.name,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        owner_id=given.owner,
        kind=given.kind,
        channel=given.channel,
        region=given.region,
        country=given.country,
        venue=given.venue,
        gl_account_id=given.gl_account,
        cost_centre_id=given.cost_centre,
    )


def schedule_out(schedule: Schedule, money: int | None) -> CampaignScheduleOut:
    campaign = schedule.campaign
    return CampaignScheduleOut(
        **campaign_values(campaign),
        schedule=rolled_out(schedule.rolled),
        planned_minor=money,
        currency=campaign.plan.currency,
        activities=[
            CampaignPartOut(
                **activity_values(part.activity),
                schedule=rolled_out(part.rolled),
                tasks=[line_out(line) for line in part.lines],
            )
            for part in schedule.parts
        ],
    )


def line_out(line: Line) -> TaskLineOut:
    """A task as schedules and lists show it."""
    return TaskLineOut(
        id=line.id,
        activity=line.activity_id,
        name=line.name,
        kind=line.kind,
        role=line.role,
        stage=line.stage,
        percent=line.percent,
        effort_hours=line.effort_hours,
        assignee=line.assignee_id,
        agency=line.agency_id,
        baseline_start=line.baseline_start,
        baseline_finish=line.baseline_finish,
        forecast_start=line.forecast_start,
        forecast_finish=line.forecast_finish,
        actual_start=line.actual_start,
        actual_finish=line.actual_finish,
        slip=line.slip,
        standing=line.standing,
        revision=line.revision,
    )


def campaign_values(row: Campaign) -> dict[str, Any]:
    return {
        "id": row.id,
        "plan": row.plan_id,
        "name": row.name,
        "theme": row.theme,
        "objective": row.objective,
        "brand": row.brand,
        "regions": row.regions,
        "channels": row.channels,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "library_campaign": row.choice_key,
        "owner": row.owner_id,
        "brief": row.brief_asset_id,
        "state": row.state,
        "revision": row.revision,
    }


def activity_values(row: Activity) -> dict[str, Any]:
    return {
        "id": row.id,
        "campaign": row.campaign_id,
        "name": row.name,
        "kind": row.kind,
        "channel": row.channel,
        "region": row.region,
        "country": row.country,
        "venue": row.venue,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "owner": row.owner_id,
        "state": row.state,
        "revision": row.revision,
    }


def rolled_out(rolled: Rolled) -> RolledOut:
    return RolledOut(
        baseline_start=rolled.baseline.start,
        baseline_finish=rolled.baseline.finish,
        forecast_start=rolled.forecast.start,
        forecast_finish=rolled.forecast.finish,
        actual_start=rolled.came.start,
        actual_finish=rolled.came.finish,
        tasks=rolled.tasks,
        done=rolled.done,
        late=rolled.late,
        at_risk=rolled.at_risk,
        percent=rolled.percent,
        planned_percent=rolled.planned_percent,
    )
