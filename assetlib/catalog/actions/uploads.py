"""A file that has arrived whole becomes a version, or is refused with a sentence."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.actions.telling import tell_added, tell_refused
from assetlib.catalog.errors import NoSuchAsset, WrongState
from assetlib.catalog.models import Asset, AssetType, Version
from assetlib.catalog.permissions.assets import ADD_VERSION, REFUSE_UPLOAD, SEE_ASSET, UPLOAD
from assetlib.catalog.queries.assets import GONE, locked
from assetlib.catalog.queries.embedding import attributes_from
from assetlib.catalog.queries.uploads import in_front
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.embedded import embedded_tags, embedded_text, storable
from assetlib.catalog.rules.names import title_from
from assetlib.catalog.rules.types import guess_type
from assetlib.catalog.rules.versions import must_bring_something_new
from assetlib.jobs import enqueue
from assetlib.media.examination import Examination
from assetlib.storage.blobs import Measured, WrongBytes
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import AVAILABLE, REFUSED, VERIFYING
from assetlib.words import kept, say

MOST_TWINS = 10
_OWN_COLUMNS = ("text", "metadata")
"""What an examination finds that has a column of its own and does not stand among `Version.facts`."""


def take_in(
    session: Session, actor: Actor, upload: Upload, measured: Measured, examination: Examination
) -> Version | None:
    """Make the version, with a new asset or under the one the upload names; None when that was done before.

    The same bytes of the same organisation are kept once: then `upload.blob` is not what lies under
    `upload.key`, and the caller drops that. A refusal is raised, see `refuse_upload`.
    """
    held = _held(session, upload)
    if held is None:
        return None
    UPLOAD.require(actor)
    if measured.size != held.size:
        raise WrongBytes(
            say("The file did not arrive whole. Send it again."), expected=held.size, received=measured.size
        )
    if held.as_version_of is None:
        asset, number = _new_asset(session, actor, held, examination), 1
    else:
        asset, number = _asset_for_version(session, actor, held, measured)
    blob = _kept_blob(session, held, measured, examination)
    version = _new_version(session, actor, held, blob, examination, asset=asset, number=number)
    held.state, held.blob_id = AVAILABLE, blob.id
    held.asset_id, held.version_number = asset.id, number
    session.flush()
    if version.preview_state == "waiting":
        enqueue(session, "catalog.make_renditions", dedupe=f"renditions-{version.id}", version_id=version.id)
    if held.delivered_for is not None:
        enqueue(session, "planning.check_delivery", dedupe=f"delivery-{held.id}", upload_id=held.id)
    record(
        session,
        actor,
        "catalog.asset_added" if number == 1 else "catalog.version_added",
        asset,
        after={"state": asset.state, "in_force": asset.current_version_id == version.id},
        version=number,
        sha256=version.sha256,
        upload=held.public_id,
    )
    if number > 1:
        tell_added(session, asset, version, by=actor)
    return version


def refuse_upload(session: Session, actor: Actor, upload: Upload, *, code: str, sentence: str) -> None:
    """Say why a file is not taken. Only the row that says so is left; the caller drops the bytes."""
    REFUSE_UPLOAD.require(actor, upload)
    held = _held(session, upload)
    if held is None:
        return
    held.state, held.refusal_code, held.refusal = REFUSED, code, kept(sentence)
    session.flush()
    record(
        session,
        actor,
        "catalog.upload_refused",
        held,
        before={"state": VERIFYING},
        after={"state": REFUSED},
        reason=sentence,
        code=code,
        name=held.name,
    )
    tell_refused(session, held, sentence=sentence)


def _held(session: Session, upload: Upload) -> Upload | None:
    """The upload, held, if it still waits to be looked at."""
    return session.scalars(
        select(Upload)
        .where(Upload.id == upload.id, Upload.state == VERIFYING)
        .with_for_update(of=Upload)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _new_asset(session: Session, actor: Actor, upload: Upload, examination: Examination) -> Asset:
    moment = clock.now()
    metadata = examination.metadata
    title = metadata.get("title", {}).get("value")
    type_key = _type_for(session, examination.family)
    asset = Asset(
        title=title_from(upload.name, title if isinstance(title, str) else None),
        description=embedded_text(metadata, "description"),
        alt_text=embedded_text(metadata, "alt_text"),
        tags=embedded_tags(metadata),
        attributes=attributes_from(session, type_key, metadata),
        type_key=type_key,
        organisation_id=upload.organisation_id,
        created_by_id=actor.person_id,
        created_at=moment,
        updated_at=moment,
    )
    session.add(asset)
    session.flush()
    return asset


def _type_for(session: Session, family: str) -> str:
    known = session.scalars(select(AssetType.key).order_by(AssetType.position, AssetType.key)).all()
    key = guess_type(family, known)
    if key is None:
        raise WrongState(
            say("There is no asset type yet. Ask a librarian to add one, then send the file again.")
        )
    return key


def _asset_for_version(
    session: Session, actor: Actor, upload: Upload, measured: Measured
) -> tuple[Asset, int]:
    """The asset that the upload names, held, and the next number of a version."""
    asset = session.get(Asset, upload.as_version_of)
    if asset is None or not SEE_ASSET.allows(actor, asset):
        raise NoSuchAsset(GONE)
    asset = locked(session, asset)
    ADD_VERSION.require(actor, asset)
    must_bring_something_new((measured.sha256, measured.size), in_front(asset))
    number = session.scalar(select(func.max(Version.number)).where(Version.asset_id == asset.id)) or 0
    return asset, number + 1


def _kept_blob(session: Session, upload: Upload, measured: Measured, examination: Examination) -> Blob:
    """The blob of these bytes that the organisation has already, or a new one for what just arrived."""
    twin = session.scalars(
        select(Blob)
        .where(
            Blob.organisation_id == upload.organisation_id,
            Blob.sha256 == measured.sha256,
            Blob.size == measured.size,
            Blob.released_at.is_(None),
            Blob.damaged_at.is_(None),
        )
        .order_by(Blob.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if twin is not None:
        return twin
    moment = clock.now()
    blob = Blob(
        key=upload.key,
        size=measured.size,
        sha256=measured.sha256,
        media_type=examination.media_type,
        organisation_id=upload.organisation_id,
        created_at=moment,
        checked_at=moment,
    )
    session.add(blob)
    session.flush()
    return blob


def _new_version(
    session: Session,
    actor: Actor,
    upload: Upload,
    blob: Blob,
    examination: Examination,
    *,
    asset: Asset,
    number: int,
) -> Version:
    found = examination.to_json()
    facts: dict[str, Any] = {name: value for name, value in found.items() if name not in _OWN_COLUMNS}
    twins = _twins(session, actor, blob)
    if twins:
        facts["same_as"] = twins
    version = Version(
        asset_id=asset.id,
        number=number,
        blob_id=blob.id,
        sha256=blob.sha256,
        size=blob.size,
        file_name=upload.name,
        media_type=examination.media_type,
        format=examination.label,
        family=examination.family,
        width=examination.width,
        height=examination.height,
        pages=examination.pages,
        duration_ms=examination.duration_ms,
        shape=examination.shape,
        colours=list(examination.named_colours),
        # Behind something transparent its own colour would hide it: a dark logo on dark.
        main_colour=examination.colours[0][0] if examination.colours and not examination.has_alpha else None,
        phash=examination.phash,
        facts=facts,
        embedded=found["metadata"],
        text=storable(examination.text),
        warnings=list(examination.warnings),
        preview_state="waiting" if examination.drawable else "none",
        organisation_id=upload.organisation_id,
        uploaded_by_id=actor.person_id,
        created_at=clock.now(),
    )
    ever_approved = number > 1 and any(
        said.verdict == "approved" for each in asset.versions for said in each.approvals
    )
    session.add(version)
    session.flush()
    if not ever_approved:
        asset.current_version_id = version.id
    asset.updated_at = clock.now()
    session.flush()
    session.expire(asset, ["versions", "current_version"])
    return version


def _twins(session: Session, actor: Actor, blob: Blob) -> list[dict[str, int]]:
    """Versions with the same bytes, as far as the uploader may know of them."""
    rows = session.execute(
        select(Version.asset_id, Version.number)
        .join(Asset, Asset.id == Version.asset_id)
        .where(
            Version.sha256 == blob.sha256,
            Version.size == blob.size,
            visible_to(actor),
        )
        .order_by(Version.asset_id, Version.number)
        .limit(MOST_TWINS)
    )
    return [{"asset_id": row.asset_id, "version": row.number} for row in rows]
