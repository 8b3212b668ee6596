"""The rules of sight in SQL. `permissions` says the same in Python; tests hold the two together."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from assetlib.access.actor import AGENCY_CONTRIBUTOR, ROLES, Actor, Scope
from assetlib.access.prepared import assets_of, collections_of, moment, organisation_of, person_of
from assetlib.catalog.models import Asset, Collection, CollectionItem
from assetlib.catalog.permissions.assets import STAFF, UPLOADERS
from assetlib.catalog.queries.choices import HasChoice


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Assets the actor may know of, the trash excluded."""
    return and_(Asset.deleted_at.is_(None), _open_to(actor))


def trash_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Assets in the trash that the actor may know of."""
    return and_(Asset.deleted_at.is_not(None), held_for(actor, *STAFF))


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Assets the actor may know of, in the trash or not."""
    return or_(visible_to(actor), trash_visible_to(actor))


def held_for(actor: Actor, *roles: str) -> ColumnElement[bool]:
    """Assets for which the actor holds one of these roles."""
    scopes = actor.scopes_of(*roles)
    if scopes is None:
        return true()
    return or_(false(), *(_within(each) for each in scopes))


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.kind == "organisation":
        return Asset.organisation_id.in_(sorted(scope.numbers))
    return HasChoice(Asset.attributes, scope.kind, scope.keys)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    if actor.scopes_of(*STAFF) is None:
        return true()
    if not actor.has_any_role:
        return false()
    public = and_(
        Asset.state == "published",
        or_(Asset.embargo_until.is_(None), Asset.embargo_until <= moment()),
    )
    opened = held_for(actor, *ROLES)
    if not actor.is_own:
        granted = exists(
            select(CollectionItem.asset_id)
            .where(
                CollectionItem.asset_id == Asset.id,
                # By what the asset lies in, which is little, not by all that was granted: hence the sum.
                (CollectionItem.collection_id + 0).in_(collections_of(actor)),
            )
            # Only the asset is that of the statement around it, which may itself read collections.
            .correlate(Asset)
        )
        opened = and_(opened, granted)
    if actor.assets:
        opened = or_(opened, Asset.id.in_(assets_of(actor)))
    uploaded = held_for(actor, AGENCY_CONTRIBUTOR)
    if actor.person_id is not None and actor.has_role(*UPLOADERS):
        uploaded = or_(uploaded, Asset.created_by_id == person_of(actor))
    own_uploads = and_(Asset.organisation_id == organisation_of(actor), uploaded)
    return or_(held_for(actor, *STAFF), own_uploads, and_(public, opened))


def collections_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Collections the actor may know of."""
    own = Collection.owner_id == person_of(actor) if actor.person_id is not None else false()
    if not actor.has_any_role:
        return own
    granted = Collection.id.in_(collections_of(actor))
    if actor.is_own:
        return or_(own, granted, Collection.audience == "organisation")
    return or_(own, granted)
