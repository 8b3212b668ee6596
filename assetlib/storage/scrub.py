"""Reads what is kept again, and says what is no longer what it was."""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.audit import record
from assetlib.database import Database
from assetlib.storage.blobs import BlobStore, Measured, Meter, NoSuchBlob, pieces_of
from assetlib.storage.models import Blob

AT_ONCE = 200

log = structlog.get_logger("assetlib")


@dataclass
class Found:
    """How many blobs were read, and the keys of those that are damaged or missing."""

    read: int = 0
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def scrub(database: Database, store: BlobStore, *, limit: int | None = None) -> Found:
    """Read up to `limit` blobs, those first that were not read for longest, and mark what does not match.

    A blob that matches again, because somebody put its bytes back, loses the mark.
    """
    found, begun = Found(), clock.now()
    after = (datetime.min.replace(tzinfo=begun.tzinfo), 0)
    while limit is None or found.read < limit:
        size = AT_ONCE if limit is None else min(AT_ONCE, limit - found.read)
        with database.reading() as session:
            batch = _oldest(session, begun, after, size)
        if not batch:
            break
        for blob in batch:
            _read_again(database, store, blob, found)
        after = (batch[-1].checked_at, batch[-1].id)
    return found


def share_of(database: Database, days: int) -> int:
    """How many blobs to read each day so that all are read within so many days."""
    with database.reading() as session:
        return -(-(session.scalar(select(func.count(Blob.id))) or 0) // days)


def measure_blob(store: BlobStore, key: str) -> Measured:
    """Size and sha256 of the bytes under a key, read from the store."""
    meter = Meter()
    with store.open(key) as readable:
        for _ in meter.through(pieces_of(readable)):
            pass
    return meter.read()


def _oldest(session: Session, begun: datetime, after: tuple[datetime, int], size: int) -> list[Blob]:
    moment, blob_id = after
    later = (Blob.checked_at > moment) | ((Blob.checked_at == moment) & (Blob.id > blob_id))
    return list(
        session.scalars(
            select(Blob)
            .where(Blob.checked_at < begun, Blob.released_at.is_(None), later)
            .order_by(Blob.checked_at, Blob.id)
            .limit(size)
        )
    )


def _read_again(database: Database, store: BlobStore, blob: Blob, found: Found) -> None:
    try:
        measured: Measured | None = measure_blob(store, blob.key)
    except NoSuchBlob:
        measured = None
    is_whole = measured is not None and (measured.size, measured.sha256) == (blob.size, blob.sha256)
    with database.transaction() as session:
        if not _note(session, blob.id, is_whole=is_whole):
            return
    found.read += 1
    if not is_whole:
        log.error("blob_damaged", blob=blob.id, key=blob.key, sha256=blob.sha256, missing=measured is None)
    if measured is None:
        found.missing.append(blob.key)
    elif not is_whole:
        found.damaged.append(blob.key)


def _note(session: Session, blob_id: int, *, is_whole: bool) -> bool:
    """Write down what was seen. False when the blob was dropped, or released, while we read."""
    blob = session.scalars(
        select(Blob).where(Blob.id == blob_id, Blob.released_at.is_(None)).with_for_update()
    ).one_or_none()
    if blob is None:
        return False
    blob.checked_at = clock.now()
    if is_whole and blob.damaged_at is not None:
        blob.damaged_at = None
        record(session, SYSTEM, "storage.blob_whole_again", blob, sha256=blob.sha256)
    elif not is_whole and blob.damaged_at is None:
        blob.damaged_at = blob.checked_at
        record(session, SYSTEM, "storage.blob_damaged", blob, sha256=blob.sha256)
    return True
