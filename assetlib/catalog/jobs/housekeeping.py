"""What nobody needs any more is let go."""

from datetime import timedelta

from sqlalchemy import delete, exists, not_, or_, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.catalog.actions.trash import KEPT_FOR, purge_asset
from assetlib.catalog.models import Asset, Package, Rendition, UsageEvent, Version
from assetlib.jobs import enqueue
from assetlib.jobs.work import Work
from assetlib.storage.models import Blob

PACKAGES_KEPT_FOR = timedelta(days=7)
"""How long the address of a ZIP goes on to work."""


def collect_blobs(work: Work) -> None:
    """Mark the blobs that nothing refers to, and take the mark from those that are needed again.

    The lists of ZIPs that are a week old go too.
    """
    with work.database.transaction() as session:
        mark_unneeded_blobs(session)
    with work.database.transaction() as session:
        forget_packages(session)


def forget_packages(session: Session) -> None:
    """Drop the lists of old ZIPs. That a file left the house in one stays in the audit log."""
    old = select(Package.id).where(Package.created_at < clock.now() - PACKAGES_KEPT_FOR)
    quietly = {"synchronize_session": False}
    session.execute(
        update(UsageEvent)
        .where(UsageEvent.package_id.in_(old))
        .values(package_id=None)
        .execution_options(**quietly)
    )
    session.execute(delete(Package).where(Package.id.in_(old)).execution_options(**quietly))


def mark_unneeded_blobs(session: Session) -> None:
    """The same, in a transaction that is open. The storage's sweeper drops what bears the mark for long."""
    needed = or_(
        exists(select(Version.id).where(Version.blob_id == Blob.id)),
        exists(select(Rendition.id).where(Rendition.blob_id == Blob.id)),
    )
    quietly = {"synchronize_session": False}
    session.execute(
        update(Blob)
        .where(Blob.released_at.is_not(None), needed)
        .values(released_at=None)
        .execution_options(**quietly)
    )
    session.execute(
        update(Blob)
        .where(Blob.released_at.is_(None), not_(needed))
        .values(released_at=clock.now())
        .execution_options(**quietly)
    )


def purge_trash(work: Work) -> None:
    """Let go for good what has lain in the trash for 30 days, one asset at a time."""
    with work.database.reading() as session:
        due = session.scalars(
            select(Asset.id).where(Asset.deleted_at <= clock.now() - KEPT_FOR).order_by(Asset.id)
        ).all()
    for asset_id in due:
        with work.database.transaction() as session:
            asset = session.get(Asset, asset_id)
            # Somebody may have restored it since the list was read.
            if (
                asset is not None
                and asset.deleted_at is not None
                and asset.deleted_at <= clock.now() - KEPT_FOR
            ):
                purge_asset(session, SYSTEM, asset)
                enqueue(session, "catalog.collect_blobs", dedupe="catalog.collect_blobs")
