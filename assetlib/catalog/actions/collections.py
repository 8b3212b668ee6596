"""People gather assets; `opening` has how they open what they gathered to others."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.sessions import must_still_be_here
from assetlib.audit import record
from assetlib.catalog.actions.opening import hold, in_or_below, must_be_theirs_to_open
from assetlib.catalog.errors import NoSuchCollection, WrongValue
from assetlib.catalog.models import Asset, Collection, CollectionAncestor, CollectionItem
from assetlib.catalog.permissions.collections import EDIT_COLLECTION, MAKE_COLLECTION
from assetlib.catalog.queries.visibility import collections_visible_to, visible_to
from assetlib.catalog.rules.collections import (
    must_be_described,
    must_fit_inside,
    must_hold_no_other,
    must_not_be_too_many,
    with_these_first,
)
from assetlib.catalog.rules.revisions import must_be_revision
from assetlib.words import say


def make_collection(
    session: Session,
    actor: Actor,
    *,
    name: str,
    description: str = "",
    audience: str = "private",
    parent: Collection | None = None,
) -> Collection:
    """A new, empty collection, at the top or inside one that the actor may change."""
    MAKE_COLLECTION.require(actor)
    if parent is not None:
        EDIT_COLLECTION.require(actor, parent)
        _hold_all(session)
    must_be_described(name=name, description=description, audience=audience)
    _must_fit(session, audience, parent)
    must_still_be_here(session, actor)
    moment = clock.now()
    row = Collection(
        name=name,
        description=description,
        audience=audience,
        parent_id=parent.id if parent is not None else None,
        owner_id=actor.person_id,
        created_at=moment,
        updated_at=moment,
    )
    session.add(row)
    session.flush()
    _lay_ancestors(session, row.id, row.parent_id)
    record(session, actor, "catalog.collection_made", row, after={"name": name, "audience": audience})
    return row


def describe_collection(
    session: Session,
    actor: Actor,
    collection: Collection,
    *,
    revision: int,
    name: str,
    description: str,
    audience: str,
) -> None:
    """Its name, what it is for, and who sees it. `revision` is the one that the person saw."""
    EDIT_COLLECTION.require(actor, collection)
    _hold_all(session)
    says = {name: getattr(collection, name) for name in ("name", "description", "audience", "parent_id")}
    must_be_revision(collection.revision, revision, says)
    must_be_described(name=name, description=description, audience=audience)
    parent = session.get(Collection, collection.parent_id) if collection.parent_id is not None else None
    _must_fit(session, audience, parent)
    if audience == "private":
        _must_hold_nothing_open(session, collection)
    wanted = {"name": name, "description": description, "audience": audience}
    before = {
        key: getattr(collection, key) for key, value in wanted.items() if getattr(collection, key) != value
    }
    if "audience" in before:
        must_be_theirs_to_open(session, actor, collection, audience, in_or_below(collection))
    for key in before:
        setattr(collection, key, wanted[key])
    if before:
        collection.revision += 1
        collection.updated_at = clock.now()
        after = {key: wanted[key] for key in before}
        record(session, actor, "catalog.collection_described", collection, before=before, after=after)


def move_collection(
    session: Session, actor: Actor, collection: Collection, parent: Collection | None
) -> None:
    """Put it, with all below it, into another collection or at the top."""
    EDIT_COLLECTION.require(actor, collection)
    _hold_all(session)
    if parent is not None:
        EDIT_COLLECTION.require(actor, parent)
        must_be_theirs_to_open(session, actor, parent, collection.audience, in_or_below(collection))
        if collection.id in _ids_above(session, parent.id):
            sentence = say("A collection cannot lie inside itself. Choose another place.")
            raise WrongValue(sentence, fields={"parent": sentence})
    _must_fit(session, collection.audience, parent, height=_height(session, collection.id))
    before = collection.parent_id
    collection.parent_id = parent.id if parent is not None else None
    collection.revision += 1
    collection.updated_at = clock.now()
    session.flush()
    _move_ancestors(session, collection.id, collection.parent_id)
    after = {"parent": collection.parent_id}
    record(session, actor, "catalog.collection_moved", collection, before={"parent": before}, after=after)


def delete_collection(session: Session, actor: Actor, collection: Collection) -> None:
    """Drop a collection; its assets stay in the library. What lies below it must go first."""
    EDIT_COLLECTION.require(actor, collection)
    _hold_all(session)
    inside = Collection.parent_id == collection.id
    names = session.scalars(select(Collection.name).where(inside, collections_visible_to(actor))).all()
    must_hold_no_other(names, session.scalar(select(func.count()).select_from(Collection).where(inside)) or 0)
    count = session.scalar(
        select(func.count()).select_from(CollectionItem).where(CollectionItem.collection_id == collection.id)
    )
    record(
        session,
        actor,
        "catalog.collection_deleted",
        collection,
        before={"name": collection.name, "assets": count},
    )
    session.execute(delete(CollectionAncestor).where(CollectionAncestor.collection_id == collection.id))
    session.delete(collection)
    session.flush()


def add_assets(session: Session, actor: Actor, collection: Collection, asset_ids: Sequence[int]) -> int:
    """Put assets at the end, those that the actor sees and that are not in it; how many those were.

    What is put into a collection that agencies or partners see is opened to them: librarians do that.
    """
    EDIT_COLLECTION.require(actor, collection)
    wanted = list(dict.fromkeys(asset_ids))
    must_not_be_too_many(wanted)
    hold(session, collection)
    must_be_theirs_to_open(session, actor, collection, collection.audience, Asset.id.in_(wanted))
    seen = set(session.scalars(select(Asset.id).where(Asset.id.in_(wanted), visible_to(actor))))
    there = set(
        session.scalars(select(CollectionItem.asset_id).where(CollectionItem.collection_id == collection.id))
    )
    new = [each for each in wanted if each in seen and each not in there]
    last = session.scalar(
        select(func.max(CollectionItem.position)).where(CollectionItem.collection_id == collection.id)
    )
    session.add_all(
        CollectionItem(
            collection_id=collection.id,
            asset_id=asset_id,
            position=(last or 0) + number,
            added_by_id=actor.person_id,
            added_at=clock.now(),
        )
        for number, asset_id in enumerate(new, start=1)
    )
    if new:
        collection.updated_at = clock.now()
        session.flush()
        record(session, actor, "catalog.assets_collected", collection, after={"assets": new})
    return len(new)


def remove_assets(session: Session, actor: Actor, collection: Collection, asset_ids: Sequence[int]) -> int:
    """Take assets that the actor sees out of it; they stay in the library. How many those were."""
    EDIT_COLLECTION.require(actor, collection)
    must_not_be_too_many(asset_ids)
    hold(session, collection)
    items = _items_of(session, collection, CollectionItem.asset_id.in_(asset_ids), visible_to(actor))
    for item in items:
        session.delete(item)
    if items:
        gone = [item.asset_id for item in items]
        collection.updated_at = clock.now()
        session.flush()
        record(session, actor, "catalog.assets_uncollected", collection, before={"assets": gone})
    return len(items)


def reorder_assets(session: Session, actor: Actor, collection: Collection, asset_ids: Sequence[int]) -> None:
    """Put these assets first, in this order; the others follow as they were."""
    EDIT_COLLECTION.require(actor, collection)
    must_not_be_too_many(asset_ids)
    hold(session, collection)
    by_asset = {item.asset_id: item for item in _items_of(session, collection)}
    for number, asset_id in enumerate(with_these_first(list(by_asset), asset_ids), start=1):
        by_asset[asset_id].position = number
    collection.updated_at = clock.now()
    record(session, actor, "catalog.collection_ordered", collection, after={"first": list(asset_ids)[:50]})


def _items_of(
    session: Session, collection: Collection, *which: ColumnElement[bool]
) -> Sequence[CollectionItem]:
    """What lies in it, in its order: all, or those of the assets that are meant."""
    return session.scalars(
        select(CollectionItem)
        .join(CollectionItem.asset)
        .where(CollectionItem.collection_id == collection.id, *which)
        .order_by(CollectionItem.position, CollectionItem.asset_id)
    ).all()


def _hold_all(session: Session) -> None:
    """Two who change the tree at once wait for each other: else each could put one below the other.

    Rows that only refer to a collection may go on meanwhile. There are few collections, and such changes are
    seldom.
    """
    session.scalars(
        select(Collection)
        .order_by(Collection.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _must_fit(session: Session, audience: str, parent: Collection | None, *, height: int = 0) -> None:
    depth = len(_ids_above(session, parent.id)) if parent is not None else 0
    must_fit_inside(
        audience=audience,
        parent_audience=parent.audience if parent is not None else None,
        depth=depth + 1 + height,
    )


def _must_hold_nothing_open(session: Session, collection: Collection) -> None:
    below = session.scalars(
        select(Collection.name)
        .join(CollectionAncestor, CollectionAncestor.collection_id == Collection.id)
        .where(
            CollectionAncestor.ancestor_id == collection.id,
            CollectionAncestor.depth > 0,
            Collection.audience == "organisation",
        )
    ).first()
    if below is not None:
        sentence = say(
            "{below} lies in it and is open to the organisation. Make that one private first.", below=below
        )
        raise WrongValue(sentence, fields={"audience": sentence})
    if collection.grants or collection.group_grants:
        sentence = say("It is open to others. Take that back first.")
        raise WrongValue(sentence, fields={"audience": sentence})


def _ids_above(session: Session, collection_id: int) -> list[int]:
    """A collection and everything above it."""
    found = session.scalars(
        select(CollectionAncestor.ancestor_id).where(CollectionAncestor.collection_id == collection_id)
    ).all()
    if not found:
        raise NoSuchCollection(say("There is no such collection any more."))
    return list(found)


def _height(session: Session, collection_id: int) -> int:
    """How many levels lie below a collection."""
    return (
        session.scalar(
            select(func.max(CollectionAncestor.depth)).where(CollectionAncestor.ancestor_id == collection_id)
        )
        or 0
    )


def _lay_ancestors(session: Session, collection_id: int, parent_id: int | None) -> None:
    session.add(CollectionAncestor(collection_id=collection_id, ancestor_id=collection_id, depth=0))
    session.flush()
    if parent_id is not None:
        session.execute(
            insert(CollectionAncestor).from_select(
                ["collection_id", "ancestor_id", "depth"],
                select(
                    literal(collection_id), CollectionAncestor.ancestor_id, CollectionAncestor.depth + 1
                ).where(CollectionAncestor.collection_id == parent_id),
            )
        )


def _move_ancestors(session: Session, collection_id: int, parent_id: int | None) -> None:
    """Cut the branch from all that was above it, then graft it onto what is above it now."""
    below = select(CollectionAncestor.collection_id).where(CollectionAncestor.ancestor_id == collection_id)
    branch = list(session.scalars(below))
    session.execute(
        delete(CollectionAncestor).where(
            CollectionAncestor.collection_id.in_(branch), CollectionAncestor.ancestor_id.not_in(branch)
        )
    )
    if parent_id is None:
        return
    inner, outer = aliased(CollectionAncestor), aliased(CollectionAncestor)
    session.execute(
        insert(CollectionAncestor).from_select(
            ["collection_id", "ancestor_id", "depth"],
            select(inner.collection_id, outer.ancestor_id, inner.depth + outer.depth + 1)
            # Everything inside is tied to everything around: each pair of the two is meant.
            .join(outer, outer.collection_id == parent_id)
            .where(inner.ancestor_id == collection_id),
        )
    )
