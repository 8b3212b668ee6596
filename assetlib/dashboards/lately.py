"""What is new, beside what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, false, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.access.prepared import Prepared, groups_of, organisation_of, person_of
from assetlib.accounts.models import PersonSession
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Collection, CollectionGrant, CollectionGroupGrant, CollectionItem
from assetlib.catalog.queries.tiles import Tile, tiles_of
from assetlib.catalog.queries.visibility import collections_visible_to, visible_to
from assetlib.dashboards.supplying import supplied_by
from assetlib.database import Moment, rows_of

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
    asked = {"person": actor.person_id, "this": session_id or 0}
    seen = rows_of(session, _LAST_SEEN, asked)[0].seen_at
    moment = clock.now()
    return min(seen or moment - WITHOUT_A_VISIT, moment - AT_LEAST)


_LAST_SEEN = select(func.max(PersonSession.seen_at).label("seen_at")).where(
    PersonSession.person_id == bindparam("person"), PersonSession.id != bindparam("this")
)
_SINCE = bindparam("since", type_=Moment)


def new_in_collections(session: Session, actor: Actor, since: datetime) -> Lately:
    """What was put into the actor's collections, or opened to them with one. Five statements."""
    rows = rows_of(session, *_NEW(actor, since=since))
    if not rows:
        return Lately((), 0, since)
    names = [row.name for row in rows_of(session, *_PLACES(actor, since=since))]
    return Lately(tiles_of(session, actor, [row.asset_id for row in rows]), rows[0].total, since, names)


def _new(actor: Actor) -> Select[*tuple[Any, ...]]:
    item = _come(actor)
    return (
        select(item.asset_id, func.count().over().label("total"))
        .join(Asset, Asset.id == item.asset_id)
        .where(_fresh(actor, item))
        .group_by(item.asset_id)
        .order_by(func.max(item.added_at).desc(), item.asset_id.desc())
        .limit(PICTURES)
    )


def _places(actor: Actor) -> Select[*tuple[Any, ...]]:
    item = _come(actor)
    return (
        select(Collection.name)
        .join(item, item.collection_id == Collection.id)
        .join(Asset, Asset.id == item.asset_id)
        .where(_fresh(actor, item))
        .group_by(Collection.id, Collection.name)
        .order_by(func.count().desc(), Collection.name)
        .limit(3)
    )


_NEW, _PLACES = Prepared(_new), Prepared(_places)


def _come(actor: Actor) -> type[CollectionItem]:
    """What was put in, and all that lies in what was opened. The few are found first, then looked at."""
    put_in = select(CollectionItem).where(CollectionItem.added_at > _SINCE)
    opened = select(CollectionItem).where(CollectionItem.collection_id.in_(_opened(actor)))
    return aliased(CollectionItem, union(put_in, opened).subquery())


def _fresh(actor: Actor, item: type[CollectionItem]) -> ColumnElement[bool]:
    return and_(
        item.collection_id.in_(select(Collection.id).where(collections_visible_to(actor))),
        or_(item.added_by_id.is_(None), item.added_by_id != person_of(actor)),
        visible_to(actor),
    )


def _opened(actor: Actor) -> ColumnElement[int]:
    """Collections that were opened to the actor's organisation or groups."""
    of_groups = CollectionGroupGrant.group_id.in_(groups_of(actor)) if actor.groups else false()
    opened = (
        select(CollectionGrant.collection_id)
        .where(CollectionGrant.organisation_id == organisation_of(actor), CollectionGrant.granted_at > _SINCE)
        .union(
            select(CollectionGroupGrant.collection_id).where(
                of_groups, CollectionGroupGrant.granted_at > _SINCE
            )
        )
    )
    return opened.subquery().select()  # type: ignore[return-value]  # what `in_` takes


def published_lately(session: Session, actor: Actor) -> Lately:
    """What was published of the actor's agency, the latest first. Four statements."""
    since = clock.now() - PUBLISHED_SINCE
    if not actor.has_role(AGENCY_CONTRIBUTOR):
        return Lately((), 0, since)
    rows = rows_of(session, *_PUBLISHED(actor, since=since))
    total = rows[0].total if rows else 0
    return Lately(tiles_of(session, actor, [row.id for row in rows]), total, since)


def _published(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Asset.id, func.count().over().label("total"))
        .join(
            AuditEntry,
            and_(
                AuditEntry.action == "catalog.asset_published",
                AuditEntry.object_kind == "asset",
                AuditEntry.object_id == cast(Asset.id, String),
            ),
        )
        .where(AuditEntry.at > _SINCE, supplied_by(actor), Asset.state == "published")
        .group_by(Asset.id)
        .order_by(func.max(AuditEntry.seq).desc())
        .limit(PICTURES)
    )


_PUBLISHED = Prepared(_published)
