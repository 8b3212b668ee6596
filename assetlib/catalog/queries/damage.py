"""Files whose bytes the store lost or changed, and what of the library they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from assetlib.catalog.models import Asset, Rendition, Version
from assetlib.catalog.rules.forms import ORIGINAL
from assetlib.storage.models import Blob

MOST_LISTED = 200


@dataclass(frozen=True)
class DamagedFile:
    """One file of an asset that nobody is given until its bytes are back."""

    asset_id: int
    ref: str
    title: str
    version: int
    """Its number."""
    form: str
    """`original`, or the recipe of a rendition."""
    sha256: str
    since: datetime


def anything_is_damaged(session: Session) -> bool:
    """Whether there is anything to put back."""
    return bool(session.scalar(select(exists().where(Blob.damaged_at.is_not(None)))))


def damaged_files(session: Session) -> Sequence[DamagedFile]:
    """What is damaged, the longest known first, 200 at most."""
    facts = (Asset, Version.number, Blob.sha256, Blob.damaged_at)
    originals = (
        select(*facts, literal(ORIGINAL).label("form"))
        .join(Version, Version.asset_id == Asset.id)
        .join(Blob, Blob.id == Version.blob_id)
    )
    renditions = (
        select(*facts, Rendition.recipe.label("form"))
        .join(Version, Version.asset_id == Asset.id)
        .join(Rendition, Rendition.version_id == Version.id)
        .join(Blob, Blob.id == Rendition.blob_id)
    )
    found = [
        DamagedFile(
            row.Asset.id, row.Asset.ref, row.Asset.title, row.number, row.form, row.sha256, row.damaged_at
        )
        for each in (originals, renditions)
        for row in session.execute(
            each.where(Blob.damaged_at.is_not(None))
            .order_by(Blob.damaged_at, Blob.id, Asset.id)
            .limit(MOST_LISTED)
        )
    ]
    return sorted(found, key=lambda each: each.since)[:MOST_LISTED]
