"""Bytes leave the house: decided, counted and written down before the first one is sent."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchAsset
from assetlib.catalog.link_counting import count_by_link, resume_by_link, uses_are_missing
from assetlib.catalog.models import Asset, Package, UsageEvent, Version
from assetlib.catalog.permissions.assets import VIEW_LIBRARY
from assetlib.catalog.queries.assets import GONE
from assetlib.catalog.queries.downloads import FileToSend, download_of
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.forms import COUNTS_ONCE_WITHIN, must_be_form, must_fit_in_a_package
from assetlib.media.recipes import PRESETS


def open_download(
    session: Session,
    actor: Actor,
    asset: Asset,
    version: Version,
    form: str,
    *,
    stretch: bool = False,
    package: Package | None = None,
    again: bool = False,
) -> FileToSend:
    """Let an actor have a version, as `original` or as a preset; it counts as a use from this moment on.

    A `stretch` of the file may be all of it, so it counts too, unless what it is a stretch of was counted.
    The files of a `package` were counted for a link before its first one; `again`: on an earlier try.
    """
    file = download_of(session, actor, asset, version, form)
    if stretch and _was_counted(session, actor, version, form):
        return file
    if again and not uses_are_missing(session, actor, version, form):
        return file
    if actor.share_id is not None and package is None:
        count_by_link(session, actor, version, form)
    session.add(
        UsageEvent(
            at=clock.now(),
            person_id=actor.answering.person_id,
            organisation_id=actor.answering.organisation_id,
            asset_id=asset.id,
            version_id=version.id,
            form=form,
            size=file.size,
            package_id=package.id if package is not None else None,
            share_id=actor.share_id,
        )
    )
    # Not through the row: a download is no change that an editor's revision should trip over.
    session.execute(
        update(Asset)
        .where(Asset.id == asset.id)
        .values(uses=Asset.uses + 1)
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        actor,
        "catalog.asset_downloaded",
        asset,
        version=version.number,
        sha256=file.sha256,
        form=form,
        package=package.public_id if package is not None else None,
        share=actor.share_id,
    )
    return file


def _was_counted(session: Session, actor: Actor, version: Version, form: str) -> bool:
    """Whether this person's download of this file was counted a while ago."""
    # Held, so that of stretches that are asked for side by side one comes first.
    session.execute(select(Asset.id).where(Asset.id == version.asset_id).with_for_update())
    if actor.share_id is not None:
        return resume_by_link(session, actor, version, form)
    counted = select(UsageEvent.id).where(
        UsageEvent.person_id == actor.person_id,
        UsageEvent.share_id.is_(None),
        UsageEvent.version_id == version.id,
        UsageEvent.form == form,
        UsageEvent.at > clock.now() - COUNTS_ONCE_WITHIN,
    )
    return session.scalars(counted.limit(1)).first() is not None


def make_package(session: Session, actor: Actor, asset_ids: Sequence[int], form: str) -> Package:
    """Keep a selection that is fetched as one ZIP. What the actor may not know of is left out at once."""
    VIEW_LIBRARY.require(actor)
    must_be_form(form, PRESETS)
    wanted = list(dict.fromkeys(asset_ids))
    must_fit_in_a_package(len(wanted))
    seen = set(session.scalars(select(Asset.id).where(Asset.id.in_(wanted), visible_to(actor))))
    if not seen:
        raise NoSuchAsset(GONE)
    package = Package(
        public_id=uuid4().hex,
        person_id=actor.person_id,
        form=form,
        asset_ids=[each for each in wanted if each in seen],
        created_at=clock.now(),
    )
    session.add(package)
    session.flush()
    record(
        session,
        actor,
        "catalog.package_made",
        package,
        after={"form": form, "assets": package.asset_ids},
    )
    return package
