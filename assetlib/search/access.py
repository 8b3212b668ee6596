"""What an actor may know of, in the terms of an index."""

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, ROLES, Actor
from assetlib.catalog.permissions.assets import STAFF
from assetlib.search.request import Access


def access_of(actor: Actor) -> Access:
    """The same rule of sight as `catalog.queries.visibility.visible_to`; a test holds the two together."""
    moment = clock.now()
    return Access(
        now=int(moment.timestamp()),
        today=moment.date(),
        sees_everything=actor.scopes_of(*STAFF) is None,
        sees_published=actor.is_own and actor.scopes_of(*ROLES) is None,
        sees_own_uploads=actor.scopes_of(AGENCY_CONTRIBUTOR) is None,
        organisation_id=actor.organisation_id,
        collections=actor.collections if actor.scopes_of(*ROLES) is None else frozenset(),
    )
