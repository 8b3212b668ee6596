"""What somebody asked for, may use for a time, or took away: open to everybody with a role."""

from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, func, literal, or_, select

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.prepared import day, moment, person_of
from assetlib.calendar import Day
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant, UsageEvent, UsageRight
from assetlib.catalog.queries.visibility import visible_to
from assetlib.dashboards.curating import rights_end
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.words import say

ANSWERED_SINCE = timedelta(days=14)
GRANT_ENDS_WITHIN = timedelta(days=14)
RIGHTS_END_WITHIN = timedelta(days=30)
RIGHTS_ENDED_SINCE = timedelta(days=30)
TAKEN_SINCE = timedelta(days=365)


def _asks(actor: Actor) -> bool:
    return actor.has_any_role and actor.person_id is not None


def _was_granted(actor: Actor) -> bool:
    return bool(actor.assets) and _asks(actor)


def _requests(actor: Actor) -> Rows:
    # The title of what is not open to them stays untold, also when they know its number.
    title = select(Asset.title).where(Asset.id == AccessRequest.asset_number, visible_to(actor))
    return (
        select(
            AccessRequest.id.label("request_id"),
            AccessRequest.asset_number.label("asset_id"),
            AccessRequest.query.label("query"),
            AccessRequest.state.label("state"),
            AccessRequest.answer.label("answer"),
            func.coalesce(AccessRequest.answered_at, AccessRequest.created_at).label("at"),
            func.coalesce(title.correlate(AccessRequest).scalar_subquery(), cast(literal(""), String)).label(
                "title"
            ),
        )
        .where(
            AccessRequest.person_id == person_of(actor),
            or_(
                AccessRequest.state == "open",
                AccessRequest.answered_at > moment(ANSWERED_SINCE),
            ),
            AccessRequest.state != "taken_back",
        )
        .order_by("at", AccessRequest.id)
    )


_STANDS = {
    "open": say("You asked for it. Nobody answered yet."),
    "granted": say("You asked for it, and it was opened to you."),
    "refused": say("You asked for it, and it was not opened to you."),
}


def _watch_request(row: Any) -> Item:
    number = f"AST-{row.asset_id:05d}" if row.asset_id is not None else ""
    granted = row.state == "granted" and row.asset_id is not None
    return Item(
        row.title or number or say("Something for “{query}”", query=row.query),
        _STANDS[row.state],
        f"/assets/{row.asset_id}" if granted else "/requests",
        say("Open it") if granted else say("Look at the request"),
        row.asset_id,
        icon="key-round",
        at=row.at,
        words=row.answer,
    )


def _grants(actor: Actor) -> Rows:
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            AssetGrant.until.label("until"),
        )
        .select_from(Asset)
        .join(AssetGrant, AssetGrant.asset_id == Asset.id)
        .where(
            AssetGrant.person_id == person_of(actor),
            AssetGrant.until.between(day(), day(GRANT_ENDS_WITHIN)),
            visible_to(actor),
        )
        .order_by(AssetGrant.until, Asset.id)
    )


def _watch_grant(row: Any) -> Item:
    return Item(
        row.title,
        say("It is open to you up to {day}.", day=Day(row.until, clock.today())),
        f"/assets/{row.asset_id}",
        say("Open it"),
        row.asset_id,
        due=row.until,
    )


def _taken(actor: Actor) -> Rows:
    took = (
        select(UsageEvent.asset_id)
        .where(
            UsageEvent.person_id == person_of(actor),
            # What others took by a link of theirs.
            UsageEvent.share_id.is_(None),
            UsageEvent.at > moment(TAKEN_SINCE),
        )
        .distinct()
    )
    return (
        select(Asset.id.label("asset_id"), Asset.title.label("title"), UsageRight.ends_on.label("ends_on"))
        .select_from(Asset)
        .join(UsageRight, UsageRight.asset_id == Asset.id)
        .where(
            Asset.id.in_(took),
            visible_to(actor),
            UsageRight.ends_on.between(day(-RIGHTS_ENDED_SINCE), day(RIGHTS_END_WITHIN)),
        )
        .order_by(UsageRight.ends_on, Asset.id)
    )


def _watch_use(row: Any) -> Item:
    return Item(
        row.title,
        say("You downloaded it. {end}", end=rights_end(row.ends_on)),
        f"/assets/{row.asset_id}",
        say("Look at the rights"),
        row.asset_id,
        due=row.ends_on,
    )


SOURCES = (
    Source("watch", _asks, _requests, _watch_request),
    Source("watch", _was_granted, _grants, _watch_grant),
    Source("watch", _asks, _taken, _watch_use),
)
