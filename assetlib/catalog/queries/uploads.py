"""What is known of the bytes that somebody sent."""

from dataclasses import dataclass

from sqlalchemy import select
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


def twins_of_upload(session: Session, actor: Actor, upload: Upload) -> list[Twin]:
    """The twins of what an upload became; none while it is not there."""
    if upload.asset_id is None:
        return []
    version = session.scalars(
        select(Version).where(Version.asset_id == upload.asset_id, Version.number == upload.version_number)
    ).one_or_none()
    return twins_of(session, actor, version) if version is not None else []


def twins_of(session: Session, actor: Actor, version: Version) -> list[Twin]:
    """What held the same bytes when this version came, as far as the actor may know of it now."""
    noted = {each["asset_id"]: each["version"] for each in reversed(version.facts.get("same_as", []))}
    if not noted:
        return []
    assets = session.scalars(
        select(Asset)
        .where(Asset.id.in_(noted), visible_to(actor))
        .options(selectinload(Asset.versions))
        .order_by(Asset.id)
    ).all()
    held = (version.sha256, version.size)
    return [
        Twin(
            asset,
            noted[asset.id],
            asset.id != version.asset_id
            and ADD_VERSION.allows(actor, asset)
            and held not in in_front(asset).values(),
        )
        for asset in assets
    ]
