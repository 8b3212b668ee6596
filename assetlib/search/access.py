"""What an actor may know of, in the terms of an index."""

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.catalog.permissions.assets import STAFF
from assetlib.search.request import Access


def access_of(actor: Actor) -> Access:
    """The same rule of sight as `catalog.queries.visibility.visible_to`; a test holds the two together."""
    moment = clock.now()
    return Access(
        now=int(moment.timestamp()),
        today=moment.date(),
        sees_everything=actor.has_role(*STAFF),
        sees_published=actor.is_own and bool(actor.roles),
        sees_own_uploads=actor.has_role(AGENCY_CONTRIBUTOR),
        organisation_id=actor.organisation_id,
        collections=actor.collections if actor.roles else frozenset(),
    )
