"""Who may read what happened."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, role_everywhere
from assetlib.words import say

SEE_AUDIT = Permission(
    "audit.see",
    role_everywhere(ADMINISTRATOR),
    say("The audit log is open to administrators."),
    token="administer",
)
