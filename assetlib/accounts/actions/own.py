"""What everybody does with their own account."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts import throttling
from assetlib.accounts.actions.tokens import revoke_token
from assetlib.accounts.errors import NoMatch
from assetlib.accounts.links import end_links_of
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import CHANGE_OWN_PASSWORD, OWN_ACCOUNT
from assetlib.accounts.rules import must_be_password
from assetlib.accounts.rules.language import must_be_readable
from assetlib.accounts.sessions import end_sessions_of, must_be_as_read
from assetlib.accounts.tokens import tokens_of
from assetlib.audit import record
from assetlib.words import say


def change_own_password(
    session: Session,
    actor: Actor,
    person: Person,
    password: str,
    *,
    password_hash: str,
    token: str,
    revoke_tokens: bool = False,
) -> None:
    """Give oneself a new password; every browser but the one of this token is signed out, every link is over.

    Programs act on in one's name, unless their tokens are to be revoked too.

    The old one was checked against `person` before the transaction, as the new one was hashed: both are slow
    on purpose. `NoMatch` when the account changed since.
    """
    CHANGE_OWN_PASSWORD.require(actor, person)
    must_be_password(password, email=person.email, name=person.name)
    must_be_as_read(session, person)
    held = session.get_one(Person, person.id)
    held.password_hash = password_hash
    end_sessions_of(session, person.id, but=token)
    end_links_of(session, person.id)
    throttling.forget_try(session, person.email, actor.address)
    record(session, actor, "accounts.password_changed", held)
    if revoke_tokens:
        for row in tokens_of(session, person.id):
            revoke_token(session, actor, row)


def refuse_password_change(session: Session, actor: Actor, person: Person, *, left: int) -> NoMatch:
    """Write down that the old password was wrong; the refusal to raise once that is committed."""
    CHANGE_OWN_PASSWORD.require(actor, person)
    record(session, actor, "accounts.password_change_refused", person)
    sentence = say("This is not your present password.")
    return NoMatch(sentence, tries_left=left, fields={"old": sentence})


def set_language(
    session: Session, actor: Actor, person: Person, *, language: str | None, time_zone: str | None
) -> None:
    """Read in this language and by this clock from now on, in open windows too; None: as the browser says."""
    OWN_ACCOUNT.require(actor, person)
    must_be_readable(language=language, time_zone=time_zone)
    before = {"language": person.locale, "time_zone": person.time_zone}
    after = {"language": language, "time_zone": time_zone}
    if before == after:
        return
    person.locale, person.time_zone = language, time_zone
    record(session, actor, "accounts.language_set", person, before=before, after=after)
