"""Who may see and change collections."""

from typing import TYPE_CHECKING

from assetlib.access.actor import Actor
from assetlib.access.permission import Permission, all_of, any_of, role_everywhere
from assetlib.catalog.permissions.assets import STAFF, staff
from assetlib.words import say

if TYPE_CHECKING:
    from assetlib.catalog.models import Collection


# A collection has no brand or region: those of others are changed by librarians for the whole library.
staff_of_all = role_everywhere(*STAFF)


def of_own_house(actor: Actor, thing: object) -> bool:  # noqa: ARG001
    return actor.is_own and actor.has_any_role


def owner(actor: Actor, collection: "Collection") -> bool:
    return actor.person_id is not None and collection.owner_id == actor.person_id


def shared(actor: Actor, collection: "Collection") -> bool:  # noqa: ARG001
    return collection.audience == "organisation"


def granted(actor: Actor, collection: "Collection") -> bool:
    return actor.has_any_role and collection.id in actor.collections


def sees_collection(actor: Actor, collection: "Collection") -> bool:
    """The rule of sight. `queries.visibility` says the same in SQL, a test holds them together."""
    if owner(actor, collection) or granted(actor, collection):
        return True
    return shared(actor, collection) and of_own_house(actor, collection)


SEE_COLLECTION = Permission(
    "catalog.see_collection",
    sees_collection,
    say("There is no such collection, or it is not open to you."),
    token="read",
)
MAKE_COLLECTION = Permission(
    "catalog.make_collection",
    of_own_house,
    say("Collections are made by the house's own people."),
    token="edit",
)
EDIT_COLLECTION = Permission(
    "catalog.edit_collection",
    any_of(owner, all_of(shared, staff_of_all)),
    say("Only its owner changes this collection, or a librarian if it is open to the organisation."),
    token="edit",
)
FILL_OPENED_COLLECTION = Permission(
    "catalog.fill_opened_collection",
    staff,
    say("Agencies or partners see what lies there. Ask a librarian to put it in."),
    token="edit",
)
OPEN_TO_OTHERS = Permission(
    "catalog.open_to_others",
    staff_of_all,
    say("You open to others only what you are a librarian for. Ask a librarian for the whole library."),
    token="edit",
)
GRANT_COLLECTION = Permission(
    "catalog.grant_collection",
    all_of(shared, any_of(staff_of_all, all_of(owner, staff))),
    say("Librarians open collections to others, once the organisation can see them."),
    token="edit",
)
