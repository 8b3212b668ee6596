"""Plans and their versions, as pages and actions look at them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from assetlib.access.actor import Actor
from assetlib.accounts.models import DutyGrant, Person
from assetlib.accounts.queries import names_of
from assetlib.accounts.sessions import can_come_in
from assetlib.catalog.queries.actors import actors_of
from assetlib.catalog.queries.attributes import definitions
from assetlib.catalog.rules.attributes import Definition
from assetlib.paging import Page
from assetlib.planning.errors import NoSuchPlan
from assetlib.planning.models import Activity, Campaign, Plan, PlanVersion, Task
from assetlib.planning.permissions.plans import APPROVE_PLAN, PLAN_APPROVER, SEE_PLANS
from assetlib.planning.rules.plan_content import ActivitySaid, Content, LineSaid, ResultSaid, TaskSaid
from assetlib.planning.rules.plans import Known
from assetlib.words import say

GONE = say("There is no such plan, or it is not open to you.")
NO_VERSION = say("This plan has no such version.")
CURRENT = ("draft", "in_review", "approved", "active")
"""States by which plans are looked for, beside `closed`."""


def get_plan(session: Session, actor: Actor, plan_id: int) -> Plan:
    """With its versions, the newest first; `NoSuchPlan` to whoever sees no plans."""
    if not SEE_PLANS.allows(actor):
        raise NoSuchPlan(GONE)
    row = session.scalars(
        select(Plan).where(Plan.id == plan_id).options(selectinload(Plan.versions))
    ).one_or_none()
    if row is None:
        raise NoSuchPlan(GONE)
    return row


def get_version(session: Session, actor: Actor, plan_id: int, number: int) -> PlanVersion:
    """With all that it says, in a few statements."""
    return version_of(session, get_plan(session, actor, plan_id), number)


def version_of(session: Session, plan: Plan, number: int) -> PlanVersion:
    """The version of a plan that was found already, with all that it says."""
    row = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan.id, PlanVersion.number == number)
        .options(*whole())
    ).one_or_none()
    if row is None:
        raise NoSuchPlan(NO_VERSION)
    return row


def whole() -> list[ORMOption]:
    """All rows of a version beside its own."""
    return [
        selectinload(each)
        for each in (
            PlanVersion.expected, PlanVersion.activities, PlanVersion.lines, PlanVersion.comments,
            PlanVersion.writers,
        )
    ]  # fmt: skip


def content_of(version: PlanVersion) -> Content:
    """What a version says, in plain values, in its order."""
    return Content(
        objectives=tuple(version.objectives),
        assumptions=version.assumptions,
        products=tuple(version.products),
        segments=tuple(version.segments),
        channels=tuple(version.channels),
        expected=tuple(
            ResultSaid(each.kpi, each.thousandths, each.unit, each.campaign_id) for each in version.expected
        ),
        activities=tuple(
            ActivitySaid(
                each.activity_id,
                each.starts_on,
                each.ends_on,
                tuple(
                    TaskSaid(of["id"], date.fromisoformat(of["start"]), date.fromisoformat(of["finish"]))
                    for of in each.tasks
                ),
            )
            for each in sorted(version.activities, key=lambda each: each.activity_id)
        ),
        lines=tuple(
            LineSaid(
                each.activity_id, each.period_id, each.gl_account_id, each.cost_centre_id,
                each.amount_minor, each.currency, each.base_minor, each.certainty, each.is_fixed, each.note,
            )
            for each in version.lines
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which plans are looked for; None and empty: all."""

    year: int | None = None
    state: str = ""
    brand: str = ""
    region: str = ""


@dataclass(frozen=True)
class Listed:
    """A plan in the list."""

    plan: Plan
    owner: str
    newest: PlanVersion | None
    active: PlanVersion | None

    @property
    def state(self) -> str:
        """`closed`, or that of its newest version."""
        if self.plan.closed_at is not None:
            return "closed"
        return self.newest.state if self.newest is not None else "draft"

    @property
    def told(self) -> PlanVersion | None:
        """By which version people go: the active one, else the newest."""
        return self.active or self.newest


def plans_of(session: Session, actor: Actor, wanted: Wanted, *, number: int, size: int) -> Page[Listed]:
    """The latest year first, then by name."""
    SEE_PLANS.require(actor)
    where = _where(wanted)
    total = session.scalar(select(func.count()).select_from(Plan).where(*where)) or 0
    newest, active = aliased(PlanVersion), aliased(PlanVersion)
    highest = select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == Plan.id)
    rows = session.execute(
        select(Plan, newest, active)
        .select_from(Plan)
        .outerjoin(
            newest,
            (newest.plan_id == Plan.id) & (newest.number == highest.correlate(Plan).scalar_subquery()),
        )
        .outerjoin(active, (active.plan_id == Plan.id) & (active.state == "active"))
        .where(*where)
        .order_by(Plan.fiscal_year.desc(), func.lower(Plan.name), Plan.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    names = names_of(session, [plan.owner_id for plan, _, _ in rows])
    listed = [Listed(plan, names.get(plan.owner_id, ""), last, now) for plan, last, now in rows]
    return Page(listed, number, size, total)


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.year is not None:
        where.append(Plan.fiscal_year == wanted.year)
    if wanted.brand:
        where.append(Plan.brand == wanted.brand)
    if wanted.region:
        where.append(Plan.region == wanted.region)
    if wanted.state == "closed":
        where.append(Plan.closed_at.is_not(None))
    elif wanted.state in CURRENT:
        has = select(PlanVersion.id).where(PlanVersion.plan_id == Plan.id, PlanVersion.state == wanted.state)
        where += [Plan.closed_at.is_(None), has.correlate(Plan).exists()]
    return where


def years_planned(session: Session) -> Sequence[int]:
    """The fiscal years that have plans, the latest first."""
    return session.scalars(select(Plan.fiscal_year).distinct().order_by(Plan.fiscal_year.desc())).all()


@dataclass(frozen=True)
class Words:
    """The lists of the library that plans choose from."""

    brand: Definition | None
    region: Definition | None
    product: Definition | None
    known: Known = field(default_factory=Known)

    def label(self, attribute: str, key: str) -> str:
        """What the house calls a key; the key itself when it is not on the list any more."""
        definition: Definition | None = getattr(self, attribute)
        choice = definition.by_key.get(key) if definition is not None else None
        return choice.label if choice is not None else key


def words_known(session: Session) -> Words:
    """Brands, regions and product lines as the library has them."""
    found = definitions(session)
    brand, region, product = (found.get(each) for each in ("brand", "region", "product"))
    keys = [frozenset(each.by_key if each is not None else ()) for each in (brand, region, product)]
    return Words(brand, region, product, Known(*keys))


@dataclass(frozen=True)
class PlanActivity:
    """An activity of a plan's campaigns, for whoever chooses what a version takes in."""

    id: int
    name: str
    kind: str
    state: str
    starts_on: date
    ends_on: date
    campaign_id: int
    campaign: str
    gl_account_id: int | None
    cost_centre_id: int | None


def activities_of(session: Session, plan: Plan) -> list[PlanActivity]:
    """Every activity under a plan, campaign by campaign, in one statement."""
    rows: Iterable[Any] = session.execute(
        select(
            Activity.id, Activity.name, Activity.kind, Activity.state, Activity.starts_on, Activity.ends_on,
            Campaign.id, Campaign.name, Activity.gl_account_id, Activity.cost_centre_id,
        )
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(Campaign.plan_id == plan.id)
        .order_by(Campaign.starts_on, Campaign.id, Activity.position, Activity.id)
    )  # fmt: skip
    return [PlanActivity(*row) for row in rows]


def campaigns_of(session: Session, plan: Plan) -> Sequence[Campaign]:
    """The campaigns under a plan, the first to be seen first."""
    return session.scalars(
        select(Campaign).where(Campaign.plan_id == plan.id).order_by(Campaign.starts_on, Campaign.id)
    ).all()


def expected_days(session: Session, activity_ids: Iterable[int]) -> Mapping[int, list[TaskSaid]]:
    """Activity → its tasks with the days on which they are expected now, in one statement."""
    found: dict[int, list[TaskSaid]] = {each: [] for each in activity_ids}
    rows = session.execute(
        select(Task.activity_id, Task.id, Task.forecast_start, Task.forecast_finish)
        .where(Task.activity_id.in_(found), Task.stage != "cancelled")
        .order_by(Task.id)
    )
    for activity_id, task_id, start, finish in rows:
        found[activity_id].append(TaskSaid(task_id, start, finish))
    return found


def approvers_of(session: Session, version: PlanVersion) -> list[int]:
    """Whoever may decide this version now: their ids."""
    duty = select(DutyGrant.person_id).where(DutyGrant.duty == PLAN_APPROVER)
    holders = session.scalars(select(Person.id).where(Person.id.in_(duty), can_come_in()))
    actors = actors_of(session, holders.all())
    return sorted(number for number, actor in actors.items() if APPROVE_PLAN.allows(actor, version))
