"""Who sees and writes delivery specs."""

from assetlib.access.actor import ADMINISTRATOR, LIBRARIAN, PLANNER, Actor
from assetlib.access.permission import Permission, all_of, role
from assetlib.words import say


def of_the_house(actor: Actor, thing: object) -> bool:  # noqa: ARG001
    return actor.kind == "person" and actor.is_own


SEE_SPECS = Permission(
    "catalog.see_specs",
    all_of(of_the_house, lambda actor, _: actor.has_any_role),
    say("Delivery specs are open to the people of the house."),
    token="read",
)
EDIT_SPECS = Permission(
    "catalog.edit_specs",
    all_of(of_the_house, role(LIBRARIAN, PLANNER, ADMINISTRATOR)),
    say("Delivery specs are written by librarians and planners."),
    token="edit",
)
