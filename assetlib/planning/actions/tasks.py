"""Tasks of an activity: added, changed, given to people, moved, cancelled."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.queries import get_person
from assetlib.audit import record
from assetlib.catalog.queries.actors import actor_of
from assetlib.planning.actions.ending import cancel_tasks
from assetlib.planning.actions.holding import (
    held_activity,
    held_campaign,
    held_task,
    people_may_begin,
)
from assetlib.planning.actions.telling_of_tasks import tell_given, tell_taken
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, PlannedActivity, PlanVersion, Task
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_TASKS
from assetlib.planning.queries.holds import words_of_holders
from assetlib.planning.rules.campaigns import NOT_SAVED, must_not_be_held, must_stand
from assetlib.planning.rules.tasks import (
    TaskFacts,
    must_be_days,
    must_be_giveable,
    must_be_open,
    must_be_task,
)
from assetlib.words import say

FIELDS = ("name", "kind", "role", "effort_hours", "note")


def add_task(
    session: Session,
    actor: Actor,
    activity: Activity,
    facts: TaskFacts,
    *,
    start: date | None,
    finish: date | None,
    assignee_id: int | None = None,
    agency_id: int | None = None,
) -> Task:
    """A task of an activity, given to somebody or to nobody yet.

    Under an activity that stands in the active version of its plan its first days are its baseline.
    """
    EDIT_CAMPAIGN.require(actor, activity.campaign)
    must_be_task(facts)
    must_be_days(facts.kind, start, finish)
    within = held_campaign(session, activity.campaign_id)
    must_stand(within.state, "planned", "running", what=within.name)
    at = held_activity(session, activity.id)
    must_stand(at.state, "planned", "running", what=at.name)
    agency_id = _must_be_giveable(session, assignee_id, agency_id)
    if assignee_id is not None or agency_id is not None:
        people_may_begin(session, at.id, task_kind=facts.kind)
    last = session.scalar(select(func.max(Task.position)).where(Task.activity_id == at.id))
    planned = _is_planned(session, at)
    row = Task(
        activity_id=at.id,
        baseline_start=start if planned else None,
        baseline_finish=finish if planned else None,
        forecast_start=start,
        forecast_finish=finish,
        assignee_id=assignee_id,
        agency_id=agency_id,
        position=0 if last is None else last + 1,
        created_at=clock.now(),
        **_values(facts),
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        "planning.task_added",
        row,
        after={"name": row.name, "start": start, "finish": finish, "assignee": assignee_id},
        activity=at.id,
    )
    tell_given(session, row, by=actor)
    return row


def change_task(session: Session, actor: Actor, task: Task, facts: TaskFacts, *, revision: int) -> Task:
    """What it says. Who has planning work keeps it as work only under an approved plan."""
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    must_be_task(facts)
    row = held_task(session, task.id, revision=revision)
    must_be_open(row.name, row.stage)
    must_be_days(facts.kind, row.forecast_start, row.forecast_finish)
    if facts.kind != row.kind and _is_given(row):
        people_may_begin(session, row.activity_id, task_kind=facts.kind)
    before, after = {name: getattr(row, name) for name in FIELDS}, _values(facts)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, after[name])
    session.flush()
    record(
        session,
        actor,
        "planning.task_changed",
        row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def assign_task(
    session: Session, actor: Actor, task: Task, *, assignee_id: int | None, agency_id: int | None = None
) -> None:
    """Give it to somebody of the house, to an agency or to one of its people; or to nobody.

    Open only under an approved plan (G1), unless it is a task of planning. Somebody of an agency brings
    their agency along.
    """
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    agency_id = _must_be_giveable(session, assignee_id, agency_id)
    held_campaign(session, task.activity.campaign_id)
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    if assignee_id is not None or agency_id is not None:
        people_may_begin(session, row.activity_id, task_kind=row.kind)
    before = {"assignee": row.assignee_id, "agency": row.agency_id}
    after = {"assignee": assignee_id, "agency": agency_id}
    if before == after:
        return
    row.assignee_id, row.agency_id = assignee_id, agency_id
    session.flush()
    record(session, actor, "planning.task_assigned", row, before=before, after=after)
    if before["assignee"] != assignee_id:
        tell_taken(session, row, before["assignee"], by=actor)
        tell_given(session, row, by=actor)


def move_task(session: Session, actor: Actor, task: Task, activity: Activity) -> None:
    """To another activity of the same campaign, where whoever has it may have to wait for the plan."""
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    if activity.campaign_id != task.activity.campaign_id:
        raise WrongPlanning(NOT_SAVED, fields={"activity": say("Choose an activity of the same campaign.")})
    held_campaign(session, activity.campaign_id)
    at = held_activity(session, activity.id)
    must_stand(at.state, "planned", "running", what=at.name)
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    if row.activity_id == at.id:
        return
    if _is_given(row):
        people_may_begin(session, at.id, task_kind=row.kind)
    before = row.activity_id
    last = session.scalar(select(func.max(Task.position)).where(Task.activity_id == at.id))
    row.activity_id, row.position = at.id, 0 if last is None else last + 1
    session.flush()
    session.expire(row, ["activity"])
    record(session, actor, "planning.task_moved", row, before={"activity": before}, after={"activity": at.id})


def cancel_task(session: Session, actor: Actor, task: Task, *, reason: str = "") -> None:
    """It is not done. What waits for it waits no longer."""
    EDIT_CAMPAIGN.require(actor, task.activity.campaign)
    held_campaign(session, task.activity.campaign_id)
    row = held_task(session, task.id)
    must_be_open(row.name, row.stage)
    must_not_be_held(row.name, words_of_holders(session, task_ids=[row.id]))
    cancel_tasks(session, actor, [row.id], reason=reason)


def _values(facts: TaskFacts) -> dict[str, Any]:
    given = {name: getattr(facts, name) for name in FIELDS}
    return {name: each.strip() if isinstance(each, str) else each for name, each in given.items()}


def _is_given(task: Task) -> bool:
    return task.assignee_id is not None or task.agency_id is not None


def _is_planned(session: Session, activity: Activity) -> bool:
    found = session.execute(
        select(PlannedActivity.activity_id)
        .join(PlanVersion, PlanVersion.id == PlannedActivity.version_id)
        .where(PlannedActivity.activity_id == activity.id, PlanVersion.state == "active")
    ).first()
    return found is not None


def _must_be_giveable(session: Session, assignee_id: int | None, agency_id: int | None) -> int | None:
    """The agency that does it, if one does; or `WrongPlanning` for somebody to whom no work is given."""
    person = session.get(Person, assignee_id) if assignee_id is not None else None
    if assignee_id is not None and person is None:
        raise WrongPlanning(NOT_SAVED, fields={"assignee": say("There is no such person.")})
    if person is not None:
        person = get_person(session, person.id)
        if agency_id is None and person.organisation.kind == "agency":
            agency_id = person.organisation_id
    agency = session.get(Organisation, agency_id) if agency_id is not None else None
    if agency_id is not None and agency is None:
        raise WrongPlanning(NOT_SAVED, fields={"agency": say("There is no such organisation.")})
    must_be_giveable(
        agency_name=agency.name if agency is not None else "",
        agency_kind=agency.kind if agency is not None else None,
        agency_state=agency.state if agency is not None else None,
        person_name=person.name if person is not None else "",
        person_state=person.state if person is not None else None,
        person_organisation=person.organisation_id if person is not None else None,
        person_organisation_kind=person.organisation.kind if person is not None else None,
        person_has_role=person is not None and SEE_TASKS.allows(actor_of(session, person.id)),
        agency_id=agency_id,
    )
    return agency_id
