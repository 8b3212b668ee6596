"""Who lets changes of reference data through."""

from sqlalchemy.orm import Session

from assetlib.accounts.holders import holders
from assetlib.reference.permissions import APPROVERS


def approvers(session: Session) -> list[int]:
    """People of finance and administrators, for the whole house; each once."""
    return sorted({each for role in APPROVERS for each in holders(session, role, everywhere=True)})
