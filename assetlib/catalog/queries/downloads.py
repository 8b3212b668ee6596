"""Where bytes are, for those who may have them. Nothing else in the catalogue tells where bytes are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from assetlib.access.actor import Actor
from assetlib.catalog.cards import AnyAsset
from assetlib.catalog.errors import FileDamaged, NoSuchPackage, NoSuchRendition
from assetlib.catalog.models import Asset, Package, Rendition, Version
from assetlib.catalog.permissions.assets import NOT_YOURS, Use, may_have_bytes, require_bytes
from assetlib.catalog.queries.renditions import BlobCard, get_rendition
from assetlib.catalog.rules.forms import ORIGINAL, must_be_for_pages, must_be_form
from assetlib.catalog.rules.names import download_name, extension_of
from assetlib.media.recipes import PRESETS, RECIPES, ZOOM
from assetlib.storage.models import Blob
from assetlib.storage.names import clean_name
from assetlib.words import say

NO_PREVIEW = {
    "waiting": say("The preview is not made yet. Look again in a moment."),
    "failed": say("The preview could not be made. The file itself is kept."),
    "none": say("There is no preview of this sort of file. The file itself is kept."),
}
DAMAGED = say("This file is damaged on our side; nothing is wrong with what you did. Tell an administrator.")
NO_FORM = say("This file cannot be had in this form. Take the original.")


@dataclass(frozen=True)
class FileToSend:
    """Bytes that an actor was allowed: where the store keeps them and how they are called."""

    key: str
    file_name: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str


def preview_of(session: Session, actor: Actor, version_id: int, recipe: str, *, page: int = 1) -> FileToSend:
    """The rendition that a page shows. The only way in which pages get bytes of a rendition."""
    must_be_for_pages(recipe, recipes=RECIPES, presets=PRESETS)
    found = get_rendition(session, actor, version_id, recipe, page)
    # Tiles put together are the picture in full, so they need what a download needs.
    use: Use = "download" if recipe == ZOOM.name else "preview"
    require_bytes(actor, found.asset, found.version, use, ORIGINAL)
    if found.media_type is None or found.blob is None:
        raise NoSuchRendition(NO_PREVIEW.get(found.version.preview_state, say("There is no such preview.")))
    return _rendition_to_send(found.asset, found.original_name, found.media_type, found.blob)


def download_of(session: Session, actor: Actor, asset: Asset, version: Version, form: str) -> FileToSend:
    """The original or a preset of a version, for an actor who may have it. It does not count as a use."""
    must_be_form(form, PRESETS)
    require_bytes(actor, asset, version, "download", form)
    if form == ORIGINAL:
        return _to_send(asset, version, session.get_one(Blob, version.blob_id))
    found = session.execute(
        select(Rendition, Blob)
        .join(Blob, Blob.id == Rendition.blob_id)
        .where(Rendition.version_id == version.id, Rendition.recipe == form, Rendition.page == 1)
    ).one_or_none()
    if found is None:
        raise NoSuchRendition(NO_PREVIEW["waiting"] if version.preview_state == "waiting" else NO_FORM)
    return _to_send(asset, version, found.Blob, found.Rendition)


def get_package(session: Session, actor: Actor, public_id: str) -> Package:
    """The selection, for the person who made it, or for those who hold the link it was made by."""
    package = session.scalars(select(Package).where(Package.public_id == public_id)).one_or_none()
    if package is None or not _is_theirs(actor, package):
        raise NoSuchPackage(say("There is no such download, or it is not yours."))
    return package


def _is_theirs(actor: Actor, package: Package) -> bool:
    if package.share_id is not None:
        return package.share_id == actor.share_id
    return actor.person_id is not None and package.person_id == actor.person_id


@dataclass(frozen=True)
class PackageEntry:
    """One asset of a selection: the file that goes into the ZIP, or why it is left out."""

    asset_id: int
    ref: str
    title: str = ""
    version_id: int = 0
    version_number: int = 0
    file: FileToSend | None = None
    reason: str = ""
    credit_line: str = ""
    ends_on: str = ""


def package_entries(session: Session, actor: Actor, package: Package) -> Iterator[PackageEntry]:
    """What becomes of each asset of a selection, in its order, as things stand now.

    Five statements for each 500 assets.
    """
    ids = iter(package.asset_ids)
    while chunk := list(islice(ids, 500)):
        yield from _entries(session, actor, chunk, package.form)


def _entries(session: Session, actor: Actor, ids: Sequence[int], form: str) -> Iterator[PackageEntry]:
    assets = {
        asset.id: asset
        for asset in session.scalars(
            select(Asset)
            .where(Asset.id.in_(ids))
            .options(
                joinedload(Asset.right),
                selectinload(Asset.items),
                joinedload(Asset.current_version).options(
                    selectinload(Version.approvals), defer(Version.facts), defer(Version.embedded)
                ),
            )
        )
    }
    files = dict(_files(session, assets.values(), form))
    for each in ids:
        asset = assets.get(each)
        yield _entry(actor, each, asset, files, form)


def _entry(
    actor: Actor, asset_id: int, asset: Asset | None, files: dict[int, FileToSend | str], form: str
) -> PackageEntry:
    ref = f"AST-{asset_id:05d}"
    version = asset.current_version if asset is not None else None
    if asset is None or version is None:
        return PackageEntry(asset_id, ref, reason=NOT_YOURS.reason)
    answer = may_have_bytes(actor, asset, version, "download", form)
    if answer.code == NOT_YOURS.code:
        return PackageEntry(asset_id, ref, reason=answer.reason)
    file = files.get(version.id)
    reason = answer.reason
    if answer.is_yes:
        reason = NO_FORM if file is None else file if isinstance(file, str) else ""
    right = asset.right
    return PackageEntry(
        asset_id,
        ref,
        title=asset.title,
        version_id=version.id,
        version_number=version.number,
        file=None if reason or isinstance(file, str) else file,
        reason=reason,
        credit_line=right.credit_line if right is not None else "",
        ends_on=_last_day(actor, asset),
    )


def _last_day(actor: Actor, asset: Asset) -> str:
    """Until when the actor may use it: the end of its rights, or of what was opened to them before."""
    right = asset.right
    ends = [right.ends_on] if right is not None and right.ends_on is not None else []
    if right is not None and right.ask_first and asset.id in actor.opened_until:
        ends.append(actor.opened_until[asset.id])
    return min(ends).isoformat() if ends else ""


def _files(session: Session, assets: Iterable[Asset], form: str) -> Iterator[tuple[int, FileToSend | str]]:
    """Version id → the file in this form, or why it cannot be had, for all these assets at once."""
    versions = {
        asset.current_version.id: (asset, asset.current_version)
        for asset in assets
        if asset.current_version is not None
    }
    for version_id, blob, rendition in _kept(session, versions, form):
        asset, version = versions[version_id]
        try:
            yield version_id, _to_send(asset, version, blob, rendition)
        except FileDamaged as damaged:
            yield version_id, damaged.sentence


def _kept(
    session: Session, versions: Mapping[int, tuple[Asset, Version]], form: str
) -> Iterator[tuple[int, Blob, Rendition | None]]:
    """Version id, blob and rendition, where it is one, of this form of each version that has it."""
    if form == ORIGINAL:
        originals = (
            select(Version.id, Blob).join(Blob, Blob.id == Version.blob_id).where(Version.id.in_(versions))
        )
        for version_id, blob in session.execute(originals):
            yield version_id, blob, None
        return
    found = session.execute(
        select(Rendition, Blob)
        .join(Blob, Blob.id == Rendition.blob_id)
        .where(Rendition.version_id.in_(versions), Rendition.recipe == form, Rendition.page == 1)
    )
    for rendition, blob in found:
        yield rendition.version_id, blob, rendition


def _to_send(asset: Asset, version: Version, blob: Blob, rendition: Rendition | None = None) -> FileToSend:
    """The original of a version or a rendition of it, unless the store lost what it kept."""
    if rendition is not None:
        return _rendition_to_send(asset, version.file_name, rendition.media_type, blob)
    extension = extension_of("", version.file_name) or extension_of(version.media_type, "")
    return _file_to_send(asset, extension, version.media_type, blob)


def _rendition_to_send(
    asset: AnyAsset, original_name: str, media_type: str, blob: Blob | BlobCard
) -> FileToSend:
    return _file_to_send(asset, extension_of(media_type, original_name), media_type, blob)


def _file_to_send(asset: AnyAsset, extension: str, media_type: str, blob: Blob | BlobCard) -> FileToSend:
    if blob.damaged_at is not None:
        raise FileDamaged(DAMAGED)
    name = download_name(asset.ref, asset.title, extension, clean=clean_name)
    return FileToSend(blob.key, name, media_type, blob.size, blob.sha256)
