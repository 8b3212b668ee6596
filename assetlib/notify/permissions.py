"""Everybody has notices and choices of their own; who reads mails of others."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, role_everywhere, signed_in

SEE_NOTICES = Permission("notify.see_notices", signed_in, "Sign in first.", token="read")
CHANGE_NOTICES = Permission("notify.change_notices", signed_in, "Sign in first.", token="edit")
SEE_OUTBOX = Permission(
    "notify.see_outbox",
    role_everywhere(ADMINISTRATOR),
    "The outbox is open to administrators.",
    token="administer",
)
