"""What is known of the bytes that somebody sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from assetlib.access.actor import Actor
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.permissions.assets import ADD_VERSION
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.versions import Held
from assetlib.storage.models import Upload


@dataclass(frozen=True)
class Twin:
    """A version that holds the same bytes as another one."""

    asset: Asset
    number: int
    takes_it: bool
    """Whether the actor may add these bytes to the asset, where they are not in front already."""


def in_front(asset: Asset) -> dict[int, Held]:
    """Number → bytes, of the newest version and the one in force."""
    newest = asset.versions[0].id if asset.versions else None
    return {
        each.number: (each.sha256, each.size)
        for each in asset.versions
        if each.id in (newest, asset.current_version_id)
    }


def twins_of_uploads(
    session: Session, actor: Actor, uploads: Sequence[Upload]
) -> dict[tuple[int, int], list[Twin]]:
    """Asset id and number of a version → its twins, for what these uploads became."""
    versions = session.scalars(
        select(Version).where(
            tuple_(Version.asset_id, Version.number).in_(
                [(each.asset_id, each.version_number) for each in uploads if each.asset_id is not None]
            )
        )
    ).all()
    twins = twins_of_each(session, actor, versions)
    return {(each.asset_id, each.number): twins[each.id] for each in versions}


def twins_of(session: Session, actor: Actor, version: Version) -> list[Twin]:
    """What held the same bytes when this version came, as far as the actor may know of it now."""
    return twins_of_each(session, actor, [version])[version.id]


def twins_of_each(session: Session, actor: Actor, versions: Sequence[Version]) -> dict[int, list[Twin]]:
    """Version id → the same, for many versions in as many statements as for one."""
    noted = {
        version.id: {each["asset_id"]: each["version"] for each in reversed(version.facts.get("same_as", []))}
        for version in versions
    }
    wanted = {asset_id for each in noted.values() for asset_id in each}
    if not wanted:
        return {version_id: [] for version_id in noted}
    assets = session.scalars(
        select(Asset)
        .where(Asset.id.in_(wanted), visible_to(actor))
        .options(selectinload(Asset.versions))
        .order_by(Asset.id)
    ).all()
    return {
        version.id: [
            _twin(actor, version, asset, noted[version.id][asset.id])
            for asset in assets
            if asset.id in noted[version.id]
        ]
        for version in versions
    }


def _twin(actor: Actor, version: Version, asset: Asset, number: int) -> Twin:
    brings_something = (version.sha256, version.size) not in in_front(asset).values()
    is_another = asset.id != version.asset_id
    return Twin(asset, number, is_another and brings_something and ADD_VERSION.allows(actor, asset))
