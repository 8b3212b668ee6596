"""Who may look after people."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, any_of, anyone, role, the_house

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
ASK_FOR_RESET = Permission("accounts.ask_for_reset", anyone)
USE_LINK = Permission("accounts.use_link", anyone)
"""Whoever holds the link; that they do is asked when it is used."""
ANSWER_FORGOTTEN = Permission("accounts.answer_forgotten", the_house, "Only the house sends these links.")
