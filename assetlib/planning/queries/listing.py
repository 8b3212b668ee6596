"""Plans, campaigns and tasks as plain lists, as whoever asks may see them; each in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation, Person
from assetlib.planning.models import Activity, Campaign, Plan, PlanLine, PlanVersion, Task
from assetlib.planning.queries.visibility import campaigns_visible_to, tasks_visible_to


@dataclass(frozen=True)
class TasksWanted:
    """Which tasks of those that may be seen."""

    campaign_id: int | None = None
    assignee_id: int | None = None
    still_open: bool = False


def plans_listed(session: Session, actor: Actor) -> Sequence[Row[Plan, str, int | None, str | None, int]]:
    """Each plan with its owner's name, number and state of its latest version, and the sum of that one's
    lines in minor units of the plan's currency. The sum is for those alone who see money."""
    each = aliased(PlanVersion)
    latest = select(func.max(each.number)).where(each.plan_id == Plan.id).correlate(Plan).scalar_subquery()
    total = (
        select(func.coalesce(func.sum(PlanLine.base_minor), 0))
        .where(PlanLine.version_id == PlanVersion.id)
        .scalar_subquery()
    )
    return session.execute(
        select(Plan, Person.name, PlanVersion.number, PlanVersion.state, total)
        .join(Person, Person.id == Plan.owner_id)
        .outerjoin(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.number == latest))
        .where(campaigns_visible_to(actor))
        .order_by(Plan.fiscal_year.desc(), Plan.name, Plan.id)
    ).all()


def campaigns_listed(session: Session, actor: Actor) -> Sequence[Row[Campaign, str, str, int]]:
    """Each campaign with the names of its plan and its owner, and how many activities it has."""
    activities = select(func.count(Activity.id)).where(Activity.campaign_id == Campaign.id).scalar_subquery()
    return session.execute(
        select(Campaign, Plan.name, Person.name, activities)
        .join(Plan, Plan.id == Campaign.plan_id)
        .join(Person, Person.id == Campaign.owner_id)
        .where(campaigns_visible_to(actor))
        .order_by(Campaign.starts_on, Campaign.name, Campaign.id)
    ).all()


def tasks_listed(
    session: Session, actor: Actor, wanted: TasksWanted | None = None
) -> Sequence[Row[Task, str, str, str | None, str | None]]:
    """Each task with the names of its activity, its campaign, and of who does it: person and agency."""
    wanted = wanted or TasksWanted()
    agency, assignee = aliased(Organisation), aliased(Person)
    statement = (
        select(Task, Activity.name, Campaign.name, assignee.name, agency.name)
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .outerjoin(agency, agency.id == Task.agency_id)
        .where(tasks_visible_to(actor))
        .order_by(Task.forecast_finish, Task.id)
    )
    if wanted.campaign_id is not None:
        statement = statement.where(Campaign.id == wanted.campaign_id)
    if wanted.assignee_id is not None:
        statement = statement.where(Task.assignee_id == wanted.assignee_id)
    if wanted.still_open:
        statement = statement.where(Task.stage.not_in(("done", "cancelled")))
    return session.execute(statement).all()


def is_late(task: Task, today: date) -> bool:
    """It should be finished by now, or is expected later than it was planned."""
    if task.stage in ("done", "cancelled"):
        return False
    planned = task.baseline_finish or task.forecast_finish
    return task.forecast_finish > planned or task.forecast_finish < today
