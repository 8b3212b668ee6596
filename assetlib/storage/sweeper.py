"""Takes away what nobody will come back for.

Everything here may run twice and beside everything else: rows are judged under a lock, bytes go last.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.audit import record
from assetlib.database import Database, StaleWrite
from assetlib.storage.blobs import BlobStore, Facts, OpenMultipart
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import GIVEN_UP, OPEN, REFUSED, VERIFYING
from assetlib.storage.uploads.actions import cancel_upload
from assetlib.storage.uploads.errors import UploadNotOpen

STALE_AFTER = timedelta(hours=24)
"""An upload without a new part, and bytes without a row, are given up after this long."""
RELEASED_FOR = timedelta(days=7)
"""How long bytes are kept that nothing refers to any more."""
GIVEN_UP_FOR = timedelta(days=7)
"""How long a file is kept that arrived but was not looked at, so that somebody can have it tried again."""
AT_ONCE = 500

T = TypeVar("T")


@dataclass(frozen=True)
class Swept:
    """How many there were of each."""

    uploads: int
    multiparts: int
    orphans: int
    blobs: int
    temporary: int


def sweep(database: Database, store: BlobStore) -> Swept:
    moment = clock.now()
    return Swept(
        uploads=cancel_stale_uploads(database, store, before=moment - STALE_AFTER),
        multiparts=abort_forgotten_multiparts(database, store, before=moment - STALE_AFTER),
        orphans=delete_orphans(database, store, before=moment - STALE_AFTER),
        blobs=drop_released_blobs(database, store, before=moment - RELEASED_FOR),
        temporary=store.sweep_temporary(moment - STALE_AFTER),
    )


def sweep_scratch(scratch: Path, *, before: datetime) -> int:
    """Remove working folders that a killed worker left behind; what a store keeps there is its own."""
    removed = 0
    for folder in scratch.glob("*-*"):
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before:
                shutil.rmtree(folder)
                removed += 1
    return removed


def cancel_stale_uploads(database: Database, store: BlobStore, *, before: datetime) -> int:
    """Cancel uploads whose last sign of life is older."""
    with database.reading() as session:
        stale = session.scalars(
            select(Upload).where(Upload.state == OPEN, Upload.touched_at < before).order_by(Upload.id)
        ).all()
    cancelled = 0
    for upload in stale:
        if _cancel_if_still_stale(database, upload, before):
            store.abort_multipart(upload.key, upload.multipart)
            cancelled += 1
    return cancelled


def _cancel_if_still_stale(database: Database, upload: Upload, before: datetime) -> bool:
    try:
        with database.transaction() as session:
            held = cancel_upload(session, SYSTEM, upload, reason="No part came for a day.")
            if held.touched_at >= before:
                raise _AliveAfterAll
    except (UploadNotOpen, _AliveAfterAll):
        return False
    return True


class _AliveAfterAll(Exception):
    """A part came between our reading and our lock: undo."""


def abort_forgotten_multiparts(database: Database, store: BlobStore, *, before: datetime) -> int:
    """Abort what no open upload stands for: cancelled long since, or begun by a call that died."""
    aborted = 0
    for batch in _batches(store.list_multiparts()):
        for each in _forgotten(database, batch, before):
            store.abort_multipart(each.key, each.multipart)
            aborted += 1
    return aborted


def _forgotten(
    database: Database, batch: Sequence[OpenMultipart], before: datetime
) -> Iterator[OpenMultipart]:
    with database.reading() as session:
        rows = session.execute(
            select(Upload.key, Upload.state).where(Upload.key.in_([each.key for each in batch]))
        )
        states = {row.key: row.state for row in rows}
    for each in batch:
        state = states.get(each.key)
        # Without a row it may have begun this moment; with a row that is not open it is over for good.
        if (state is None and each.started < before) or state not in (None, OPEN):
            yield each


def delete_orphans(database: Database, store: BlobStore, *, before: datetime) -> int:
    """Delete bytes older than `before` that no row speaks of."""
    deleted = 0
    for batch in _batches(facts for facts in store.list("blobs/") if facts.modified < before):
        for key in _without_row(database, batch):
            store.delete(key)
            deleted += 1
    return deleted


def _without_row(database: Database, batch: Sequence[Facts]) -> set[str]:
    keys = {facts.key for facts in batch}
    with database.reading() as session:
        known = set(session.scalars(select(Blob.key).where(Blob.key.in_(keys))))
        arriving = Upload.state.in_((OPEN, VERIFYING))
        to_be_tried = and_(
            Upload.state == REFUSED,
            Upload.refusal_code == GIVEN_UP,
            Upload.completed_at > clock.now() - GIVEN_UP_FOR,
        )
        known.update(
            session.scalars(select(Upload.key).where(Upload.key.in_(keys), or_(arriving, to_be_tried)))
        )
    return keys - known


def drop_released_blobs(database: Database, store: BlobStore, *, before: datetime) -> int:
    """Drop blobs that were released before then, row first, bytes last."""
    with database.reading() as session:
        released = session.scalars(
            select(Blob.id).where(Blob.released_at < before).order_by(Blob.released_at)
        ).all()
    dropped = 0
    for blob_id in released:
        try:
            with database.transaction() as session:
                key = _drop_blob(session, blob_id, before)
        except StaleWrite:
            continue  # something refers to it after all; whoever releases will see that
        if key is not None:
            store.delete(key)
            dropped += 1
    return dropped


def _drop_blob(session: Session, blob_id: int, before: datetime) -> str | None:
    """The key whose bytes may go now; None when the blob is needed again."""
    blob = session.scalars(
        select(Blob).where(Blob.id == blob_id, Blob.released_at < before).with_for_update()
    ).one_or_none()
    if blob is None:
        return None
    record(
        session, SYSTEM, "storage.blob_dropped", ("blob", str(blob.id)), sha256=blob.sha256, size=blob.size
    )
    # How the bytes came is over with them; the audit log keeps the story.
    session.execute(delete(Upload).where(or_(Upload.blob_id == blob.id, Upload.key == blob.key)))
    session.delete(blob)
    session.flush()
    return blob.key


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, AT_ONCE)):
        yield batch
