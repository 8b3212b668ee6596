"""A rendition with all that the decision about its bytes needs: one statement of columns, no entities.

Every picture of every page asks this; over entities it took twice as long.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
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
from assetlib.catalog.errors import NoSuchVersion
from assetlib.catalog.models import Approval, Asset, CollectionItem, Rendition, UsageRight, Version
from assetlib.catalog.permissions.assets import shows_version
from assetlib.catalog.queries.assets import NO_VERSION
from assetlib.database import rows_of
from assetlib.storage.models import Blob


class BlobCard(NamedTuple):
    """Where the bytes of a rendition are kept."""

    key: str
    size: int
    sha256: str
    damaged_at: datetime | None


class Rendered(NamedTuple):
    """A version of an asset, and the rendition of it that was asked for, if there is one."""

    asset: AssetCard
    version: VersionCard
    original_name: str
    media_type: str | None
    blob: BlobCard | None


_BLOB = [getattr(Blob, each) for each in BlobCard._fields]
_TO_RIGHT = len(ASSET_COLUMNS) + len(VERSION_COLUMNS)
_TO_BLOB = _TO_RIGHT + len(RIGHT_COLUMNS)
# Of verdicts and collections there are few: each pair of them is a row.
_RENDERED = (
    select(
        *ASSET_COLUMNS,
        *VERSION_COLUMNS,
        *RIGHT_COLUMNS,
        *_BLOB,
        UsageRight.asset_id.label("has_right"),
        Version.file_name,
        Rendition.media_type.label("rendered_type"),
        Approval.id.label("approval_id"),
        Approval.sha256.label("approved_sha256"),
        Approval.verdict,
        Approval.at,
        CollectionItem.collection_id.label("lies_in"),
    )
    .join(Version, Version.asset_id == Asset.id)
    .outerjoin(UsageRight, UsageRight.asset_id == Asset.id)
    .outerjoin(
        Rendition,
        and_(
            Rendition.version_id == Version.id,
            Rendition.recipe == bindparam("asked_recipe"),
            Rendition.page == bindparam("asked_page"),
        ),
    )
    .outerjoin(Blob, Blob.id == Rendition.blob_id)
    .outerjoin(Approval, Approval.version_id == Version.id)
    .outerjoin(CollectionItem, CollectionItem.asset_id == Asset.id)
    .where(Version.id == bindparam("version_id"))
    .order_by(Approval.id)
)


def get_rendition(session: Session, actor: Actor, version_id: int, recipe: str, page: int) -> Rendered:
    """A version that the actor is told of, with a rendition of it if there is one."""
    rows = rows_of(session, _RENDERED, {"version_id": version_id, "asked_recipe": recipe, "asked_page": page})
    if not rows:
        raise NoSuchVersion(NO_VERSION)
    first = rows[0]
    verdicts = {
        row.approval_id: Verdict(row.approved_sha256, row.verdict, row.at)
        for row in rows
        if row.approval_id is not None
    }
    places = dict.fromkeys(Place(row.lies_in) for row in rows if row.lies_in is not None)
    right = RightCard(*first[_TO_RIGHT:_TO_BLOB]) if first.has_right is not None else None
    said: list[Any] = [tuple(verdicts.values())]
    around: list[Any] = [None, right, tuple(places)]
    version = VersionCard(*first[len(ASSET_COLUMNS) : _TO_RIGHT], *said)
    asset = AssetCard(*first[: len(ASSET_COLUMNS)], *around)
    if not shows_version(actor, asset, version):
        raise NoSuchVersion(NO_VERSION)
    blob = BlobCard(*first[_TO_BLOB : _TO_BLOB + len(_BLOB)])
    return Rendered(
        asset, version, first.file_name, first.rendered_type, blob if first.key is not None else None
    )
