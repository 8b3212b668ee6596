"""Who may look after people."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, any_of, role, the_house

MANAGE_PEOPLE = Permission(
    "accounts.manage_people",
    any_of(role(ADMINISTRATOR), the_house),
    "People and organisations are looked after by administrators.",
    token="administer",
)
CHANGE_OWN_PASSWORD = Permission(
    "accounts.change_own_password",
    lambda actor, person: actor.person_id is not None and actor.person_id == person.id,
    "Everybody changes their own password only.",
)
