"""What looks after the bytes while nobody asks."""

from assetlib import clock
from assetlib.jobs.work import Work
from assetlib.storage.blobs import BlobStore
from assetlib.storage.scrub import scrub, share_of
from assetlib.storage.stillness import clearing_up
from assetlib.storage.sweeper import STALE_AFTER, sweep, sweep_scratch

READ_ALL_WITHIN = 30
"""Days; the daily scrub reads its share of that."""


def sweep_storage(work: Work, store: BlobStore) -> None:
    """Take away stale uploads, forgotten parts and folders, orphans, and what was released long ago."""
    sweep_unless_kept(work, store)


def sweep_unless_kept(work: Work, store: BlobStore) -> bool:
    """As `sweep_storage`; False when nothing was taken, because a backup is being made."""
    with clearing_up(work.settings.home) as may:
        if may:
            sweep(work.database, store)
            sweep_scratch(work.settings.scratch, before=clock.now() - STALE_AFTER)
        return may


def scrub_storage(work: Work, store: BlobStore) -> None:
    """Read a share of all blobs again; what is damaged is marked and stands in the audit log."""
    scrub(work.database, store, limit=share_of(work.database, READ_ALL_WITHIN))
