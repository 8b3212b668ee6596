"""People come, are shut out and let in again."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.administrators import hold, must_leave_another
from assetlib.accounts.actions.grants import rows_of, spelled
from assetlib.accounts.actions.links import send_invitation
from assetlib.accounts.errors import AddressTaken, PersonChanged, WrongPerson
from assetlib.accounts.links import end_links_of
from assetlib.accounts.models import Group, GroupMember, Identity, OneTimeLink, Organisation, Person
from assetlib.accounts.moving import tell_of_other_address
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries.bulk import Staged
from assetlib.accounts.rules import must_be_password, must_be_person, tidy_address
from assetlib.accounts.rules.leaving import NOT_NOW, WAYS_OF_A_PERSON, must_be_reason, must_follow
from assetlib.accounts.rules.newcomers import must_be_newcomer, must_be_open
from assetlib.accounts.rules.oneself import NOT_SUSPENDED, must_be_another
from assetlib.accounts.rules.roles import NOTHING_KNOWN, Known, RoleAt, roles_at
from assetlib.accounts.sessions import end_sessions_of
from assetlib.audit import record
from assetlib.words import say


def invite_person(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    roles: Iterable[str | RoleAt],
    groups: Sequence[Group] = (),
    known: Known = NOTHING_KNOWN,
    message: str = "",
) -> Person:
    """Somebody new, who gets a mail with a link and chooses a password themself."""
    MANAGE_PEOPLE.require(actor)
    person = _new(session, organisation, "invited", name, email, roles, groups, known, message)
    _record_new(session, actor, person, roles, groups, "accounts.person_invited")
    send_invitation(session, actor, person, message=message)
    return person


def invite_again(session: Session, actor: Actor, person: Person, *, message: str = "") -> None:
    """A new link; the one before opens nothing any more."""
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    if person.state != "invited":
        raise WrongPerson(NOT_NOW[person.state])
    must_be_open(person.organisation.state)
    if not person.grants and not person.memberships:
        raise WrongPerson(say("Give this person a role first, then invite them."))
    send_invitation(session, actor, person, message=message)
    record(session, actor, "accounts.person_invited_again", person)


def add_person(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    email: str,
    roles: Iterable[str | RoleAt],
    groups: Sequence[Group] = (),
    known: Known = NOTHING_KNOWN,
) -> Person:
    """Somebody new without a mail; they can sign in once a password is set."""
    MANAGE_PEOPLE.require(actor)
    person = _new(session, organisation, "active", name, email, roles, groups, known)
    if organisation.state == "invited":
        organisation.state = "active"
    _record_new(session, actor, person, roles, groups, "accounts.person_added")
    return person


def change_person(
    session: Session,
    actor: Actor,
    person: Person,
    *,
    name: str,
    email: str,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Another name or address; whoever signed in with the old one stays signed in.

    With another address, no link that was sent to the old one opens anything any more. `seen` is what was
    read before, of `name` and `email`; if somebody wrote another one since, nothing is changed.
    """
    MANAGE_PEOPLE.require(actor)
    person, email = hold(session, person), tidy_address(email)
    if person.erased_at is not None:
        raise WrongPerson(say("Name and address of this person are erased for good."))
    there, wanted = {"name": person.name, "email": person.email}, {"name": name, "email": email}
    if any(there[key] not in (then, wanted[key]) for key, then in (seen or {}).items()):
        raise PersonChanged(
            say("Someone changed name or address while you were looking at them."), current=there
        )
    must_be_person(name=name, email=email, roles=[], organisation_kind=person.organisation.kind)
    if email != person.email:
        _must_be_free(session, email)
    old = person.email
    changed = [key for key, value in (("name", name), ("email", email)) if getattr(person, key) != value]
    person.name, person.email = name, email
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken() from error
    if "email" in changed:
        end_links_of(session, person.id)
        tell_of_other_address(session, actor, person, old)
    record(session, actor, "accounts.person_changed", person, fields=changed)


def set_password(
    session: Session, actor: Actor, person: Person, password: str, *, password_hash: str
) -> None:
    """Give a person a new password and end all their sessions and links.

    `password_hash` is made by the caller before the transaction, because hashing is slow on purpose.
    """
    MANAGE_PEOPLE.require(actor)
    must_be_password(password, email=person.email)
    person.password_hash = password_hash
    end_sessions_of(session, person.id)
    end_links_of(session, person.id)
    record(session, actor, "accounts.password_set", person)


def suspend_person(session: Session, actor: Actor, person: Person) -> None:
    """They cannot sign in any more, and every open session ends now."""
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    must_follow(person.state, "suspended", WAYS_OF_A_PERSON)
    must_leave_another(session, person)
    must_be_another(actor.person_id, person.id, NOT_SUSPENDED)
    end_sessions_of(session, person.id)
    end_links_of(session, person.id)
    _change_state(session, actor, person, "suspended", "accounts.person_suspended")


def reopen_person(session: Session, actor: Actor, person: Person, *, reason: str = "") -> None:
    """A suspended person can sign in again; one who had left is invited anew, once they have a role.

    Who was suspended before they ever came in is invited still, and can be sent a new link.
    """
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    if person.erased_at is not None:
        raise WrongPerson(say("Name and address of this person are erased for good."))
    if person.organisation.state == "closed":
        must_be_open("closed")
    if person.state == "closed":
        must_be_reason(reason)
        person.closed_at = None
        _change_state(session, actor, person, "invited", "accounts.person_reopened", reason)
        return
    must_follow(person.state, "active", WAYS_OF_A_PERSON)
    state = "invited" if person.state == "suspended" and _never_came_in(session, person) else "active"
    _change_state(session, actor, person, state, "accounts.person_reopened")


def _never_came_in(session: Session, person: Person) -> bool:
    """They were sent an invitation, and have nothing with which one comes in."""
    if person.password_hash is not None:
        return False
    known = select(Identity.id).where(Identity.person_id == person.id)
    invited = select(OneTimeLink.id).where(
        OneTimeLink.person_id == person.id, OneTimeLink.purpose == "invitation"
    )
    return session.scalar(known.limit(1)) is None and session.scalar(invited.limit(1)) is not None


def _new(
    session: Session,
    organisation: Organisation,
    state: str,
    name: str,
    email: str,
    roles: Iterable[str | RoleAt],
    groups: Sequence[Group],
    known: Known,
    message: str = "",
) -> Person:
    wanted, email = roles_at(roles), tidy_address(email)
    # Nobody closes it between what is asked here and the end of this.
    session.flush()
    session.refresh(organisation, with_for_update={"key_share": True})
    must_be_newcomer(
        name=name,
        email=email,
        organisation_kind=organisation.kind,
        organisation_state=organisation.state,
        roles=wanted,
        known=known,
        by_group=any(each.grants for each in groups),
        message=message,
    )
    _must_be_free(session, email)
    person = _person(organisation, state, name, email, wanted, groups)
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken() from error
    return person


def add_invited(session: Session, actor: Actor, rows: Sequence[Staged]) -> list[Person]:
    """Everybody of the rows of a file that are ready, in as many statements as one; nobody is written to yet.

    The rows were judged in this transaction.
    """
    MANAGE_PEOPLE.require(actor)
    session.flush()
    for organisation in {each.of.id: each.of for each in rows if each.of is not None}.values():
        session.refresh(organisation, with_for_update={"key_share": True})
        must_be_open(organisation.state)
    people = [
        _person(each.of, "invited", each.name, each.email, each.roles, each.groups)
        for each in rows
        if each.of is not None
    ]
    session.add_all(people)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken() from error
    for person, each in zip(people, rows, strict=True):
        _record_new(session, actor, person, each.roles, each.groups, "accounts.person_invited")
    return people


def _person(
    organisation: Organisation,
    state: str,
    name: str,
    email: str,
    roles: frozenset[RoleAt],
    groups: Sequence[Group],
) -> Person:
    moment = clock.now()
    return Person(
        organisation_id=organisation.id,
        organisation=organisation,
        name=name,
        email=email,
        state=state,
        created_at=moment,
        grants=rows_of(roles),
        memberships=[GroupMember(group_id=each.id, added_at=moment) for each in groups],
    )


def _record_new(
    session: Session,
    actor: Actor,
    person: Person,
    roles: Iterable[str | RoleAt],
    groups: Sequence[Group],
    action: str,
) -> None:
    after = {"organisation": person.organisation_id, "roles": spelled(roles_at(roles))}
    if groups:
        after["groups"] = sorted(each.id for each in groups)
    record(session, actor, action, person, after=after)


def _must_be_free(session: Session, email: str) -> None:
    """Nothing, or `AddressTaken` with who has the address: `details["person"]` is their number."""
    found = session.scalars(select(Person).where(Person.email == email)).first()
    if found is not None:
        fault = TAKEN_BY.get(found.state, TAKEN_BY["active"])
        raise AddressTaken(
            say("Somebody signs in with this address already."), fields={"email": fault}, person=found.id
        )


TAKEN_BY = {
    "invited": say("Somebody is invited with this address already. Invite them again on their page."),
    "active": say("This address is taken."),
    "suspended": say("This address is taken by somebody who is suspended. Reopen the account on their page."),
    "closed": say("This address is taken by an account that is closed. Reopen it on its page."),
}
"""State of whoever has an address → the fault at it, and what to do next."""


def _taken() -> AddressTaken:
    return AddressTaken(
        say("Somebody signs in with this address already."), fields={"email": TAKEN_BY["active"]}
    )


def _change_state(
    session: Session, actor: Actor, person: Person, state: str, action: str, reason: str = ""
) -> None:
    before = person.state
    person.state = state
    record(session, actor, action, person, before={"state": before}, after={"state": state}, reason=reason)
