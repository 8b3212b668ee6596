"""Assets are put into the trash, taken out again with all their ties, and gone for good after 30 days."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchAsset, WrongState, WrongValue
from assetlib.catalog.models import (
    Approval,
    Asset,
    CollectionItem,
    Rendition,
    UsageEvent,
    UsageRight,
    Version,
)
from assetlib.catalog.permissions.assets import CURATE, DELETE_ASSET, PURGE_ASSET, RESTORE_ASSET
from assetlib.catalog.queries.assets import GONE, locked
from assetlib.catalog.rules.collections import must_not_be_too_many
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.words import say, together

KEPT_FOR = timedelta(days=30)
AT_ONCE = 500
"""Ids in one statement; databases take only so many values."""


def delete_asset(session: Session, actor: Actor, asset: Asset, *, reason: str = "") -> None:
    """Put an asset into the trash. From this moment on nobody gets its bytes; all its ties are kept."""
    asset = locked(session, asset)
    DELETE_ASSET.require(actor, asset)
    fault = text_fault(reason, LONGEST_NOTE)
    if fault is not None:
        raise WrongValue(together(say("The reason cannot be kept."), fault), fields={"reason": fault})
    asset.deleted_at, asset.deleted_by_id = clock.now(), actor.person_id
    session.flush()
    record(
        session,
        actor,
        "catalog.asset_deleted",
        asset,
        before={"deleted_at": None},
        after={"deleted_at": asset.deleted_at},
        reason=reason,
        title=asset.title,
    )


def restore_asset(session: Session, actor: Actor, asset: Asset) -> None:
    """Take an asset out of the trash, as it was: state, versions, rights and collections."""
    restore_assets(session, actor, [asset.id])


def restore_assets(session: Session, actor: Actor, asset_ids: Sequence[int]) -> int:
    """Take assets out of the trash, all of them or none; how many those were.

    The number of statements grows by lots, not by assets.
    """
    wanted = sorted(set(asset_ids))
    must_not_be_too_many(wanted)
    for start in range(0, len(wanted), AT_ONCE):
        lot = wanted[start : start + AT_ONCE]
        found = session.scalars(
            select(Asset)
            .where(Asset.id.in_(lot))
            .order_by(Asset.id)
            .with_for_update(of=Asset)
            .execution_options(populate_existing=True)
        ).all()
        # What is another librarian's is told as what is not there.
        if len(found) < len(lot) or any(not CURATE.allows(actor, each) for each in found):
            CURATE.require(actor)
            raise NoSuchAsset(GONE)
        for asset in found:
            RESTORE_ASSET.require(actor, asset)
        before = [asset.deleted_at for asset in found]
        for asset in found:
            asset.deleted_at, asset.deleted_by_id = None, None
        session.flush()
        for asset, moment in zip(found, before, strict=True):
            record(
                session,
                actor,
                "catalog.asset_restored",
                asset,
                before={"deleted_at": moment},
                after={"deleted_at": None},
            )
    return len(wanted)


def purge_asset(session: Session, actor: Actor, asset: Asset) -> None:
    """Let an asset go for good once its 30 days in the trash are over. Its audit entries stay.

    Its blobs are released by `catalog.collect_blobs`, for other assets may hold the same bytes.
    """
    asset = locked(session, asset)
    PURGE_ASSET.require(actor, asset)
    if asset.deleted_at is None or asset.deleted_at + KEPT_FOR > clock.now():
        raise WrongState(say("This may still be restored."), state=asset.state)
    record(
        session,
        actor,
        "catalog.asset_purged",
        ("asset", str(asset.id)),
        before={
            "title": asset.title,
            "deleted_at": asset.deleted_at,
            "versions": [[version.number, version.sha256] for version in asset.versions],
        },
    )
    versions = select(Version.id).where(Version.asset_id == asset.id)
    asset.current_version_id = None
    session.flush()
    for statement in (
        delete(UsageEvent).where(UsageEvent.asset_id == asset.id),
        delete(Approval).where(Approval.version_id.in_(versions)),
        delete(Rendition).where(Rendition.version_id.in_(versions)),
        delete(UsageRight).where(UsageRight.asset_id == asset.id),
        delete(CollectionItem).where(CollectionItem.asset_id == asset.id),
        delete(Version).where(Version.asset_id == asset.id),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    # What the session still holds of the ties is gone by now; only the asset itself is deleted through it.
    for tie in (*asset.items, *asset.versions, *([asset.right] if asset.right is not None else [])):
        session.expunge(tie)
    session.expire(asset)
    session.delete(asset)
    session.flush()
