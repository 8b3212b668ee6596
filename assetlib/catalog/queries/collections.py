"""Collections, as pages look at them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from assetlib.access.actor import Actor
from assetlib.access.prepared import Prepared
from assetlib.catalog.errors import NoSuchCollection
from assetlib.catalog.models import (
    Asset,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
    CollectionItem,
)
from assetlib.catalog.permissions.collections import SEE_COLLECTION, sees_collection
from assetlib.catalog.queries.visibility import collections_visible_to, visible_to
from assetlib.database import rows_of
from assetlib.paging import Page
from assetlib.words import say

MOST_COVERS = 3
"""Pictures on the card of a collection."""


def get_collection(session: Session, actor: Actor, collection_id: int) -> Collection:
    """The collection with its grants, or `NoSuchCollection` when it is not open to the actor."""
    row = (
        session.scalars(
            select(Collection)
            .where(Collection.id == collection_id)
            .options(joinedload(Collection.grants), joinedload(Collection.group_grants))
        )
        .unique()
        .one_or_none()
    )
    if row is None or not SEE_COLLECTION.allows(actor, row):
        raise NoSuchCollection(say("There is no such collection, or it is not open to you."))
    return row


@dataclass
class Node:
    """One collection in the tree, with how many assets the actor sees in it and below it."""

    id: int
    name: str
    parent_id: int | None
    audience: str
    owner_id: int
    count: int = 0
    children: list["Node"] = field(default_factory=list)


_TREE = Prepared(
    lambda actor: (
        select(Collection.id, Collection.name, Collection.parent_id, Collection.audience, Collection.owner_id)
        .where(collections_visible_to(actor))
        .order_by(func.lower(Collection.name), Collection.id)
    )
)


def tree_of(session: Session, actor: Actor, *, counted: bool = True) -> list[Node]:
    """The collections an actor may know of, by name, one inside another. Two statements.

    A collection whose parent is not open to the actor stands at the top. Who only wants to choose one leaves
    the counting out, which grows with the library.
    """
    rows = rows_of(session, *_TREE(actor))
    nodes = {row.id: Node(row.id, row.name, row.parent_id, row.audience, row.owner_id) for row in rows}
    for collection_id, count in (counts_of(session, actor) if counted else {}).items():
        if collection_id in nodes:
            nodes[collection_id].count = count
    top: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.parent_id) if node.parent_id is not None else None
        (above.children if above is not None else top).append(node)
    return top


def counts_of(session: Session, actor: Actor) -> dict[int, int]:
    """Collection id → how many different assets the actor sees in it and below it. One statement."""
    return {row[0]: row[1] for row in rows_of(session, *_COUNTS(actor))}


def _counts(actor: Actor) -> CompoundSelect[*tuple[Any, ...]]:
    """Apart are those in which nothing else lies, and so no asset twice: they are most, and counted fast."""
    inside = aliased(CollectionAncestor)
    has_below = select(inside.ancestor_id).where(inside.depth > 0)
    alone = (
        select(CollectionItem.collection_id, func.count())
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(
            visible_to(actor),
            CollectionItem.collection_id.in_(
                select(Collection.id).where(collections_visible_to(actor), Collection.id.not_in(has_below))
            ),
        )
        .group_by(CollectionItem.collection_id)
    )
    with_below = (
        select(CollectionAncestor.ancestor_id, func.count(func.distinct(CollectionItem.asset_id)))
        .join(CollectionItem, CollectionItem.collection_id == CollectionAncestor.collection_id)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .join(Collection, Collection.id == CollectionAncestor.collection_id)
        .where(
            CollectionAncestor.ancestor_id.in_(has_below), visible_to(actor), collections_visible_to(actor)
        )
        .group_by(CollectionAncestor.ancestor_id)
    )
    return union_all(alone, with_below)


_COUNTS = Prepared(_counts)


def covers_of(session: Session, actor: Actor, collection_ids: Sequence[int]) -> dict[int, list[int]]:
    """Collection id → a few assets in or below it that the actor sees, the outermost first.

    Two statements at most.
    """
    found: dict[int, list[int]] = {}
    wanting = set(collection_ids)
    for collection_id, has_below, *covers in rows_of(session, *_COVERS(actor, ids=list(collection_ids))):
        found[collection_id] = [each for each in covers if each is not None]
        if len(found[collection_id]) == MOST_COVERS or not has_below:
            wanting.remove(collection_id)
    if wanting:
        found |= {each: [] for each in wanting}
        for collection_id, asset_id, _ in rows_of(session, *_COVERS_BELOW(actor, ids=list(wanting))):
            found[collection_id].append(asset_id)
    return {collection_id: covers for collection_id, covers in found.items() if covers}


def _covers(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Those that lie in the collection itself. One after another by the index, so that few are looked at."""
    first = (
        select(CollectionItem.asset_id)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(CollectionItem.collection_id == Collection.id, visible_to(actor))
        .order_by(CollectionItem.position, CollectionItem.asset_id)
        .correlate(Collection)
        .limit(1)
    )
    has_below = exists().where(CollectionAncestor.ancestor_id == Collection.id, CollectionAncestor.depth > 0)
    return select(
        Collection.id, has_below, *(first.offset(place).scalar_subquery() for place in range(MOST_COVERS))
    ).where(Collection.id.in_(bindparam("ids", expanding=True)), collections_visible_to(actor))


def _covers_below(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Those that lie in it or in what lies in it."""
    place = (
        func.row_number()
        .over(
            partition_by=CollectionAncestor.ancestor_id,
            order_by=(CollectionAncestor.depth, CollectionItem.position, CollectionItem.asset_id),
        )
        .label("place")
    )
    ranked = (
        select(CollectionAncestor.ancestor_id, CollectionItem.asset_id, place)
        .join(CollectionItem, CollectionItem.collection_id == CollectionAncestor.collection_id)
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .join(Collection, Collection.id == CollectionAncestor.collection_id)
        .where(
            CollectionAncestor.ancestor_id.in_(bindparam("ids", expanding=True)),
            visible_to(actor),
            collections_visible_to(actor),
        )
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= MOST_COVERS).order_by(ranked.c.place)


_COVERS, _COVERS_BELOW = Prepared(_covers), Prepared(_covers_below)


def breadcrumbs(session: Session, actor: Actor, collection: Collection) -> list[Collection]:
    """The way from the top to a collection, without what is not open to the actor."""
    return list(
        session.scalars(
            select(Collection)
            .join(CollectionAncestor, CollectionAncestor.ancestor_id == Collection.id)
            .where(CollectionAncestor.collection_id == collection.id, collections_visible_to(actor))
            .order_by(CollectionAncestor.depth.desc())
        )
    )


def members_of(
    session: Session, actor: Actor, collection: Collection, *, number: int, size: int
) -> Page[int]:
    """Ids of the assets in a collection that the actor sees, in its order."""
    where = (CollectionItem.collection_id == collection.id, visible_to(actor))
    among = select(CollectionItem.asset_id).join(Asset, Asset.id == CollectionItem.asset_id).where(*where)
    total = session.scalar(select(func.count()).select_from(among.subquery())) or 0
    rows = session.scalars(
        among.order_by(CollectionItem.position, CollectionItem.asset_id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def is_opened(session: Session, collection: Collection) -> bool:
    """Whether others may look into it, an organisation or a group, by a grant of its own or one above.

    What is private inside of one that is opened stays private.
    """
    if collection.grants or collection.group_grants:
        return True
    above = select(CollectionAncestor.ancestor_id).where(CollectionAncestor.collection_id == collection.id)
    granted = session.scalar(
        select(
            or_(
                exists().where(CollectionGrant.collection_id.in_(above)),
                exists().where(CollectionGroupGrant.collection_id.in_(above)),
            )
        )
    )
    return bool(granted)


def collections_of(actor: Actor, asset: Asset) -> list[Collection]:
    """The collections an asset lies in, as far as the actor may know of them. Needs `asset.items` loaded."""
    lies_in = [item.collection for item in asset.items if sees_collection(actor, item.collection)]
    return sorted(lies_in, key=lambda each: (each.name.casefold(), each.id))


def ancestors_of(session: Session, collection_ids: Sequence[int]) -> dict[int, list[int]]:
    """Collection id → itself and everything above it, for many at once. One statement."""
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(CollectionAncestor.collection_id, CollectionAncestor.ancestor_id).where(
            CollectionAncestor.collection_id.in_(collection_ids)
        )
    )
    for collection_id, ancestor_id in rows:
        found.setdefault(collection_id, []).append(ancestor_id)
    return found
