"""Calendar feeds, and what stands in one: a person's days as they may know of them now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.prepared import organisation_of, person_of
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import hash_of, may_sign_in
from assetlib.planning.errors import NoSuchFeed
from assetlib.planning.models import Activity, CalendarFeed, Campaign, Deliverable, Task
from assetlib.planning.queries.visibility import (
    campaigns_visible_to,
    deliverables_visible_to,
    tasks_visible_to,
)
from assetlib.words import say

LONGEST_SECRET = 64
KEPT = timedelta(days=180)
"""What is over for longer is left out."""
NO_FEED = say("There is no such feed.")


@dataclass(frozen=True)
class Dated:
    """Something that has days in a person's calendar."""

    uid: str
    """The same for as long as the thing is there, whatever becomes of its days."""
    summary: str
    first: date
    last: date
    since: datetime
    revision: int
    detail: str = ""
    path: str = ""
    place: str = ""


def find_by_secret(session: Session, secret: str) -> tuple[CalendarFeed, Person]:
    """The feed behind an address and the person whose it is, while it opens and they may come in; else
    `NoSuchFeed`, whatever the reason."""
    if len(secret) > LONGEST_SECRET or not secret.isascii():
        raise NoSuchFeed(NO_FEED)
    feed = session.scalars(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == hash_of(secret), CalendarFeed.revoked_at.is_(None)
        )
    ).one_or_none()
    if feed is None:
        raise NoSuchFeed(NO_FEED)
    person = get_person(session, feed.person_id)
    if not may_sign_in(person):
        raise NoSuchFeed(NO_FEED)
    return feed, person


def get_feed(session: Session, actor: Actor, feed_id: int) -> CalendarFeed:
    """One of the actor's own that is not revoked, held."""
    feed = session.scalars(
        select(CalendarFeed)
        .where(
            CalendarFeed.id == feed_id,
            CalendarFeed.person_id == person_of(actor),
            CalendarFeed.revoked_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if feed is None:
        raise NoSuchFeed(NO_FEED)
    return feed


def feeds_of(session: Session, actor: Actor) -> Sequence[CalendarFeed]:
    """The actor's own that open something, the newest first."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person_of(actor), CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc())
    ).all()


def dates_of(session: Session, actor: Actor, zone: tzinfo) -> list[Dated]:
    """Tasks, milestones and deliverables due, and campaigns and events that are theirs; four statements."""
    since = clock.today() - KEPT
    found = [*_tasks(session, actor, since), *_deliverables(session, actor, since, zone)]
    found += [*_campaigns(session, actor, since), *_events(session, actor, since)]
    return sorted(found, key=lambda each: (each.first, each.uid))


def _tasks(session: Session, actor: Actor, since: date) -> Iterator[Dated]:
    """Of a person what they do themselves, and what was given to their agency and to nobody by name;
    milestones of a campaign are its owner's too."""
    mine = or_(
        Task.assignee_id == person_of(actor),
        and_(Task.agency_id == organisation_of(actor), Task.assignee_id.is_(None)),
        and_(Task.kind == "milestone", Campaign.owner_id == person_of(actor), campaigns_visible_to(actor)),
    )
    rows = session.execute(
        select(Task, Campaign.name)
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(tasks_visible_to(actor), mine, Task.stage != "cancelled", Task.forecast_finish >= since)
    )
    for task, campaign in rows:
        is_milestone = task.kind == "milestone"
        yield Dated(
            uid=f"task-{task.id}",
            summary=say("Milestone: {name}", name=task.name)
            if is_milestone
            else say("Due: {name}", name=task.name),
            first=task.forecast_finish,
            last=task.forecast_finish,
            since=task.created_at,
            revision=task.revision,
            detail=campaign,
            path=f"/tasks/{task.id}",
        )


def _deliverables(session: Session, actor: Actor, since: date, zone: tzinfo) -> Iterator[Dated]:
    mine = or_(Deliverable.owner_id == person_of(actor), Deliverable.agency_id == organisation_of(actor))
    rows = session.execute(
        select(Deliverable, Task.name)
        .join(Task, Task.id == Deliverable.task_id)
        .where(
            deliverables_visible_to(actor),
            mine,
            Deliverable.scope_state != "dropped",
            Deliverable.accepted_at.is_(None),
            Deliverable.due_at >= clock.now() - KEPT,
        )
    )
    for each, task in rows:
        day = each.due_at.astimezone(zone).date()
        if day >= since:
            yield Dated(
                uid=f"deliverable-{each.id}",
                summary=say("Due: {name} ({ref})", name=each.name, ref=each.ref),
                first=day,
                last=day,
                since=each.created_at,
                revision=each.revision,
                detail=task,
                path=f"/deliverables/{each.id}",
            )


def _campaigns(session: Session, actor: Actor, since: date) -> Iterator[Dated]:
    for each in session.scalars(
        select(Campaign).where(
            campaigns_visible_to(actor),
            Campaign.owner_id == person_of(actor),
            Campaign.state != "cancelled",
            Campaign.ends_on >= since,
        )
    ):
        yield Dated(
            uid=f"campaign-{each.id}",
            summary=each.name,
            first=each.starts_on,
            last=each.ends_on,
            since=each.created_at,
            revision=each.revision,
            detail=each.theme,
            path=f"/campaigns/{each.id}",
        )


def _events(session: Session, actor: Actor, since: date) -> Iterator[Dated]:
    rows = session.execute(
        select(Activity, Campaign.name)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(
            campaigns_visible_to(actor),
            Activity.owner_id == person_of(actor),
            Activity.kind == "event",
            Activity.state != "cancelled",
            Campaign.state != "cancelled",
            Activity.ends_on >= since,
        )
    )
    for each, campaign in rows:
        yield Dated(
            uid=f"event-{each.id}",
            summary=each.name,
            first=each.starts_on,
            last=each.ends_on,
            since=each.created_at,
            revision=each.revision,
            detail=campaign,
            path=f"/campaigns/{each.campaign_id}",
            place=each.venue,
        )
