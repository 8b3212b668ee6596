"""What somebody asked for, may use for a time, or took away: open to everybody with a role."""

from datetime import timedelta
from typing import Any

from sqlalchemy import String, and_, cast, func, literal, not_, or_, select, true

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.access.prepared import day, moment, person_of
from assetlib.calendar import Day
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant, UsageEvent, UsageRight
from assetlib.catalog.queries.visibility import held_for, visible_to
from assetlib.dashboards.curating import rights_end
from assetlib.dashboards.work import DONE_SINCE, Item, Rows, Source
from assetlib.words import recalled, say

GRANT_ENDS_WITHIN = timedelta(days=14)
RIGHTS_END_WITHIN = timedelta(days=30)
RIGHTS_ENDED_SINCE = timedelta(days=30)
TAKEN_SINCE = timedelta(days=365)


def _asks(actor: Actor) -> bool:
    return actor.has_any_role and actor.person_id is not None


def _was_granted(actor: Actor) -> bool:
    return bool(actor.assets) and _asks(actor)


def _requests(actor: Actor, **more: Any) -> Rows:
    """What the actor asked for. The title of what is not open to them stays untold, also for its number."""
    title = select(Asset.title).where(Asset.id == AccessRequest.asset_number, visible_to(actor))
    return select(
        AccessRequest.id.label("request_id"),
        AccessRequest.asset_number.label("asset_id"),
        AccessRequest.query.label("query"),
        AccessRequest.state.label("state"),
        AccessRequest.answer.label("answer"),
        func.coalesce(AccessRequest.answered_at, AccessRequest.created_at).label("at"),
        func.coalesce(title.correlate(AccessRequest).scalar_subquery(), cast(literal(""), String)).label(
            "title"
        ),
        *(column.label(name) for name, column in more.items()),
    ).where(AccessRequest.person_id == person_of(actor))


def _unanswered(actor: Actor) -> Rows:
    return (
        _requests(actor)
        .where(AccessRequest.state == "open")
        .order_by(AccessRequest.created_at, AccessRequest.id)
    )


def _wait_for(row: Any) -> Item:
    return Item(
        _name(row),
        say("You asked for it. Nobody answered yet."),
        f"/requests/{row.request_id}",
        say("Look at the request"),
        row.asset_id,
        icon="key-round",
        at=row.at,
    )


def _answers(actor: Actor) -> Rows:
    of_it = or_(
        AssetGrant.request_id == AccessRequest.id,
        and_(
            AssetGrant.person_id == AccessRequest.person_id,
            AssetGrant.asset_id == AccessRequest.asset_number,
        ),
    )
    last = select(func.max(AssetGrant.until)).where(of_it, AssetGrant.until >= day())
    return (
        _requests(actor, until=last.correlate(AccessRequest).scalar_subquery())
        .where(
            AccessRequest.state.in_(("granted", "refused")),
            AccessRequest.answered_at > moment(DONE_SINCE),
        )
        .order_by(AccessRequest.answered_at.desc(), AccessRequest.id.desc())
    )


def _answered(row: Any) -> Item:
    is_open = row.state == "granted" and row.until is not None
    if is_open:
        sentence = say("It is open to you up to {day}.", day=Day(row.until, clock.today()))
    elif row.state == "granted":
        sentence = say("It was opened to you for a time, which is over.")
    else:
        sentence = say("You asked for it, and it was not opened to you.")
    to_asset = is_open and row.asset_id is not None
    return Item(
        _name(row),
        sentence,
        f"/assets/{row.asset_id}" if to_asset else f"/requests/{row.request_id}",
        say("Open it") if to_asset else say("Look at the request"),
        row.asset_id,
        icon="key-round",
        at=row.at,
        words=recalled(row.answer),
    )


def _name(row: Any) -> str:
    number = f"AST-{row.asset_id:05d}" if row.asset_id is not None else ""
    return row.title or number or say("Something for “{query}”", query=row.query)


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
        is_told=True,
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
            # Who looks after it is asked to see to its rights, and is not told a second time.
            not_(held_for(actor, LIBRARIAN)) if actor.has_role(LIBRARIAN) else true(),
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
        is_told=True,
    )


SOURCES = (
    Source("asked", _asks, _unanswered, _wait_for),
    Source("answered_to", _asks, _answers, _answered),
    Source("watch", _was_granted, _grants, _watch_grant, is_told=True),
    Source("watch", _asks, _taken, _watch_use, is_told=True),
)
