"""What everybody does with the browsers in which they are signed in."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts import throttling
from assetlib.accounts.errors import NoMatch, NoSuchSession
from assetlib.accounts.models import Person, PersonSession
from assetlib.accounts.permissions import OWN_ACCOUNT
from assetlib.accounts.sessions import end_sessions_of, must_be_as_read
from assetlib.audit import record
from assetlib.words import say


def end_session(session: Session, actor: Actor, person: Person, session_id: int) -> None:
    """Sign the person out of one browser; `NoSuchSession` when it is not theirs or over."""
    OWN_ACCOUNT.require(actor, person)
    ended = session.execute(
        update(PersonSession)
        .where(
            PersonSession.id == session_id,
            PersonSession.person_id == person.id,
            PersonSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(PersonSession.id)
    ).one_or_none()
    if ended is None:
        raise NoSuchSession(say("This session has ended already."))
    record(session, actor, "accounts.session_ended", ("person_session", str(session_id)))


def end_other_sessions(session: Session, actor: Actor, person: Person, *, token: str) -> None:
    """Sign the person out of every browser but the one that holds this token."""
    OWN_ACCOUNT.require(actor, person)
    end_sessions_of(session, person.id, but=token)
    record(session, actor, "accounts.other_sessions_ended", person)


def confirm_session(session: Session, actor: Actor, person: Person, session_id: int) -> None:
    """The person proved again who they are, in this browser.

    The proof was checked against `person` before the transaction. `NoMatch` when the account changed since.
    """
    OWN_ACCOUNT.require(actor, person)
    must_be_as_read(session, person)
    session.execute(
        update(PersonSession).where(PersonSession.id == session_id).values(confirmed_at=clock.now())
    )
    throttling.forget_try(session, person.email, actor.address)
    record(session, actor, "accounts.confirmed", ("person_session", str(session_id)))


def refuse_confirmation(session: Session, actor: Actor, person: Person, *, left: int) -> NoMatch:
    """Write down that the proof was wrong; the refusal to raise once that is committed."""
    OWN_ACCOUNT.require(actor, person)
    record(session, actor, "accounts.confirmation_refused", person)
    return NoMatch(say("That was not right."), tries_left=left)
