"""The rules of sight in SQL. `permissions` says the same in Python; tests hold the two together."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.catalog.models import Asset, Collection, CollectionItem
from assetlib.catalog.permissions.assets import STAFF


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Assets the actor may know of, the trash excluded."""
    return and_(Asset.deleted_at.is_(None), _open_to(actor))


def trash_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Assets in the trash that the actor may know of."""
    return Asset.deleted_at.is_not(None) if actor.has_role(*STAFF) else false()


def _open_to(actor: Actor) -> ColumnElement[bool]:
    if actor.has_role(*STAFF):
        return true()
    if not actor.roles:
        return false()
    public = and_(
        Asset.state == "published",
        or_(Asset.embargo_until.is_(None), Asset.embargo_until <= clock.now()),
    )
    if not actor.is_own:
        granted = exists(
            select(CollectionItem.asset_id)
            .where(CollectionItem.asset_id == Asset.id, CollectionItem.collection_id.in_(actor.collections))
            # Only the asset is that of the statement around it, which may itself read collections.
            .correlate(Asset)
        )
        public = and_(public, granted)
    if actor.has_role(AGENCY_CONTRIBUTOR):
        return or_(public, Asset.organisation_id == actor.organisation_id)
    return public


def collections_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Collections the actor may know of."""
    own = Collection.owner_id == actor.person_id if actor.person_id is not None else false()
    if not actor.roles:
        return own
    granted = Collection.id.in_(actor.collections)
    if actor.is_own:
        return or_(own, granted, Collection.audience == "organisation")
    return or_(own, granted)
