"""Plans of a fiscal year with their campaigns and activities, and the figures of each, in a few statements.

The database sums up money. The days of tasks come in one statement and are summed up here, because only the
house knows its holidays.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.prepared import Prepared
from assetlib.database import rows_of
from assetlib.planning.models import Activity, Campaign, Plan, PlanLine, PlannedActivity, PlanVersion, Task
from assetlib.planning.permissions.plans import SEE_MONEY
from assetlib.planning.queries.visibility import campaigns_visible_to
from assetlib.planning.rules.rolling_up import Figures, Until, as_date
from assetlib.reference.models import CompanyDay, FiscalPeriod, GlAccount
from assetlib.workdays import Workdays, workdays_of

By = Literal["month", "quarter", "year", "account"]


def _here(actor: Actor) -> ColumnElement[bool]:
    return and_(Plan.fiscal_year == bindparam("year", type_=Integer), campaigns_visible_to(actor))


def _as_kept(column: ColumnElement[Any] | Any) -> ColumnElement[Any]:
    """A day as the database gives it: to tell days apart and to compare them, none has to be read."""
    return type_coerce(column, String)


_PLANS = Prepared(
    lambda actor: (
        select(Plan.id, Plan.name, Plan.closed_at, Plan.currency)
        .where(_here(actor))
        .order_by(Plan.name, Plan.id)
    )
)
_CAMPAIGNS = Prepared(
    lambda actor: (
        select(Campaign.id, Campaign.name, Campaign.state, Campaign.plan_id)
        .join(Plan, Plan.id == Campaign.plan_id)
        .where(_here(actor), Campaign.state != "cancelled")
        .order_by(Campaign.starts_on, Campaign.id)
    )
)
_ACTIVITIES = Prepared(
    lambda actor: (
        select(Activity.id, Activity.name, Activity.state, Activity.campaign_id, Activity.country)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .join(Plan, Plan.id == Campaign.plan_id)
        .where(_here(actor), Activity.state != "cancelled", Campaign.state != "cancelled")
        .order_by(Activity.position, Activity.id)
    )
)
_TASKS = Prepared(
    lambda actor: (
        select(
            Task.activity_id,
            _as_kept(Task.baseline_start),
            _as_kept(Task.baseline_finish),
            _as_kept(Task.forecast_start),
            _as_kept(Task.forecast_finish),
            _as_kept(Task.actual_start),
            _as_kept(Task.actual_finish),
            Task.percent,
        )
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .join(Plan, Plan.id == Campaign.plan_id)
        .where(
            _here(actor),
            Task.stage != "cancelled",
            Activity.state != "cancelled",
            Campaign.state != "cancelled",
        )
    )
)


@dataclass
class Row:
    """A plan, campaign or activity with its figures, and what lies below it."""

    kind: Literal["plan", "campaign", "activity"]
    id: int
    name: str
    state: str
    currency: str
    days: Mapping[str, Workdays]
    figures: Figures = field(default_factory=Figures)
    below: list["Row"] = field(default_factory=list)

    @property
    def slip(self) -> int | None:
        """How many workdays its last day is later than planned."""
        figures = self.figures
        if figures.baseline_finish is None or figures.forecast_finish is None:
            return None
        return self.days[figures.country].slip(figures.baseline_finish, figures.forecast_finish)


@dataclass(frozen=True)
class RolledUp:
    plans: Sequence[Row]
    buckets: Sequence[str]
    """Under which money stands, in their order: `1` to `12`, `1` to `4`, or codes of accounts."""
    labels: Mapping[str, str]
    """Names of accounts."""
    with_money: bool


def years_planned(session: Session, actor: Actor) -> Sequence[int]:
    """Fiscal years that somebody planned, the latest first."""
    asked = select(Plan.fiscal_year).where(campaigns_visible_to(actor)).distinct()
    return session.scalars(asked.order_by(Plan.fiscal_year.desc())).all()


def roll_up(session: Session, actor: Actor, fiscal_year: int, by: By = "quarter") -> RolledUp:
    """Every plan of the year: numbers of an activity are those of its tasks, of a campaign those of its
    activities, of a plan those of its campaigns. What was cancelled is left out."""
    days: dict[str, Workdays] = {}
    plans = {
        row.id: Row("plan", row.id, row.name, "closed" if row.closed_at else "", row.currency, days)
        for row in rows_of(session, *_PLANS(actor, year=fiscal_year))
    }
    campaigns: dict[int, Row] = {}
    for row in rows_of(session, *_CAMPAIGNS(actor, year=fiscal_year)):
        above = plans[row.plan_id]
        campaigns[row.id] = Row("campaign", row.id, row.name, row.state, above.currency, days)
        above.below.append(campaigns[row.id])
    activities = _activities(session, actor, fiscal_year, campaigns, days)
    with_money = SEE_MONEY.allows(actor)
    buckets, labels = _money(session, actor, fiscal_year, activities, by) if with_money else ([], {})
    for plan in plans.values():
        for campaign in plan.below:
            for activity in campaign.below:
                campaign.figures.take(activity.figures)
            plan.figures.take(campaign.figures)
    return RolledUp(list(plans.values()), buckets, labels, with_money)


def _activities(
    session: Session,
    actor: Actor,
    fiscal_year: int,
    campaigns: Mapping[int, Row],
    days: dict[str, Workdays],
) -> dict[int, Row]:
    """Each activity laid below its campaign, and the workdays of their countries into `days`."""
    rows = rows_of(session, *_ACTIVITIES(actor, year=fiscal_year))
    country_of = {row.id: row.country for row in rows}
    days.update(_workdays(session, {"", *country_of.values()}))
    figures = tasks_summed(session, actor, fiscal_year, country_of, days)
    if len(figures) < len(rows):
        figures |= _of_their_own(session, actor, fiscal_year, figures.keys())
    found = {}
    for number, name, state, campaign_id, _ in rows:
        above = campaigns[campaign_id]
        found[number] = Row("activity", number, name, state, above.currency, days, figures[number])
        above.below.append(found[number])
    return found


def _of_their_own(
    session: Session, actor: Actor, fiscal_year: int, known: Collection[int]
) -> dict[int, Figures]:
    """Activities that have no task yet have the days of their own, and those of the active version."""
    rows = rows_of(
        session,
        select(
            Activity.id, PlannedActivity.starts_on, PlannedActivity.ends_on, Activity.starts_on,
            Activity.ends_on, Activity.country,
        )
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .join(Plan, Plan.id == Campaign.plan_id)
        .outerjoin(PlanVersion, and_(PlanVersion.plan_id == Plan.id, PlanVersion.state == "active"))
        .outerjoin(
            PlannedActivity,
            and_(PlannedActivity.version_id == PlanVersion.id, PlannedActivity.activity_id == Activity.id),
        )
        .where(_here(actor), Activity.state != "cancelled"),
        {"year": fiscal_year},
    )  # fmt: skip
    return {number: Figures(*rest) for number, *rest in rows if number not in known}


def _workdays(session: Session, countries: set[str]) -> dict[str, Workdays]:
    kept: defaultdict[str, list[tuple[date, bool]]] = defaultdict(list)
    asked = select(CompanyDay.country, CompanyDay.day, CompanyDay.works)
    for country, day, works in rows_of(session, asked, {}):
        kept[country].append((day, works))
    return {each: workdays_of(each, kept[each]) for each in countries}


def tasks_summed(
    session: Session,
    actor: Actor,
    fiscal_year: int,
    country_of: Mapping[int, str],
    days: Mapping[str, Workdays],
) -> dict[int, Figures]:
    """Activity → the figures of its tasks: one statement, and one way through its rows.

    What should be over and is not, is expected today, as the schedule of a campaign says it.
    """
    day = clock.today()
    today: Any = day.isoformat() if session.get_bind().dialect.name == "sqlite" else day
    counts = {
        country: (Until(each, day), Until(each, day, without_the_day=True)) for country, each in days.items()
    }
    sums: dict[int, _Sums] = {}
    for row in rows_of(session, *_TASKS(actor, year=fiscal_year)):
        number, planned_from, planned_until, begins, finish, began, finished, percent = row
        kept = sums.get(number)
        if kept is None:
            kept = sums[number] = _Sums(*counts[country_of[number]], began or begins, finished or finish)
        until = kept.until
        ends = finished or (finish if finish > today else today)
        if planned_until is None:
            weight = until[finish] - kept.before[begins] or 1
        else:
            weight = until[planned_until] - kept.before[planned_from] or 1
            if kept.planned_from is None or planned_from < kept.planned_from:
                kept.planned_from = planned_from
            if kept.planned_until is None or planned_until > kept.planned_until:
                kept.planned_until = planned_until
            if ends > planned_until and finished is None and until[ends] > until[planned_until]:
                kept.late += 1
        if began is not None:
            begins = began
        if begins < kept.begins:
            kept.begins = begins
        if ends > kept.ends:
            kept.ends = ends
        if finished is not None:
            kept.done += 1
        kept.tasks += 1
        kept.weight += weight
        kept.hundredths += weight * percent
    return {number: each.figures(country_of[number]) for number, each in sums.items()}


@dataclass(slots=True)
class _Sums:
    """Figures while they are summed, with days as the database gives them."""

    until: Until
    before: Until
    begins: Any
    ends: Any
    planned_from: Any = None
    planned_until: Any = None
    tasks: int = 0
    done: int = 0
    late: int = 0
    weight: int = 0
    hundredths: int = 0

    def figures(self, country: str) -> Figures:
        return Figures(
            None if self.planned_from is None else as_date(self.planned_from),
            None if self.planned_until is None else as_date(self.planned_until),
            as_date(self.begins),
            as_date(self.ends),
            country,
            self.tasks,
            self.done,
            self.late,
            self.weight,
            self.hundredths,
        )


def _money(
    session: Session, actor: Actor, fiscal_year: int, activities: Mapping[int, Row], by: By
) -> tuple[list[str], dict[str, str]]:
    """Lay each activity's money of the active version under its bucket, in one grouped statement; the
    buckets in their order, with the names of accounts."""
    buckets: dict[By, ColumnElement[Any] | Any] = {
        "month": FiscalPeriod.number,
        "quarter": FiscalPeriod.quarter,
        "year": FiscalPeriod.fiscal_year,
        "account": GlAccount.code,
    }
    bucket, label = buckets[by], GlAccount.name if by == "account" else literal("")
    statement = (
        select(PlanLine.activity_id, bucket, label, func.sum(PlanLine.base_minor))
        .join(PlanVersion, and_(PlanVersion.id == PlanLine.version_id, PlanVersion.state == "active"))
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .join(FiscalPeriod, FiscalPeriod.id == PlanLine.period_id)
        .join(GlAccount, GlAccount.id == PlanLine.gl_account_id)
        .where(_here(actor))
        .group_by(PlanLine.activity_id, bucket, *([label] if by == "account" else []))
        .order_by(bucket)
    )
    labels: dict[str, str] = {}
    for activity_id, key, name, minor in rows_of(session, statement, {"year": fiscal_year}):
        labels[str(key)] = name
        if activity_id in activities:
            activities[activity_id].figures.money[str(key)] += int(minor)
    if by in ("month", "quarter"):
        return [str(number) for number in range(1, 13 if by == "month" else 5)], {}
    return list(labels), labels
