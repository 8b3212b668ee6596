"""What an actor may know of, in the terms of an index."""

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, ROLES, Actor
from assetlib.catalog.permissions.assets import STAFF
from assetlib.search.request import Access


def access_of(actor: Actor) -> Access:
    """The same rule of sight as `catalog.queries.visibility.visible_to`; a test holds the two together."""
    moment = clock.now()
    uploads = actor.scopes_of(AGENCY_CONTRIBUTOR)
    return Access(
        now=int(moment.timestamp()),
        today=moment.date(),
        everything=actor.scopes_of(*STAFF),
        published=actor.scopes_of(*ROLES),
        own_uploads=uploads,
        only_granted=not actor.is_own,
        # What counts for nothing is left away: those who see the same are one to the index.
        organisation_id=actor.organisation_id if uploads is None or uploads else None,
        collections=actor.collections if actor.has_any_role and not actor.is_own else frozenset(),
        assets=actor.assets if actor.has_any_role else frozenset(),
    )
