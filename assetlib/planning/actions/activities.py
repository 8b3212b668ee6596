"""Activities and events of a campaign: added, changed, moved in time, cancelled."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.queries.attributes import definitions
from assetlib.planning.actions.campaigns import days_of_activities, owner_must_be_here
from assetlib.planning.actions.ending import cancel_tasks
from assetlib.planning.actions.holding import held_activity, held_campaign, held_tasks
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, Campaign, Task
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.holds import words_of_holders
from assetlib.planning.rules.campaigns import (
    NOT_SAVED,
    ActivityFacts,
    must_be_activity,
    must_be_known,
    must_not_be_held,
    must_stand,
)
from assetlib.planning.rules.schedule import Timed, shifted
from assetlib.planning.rules.tasks import DOING, TO_DO, WAITING
from assetlib.reference.models import CostCentre, GlAccount
from assetlib.reference.queries import workdays_in
from assetlib.words import say

FIELDS = (
    "name", "kind", "channel", "region", "country", "venue", "starts_on", "ends_on", "owner_id",
    "gl_account_id", "cost_centre_id",
)  # fmt: skip


def add_activity(session: Session, actor: Actor, campaign: Campaign, facts: ActivityFacts) -> Activity:
    """An activity or event of a campaign, which then lasts as long as its activities do.

    Work for it is given to people when it stands in the active version of the plan.
    """
    EDIT_CAMPAIGN.require(actor, campaign)
    must_be_activity(facts)
    within = held_campaign(session, campaign.id)
    must_stand(within.state, "planned", "running", what=within.name)
    _must_be_known_things(session, facts)
    owner_must_be_here(session, facts.owner_id)
    last = session.scalar(select(func.max(Activity.position)).where(Activity.campaign_id == within.id))
    row = Activity(
        campaign_id=within.id,
        position=0 if last is None else last + 1,
        created_at=clock.now(),
        **_values(facts),
    )
    session.add(row)
    session.flush()
    _fit(session, within)
    record(session, actor, "planning.activity_added", row, after={"name": row.name, "campaign": within.id})
    return row


def change_activity(
    session: Session, actor: Actor, activity: Activity, facts: ActivityFacts, *, revision: int
) -> Activity:
    """What it says and when it is; its tasks stay where they are."""
    EDIT_CAMPAIGN.require(actor, activity.campaign)
    must_be_activity(facts)
    within = held_campaign(session, activity.campaign_id)
    row = held_activity(session, activity.id, revision=revision)
    must_stand(row.state, "planned", "running", what=row.name)
    _must_be_known_things(session, facts, but=row)
    if facts.owner_id != row.owner_id:
        owner_must_be_here(session, facts.owner_id)
    before, after = {name: getattr(row, name) for name in FIELDS}, _values(facts)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, after[name])
    session.flush()
    _fit(session, within)
    record(
        session,
        actor,
        "planning.activity_changed",
        row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def move_activity(
    session: Session, actor: Actor, activity: Activity, *, starts_on: date | None, with_tasks: bool
) -> None:
    """To another first day, with as many workdays; if wanted also what of its tasks has not begun."""
    EDIT_CAMPAIGN.require(actor, activity.campaign)
    within = held_campaign(session, activity.campaign_id)
    row = held_activity(session, activity.id)
    must_stand(row.state, "planned", "running", what=row.name)
    if starts_on is None:
        raise WrongPlanning(NOT_SAVED, fields={"starts_on": say("Choose the first day.")})
    days = workdays_in(session, row.country)
    ends_on = shifted(Timed(row.id, row.starts_on, row.ends_on, days), starts_on)
    facts = ActivityFacts(**{name: getattr(row, name) for name in FIELDS})
    must_be_activity(replace(facts, starts_on=starts_on, ends_on=ends_on))
    by = days.slip(row.starts_on, starts_on)
    before = {"starts_on": row.starts_on, "ends_on": row.ends_on}
    row.starts_on, row.ends_on = starts_on, ends_on
    moved = []
    if with_tasks and by:
        waiting = select(Task.id).where(
            Task.activity_id == row.id, Task.stage.in_((TO_DO, WAITING)), Task.actual_start.is_(None)
        )
        for task in held_tasks(session, session.scalars(waiting)):
            timed = Timed(
                task.id,
                task.forecast_start,
                task.forecast_finish,
                days,
                is_milestone=task.kind == "milestone",
            )
            start = days.moved(task.forecast_start, by)
            task.forecast_start, task.forecast_finish = start, shifted(timed, start)
            moved.append(task.id)
    session.flush()
    _fit(session, within)
    after = {"starts_on": starts_on, "ends_on": ends_on}
    record(session, actor, "planning.activity_moved", row, before=before, after=after, tasks=moved, days=by)


def cancel_activity(session: Session, actor: Actor, activity: Activity, *, reason: str = "") -> None:
    """It does not take place, and what is open of its tasks is cancelled, unless somebody needs it kept."""
    EDIT_CAMPAIGN.require(actor, activity.campaign)
    within = held_campaign(session, activity.campaign_id)
    row = held_activity(session, activity.id)
    must_stand(row.state, "planned", "running", what=row.name)
    must_not_be_held(row.name, words_of_holders(session, [row.id]))
    open_tasks = select(Task.id).where(Task.activity_id == row.id, Task.stage.in_((TO_DO, DOING, WAITING)))
    tasks = cancel_tasks(session, actor, session.scalars(open_tasks).all())
    before = row.state
    row.state = "cancelled"
    session.flush()
    _fit(session, within)
    record(
        session, actor, "planning.activity_cancelled", row, before={"state": before},
        after={"state": "cancelled"}, reason=reason, tasks=tasks,
    )  # fmt: skip


def _values(facts: ActivityFacts) -> dict[str, Any]:
    given = {name: getattr(facts, name) for name in FIELDS}
    return {name: each.strip() if isinstance(each, str) else each for name, each in given.items()}


def _fit(session: Session, campaign: Campaign) -> None:
    """The campaign lasts from the first day of its activities to the last."""
    days = days_of_activities(session, campaign.id)
    if days is not None and days != (campaign.starts_on, campaign.ends_on):
        campaign.starts_on, campaign.ends_on = days
        session.flush()


def _must_be_known_things(session: Session, facts: ActivityFacts, but: Activity | None = None) -> None:
    known = definitions(session)
    regions = {"", *(known["region"].by_key if "region" in known else ())}
    if but is not None:
        regions.add(but.region)
    must_be_known("region", [facts.region], regions, say("Choose a region of the library."))
    if facts.gl_account_id is not None and session.get(GlAccount, facts.gl_account_id) is None:
        raise WrongPlanning(NOT_SAVED, fields={"gl_account_id": say("Choose an account.")})
    if facts.cost_centre_id is not None and session.get(CostCentre, facts.cost_centre_id) is None:
        raise WrongPlanning(NOT_SAVED, fields={"cost_centre_id": say("Choose a cost centre.")})
