"""Who looks at a bulk edit, ends one that cannot go on, and takes it up again.

`permissions.assets` says who makes one.
"""

from typing import TYPE_CHECKING

from assetlib.access.actor import Actor
from assetlib.access.permission import Permission, the_house
from assetlib.catalog.permissions.assets import STAFF
from assetlib.words import say

if TYPE_CHECKING:
    from assetlib.catalog.models import BulkEdit


def theirs(actor: Actor, bulk_edit: "BulkEdit | None") -> bool:
    """Librarians for the whole library see every one; whose role has a scope, those they made."""
    if not actor.roles.isdisjoint(STAFF):
        return True
    return bulk_edit is not None and actor.has_role(*STAFF) and bulk_edit.person_id == actor.person_id


SEE_BULK_EDIT = Permission(
    "catalog.see_bulk_edit",
    theirs,
    say("There is no such bulk edit. It may have been cleared away: choose the assets again."),
    token="read",
)

BREAK_OFF_BULK_EDIT = Permission(
    "catalog.break_off_bulk_edit", the_house, say("The house breaks off what its person may not go on with.")
)
TAKE_UP_BULK_EDIT = Permission(
    "catalog.take_up_bulk_edit",
    the_house,
    say("The house takes up again what it broke off by its own fault."),
)
