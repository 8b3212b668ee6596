"""Who may make links for people without an account, and who looks after them."""

from typing import TYPE_CHECKING

from assetlib.access.actor import ADMINISTRATOR, LIBRARIAN, Actor
from assetlib.access.permission import Permission
from assetlib.catalog.permissions.assets import SHARE
from assetlib.words import say

if TYPE_CHECKING:
    from assetlib.catalog.models import Share


def sees_all_shares(actor: Actor) -> bool:
    """Links may reach anything, so those who see all of them look after everything."""
    return actor.kind == "person" and not actor.roles.isdisjoint((ADMINISTRATOR, LIBRARIAN))


def made_it(actor: Actor, share: "Share") -> bool:
    return actor.kind == "person" and actor.person_id is not None and share.maker_id == actor.person_id


SEE_SHARES = Permission("catalog.see_shares", SHARE.clause, SHARE.refusal, token="read")
GIVE_BY_SHARE = Permission("catalog.give_by_share", SHARE.clause, SHARE.refusal, token="download")
"""A link that gives files takes more of a token than one that is for looking: no program gets by a link what
it does not get itself."""
CHANGE_SHARE = Permission(
    "catalog.change_share",
    lambda actor, share: SHARE.clause(actor, None) and made_it(actor, share),
    say("A link is changed by the person who made it. You can take it back."),
    token="edit",
)
TAKE_BACK = Permission("catalog.take_back_shares", SHARE.clause, SHARE.refusal, token="edit")
"""Whoever may make links may come to take one back; which one is asked by `REVOKE_SHARE`."""
REVOKE_SHARE = Permission(
    "catalog.revoke_share",
    lambda actor, share: made_it(actor, share) or sees_all_shares(actor),
    say("A link is taken back by the person who made it, or by a librarian."),
    token="edit",
)
