"""Who may look after the work of the house."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, role
from assetlib.words import say

SEE_JOBS = Permission(
    "jobs.see",
    role(ADMINISTRATOR),
    say("The work list of the house is open to administrators."),
    token="administer",
)
REPEAT_JOB = Permission(
    "jobs.repeat", role(ADMINISTRATOR), say("Administrators let work start again."), token="administer"
)
