"""Tasks as those look at them who do them, and those who give them out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import GroupMember, Organisation, Person, RoleGrant
from assetlib.paging import Page
from assetlib.planning.errors import NoSuchTask
from assetlib.planning.models import Activity, Campaign, Task, TaskPredecessor
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import SEE_TASKS, of_an_agency
from assetlib.planning.queries.lines import Line, Need, lines_of
from assetlib.planning.queries.visibility import tasks_visible_to
from assetlib.planning.rules.tasks import CANCELLED, DONE
from assetlib.words import say

GONE = say("There is no such task, or it is not yours to see.")


def get_task(session: Session, actor: Actor, task_id: int) -> Task:
    """With its activity and campaign; `NoSuchTask` to whoever may not know of it."""
    SEE_TASKS.require(actor)
    row = session.scalars(
        select(Task)
        .where(Task.id == task_id, tasks_visible_to(actor))
        .options(joinedload(Task.activity).joinedload(Activity.campaign).joinedload(Campaign.plan))
    ).one_or_none()
    if row is None:
        raise NoSuchTask(GONE)
    return row


def line_of(session: Session, actor: Actor, task: Task) -> Line:
    """The task with how it stands."""
    SEE_TASKS.require(actor, task)
    return lines_of(session, Task.id == task.id, today=clock.today(), with_cancelled=True)[0]


def needs_seen_by(actor: Actor, line: Line) -> list[Need | None]:
    """What comes before a task; None for each that the actor may not know of."""
    if of_the_house(actor, None):
        return list(line.needs)
    return [
        each
        if of_an_agency(actor, None)
        and (each.agency_id == actor.organisation_id or each.assignee_id == actor.person_id)
        else None
        for each in line.needs
    ]


@dataclass(frozen=True)
class Follower:
    """A task that waits for another one."""

    id: int
    name: str
    lag: int


def followers_of(session: Session, actor: Actor, task: Task) -> list[Follower]:
    """What waits for a task, of what the actor may know of."""
    rows = session.execute(
        select(Task.id, Task.name, TaskPredecessor.lag_days)
        .join(TaskPredecessor, TaskPredecessor.task_id == Task.id)
        .where(TaskPredecessor.predecessor_id == task.id, Task.stage != CANCELLED, tasks_visible_to(actor))
        .order_by(Task.forecast_start, Task.id)
    )
    return [Follower(row.id, row.name, row.lag_days) for row in rows]


@dataclass(frozen=True)
class WantedTasks:
    """Whose tasks, and which. Nobody said: one's own, of somebody of an agency those of the agency."""

    person_id: int | None = None
    agency_id: int | None = None
    everybody: bool = False
    stage: str = ""
    """Empty: what is not over."""


def tasks_of(session: Session, actor: Actor, wanted: WantedTasks, *, number: int, size: int) -> Page[Line]:
    """Tasks that the actor may know of, the soonest due first."""
    SEE_TASKS.require(actor)
    where = [tasks_visible_to(actor), *_whose(actor, wanted)]
    where.append(Task.stage == wanted.stage if wanted.stage else Task.stage.not_in((DONE, CANCELLED)))
    total = session.scalar(select(func.count()).select_from(Task).where(*where)) or 0
    lines = lines_of(
        session,
        *where,
        today=clock.today(),
        with_cancelled=True,
        most=size,
        offset=(number - 1) * size,
        order=(Task.forecast_finish, Task.id),
    )
    return Page(lines, number, size, total)


def _whose(actor: Actor, wanted: WantedTasks) -> list[ColumnElement[bool]]:
    if wanted.person_id is not None:
        return [Task.assignee_id == wanted.person_id]
    if wanted.agency_id is not None:
        return [Task.agency_id == wanted.agency_id]
    if wanted.everybody:
        return []
    if of_an_agency(actor, None):
        return [or_(Task.agency_id == actor.organisation_id, Task.assignee_id == actor.person_id)]
    return [Task.assignee_id == actor.person_id]


@dataclass(frozen=True)
class Doer:
    """Somebody to whom work can be given."""

    person_id: int
    name: str
    agency_id: int | None
    agency: str


def doers(session: Session) -> Sequence[Doer]:
    """People of the house and of agencies who are here and have a role, by organisation and name."""
    with_role = or_(
        Person.id.in_(select(RoleGrant.person_id)),
        Person.id.in_(
            select(GroupMember.person_id).join(RoleGrant, RoleGrant.group_id == GroupMember.group_id)
        ),
    )
    rows = session.execute(
        select(Person.id, Person.name, Organisation.id, Organisation.name, Organisation.kind)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Person.state.in_(("active", "invited")),
            Organisation.kind.in_(("own", "agency")),
            Organisation.state == "active",
            with_role,
        )
        .order_by(Organisation.kind.desc(), func.lower(Organisation.name), func.lower(Person.name), Person.id)
    )
    return [
        Doer(person_id, name, house_id if kind == "agency" else None, house if kind == "agency" else "")
        for person_id, name, house_id, house, kind in rows
    ]


def agencies(session: Session) -> Sequence[tuple[int, str]]:
    """Agencies that work for the house now, by name."""
    return [
        (row.id, row.name)
        for row in session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.kind == "agency", Organisation.state == "active")
            .order_by(func.lower(Organisation.name), Organisation.id)
        )
    ]
