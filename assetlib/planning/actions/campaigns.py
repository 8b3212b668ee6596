"""Campaigns are made under a plan, changed, brought to an end, or cancelled."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation, Person
from assetlib.audit import record
from assetlib.catalog.queries.attributes import definitions
from assetlib.planning.actions.ending import cancel_tasks
from assetlib.planning.actions.holding import held_campaign
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.planning.models import Activity, Campaign, Plan, Task
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.holds import words_of_holders
from assetlib.planning.rules.campaigns import (
    NOT_SAVED,
    CampaignFacts,
    must_be_campaign,
    must_be_known,
    must_not_be_held,
    must_stand,
)
from assetlib.planning.rules.tasks import DOING, TO_DO, WAITING
from assetlib.words import say, say_n

FIELDS = (
    "name", "theme", "objective", "brand", "regions", "channels", "starts_on", "ends_on", "choice_key",
    "owner_id", "brief_asset_id",
)  # fmt: skip


def make_campaign(session: Session, actor: Actor, plan: Plan, facts: CampaignFacts) -> Campaign:
    """A campaign under a plan that is not closed, of a brand and region that the actor plans for."""
    EDIT_CAMPAIGN.require(actor)
    must_be_campaign(facts)
    _must_be_of_the_library(session, facts)
    owner_must_be_here(session, facts.owner_id)
    closed = session.scalar(select(Plan.closed_at).where(Plan.id == plan.id).with_for_update(read=True))
    if closed is not None:
        raise WrongPlanningState(say("{plan} is closed. Nothing new is begun under it.", plan=plan.name))
    row = Campaign(
        plan_id=plan.id,
        created_by_id=actor.person_id,
        created_at=clock.now(),
        **_values(facts),
    )
    EDIT_CAMPAIGN.require(actor, row)
    session.add(row)
    session.flush()
    record(session, actor, "planning.campaign_made", row, after={"name": row.name, "plan": plan.id})
    return row


def change_campaign(
    session: Session, actor: Actor, campaign: Campaign, facts: CampaignFacts, *, revision: int
) -> Campaign:
    """What it says. Its days are those of its activities, once it has some."""
    EDIT_CAMPAIGN.require(actor, campaign)
    must_be_campaign(facts)
    row = held_campaign(session, campaign.id, revision=revision)
    must_stand(row.state, "planned", "running", what=row.name)
    _must_be_of_the_library(session, facts, but=row)
    if facts.owner_id != row.owner_id:
        owner_must_be_here(session, facts.owner_id)
    _must_keep_its_days(session, row, facts)
    before = {name: getattr(row, name) for name in FIELDS}
    after = _values(facts)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, after[name])
    EDIT_CAMPAIGN.require(actor, row)
    session.flush()
    record(
        session,
        actor,
        "planning.campaign_changed",
        row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def end_campaign(session: Session, actor: Actor, campaign: Campaign) -> None:
    """It is over, and all of its work is done."""
    EDIT_CAMPAIGN.require(actor, campaign)
    row = held_campaign(session, campaign.id)
    must_stand(row.state, "planned", "running", what=row.name)
    unfinished = len(_open_tasks(session, row.id))
    if unfinished:
        raise WrongPlanningState(
            say_n(
                "{count} task is not done. Finish or cancel it first.",
                "{count} tasks are not done. Finish or cancel them first.",
                unfinished,
            )
        )
    _to_state(session, row, "done")
    record(session, actor, "planning.campaign_ended", row, after={"state": "done"})


def reopen_campaign(session: Session, actor: Actor, campaign: Campaign) -> None:
    """There is more to do after all."""
    EDIT_CAMPAIGN.require(actor, campaign)
    row = held_campaign(session, campaign.id)
    must_stand(row.state, "done", what=row.name)
    _to_state(session, row, "running")
    record(session, actor, "planning.campaign_reopened", row, after={"state": "running"})


def cancel_campaign(session: Session, actor: Actor, campaign: Campaign, *, reason: str = "") -> None:
    """It does not take place: its activities and what is open of their tasks are cancelled, unless held."""
    EDIT_CAMPAIGN.require(actor, campaign)
    row = held_campaign(session, campaign.id)
    must_stand(row.state, "planned", "running", what=row.name)
    activities = session.scalars(
        select(Activity)
        .where(Activity.campaign_id == row.id)
        .order_by(Activity.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    must_not_be_held(row.name, words_of_holders(session, [each.id for each in activities]))
    tasks = cancel_tasks(session, actor, _open_tasks(session, row.id))
    _to_state(session, row, "cancelled", activities)
    record(
        session, actor, "planning.campaign_cancelled", row, after={"state": "cancelled"}, reason=reason,
        tasks=tasks,
    )  # fmt: skip


def _values(facts: CampaignFacts) -> dict[str, Any]:
    given = {name: getattr(facts, name) for name in FIELDS}
    return {name: each.strip() if isinstance(each, str) else each for name, each in given.items()}


def _to_state(session: Session, row: Campaign, state: str, activities: Sequence[Activity] = ()) -> None:
    row.state = state
    for each in activities:
        if each.state != "done":
            each.state = state
    session.flush()


def _open_tasks(session: Session, campaign_id: int) -> Sequence[int]:
    return session.scalars(
        select(Task.id)
        .join(Activity, Activity.id == Task.activity_id)
        .where(Activity.campaign_id == campaign_id, Task.stage.in_((TO_DO, DOING, WAITING)))
        .order_by(Task.id)
    ).all()


def _must_be_of_the_library(session: Session, facts: CampaignFacts, but: Campaign | None = None) -> None:
    """Brand, regions and the library's campaign are choices of the library; what stood before may stay."""
    known = definitions(session)
    before = (but.brand, but.regions, but.choice_key) if but is not None else ("", [], "")

    def keys(attribute: str, *more: str) -> set[str]:
        return {"", *more, *(known[attribute].by_key if attribute in known else ())}

    must_be_known("brand", [facts.brand], keys("brand", before[0]), say("Choose a brand of the library."))
    must_be_known("regions", facts.regions, keys("region", *before[1]), say("Choose regions of the library."))
    must_be_known(
        "choice_key",
        [facts.choice_key],
        keys("campaign", before[2]),
        say("Choose a campaign of the library."),
    )


def owner_must_be_here(session: Session, person_id: int | None) -> None:
    """Nothing, or `WrongPlanning`: who answers for it is one of the house's own people, and here."""
    found = session.execute(
        select(Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id, Organisation.kind == "own", Person.state.in_(("active", "invited")))
    ).first()
    if found is None:
        raise WrongPlanning(NOT_SAVED, fields={"owner_id": say("Choose somebody of the house who is here.")})


def _must_keep_its_days(session: Session, row: Campaign, facts: CampaignFacts) -> None:
    if (facts.starts_on, facts.ends_on) == (row.starts_on, row.ends_on):
        return
    if days_of_activities(session, row.id) is not None:
        raise WrongPlanning(
            NOT_SAVED,
            fields={"starts_on": say("Its days are those of its activities. Move an activity.")},
        )


def days_of_activities(session: Session, campaign_id: int) -> tuple[date, date] | None:
    """From the first day of its activities to the last; None: there are none."""
    rows = session.execute(
        select(Activity.starts_on, Activity.ends_on).where(
            Activity.campaign_id == campaign_id, Activity.state != "cancelled"
        )
    ).all()
    if not rows:
        return None
    return min(row.starts_on for row in rows), max(row.ends_on for row in rows)
