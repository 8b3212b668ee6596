"""What an actor may know of, in the terms of an index."""

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, ROLES, Actor
from assetlib.catalog.permissions.assets import STAFF, UPLOADERS
from assetlib.search.request import Access


def access_of(actor: Actor) -> Access:
    """The same rule of sight as `catalog.queries.visibility.visible_to`; a test holds the two together."""
    moment = clock.now()
    everything, uploads = actor.scopes_of(*STAFF), actor.scopes_of(AGENCY_CONTRIBUTOR)
    # Who sees all that their organisation uploads needs no word of their own uploads.
    sends = actor.has_role(*UPLOADERS) and everything is not None and uploads is not None
    return Access(
        now=int(moment.timestamp()),
        today=moment.date(),
        everything=everything,
        published=actor.scopes_of(*ROLES),
        own_uploads=uploads,
        only_granted=not actor.is_own,
        # What counts for nothing is left away: those who see the same are one to the index.
        organisation_id=actor.organisation_id if uploads is None or uploads or sends else None,
        uploader=actor.person_id if sends else None,
        collections=actor.collections if actor.has_any_role and not actor.is_own else frozenset(),
        assets=actor.assets if actor.has_any_role else frozenset(),
    )
