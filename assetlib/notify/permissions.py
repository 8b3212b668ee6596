"""Everybody has notices and choices of their own; who reads mails of others."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, role_everywhere, signed_in
from assetlib.words import say

SEE_NOTICES = Permission("notify.see_notices", signed_in, say("Sign in first."), token="read")
CHANGE_NOTICES = Permission("notify.change_notices", signed_in, say("Sign in first."), token="edit")
SEE_OUTBOX = Permission(
    "notify.see_outbox",
    role_everywhere(ADMINISTRATOR),
    say("The outbox is open to administrators."),
)
