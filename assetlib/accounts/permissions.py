"""Who may look after people."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, any_of, anyone, role, the_house
from assetlib.words import say

MANAGE_PEOPLE = Permission(
    "accounts.manage_people",
    any_of(role(ADMINISTRATOR), the_house),
    say("People and organisations are looked after by administrators."),
    token="administer",
)
CHANGE_OWN_PASSWORD = Permission(
    "accounts.change_own_password",
    lambda actor, person: actor.person_id is not None and actor.person_id == person.id,
    say("Everybody changes their own password only."),
)
ASK_FOR_RESET = Permission("accounts.ask_for_reset", anyone)
USE_LINK = Permission("accounts.use_link", anyone)
"""Whoever holds the link; that they do is asked when it is used."""
ANSWER_FORGOTTEN = Permission(
    "accounts.answer_forgotten", the_house, say("Only the house sends these links.")
)
OWN_ACCOUNT = Permission(
    "accounts.own_account",
    lambda actor, person: actor.person_id is not None and actor.person_id == person.id,
    say("Everybody looks after their own account only."),
)
GIVE_CODE = Permission("accounts.give_code", anyone)
"""Whoever has shown the right password, or is signed in; that is asked where the code is asked for."""
MAKE_TOKEN = Permission(
    "accounts.make_token",
    lambda actor, person: actor.kind == "system" or actor.person_id == person.id,
    say("Everybody makes tokens for themselves only."),
)
REVOKE_TOKEN = Permission(
    "accounts.revoke_token",
    lambda actor, token: actor.person_id == token.person_id or MANAGE_PEOPLE.clause(actor, None),
    say("Tokens are revoked by their owners and by administrators."),
)
COME_BY_IDENTITY = Permission("accounts.come_by_identity", anyone)
"""Whoever the company's sign-in vouches for; that it does is asked where they come back from it."""
