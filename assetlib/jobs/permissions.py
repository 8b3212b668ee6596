"""Who may look after the work of the house."""

from assetlib.access.actor import ADMINISTRATOR
from assetlib.access.permission import Permission, role

SEE_JOBS = Permission(
    "jobs.see", role(ADMINISTRATOR), "The work list of the house is open to administrators."
)
REPEAT_JOB = Permission("jobs.repeat", role(ADMINISTRATOR), "Administrators let work start again.")
