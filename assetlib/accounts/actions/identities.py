"""People who come in by their company's own sign-in."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts import throttling
from assetlib.accounts.errors import NoMatch
from assetlib.accounts.links import hold_with_organisation
from assetlib.accounts.models import Identity, Person
from assetlib.accounts.permissions import COME_BY_IDENTITY
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.rules import is_address, is_name, tidy_address
from assetlib.accounts.sessions import find_person, may_sign_in
from assetlib.audit import record
from assetlib.words import say


def come_by_identity(
    session: Session,
    actor: Actor,
    *,
    issuer: str,
    subject: str,
    email: str,
    email_is_verified: bool,
    name: str,
    create: bool,
) -> Person:
    """The person that the company's sign-in vouches for; `NoMatch` for everybody who may not come in.

    At the first time somebody is known by their verified address, from then on by issuer and subject alone:
    an address can be given to somebody else. With `create`, whoever is unknown becomes one of our own people,
    without a role.
    """
    COME_BY_IDENTITY.require(actor)
    known = session.scalars(
        select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    ).one_or_none()
    if known is not None:
        person = hold_with_organisation(session, session.get_one(Person, known.person_id))
    else:
        found = _by_address(session, issuer, email) if email_is_verified else None
        if found is None and create and email_is_verified and find_person(session, email) is None:
            found = _new_person(session, actor, email, name)
        if found is None:
            raise unknown()
        person = hold_with_organisation(session, found)
        if person.email != tidy_address(email) or person.state not in ("invited", "active"):
            raise unknown()
        row = Identity(person_id=person.id, issuer=issuer, subject=subject, created_at=clock.now())
        session.add(row)
        session.flush()
        record(session, actor, "accounts.identity_learned", person)
    if person.state == "invited" and person.organisation.state in ("invited", "active"):
        person.state = "active"
        person.organisation.state = "active"
        record(session, actor, "accounts.invitation_used", person)
    if not may_sign_in(person):
        raise unknown()
    return person


def refuse_identity(
    session: Session, actor: Actor, *, issuer: str, subject: str, code: str, confirming: int | None = None
) -> None:
    """Write down that somebody came back from the company's sign-in and was not let in, and why: `code`.

    `confirming` is the person who was to prove anew that it is them. `TooManyTries` when enough was written
    down of this network. The subject, empty where none is known, is kept as a part of its sha256 only.
    """
    COME_BY_IDENTITY.require(actor)
    throttling.count_try(session, (throttling.SINGLE_REFUSED, actor.address))
    if confirming is not None:
        record(session, actor, "accounts.confirmation_refused", ("person", str(confirming)), why=code)
        return
    tried = hashlib.sha256(f"{issuer}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    record(session, actor, "accounts.sign_in_refused", ("sign_in", tried if subject else "oidc"), why=code)


def whose_identity(session: Session, issuer: str, subject: str) -> int | None:
    """The person whom the company's sign-in named so before. Nothing is learned, and nobody let in."""
    return session.scalar(
        select(Identity.person_id).where(Identity.issuer == issuer, Identity.subject == subject)
    )


def unknown() -> NoMatch:
    return NoMatch(
        say("Your company's sign-in knows you, but no account here is open to you. Ask to be invited.")
    )


def _by_address(session: Session, issuer: str, email: str) -> Person | None:
    """Somebody who was invited or is here, and whom this issuer has not named otherwise before."""
    person = find_person(session, email)
    if person is None or person.state not in ("invited", "active"):
        return None
    other = session.scalars(
        select(Identity.id).where(Identity.person_id == person.id, Identity.issuer == issuer)
    ).first()
    return person if other is None else None


def _new_person(session: Session, actor: Actor, email: str, name: str) -> Person | None:
    own = find_own_organisation(session)
    if own is None or not is_address(tidy_address(email)):
        return None
    person = Person(
        organisation_id=own.id,
        organisation=own,
        name=name if is_name(name) else tidy_address(email).partition("@")[0],
        email=tidy_address(email),
        state="active",
        created_at=clock.now(),
    )
    session.add(person)
    session.flush()
    record(session, actor, "accounts.person_added", person, after={"organisation": own.id, "roles": []})
    return person
