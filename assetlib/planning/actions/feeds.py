"""Calendars by a secret address: made, read, revoked."""

import secrets
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules import is_name
from assetlib.accounts.sessions import hash_of
from assetlib.audit import record
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import CalendarFeed
from assetlib.planning.permissions.feeds import KEEP_FEEDS, READ_FEED, REVOKE_FEED
from assetlib.words import say

LONGEST_NAME = 100
MOST_FEEDS = 20
READ_EVERY = timedelta(hours=1)


def make_feed(session: Session, actor: Actor, *, name: str) -> tuple[CalendarFeed, str]:
    """A calendar of the actor's own; what stands in its address is told this once."""
    KEEP_FEEDS.require(actor)
    if not is_name(name) or len(name) > LONGEST_NAME:
        fault = say("Give it a name of up to 100 characters, such as that of the program that reads it.")
        raise WrongPlanning(say("No feed was made. Look at the marked field."), fields={"name": fault})
    held = session.scalar(
        select(func.count(CalendarFeed.id)).where(
            CalendarFeed.person_id == actor.person_id, CalendarFeed.revoked_at.is_(None)
        )
    )
    if (held or 0) >= MOST_FEEDS:
        fault = say("You have {most} feeds already. Revoke one first.", most=MOST_FEEDS)
        raise WrongPlanning(say("No feed was made. Look at the marked field."), fields={"name": fault})
    secret = secrets.token_urlsafe(32)
    row = CalendarFeed(
        person_id=actor.person_id, name=name, token_hash=hash_of(secret), created_at=clock.now()
    )
    session.add(row)
    session.flush()
    record(session, actor, "planning.feed_made", row, after={"name": name})
    return row, secret


def revoke_feed(session: Session, actor: Actor, feed: CalendarFeed) -> None:
    """Its address leads nowhere from now on."""
    REVOKE_FEED.require(actor, feed)
    if feed.revoked_at is None:
        feed.revoked_at = clock.now()
        record(session, actor, "planning.feed_revoked", feed)


def note_reading(session: Session, actor: Actor, feed: CalendarFeed) -> None:
    """Its owner sees when it was last read, to the hour."""
    READ_FEED.require(actor, feed)
    session.execute(update(CalendarFeed).where(CalendarFeed.id == feed.id).values(read_at=clock.now()))


def needs_note(feed: CalendarFeed) -> bool:
    return feed.read_at is None or feed.read_at < clock.now() - READ_EVERY


def end_feeds(session: Session, actor: Actor, person: Person, to: Person | None, *, shares: str) -> None:  # noqa: ARG001
    """Feeds of somebody who leaves are revoked; nobody takes them over."""
    MANAGE_PEOPLE.require(actor)
    for feed in session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    ):
        revoke_feed(session, actor, feed)
