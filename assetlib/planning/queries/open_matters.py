"""What of planning is still open when a person leaves, or when we part from an agency."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.rules.leaving import Matter
from assetlib.planning.models import Activity, Campaign, Deliverable, IntakeForm, IntakeRequest, Plan, Task
from assetlib.words import say_n

AT_WORK = ("to_do", "doing", "waiting")
GOES_ON = ("planned", "running")


def open_deliverables() -> ColumnElement[bool]:
    return and_(Deliverable.accepted_at.is_(None), Deliverable.scope_state != "dropped")


OWNED: Mapping[Any, tuple[InstrumentedAttribute[Any], ColumnElement[bool]]] = {
    Plan: (Plan.owner_id, Plan.closed_at.is_(None)),
    Campaign: (Campaign.owner_id, Campaign.state.in_(GOES_ON)),
    Activity: (Activity.owner_id, Activity.state.in_(GOES_ON)),
    Task: (Task.assignee_id, Task.stage.in_(AT_WORK)),
    Deliverable: (Deliverable.owner_id, open_deliverables()),
    IntakeForm: (IntakeForm.answered_by_id, IntakeForm.retired_at.is_(None)),
}
"""What is somebody's while it goes on → the column that says whose, and when it does."""


def work_of(session: Session, person: Person) -> list[Matter]:
    """What somebody who leaves has open: to hand on, or ending by itself."""
    plans, campaigns, activities, tasks, deliverables, forms = (
        _count(session, model, column == person.id, goes_on) for model, (column, goes_on) in OWNED.items()
    )
    requests = _count(
        session, IntakeRequest, IntakeRequest.person_id == person.id, IntakeRequest.state == "open"
    )
    return [
        Matter(
            "plans", say_n("{count} plan is theirs.", "{count} plans are theirs.", plans), plans, way="hand"
        ),
        Matter(
            "campaigns",
            say_n("{count} campaign is theirs.", "{count} campaigns are theirs.", campaigns),
            campaigns,
            way="hand",
        ),
        Matter(
            "activities",
            say_n("{count} activity is theirs.", "{count} activities are theirs.", activities),
            activities,
            way="hand",
        ),
        Matter(
            "tasks",
            say_n("{count} task is theirs to do.", "{count} tasks are theirs to do.", tasks),
            tasks,
            way="hand",
        ),
        Matter(
            "deliverables",
            say_n(
                "{count} deliverable that they asked for is not accepted yet.",
                "{count} deliverables that they asked for are not accepted yet.",
                deliverables,
            ),
            deliverables,
            way="hand",
        ),
        Matter(
            "forms",
            say_n(
                "{count} form names them. Every planner answers it from then on.",
                "{count} forms name them. Every planner answers them from then on.",
                forms,
            ),
            forms,
            way="end",
        ),
        Matter(
            "intake",
            say_n(
                "{count} thing that they asked marketing for is not answered. It is withdrawn.",
                "{count} things that they asked marketing for are not answered. They are withdrawn.",
                requests,
            ),
            requests,
            way="end",
        ),
    ]


def open_matters_of(session: Session, organisation: Organisation) -> list[Matter]:
    """What an agency still has to do for us."""
    tasks = _count(session, Task, Task.agency_id == organisation.id, Task.stage.in_(AT_WORK))
    deliverables = _count(session, Deliverable, Deliverable.agency_id == organisation.id, open_deliverables())
    return [
        Matter(
            "tasks",
            say_n("{count} task is theirs to do.", "{count} tasks are theirs to do.", tasks),
            tasks,
            f"/tasks?agency={organisation.id}",
        ),
        Matter(
            "deliverables",
            say_n(
                "{count} deliverable is not accepted yet.",
                "{count} deliverables are not accepted yet.",
                deliverables,
            ),
            deliverables,
            f"/deliverables?agency={organisation.id}",
        ),
    ]


def _count(session: Session, model: Any, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(model.id)).where(*where)) or 0
