"""Assets, as pages show them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from assetlib.access.actor import Actor
from assetlib.accounts.queries import names_of
from assetlib.catalog.errors import NoSuchAsset, NoSuchVersion
from assetlib.catalog.models import Asset, CollectionItem, Rendition, Version
from assetlib.catalog.permissions.assets import SEE_ASSET, SEE_TRASH, shows_version
from assetlib.catalog.queries.visibility import trash_visible_to
from assetlib.paging import Page
from assetlib.words import say

GONE = say("There is no such asset, or it is not open to you.")
NO_VERSION = say("There is no such version, or it is not open to you.")


def get_asset(session: Session, actor: Actor, asset_id: int) -> Asset:
    """The asset with all that its page shows: versions, approvals, renditions, right, collections.

    The same number of statements for any asset. What lies in the trash is found by those who may see the
    trash. The words inside a version (`Version.text`) stay behind.
    """
    asset = find_assets(session, actor, [asset_id]).get(asset_id)
    if asset is None:
        raise NoSuchAsset(GONE)
    return asset


_IDS = bindparam("asset_ids", expanding=True, type_=Integer)
# Put together once. An asset lies in few collections and a version has few verdicts, so they come along as
# more rows of one statement; of renditions there are many.
_ASSETS = (
    select(Asset)
    .where(Asset.id.in_(_IDS))
    .options(joinedload(Asset.right), joinedload(Asset.items).joinedload(CollectionItem.collection))
    .execution_options(populate_existing=True)
)
_VERSIONS = (
    select(Version)
    .where(Version.asset_id.in_(_IDS))
    .order_by(Version.number.desc())
    .options(joinedload(Version.approvals))
    .execution_options(populate_existing=True)
)
_RENDITIONS = (
    select(Rendition)
    .join(Version, Version.id == Rendition.version_id)
    .where(Version.asset_id.in_(_IDS))
    .execution_options(populate_existing=True)
)


def find_assets(session: Session, actor: Actor, asset_ids: Sequence[int]) -> dict[int, Asset]:
    """Id → asset with the same, of those that are there and open to the actor. Three statements."""
    asked = {"asset_ids": list(asset_ids)}
    assets = session.scalars(_ASSETS, asked).unique().all()
    versions: dict[int, list[Version]] = defaultdict(list)
    renditions: dict[int, list[Rendition]] = defaultdict(list)
    for version in session.scalars(_VERSIONS, asked).unique():
        versions[version.asset_id].append(version)
    for rendition in session.scalars(_RENDITIONS, asked):
        renditions[rendition.version_id].append(rendition)
    for asset in assets:
        set_committed_value(asset, "versions", versions[asset.id])
        for version in asset.versions:
            set_committed_value(version, "renditions", renditions[version.id])
    return {asset.id: asset for asset in assets if SEE_ASSET.allows(actor, asset)}


def locked(session: Session, asset: Asset) -> Asset:
    """The same asset, read afresh and held, so that nobody changes it until this transaction ends."""
    return session.scalars(
        select(Asset)
        .where(Asset.id == asset.id)
        .options(
            joinedload(Asset.right, innerjoin=False),
            selectinload(Asset.items),
            selectinload(Asset.versions).selectinload(Version.approvals),
        )
        .with_for_update(of=Asset)
        .execution_options(populate_existing=True)
    ).one()


# Of approvals and collections there are few; what nobody needs to decide about bytes or to name them stays
# behind.
_VERSION = (
    select(Version)
    .where(Version.id == bindparam("version_id"))
    .options(
        joinedload(Version.asset, innerjoin=True).options(
            joinedload(Asset.right), joinedload(Asset.items), defer(Asset.description), defer(Asset.tags)
        ),
        joinedload(Version.approvals),
        defer(Version.facts),
        defer(Version.embedded),
        defer(Version.colours),
        defer(Version.warnings),
    )
)


def get_version(session: Session, actor: Actor, version_id: int) -> Version:
    """The version, its asset, and all that the decision about its bytes needs."""
    version = session.scalars(_VERSION, {"version_id": version_id}).unique().one_or_none()
    if version is None or not shows_version(actor, version.asset, version):
        raise NoSuchVersion(NO_VERSION)
    return version


def versions_shown_to(actor: Actor, asset: Asset) -> list[Version]:
    """The versions of an asset from `get_asset` that an actor is told of, the newest first."""
    return [version for version in asset.versions if shows_version(actor, asset, version)]


def names_around(session: Session, asset: Asset) -> dict[int, str]:
    """Person id → name, of all who made, decided or deleted something of an asset from `get_asset`."""
    wanted = [asset.created_by_id, asset.deleted_by_id]
    for version in asset.versions:
        wanted.append(version.uploaded_by_id)
        wanted += [approval.person_id for approval in version.approvals]
    return names_of(session, wanted)


def trash_page(session: Session, actor: Actor, *, number: int, size: int) -> Page[Asset]:
    """What lies in the trash, the latest deletion first."""
    SEE_TRASH.require(actor)
    where = trash_visible_to(actor)
    total = session.scalar(select(func.count()).select_from(Asset).where(where)) or 0
    rows = session.scalars(
        select(Asset)
        .where(where)
        .order_by(Asset.deleted_at.desc(), Asset.id.desc())
        .limit(size)
        .offset((number - 1) * size)
        .options(joinedload(Asset.current_version).options(defer(Version.facts), defer(Version.embedded)))
    ).all()
    return Page(rows, number, size, total)
