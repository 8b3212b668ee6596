"""What happens to old sessions and counters."""

from assetlib.accounts.sessions import forget_old_sessions
from assetlib.accounts.throttling import forget_old as forget_old_tries
from assetlib.jobs.work import Work


def forget_old(work: Work) -> None:
    """Drop sessions and sign-in counters that nobody needs any more."""
    with work.database.transaction() as session:
        forget_old_sessions(session)
        forget_old_tries(session)
