"""What happens to old sessions and counters, and to those who forgot their password."""

from assetlib.access.actor import SYSTEM
from assetlib.accounts.actions.links import send_reset
from assetlib.accounts.models import Person
from assetlib.accounts.sessions import forget_old_sessions
from assetlib.accounts.throttling import forget_old as forget_old_tries
from assetlib.jobs.work import Work


def forget_old(work: Work) -> None:
    """Drop sessions and sign-in counters that nobody needs any more."""
    with work.database.transaction() as session:
        forget_old_sessions(session)
        forget_old_tries(session)


def answer_forgotten(work: Work, *, person_id: int) -> None:
    """Mail a link to whoever asked for a new password, if there is such a person."""
    with work.database.transaction() as session:
        person = session.get(Person, person_id)
        if person is not None:
            send_reset(session, SYSTEM, person)
