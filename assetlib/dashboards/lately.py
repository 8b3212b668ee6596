"""What is new, beside what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, Subquery, and_, cast, false, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.accounts.models import PersonSession
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Collection, CollectionGrant, CollectionGroupGrant, CollectionItem
from assetlib.catalog.queries.tiles import Tile, tiles_of
from assetlib.catalog.queries.visibility import collections_visible_to, visible_to
from assetlib.dashboards.supplying import supplied_by

PICTURES = 6
AT_LEAST = timedelta(days=7)
"""Who was here this morning still sees what came this week."""
WITHOUT_A_VISIT = timedelta(days=14)
PUBLISHED_SINCE = timedelta(days=14)


@dataclass(frozen=True)
class Lately:
    """Some pictures of what is new, how many there are, and where."""

    tiles: Sequence[Tile]
    total: int
    since: datetime
    places: Sequence[str] = ()
    """Names of collections, three at most."""


def last_visit(session: Session, actor: Actor, session_id: int | None) -> datetime:
    """When the person was here last in another session than this one, but no less than a week ago."""
    seen = session.scalar(
        select(func.max(PersonSession.seen_at)).where(
            PersonSession.person_id == actor.person_id, PersonSession.id != (session_id or 0)
        )
    )
    moment = clock.now()
    return min(seen or moment - WITHOUT_A_VISIT, moment - AT_LEAST)


def new_in_collections(session: Session, actor: Actor, since: datetime) -> Lately:
    """What was put into the actor's collections, or opened to them with one. Five statements."""
    item = aliased(CollectionItem, _come(actor, since))
    fresh = and_(
        item.collection_id.in_(select(Collection.id).where(collections_visible_to(actor))),
        or_(item.added_by_id.is_(None), item.added_by_id != actor.person_id),
        visible_to(actor),
    )
    rows = session.execute(
        select(item.asset_id, func.count().over().label("total"))
        .join(Asset, Asset.id == item.asset_id)
        .where(fresh)
        .group_by(item.asset_id)
        .order_by(func.max(item.added_at).desc(), item.asset_id.desc())
        .limit(PICTURES)
    ).all()
    if not rows:
        return Lately((), 0, since)
    names = session.scalars(
        select(Collection.name)
        .join(item, item.collection_id == Collection.id)
        .join(Asset, Asset.id == item.asset_id)
        .where(fresh)
        .group_by(Collection.id, Collection.name)
        .order_by(func.count().desc(), Collection.name)
        .limit(3)
    ).all()
    return Lately(tiles_of(session, actor, [row.asset_id for row in rows]), rows[0].total, since, names)


def _come(actor: Actor, since: datetime) -> Subquery:
    """What was put in, and all that lies in what was opened. The few are found first, then looked at."""
    put_in = select(CollectionItem).where(CollectionItem.added_at > since)
    opened = select(CollectionItem).where(CollectionItem.collection_id.in_(_opened(actor, since)))
    return union(put_in, opened).subquery()


def _opened(actor: Actor, since: datetime) -> ColumnElement[int]:
    """Collections that were opened to the actor's organisation or groups."""
    of_groups = CollectionGroupGrant.group_id.in_(sorted(actor.groups)) if actor.groups else false()
    opened = (
        select(CollectionGrant.collection_id)
        .where(CollectionGrant.organisation_id == actor.organisation_id, CollectionGrant.granted_at > since)
        .union(
            select(CollectionGroupGrant.collection_id).where(
                of_groups, CollectionGroupGrant.granted_at > since
            )
        )
    )
    return opened.subquery().select()  # type: ignore[return-value]  # what `in_` takes


def published_lately(session: Session, actor: Actor) -> Lately:
    """What was published of the actor's agency, the latest first. Four statements."""
    since = clock.now() - PUBLISHED_SINCE
    if not actor.has_role(AGENCY_CONTRIBUTOR):
        return Lately((), 0, since)
    rows = session.execute(
        select(Asset.id, func.count().over().label("total"))
        .join(
            AuditEntry,
            and_(
                AuditEntry.action == "catalog.asset_published",
                AuditEntry.object_kind == "asset",
                AuditEntry.object_id == cast(Asset.id, String),
            ),
        )
        .where(AuditEntry.at > since, supplied_by(actor), Asset.state == "published")
        .group_by(Asset.id)
        .order_by(func.max(AuditEntry.seq).desc())
        .limit(PICTURES)
    ).all()
    total = rows[0].total if rows else 0
    return Lately(tiles_of(session, actor, [row.id for row in rows]), total, since)
