"""Signing in and out, and who stands behind a cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts import throttling
from assetlib.accounts.errors import NoMatch, ShutOut
from assetlib.accounts.models import Organisation, Person, PersonSession, SecondFactor
from assetlib.accounts.passwords import matches
from assetlib.accounts.queries import Somebody
from assetlib.accounts.rules import is_address, tidy_address
from assetlib.audit import record
from assetlib.database import rows_of
from assetlib.words import say

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_person(session: Session, email: str) -> Person | None:
    """The person of an address, with organisation and roles."""
    if not is_address(tidy_address(email)):
        return None
    return session.scalars(
        select(Person)
        .where(Person.email == tidy_address(email))
        .options(joinedload(Person.organisation), selectinload(Person.grants))
    ).one_or_none()


def may_sign_in(person: Somebody) -> bool:
    return person.state == "active" and person.organisation.state == "active"


def can_come_in() -> ColumnElement[bool]:
    """People who `may_sign_in`, in a statement that reads `Person`."""
    open_ones = select(Organisation.id).where(Organisation.state == "active")
    return and_(Person.state == "active", Person.organisation_id.in_(open_ones))


def is_password_of(person: Person | None, password: str) -> bool:
    """Whether it is the password of this account, open or not. Slow on purpose, as `check_password` is."""
    return matches(person.password_hash if person is not None else None, password)


def check_password(person: Person | None, password: str) -> bool:
    """Whether this password opens this account. Slow on purpose: call it with no transaction open."""
    right = is_password_of(person, password)
    return right and person is not None and may_sign_in(person)


def open_session(
    session: Session,
    person: Person,
    *,
    address: str,
    browser: str,
    request_id: str = "",
    way: str = "password",
) -> str:
    """Sign the person in; the token that goes into the cookie, 256 random bits.

    `NoMatch` when the account was suspended or got another password since `person` was read.
    """
    must_be_as_read(session, person)
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    row = PersonSession(
        token_hash=hash_of(token),
        person_id=person.id,
        created_at=moment,
        seen_at=moment,
        confirmed_at=moment,
        address=address,
        browser=browser[:200],
        way=way,
    )
    session.add(row)
    session.flush()
    throttling.forget_try(session, person.email, address)
    record(session, _named(person, address, request_id), "accounts.signed_in", row)
    return token


def must_be_as_read(session: Session, person: Person) -> None:
    """Nothing, or `NoMatch` when the account was suspended or got another password since; it is held now."""
    now = session.execute(
        select(Person.password_hash, Person.state, Organisation.state.label("organisation_state"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person.id)
        .with_for_update(of=Person)
    ).one_or_none()
    if (
        now is None
        or (now.state, now.organisation_state) != ("active", "active")
        or now.password_hash != person.password_hash
    ):
        raise NoMatch(say("The account changed meanwhile. Try again."))


def must_still_be_here(session: Session, actor: Actor) -> None:
    """Nothing, or `ShutOut` when the person who acts was shut out since they were let in; they are held now.

    Asked before something is made that is theirs: nothing is left with somebody who has gone.
    """
    if actor.person_id is None:
        return
    held = select(Person.state).where(Person.id == actor.person_id)
    if session.scalar(held.with_for_update(read=True, key_share=True)) != "active":
        raise ShutOut(say("This account is closed."))


def refuse_sign_in(session: Session, email: str, *, left: int, address: str, request_id: str = "") -> NoMatch:
    """Write the failed try down; the refusal to raise once that is committed."""
    actor = Actor(kind="anonymous", name="Nobody", address=address, request_id=request_id)
    tried = hashlib.sha256(tidy_address(email).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    record(session, actor, "accounts.sign_in_refused", ("sign_in", tried))
    return NoMatch(say("Address and password do not match."), tries_left=left)


def refuse_who_is_shut_out(
    session: Session, person: Person, *, house: str, address: str, request_id: str = ""
) -> ShutOut:
    """Write down that somebody who may not came with the right password; the refusal to raise then.

    It says why: whoever knows the password learns nothing that they should not, and would else try others.
    """
    throttling.give_back_try(session, person.email, address)
    record(session, _named(person, address, request_id), "accounts.sign_in_refused", person)
    if person.organisation.state != "active":
        closed = person.organisation.name
        return ShutOut(
            say("{name} is not open here now. Ask an administrator of {house}.", name=closed, house=house)
        )
    match person.state:
        case "suspended":
            return ShutOut(say("Your account is suspended. Ask an administrator of {house}.", house=house))
        case "closed":
            return ShutOut(say("Your account is closed. Ask an administrator of {house}.", house=house))
    return ShutOut(say("Your account is not open yet. Use the link in your invitation."))


def close_session(session: Session, actor: Actor, token: str) -> None:
    """Sign out: this browser only."""
    row = session.scalars(
        select(PersonSession).where(PersonSession.token_hash == hash_of(token))
    ).one_or_none()
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        record(session, actor, "accounts.signed_out", row)


def end_sessions_of(session: Session, person_id: int, *, but: str = "") -> None:
    """End every session of a person, in all browsers but the one that holds this token."""
    session.execute(
        update(PersonSession)
        .where(
            PersonSession.person_id == person_id,
            PersonSession.ended_at.is_(None),
            PersonSession.token_hash != hash_of(but),
        )
        .values(ended_at=clock.now())
    )


def end_sessions_of_organisation(session: Session, organisation_id: int) -> None:
    """All its people are signed out, and stay so when it is open again. One statement."""
    theirs = select(Person.id).where(Person.organisation_id == organisation_id)
    session.execute(
        update(PersonSession)
        .where(PersonSession.person_id.in_(theirs), PersonSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


class _Organisation(NamedTuple):
    name: str
    kind: str
    state: str


class _Person(NamedTuple):
    id: int
    name: str
    email: str
    state: str
    locale: str | None
    time_zone: str | None
    organisation_id: int
    organisation: _Organisation


class SignedInHere(NamedTuple):
    """A living session, and who is signed in by it."""

    id: int
    seen_at: datetime
    confirmed_at: datetime | None
    has_factor: bool
    """They are asked for a code when they sign in."""
    person: Somebody


# Put together once, and asked for columns alone: every request sends this.
_SIGNED_IN = (
    select(
        PersonSession.id.label("session_id"),
        PersonSession.seen_at,
        PersonSession.confirmed_at,
        SecondFactor.confirmed_at.label("factor_since"),
        Person.id,
        Person.name,
        Person.email,
        Person.state,
        Person.locale,
        Person.time_zone,
        Person.organisation_id,
        Organisation.name.label("organisation_name"),
        Organisation.kind,
        Organisation.state.label("organisation_state"),
    )
    .join(Person, Person.id == PersonSession.person_id)
    .join(Organisation, Organisation.id == Person.organisation_id)
    .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
    .where(
        PersonSession.token_hash == bindparam("token_hash"),
        PersonSession.ended_at.is_(None),
        PersonSession.seen_at > bindparam("seen"),
        PersonSession.created_at > bindparam("created"),
    )
)


def find_signed_in(session: Session, token: str) -> SignedInHere | None:
    """The living session of a cookie's token, with the person it is of; None when it is over."""
    moment = clock.now()
    asked = {"token_hash": hash_of(token), "seen": moment - IDLE, "created": moment - ABSOLUTE}
    for row in rows_of(session, _SIGNED_IN, asked):
        person = _Person(
            row.id,
            row.name,
            row.email,
            row.state,
            row.locale,
            row.time_zone,
            row.organisation_id,
            _Organisation(row.organisation_name, row.kind, row.organisation_state),
        )
        if may_sign_in(person):
            has_factor = row.factor_since is not None
            return SignedInHere(row.session_id, row.seen_at, row.confirmed_at, has_factor, person)
    return None


def whose_session(session: Session, token: str) -> int | None:
    """The person whose session this token was or is, also when it is over; None when it never was."""
    return session.scalar(select(PersonSession.person_id).where(PersonSession.token_hash == hash_of(token)))


def lives_on(session: Session, session_id: int) -> bool:
    """Whether a session in which something is still being sent was not ended, and is not too old.

    Who waits for a large file asks for nothing else meanwhile, so how long they were idle is not looked at.
    """
    living = select(PersonSession.id).where(
        PersonSession.id == session_id,
        PersonSession.ended_at.is_(None),
        PersonSession.created_at > clock.now() - ABSOLUTE,
    )
    return session.scalar(living) is not None


def living_sessions() -> ColumnElement[bool]:
    """Sessions that still open something."""
    moment = clock.now()
    return and_(
        PersonSession.ended_at.is_(None),
        PersonSession.seen_at > moment - IDLE,
        PersonSession.created_at > moment - ABSOLUTE,
    )


def living_sessions_of(session: Session, person_id: int) -> list[PersonSession]:
    """Every browser in which the person is signed in, the one used last first."""
    return list(
        session.scalars(
            select(PersonSession)
            .where(PersonSession.person_id == person_id, living_sessions())
            .order_by(PersonSession.seen_at.desc(), PersonSession.id.desc())
        )
    )


def touch_session(session: Session, session_id: int) -> None:
    """Note that the session is in use, at most once a minute."""
    session.execute(update(PersonSession).where(PersonSession.id == session_id).values(seen_at=clock.now()))


def needs_touch(seen_at: datetime) -> bool:
    return seen_at < clock.now() - SEEN_EVERY


def forget_old_sessions(session: Session) -> None:
    """Drop rows of sessions that ended long ago."""
    session.execute(
        PersonSession.__table__.delete().where(  # type: ignore[attr-defined]  # __table__ is a Table here
            or_(
                PersonSession.created_at < clock.now() - 4 * ABSOLUTE,
                PersonSession.ended_at < clock.now() - 4 * ABSOLUTE,
            )
        )
    )


def _named(person: Person, address: str, request_id: str) -> Actor:
    return Actor(
        kind="person",
        name=person.name,
        person_id=person.id,
        organisation_id=person.organisation_id,
        address=address,
        request_id=request_id,
    )
