"""Assets in grids and lists, many at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.access.prepared import Prepared
from assetlib.catalog.cards import (
    ASSET_COLUMNS,
    RIGHT_COLUMNS,
    VERSION_COLUMNS,
    AssetCard,
    Place,
    RightCard,
    Verdict,
    VersionCard,
)
from assetlib.catalog.models import Approval, Asset, CollectionItem, UsageRight, Version
from assetlib.catalog.permissions.assets import may_have_bytes, shows_version, use_state
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.rights import Answer, RightsState
from assetlib.database import rows_of
from assetlib.words import say

_CARDS = Prepared(
    lambda actor: (
        select(*ASSET_COLUMNS, *VERSION_COLUMNS, UsageRight.asset_id, *RIGHT_COLUMNS)
        .outerjoin(Version, Version.id == Asset.current_version_id)
        .outerjoin(UsageRight, UsageRight.asset_id == Asset.id)
        .where(Asset.id.in_(bindparam("ids", expanding=True)), visible_to(actor))
    )
)
_SAID = (
    select(Approval.version_id, Approval.sha256, Approval.verdict, Approval.at)
    .where(Approval.version_id.in_(bindparam("ids", expanding=True)))
    .order_by(Approval.id)
)
_LYING = select(CollectionItem.asset_id, CollectionItem.collection_id).where(
    CollectionItem.asset_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class Tile:
    """One asset in a grid or list."""

    asset: AssetCard
    version: VersionCard | None
    """The version in force, if the actor is told of it."""
    preview: Answer
    """Whether its preview may be shown, and why not."""
    rights: RightsState
    """The state of its rights today."""


def tiles_of(session: Session, actor: Actor, asset_ids: Sequence[int]) -> list[Tile]:
    """Tiles in the order of these ids. What the actor may not see, or what is gone, is left out.

    Three statements for any number of tiles, two for people of the house.
    """
    if not asset_ids:
        return []
    rows = rows_of(session, *_CARDS(actor, ids=list(asset_ids)))
    verdicts = _verdicts(
        session, [row[len(ASSET_COLUMNS)] for row in rows if row[len(ASSET_COLUMNS)] is not None]
    )
    places = {} if actor.is_own else _places(session, [row[0] for row in rows])
    cards = {row[0]: _card(row, verdicts, places) for row in rows}
    return [_tile(actor, cards[each]) for each in dict.fromkeys(asset_ids) if each in cards]


def _card(
    row: Sequence[Any], verdicts: dict[int, list[Verdict]], places: dict[int, list[Place]]
) -> AssetCard:
    asset, rest = row[: len(ASSET_COLUMNS)], row[len(ASSET_COLUMNS) :]
    version, right = rest[: len(VERSION_COLUMNS)], rest[len(VERSION_COLUMNS) + 1 :]
    has_version, has_right = version[0] is not None, rest[len(VERSION_COLUMNS)] is not None
    around: list[Any] = [
        VersionCard(*version, *[verdicts.get(version[0], ())]) if has_version else None,
        RightCard(*right) if has_right else None,
        places.get(asset[0], ()),
    ]
    return AssetCard(*asset, *around)


def _verdicts(session: Session, version_ids: list[int]) -> dict[int, list[Verdict]]:
    """Version id → what was said of it, the last word last."""
    found: dict[int, list[Verdict]] = defaultdict(list)
    for row in rows_of(session, _SAID, {"ids": version_ids}):
        found[row.version_id].append(Verdict(row.sha256, row.verdict, row.at))
    return found


def _places(session: Session, asset_ids: list[int]) -> dict[int, list[Place]]:
    """Asset id → the collections in which it lies."""
    found: dict[int, list[Place]] = defaultdict(list)
    for row in rows_of(session, _LYING, {"ids": asset_ids}):
        found[row.asset_id].append(Place(row.collection_id))
    return found


def _tile(actor: Actor, asset: AssetCard) -> Tile:
    version = asset.current_version
    if version is not None and not shows_version(actor, asset, version):
        version = None
    preview = (
        may_have_bytes(actor, asset, version, "preview")
        if version is not None
        else Answer("no", say("There is no version that you may see."), "no_version")
    )
    return Tile(asset, version, preview, use_state(asset))
