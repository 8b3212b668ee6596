"""Campaigns as pages look at them: lists, and one with its schedule."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.paging import Page
from assetlib.planning.errors import NoSuchCampaign
from assetlib.planning.models import Activity, Campaign, Plan, PlanLine, PlannedActivity, PlanVersion, Task
from assetlib.planning.permissions.plans import SEE_MONEY
from assetlib.planning.permissions.work import SEE_CAMPAIGNS
from assetlib.planning.queries.lines import Line, lines_of
from assetlib.planning.queries.timing import workdays_by_country
from assetlib.planning.queries.visibility import campaigns_visible_to
from assetlib.planning.rules.schedule import Rolled, Span, rolled_up
from assetlib.planning.rules.tasks import CANCELLED, DONE
from assetlib.words import say
from assetlib.workdays import Workdays

GONE = say("There is no such campaign, or it is not yours to see.")


def get_campaign(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """With its plan and the version by which people work; `NoSuchCampaign` to whoever may not know of it."""
    SEE_CAMPAIGNS.require(actor)
    row = session.scalars(
        select(Campaign)
        .where(Campaign.id == campaign_id, campaigns_visible_to(actor))
        .options(joinedload(Campaign.plan).joinedload(Plan.active_version))
    ).one_or_none()
    if row is None:
        raise NoSuchCampaign(GONE)
    return row


def get_activity(session: Session, actor: Actor, activity_id: int) -> Activity:
    """With its campaign."""
    SEE_CAMPAIGNS.require(actor)
    row = session.scalars(
        select(Activity)
        .join(Campaign)
        .where(Activity.id == activity_id, campaigns_visible_to(actor))
        .options(joinedload(Activity.campaign).joinedload(Campaign.plan).joinedload(Plan.active_version))
    ).one_or_none()
    if row is None:
        raise NoSuchCampaign(GONE)
    return row


@dataclass(frozen=True)
class Part:
    """An activity with its tasks, as a schedule shows it."""

    activity: Activity
    owner: str
    lines: Sequence[Line]
    baseline: Span
    """As planned: of its tasks, or of itself in the active version while it has none."""
    forecast: Span
    rolled: Rolled
    days: Workdays

    @property
    def slip(self) -> int | None:
        if self.baseline.finish is None or self.forecast.finish is None:
            return None
        return self.days.slip(self.baseline.finish, self.forecast.finish)

    @property
    def is_done(self) -> bool:
        return self.rolled.is_done or self.activity.state == "done"


@dataclass(frozen=True)
class Schedule:
    """A campaign with all that is done for it."""

    campaign: Campaign
    owner: str
    parts: Sequence[Part]
    today: date

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def rolled(self) -> Rolled:
        """Baseline, forecast, progress and what is late, of all of its tasks."""
        return rolled_up(part.rolled for part in self.parts)

    @property
    def launch_is_at_risk(self) -> bool | None:
        """Something that was to be ready before its first day is expected after it; None: it is out."""
        starts_on = self.campaign.starts_on
        if starts_on <= self.today:
            return None
        return any(
            line.is_open and (line.baseline_finish or line.forecast_finish) <= starts_on < line.finish
            for line in self.lines
        )


def schedule_of(session: Session, actor: Actor, campaign: Campaign) -> Schedule:
    """Its activities that are not cancelled, with their tasks: five statements, however many."""
    SEE_CAMPAIGNS.require(actor, campaign)
    today = clock.today()
    rows = session.execute(
        select(Activity, Person.name, PlannedActivity.starts_on, PlannedActivity.ends_on)
        .outerjoin(Person, Person.id == Activity.owner_id)
        .outerjoin(PlanVersion, and_(PlanVersion.plan_id == campaign.plan_id, PlanVersion.state == "active"))
        .outerjoin(
            PlannedActivity,
            and_(PlannedActivity.version_id == PlanVersion.id, PlannedActivity.activity_id == Activity.id),
        )
        .where(Activity.campaign_id == campaign.id, Activity.state != "cancelled")
        .order_by(Activity.position, Activity.id)
    ).all()
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines_of(session, Activity.campaign_id == campaign.id, today=today):
        lines[line.activity_id].append(line)
    days = workdays_by_country(session, {activity.country for activity, *_ in rows})
    owner = session.scalar(select(Person.name).where(Person.id == campaign.owner_id)) or ""
    parts = []
    for activity, name, first, last in rows:
        rolled = rolled_up(each.rolled for each in lines[activity.id])
        parts.append(
            Part(
                activity,
                name or "",
                lines[activity.id],
                rolled.baseline if rolled.tasks else Span(first, last),
                rolled.forecast if rolled.tasks else Span(activity.starts_on, activity.ends_on),
                rolled,
                days[activity.country],
            )
        )
    return Schedule(campaign, owner, parts, today)


@dataclass(frozen=True)
class Summary:
    """A campaign in a list."""

    campaign: Campaign
    owner: str
    plan: str
    rolled: Rolled
    slip: int | None


@dataclass(frozen=True)
class Wanted:
    """Which campaigns somebody asks for; what is not said is not asked."""

    brand: str = ""
    region: str = ""
    channel: str = ""
    state: str = ""
    late: bool = False
    mine: bool = False
    plan_id: int | None = None


def campaigns_of(session: Session, actor: Actor, wanted: Wanted, *, number: int, size: int) -> Page[Summary]:
    """Campaigns by their first day, with how far they are: six statements, however many tasks they have."""
    SEE_CAMPAIGNS.require(actor)
    today = clock.today()
    where = [campaigns_visible_to(actor), *_asked(session, actor, wanted, today)]
    total = session.scalar(select(func.count()).select_from(Campaign).where(*where)) or 0
    rows = session.execute(
        select(Campaign, Person.name, Plan.name)
        .join(Plan, Plan.id == Campaign.plan_id)
        .outerjoin(Person, Person.id == Campaign.owner_id)
        .where(*where)
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    ids = [campaign.id for campaign, *_ in rows]
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines_of(session, Activity.campaign_id.in_(ids), Activity.state != "cancelled", today=today):
        lines[line.campaign_id].append(line)
    return Page(
        [
            Summary(campaign, owner or "", plan, rolled_up(each.rolled for each in lines[campaign.id]),
                    slip_of_all(lines[campaign.id]))
            for campaign, owner, plan in rows
        ],
        number,
        size,
        total,
    )  # fmt: skip


def slip_of_all(lines: Sequence[Line]) -> int | None:
    """How many workdays the last planned day of some tasks has moved, as the task that is last counts."""
    rolled = rolled_up(each.rolled for each in lines)
    planned, expected = rolled.baseline.finish, rolled.forecast.finish
    if planned is None or expected is None:
        return None
    return max(lines, key=lambda each: (each.finish, each.id)).days.slip(planned, expected)


def _asked(session: Session, actor: Actor, wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.brand:
        found.append(Campaign.brand == wanted.brand)
    if wanted.state:
        found.append(Campaign.state == wanted.state)
    if wanted.plan_id is not None:
        found.append(Campaign.plan_id == wanted.plan_id)
    if wanted.mine:
        found.append(Campaign.owner_id == actor.person_id)
    if wanted.region or wanted.channel:
        found.append(Campaign.id.in_(_in_places(session, wanted)))
    if wanted.late:
        found.append(Campaign.id.in_(late_campaigns(session, today)))
    return found


def _in_places(session: Session, wanted: Wanted) -> set[int]:
    """Campaigns of a region and a channel; their lists are JSON, which each engine asks in its own way."""
    rows = session.execute(select(Campaign.id, Campaign.regions, Campaign.channels))
    return {
        row.id
        for row in rows
        if (not wanted.region or not row.regions or wanted.region in row.regions)
        and (not wanted.channel or wanted.channel.lower() in [each.lower() for each in row.channels])
    }


def late_campaigns(session: Session, today: date) -> set[int]:
    """Campaigns with a task that is late: the days are compared here, the workdays by the rule."""
    could_be = or_(Task.forecast_finish > Task.baseline_finish, Task.baseline_finish < today)
    lines = lines_of(
        session,
        Task.stage.not_in((DONE, CANCELLED)),
        Activity.state != "cancelled",
        Campaign.state != "cancelled",
        could_be,
        today=today,
    )
    return {line.campaign_id for line in lines if line.standing == "late"}


def planned_money(session: Session, actor: Actor, campaign: Campaign) -> int | None:
    """What the active version plans for it, in minor units of the plan's currency; None to those who do not
    see money, and while no version is active."""
    version = campaign.plan.active_version
    if version is None or not SEE_MONEY.allows(actor, campaign):
        return None
    return session.scalar(
        select(func.coalesce(func.sum(PlanLine.base_minor), 0))
        .join(Activity, Activity.id == PlanLine.activity_id)
        .where(PlanLine.version_id == version.id, Activity.campaign_id == campaign.id)
    )


def approved_on(campaign: Campaign) -> datetime | None:
    """When the version was approved by which people work; None: none is active."""
    version = campaign.plan.active_version
    return None if version is None else version.decided_at or version.activated_at


def channels_in_use(session: Session) -> list[str]:
    """The channels of all campaigns, by name, each once however it is written."""
    found: Mapping[str, str] = {
        each.lower(): each for channels in session.scalars(select(Campaign.channels)) for each in channels
    }
    return sorted(found.values(), key=str.lower)


def plans_to_work_under(session: Session, actor: Actor) -> Sequence[Plan]:
    """Plans that are not closed, by name, for whoever plans."""
    SEE_CAMPAIGNS.require(actor)
    return session.scalars(select(Plan).where(Plan.closed_at.is_(None)).order_by(Plan.name, Plan.id)).all()
