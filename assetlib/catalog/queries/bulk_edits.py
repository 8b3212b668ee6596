"""Bulk edits, as pages show them, and the rows that a change is worked out from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, defer, joinedload

from assetlib.access.actor import Actor
from assetlib.catalog.errors import NoSuchBulkEdit
from assetlib.catalog.models import Asset, BulkEdit, BulkEditItem, Collection, CollectionItem, UsageRight
from assetlib.catalog.permissions.assets import BULK_EDIT
from assetlib.catalog.permissions.bulk_edits import SEE_BULK_EDIT
from assetlib.catalog.permissions.collections import EDIT_COLLECTION
from assetlib.catalog.queries.attributes import asset_types, definitions
from assetlib.catalog.queries.visibility import collections_visible_to, known_to
from assetlib.catalog.rules.bulk_edits import Said, Schema, in_words, named_collections, right_values
from assetlib.catalog.rules.rights_forms import RightForm
from assetlib.paging import Page
from assetlib.words import recalled, say

GONE = say("There is no such bulk edit. It may have been cleared away: choose the assets again.")
AT_ONCE = 1_000
"""Ids in one statement; databases take only so many values."""


@dataclass(frozen=True)
class Tally:
    """How many assets of a bulk edit came out how."""

    waiting: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    undone: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.changed + self.same + self.refused + self.undone + self.kept


def get_bulk_edit(session: Session, actor: Actor, bulk_edit_id: int) -> BulkEdit:
    BULK_EDIT.require(actor)
    row = session.get(BulkEdit, bulk_edit_id)
    if row is None or not SEE_BULK_EDIT.allows(actor, row):
        raise NoSuchBulkEdit(GONE)
    return row


def bulk_edits_page(session: Session, actor: Actor, *, number: int, size: int) -> Page[BulkEdit]:
    """What was changed together, the latest first; previews that nobody ran are left out."""
    BULK_EDIT.require(actor)
    where = BulkEdit.state != "preview"
    if not SEE_BULK_EDIT.allows(actor):
        where = and_(where, BulkEdit.person_id == actor.person_id)
    total = session.scalar(select(func.count()).select_from(BulkEdit).where(where)) or 0
    rows = session.scalars(
        select(BulkEdit).where(where).order_by(BulkEdit.id.desc()).limit(size).offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def tally_of(session: Session, bulk_edit: BulkEdit) -> Tally:
    """The counts. In a preview, `waiting` are those that would be changed."""
    rows = session.execute(
        select(BulkEditItem.outcome, func.count())
        .where(BulkEditItem.bulk_edit_id == bulk_edit.id)
        .group_by(BulkEditItem.outcome)
    )
    return Tally(**{row[0]: row[1] for row in rows})


def reasons_of(session: Session, bulk_edit: BulkEdit) -> list[tuple[str, int]]:
    """Why assets were refused or kept, each reason with its count, the most frequent first."""
    rows = session.execute(
        select(BulkEditItem.reason, func.count().label("assets"))
        .where(BulkEditItem.bulk_edit_id == bulk_edit.id, BulkEditItem.reason != "")
        .group_by(BulkEditItem.reason)
        .order_by(func.count().desc(), BulkEditItem.reason)
    )
    return [(recalled(row.reason), row.assets) for row in rows]


@dataclass(frozen=True)
class ItemRow:
    """One asset of a bulk edit."""

    asset_id: int
    title: str
    before: dict[str, Any]
    after: dict[str, Any]
    outcome: str
    reason: str


def ids_of(session: Session, bulk_edit: BulkEdit) -> list[int]:
    """The assets of a bulk edit."""
    chosen = select(BulkEditItem.asset_id).where(BulkEditItem.bulk_edit_id == bulk_edit.id)
    return list(session.scalars(chosen.order_by(BulkEditItem.asset_id)))


def items_of(
    session: Session,
    actor: Actor,
    bulk_edit: BulkEdit,
    *,
    outcome: str | None = None,
    number: int,
    size: int,
) -> Page[ItemRow]:
    """The assets of a bulk edit by id, all or those that came out in one way. Two statements.

    What the actor may not know of any more is left out.
    """
    where = [
        BulkEditItem.bulk_edit_id == bulk_edit.id,
        BulkEditItem.asset_id.in_(select(Asset.id).where(known_to(actor))),
    ]
    if outcome is not None:
        where.append(BulkEditItem.outcome == outcome)
    total = session.scalar(select(func.count()).select_from(BulkEditItem).where(*where)) or 0
    rows = session.execute(
        select(BulkEditItem, Asset.title)
        .join(Asset, Asset.id == BulkEditItem.asset_id)
        .where(*where)
        .order_by(BulkEditItem.asset_id)
        .limit(size)
        .offset((number - 1) * size)
    )
    return Page(
        [ItemRow(i.asset_id, title, i.before, i.after, i.outcome, i.reason) for i, title in rows],
        number,
        size,
        total,
    )


def words_of(session: Session, actor: Actor, bulk_edits: Sequence[BulkEdit]) -> list[list[str]]:
    """For each the change as people read it, a line per field."""
    known = schema_for(session, actor)
    return [in_words(each.changes, known) for each in bulk_edits]


def schema_for(session: Session, actor: Actor, *, hold: Mapping[str, Any] | None = None) -> Schema:
    """What a change by this actor is read against.

    The collections and attributes that the change `hold` names stay as they are until this transaction ends.
    They are held before any asset, and in the order of their ids, as everybody does who fills a collection.
    """
    changes = hold or {}
    if named := named_collections(changes):
        session.execute(
            select(Collection.id)
            .where(Collection.id.in_(named))
            .order_by(Collection.id)
            .with_for_update(key_share=True)
        )
    attributes = [name.removeprefix("attr.") for name in changes if name.startswith("attr.")]
    collections = session.scalars(select(Collection).where(collections_visible_to(actor)))
    return Schema(
        types={row.key: row.label for row in asset_types(session)},
        definitions=definitions(session, hold=attributes),
        collections={row.id: row.name for row in collections if EDIT_COLLECTION.allows(actor, row)},
    )


@dataclass(frozen=True)
class Places:
    """Where assets lie in the collections that a change names."""

    ends: dict[int, int]
    """Id of a collection → the last place in it; 0 when it is empty."""
    items: dict[tuple[int, int], CollectionItem]
    """Ids of collection and asset → the tie between them."""


def places_of(session: Session, asset_ids: Sequence[int], collection_ids: Sequence[int]) -> Places:
    """Two statements, or none when no collection is named."""
    if not collection_ids:
        return Places({}, {})
    last = session.execute(
        select(CollectionItem.collection_id, func.max(CollectionItem.position))
        .where(CollectionItem.collection_id.in_(collection_ids))
        .group_by(CollectionItem.collection_id)
    )
    items = session.scalars(
        select(CollectionItem).where(
            CollectionItem.asset_id.in_(asset_ids), CollectionItem.collection_id.in_(collection_ids)
        )
    )
    return Places(
        dict.fromkeys(collection_ids, 0) | {row[0]: row[1] for row in last},
        {(item.collection_id, item.asset_id): item for item in items},
    )


def assets_with_said(
    session: Session,
    asset_ids: Sequence[int],
    named: Sequence[int],
    *,
    among: ColumnElement[bool] | None = None,
    hold: bool = False,
) -> Iterator[tuple[Asset, Said]]:
    """Assets with what they say, in the order of their ids. Two statements for each thousand.

    `named` are the collections that matter, `among` which assets are meant at all. With `hold`, the assets
    are read afresh and held until the transaction ends.
    """
    wanted = sorted(set(asset_ids))
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        statement = (
            select(Asset)
            .where(Asset.id.in_(part))
            .order_by(Asset.id)
            .options(joinedload(Asset.right), defer(Asset.description), defer(Asset.alt_text))
        )
        if among is not None:
            statement = statement.where(among)
        if hold:
            statement = statement.with_for_update(of=Asset).execution_options(populate_existing=True)
        assets = session.scalars(statement).all()
        inside: dict[int, set[int]] = {}
        if named:
            for row in session.execute(
                select(CollectionItem.asset_id, CollectionItem.collection_id).where(
                    CollectionItem.asset_id.in_(part), CollectionItem.collection_id.in_(named)
                )
            ):
                inside.setdefault(row.asset_id, set()).add(row.collection_id)
        for asset in assets:
            yield asset, said_by(asset, frozenset(inside.get(asset.id, ())))


def said_by(asset: Asset, collections: frozenset[int]) -> Said:
    """What an asset says, in plain values. Needs its right loaded."""
    return Said(
        type_key=asset.type_key,
        state=asset.state,
        tags=asset.tags,
        attributes=asset.attributes,
        right=said_by_right(asset.right),
        collections=collections,
    )


def said_by_right(right: UsageRight | None) -> dict[str, Any] | None:
    if right is None:
        return None
    return right_values({name: getattr(right, name) for name in RightForm().values()})
