"""A second factor is set up, used, renewed and taken away."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.codes import new_recovery_codes, new_secret, recovery_hash, seal
from assetlib.accounts.errors import NoFactor, WrongCode
from assetlib.accounts.factors import find_factor, spend_code, spend_step
from assetlib.accounts.models import Person, RecoveryCode, SecondFactor
from assetlib.accounts.permissions import GIVE_CODE, MANAGE_PEOPLE, OWN_ACCOUNT
from assetlib.accounts.sessions import end_sessions_of
from assetlib.audit import record
from assetlib.notify.telling import tell
from assetlib.words import say


def begin_second_factor(session: Session, actor: Actor, person: Person, *, key: bytes) -> str:
    """A new secret for the person's phone; nothing is asked for until a first code confirmed it."""
    OWN_ACCOUNT.require(actor, person)
    factor = find_factor(session, person.id)
    if factor is not None and factor.confirmed_at is not None:
        raise NoFactor(say("Your second factor is on already. Switch it off first to set up another phone."))
    secret = new_secret()
    if factor is None:
        factor = SecondFactor(person_id=person.id, created_at=clock.now(), secret="", last_step=0)
        session.add(factor)
    factor.secret, factor.created_at = seal(secret, key), clock.now()
    session.flush()
    record(session, actor, "accounts.second_factor_begun", person)
    return secret


def confirm_second_factor(
    session: Session, actor: Actor, person: Person, code: str, *, key: bytes, token: str
) -> list[str]:
    """Ask for codes from now on, and end the other sessions; the recovery codes, to be shown this once."""
    OWN_ACCOUNT.require(actor, person)
    factor = find_factor(session, person.id)
    if factor is None or factor.confirmed_at is not None:
        raise NoFactor(say("There is nothing to confirm. Begin anew."))
    if not spend_step(session, factor, code, key=key):
        raise wrong_code()
    factor.confirmed_at = clock.now()
    end_sessions_of(session, person.id, but=token)
    codes = _lay_codes(session, person.id)
    record(session, actor, "accounts.second_factor_on", person)
    return codes


def renew_recovery_codes(session: Session, actor: Actor, person: Person) -> list[str]:
    """Ten new recovery codes, to be shown this once; the old ones open nothing any more."""
    OWN_ACCOUNT.require(actor, person)
    factor = find_factor(session, person.id)
    if factor is None or factor.confirmed_at is None:
        raise NoFactor(say("Set up a second factor first."))
    codes = _lay_codes(session, person.id)
    record(session, actor, "accounts.recovery_codes_renewed", person)
    return codes


def give_code(session: Session, actor: Actor, person: Person, code: str, *, key: bytes) -> bool:
    """Whether the code proves who somebody is; used up, or the failed try written down."""
    GIVE_CODE.require(actor, person)
    right = spend_code(session, person.id, code, key=key)
    record(session, actor, "accounts.code_used" if right else "accounts.code_refused", person)
    return right


def remove_second_factor(session: Session, actor: Actor, person: Person) -> None:
    """Sign in without a code from now on."""
    OWN_ACCOUNT.require(actor, person)
    _take_away(session, person)
    record(session, actor, "accounts.second_factor_off", person)


def reset_second_factor(session: Session, actor: Actor, person: Person) -> None:
    """Take away a lost factor of somebody else; they are signed out everywhere and told of it."""
    MANAGE_PEOPLE.require(actor)
    _take_away(session, person)
    end_sessions_of(session, person.id)
    tell(
        session,
        [person.id],
        "account.changed",
        say("{name} took away your second factor. You sign in without a code until you set one up.",
            name=actor.name),
        say("You get this because it is about your account."),
        "/account",
    )  # fmt: skip
    record(session, actor, "accounts.second_factor_reset", person)


def wrong_code() -> WrongCode:
    sentence = say("This code is not right, or was used already. Wait for the next one and write that.")
    return WrongCode(sentence, fields={"code": sentence})


def _take_away(session: Session, person: Person) -> None:
    if find_factor(session, person.id) is None:
        raise NoFactor(say("There is no second factor to take away."))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))


def _lay_codes(session: Session, person_id: int) -> list[str]:
    codes = new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(RecoveryCode(person_id=person_id, code_hash=recovery_hash(code)) for code in codes)
    session.flush()
    return codes
