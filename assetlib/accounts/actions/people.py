"""People come, change their part, and go."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, Actor
from assetlib.accounts.errors import AddressTaken, WrongPerson
from assetlib.accounts.models import Organisation, Person, RoleGrant
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules import must_be_password, must_be_person, tidy_address
from assetlib.accounts.sessions import end_sessions_of
from assetlib.audit import record


def add_person(
    session: Session, actor: Actor, organisation: Organisation, *, name: str, email: str, roles: Iterable[str]
) -> Person:
    """Somebody new; they can sign in once a password is set."""
    MANAGE_PEOPLE.require(actor)
    wanted, email = sorted(set(roles)), tidy_address(email)
    must_be_person(name=name, email=email, roles=wanted, organisation_kind=organisation.kind)
    if session.scalars(select(Person.id).where(Person.email == email)).first() is not None:
        raise _taken()
    person = Person(
        organisation_id=organisation.id,
        organisation=organisation,
        name=name,
        email=email,
        created_at=clock.now(),
        grants=[RoleGrant(role=role) for role in wanted],
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken() from error
    record(
        session,
        actor,
        "accounts.person_added",
        person,
        after={"organisation": organisation.id, "roles": wanted},
    )
    return person


def _taken() -> AddressTaken:
    return AddressTaken(
        "Somebody signs in with this address already.", fields={"email": "This address is taken."}
    )


def set_password(
    session: Session, actor: Actor, person: Person, password: str, *, password_hash: str
) -> None:
    """Give a person a new password and end all their sessions.

    `password_hash` is made by the caller before the transaction, because hashing is slow on purpose.
    """
    MANAGE_PEOPLE.require(actor)
    must_be_password(password, email=person.email)
    person.password_hash = password_hash
    end_sessions_of(session, person.id)
    record(session, actor, "accounts.password_set", person)


def set_roles(session: Session, actor: Actor, person: Person, roles: Iterable[str]) -> None:
    """Exactly these roles from now on, in open sessions too."""
    MANAGE_PEOPLE.require(actor)
    wanted = set(roles)
    person = _held(session, person)
    must_be_person(
        name=person.name, email=person.email, roles=wanted, organisation_kind=person.organisation.kind
    )
    before = person.roles
    if ADMINISTRATOR in before and ADMINISTRATOR not in wanted:
        _must_leave_an_administrator(session, person)
    person.grants = [grant for grant in person.grants if grant.role in wanted]
    person.grants += [RoleGrant(role=role) for role in sorted(wanted - before)]
    record(session, actor, "accounts.roles_set", person, before={"roles": before}, after={"roles": wanted})


def suspend_person(session: Session, actor: Actor, person: Person) -> None:
    """They cannot sign in any more, and every open session ends now."""
    MANAGE_PEOPLE.require(actor)
    person = _held(session, person)
    if ADMINISTRATOR in person.roles:
        _must_leave_an_administrator(session, person)
    end_sessions_of(session, person.id)
    _change_state(session, actor, person, "suspended", "accounts.person_suspended")


def reopen_person(session: Session, actor: Actor, person: Person) -> None:
    """They can sign in again."""
    MANAGE_PEOPLE.require(actor)
    _change_state(session, actor, person, "active", "accounts.person_reopened")


def _change_state(session: Session, actor: Actor, person: Person, state: str, action: str) -> None:
    before = person.state
    person.state = state
    record(session, actor, action, person, before={"state": before}, after={"state": state})


def _held(session: Session, person: Person) -> Person:
    """The person and their roles as they are now, until the transaction ends.

    All administrators are held too, in one order, so that two cannot dismiss each other at the same moment.
    """
    administrators = select(RoleGrant.person_id).where(RoleGrant.role == ADMINISTRATOR)
    held = session.scalars(
        select(Person)
        .where(or_(Person.id == person.id, Person.id.in_(administrators)))
        .options(selectinload(Person.grants))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    return next(each for each in held.all() if each.id == person.id)


def _must_leave_an_administrator(session: Session, person: Person) -> None:
    """Refused for the last one. Needs the administrators held."""
    others = session.execute(
        select(Person.id, Person.state)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ADMINISTRATOR)
    )
    if not any(row.state == "active" and row.id != person.id for row in others):
        raise WrongPerson("This is the last administrator. Make somebody else one first.")
