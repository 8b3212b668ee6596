"""Invitations and new passwords, by a link that is sent by mail."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts import throttling
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.links import (
    LASTS,
    PATHS,
    Purpose,
    end_links_of,
    hold_with_organisation,
    link_of,
    new_token,
    opens_for,
    over,
)
from assetlib.accounts.models import OneTimeLink, Person
from assetlib.accounts.permissions import ANSWER_FORGOTTEN, ASK_FOR_RESET, MANAGE_PEOPLE, USE_LINK
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.rules import AROUND, is_name, must_be_password, tidy_address
from assetlib.accounts.sessions import end_sessions_of, find_person, hash_of
from assetlib.audit import record
from assetlib.jobs import enqueue
from assetlib.notify.mailing import Letter, Promised, promise_mail, promise_mails
from assetlib.notify.telling import tell
from assetlib.words import say

USED: dict[Purpose, str] = {"invitation": "accounts.invitation_used", "reset": "accounts.reset_used"}


def send_invitation(session: Session, actor: Actor, person: Person, *, message: str = "") -> None:
    """Mail the invited person a link with which they come in; an earlier one opens nothing any more.

    `message` is what the one who invites writes to them.
    """
    MANAGE_PEOPLE.require(actor)
    _must_be_invited(person)
    token = _lay(session, actor, person, "invitation")
    letter = _invitation(actor, _house(session), token, message)
    promise_mail(session, recipient=person.email, person_id=person.id, language=person.locale, letter=letter)
    record(session, actor, "accounts.invitation_sent", person)


def send_first_invitations(
    session: Session, actor: Actor, people: Sequence[Person], *, message: str = ""
) -> None:
    """The same to many who are new, and so have no earlier link; in as many statements as to one."""
    MANAGE_PEOPLE.require(actor)
    house, promised = _house(session), list[Promised]()
    for person in people:
        _must_be_invited(person)
        row, token = _new_link(actor, person, "invitation")
        session.add(row)
        letter = _invitation(actor, house, token, message)
        promised.append(Promised(person.email, person.id, person.locale, letter))
        record(session, actor, "accounts.invitation_sent", person)
    promise_mails(session, promised)


def _must_be_invited(person: Person) -> None:
    if not opens_for("invitation", person):
        raise WrongPerson(say("Only somebody who has not come in yet is invited. Look at their state."))


def _house(session: Session) -> str:
    own = find_own_organisation(session)
    return own.name if own is not None else "assetlib"


def _invitation(actor: Actor, house: str, token: str, message: str) -> Letter:
    return Letter(
        subject=say("{inviter} invites you to {house}", inviter=actor.name, house=house),
        paragraphs=(
            say(
                "{inviter} opened an account for you with {house}, a place for pictures, films and papers.",
                inviter=actor.name,
                house=house,
            ),
            *([say("{inviter} writes: {message}", inviter=actor.name, message=message)] if message else []),
            say("Choose a password and you are in. The link works once, for 14 days."),
        ),
        button_label=say("Choose a password"),
        button_url=f"{PATHS['invitation']}/{token}",
        reason=say("You get this because somebody gave us your address to work with you."),
        opens_a_door=True,
        may_be_handed_on=True,
    )


def ask_for_reset(session: Session, actor: Actor, email: str) -> None:
    """Promise that this address is answered, if somebody signs in with it.

    Does the same work for every address; whether there is somebody is seen by the job, while nobody waits.
    """
    ASK_FOR_RESET.require(actor)
    person = find_person(session, email[:254])
    tried = hashlib.sha256(tidy_address(email).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    enqueue(session, "accounts.answer_forgotten", person_id=person.id if person is not None else 0)
    record(session, actor, "accounts.reset_asked", ("sign_in", tried))


def send_reset(session: Session, actor: Actor, person: Person) -> None:
    """Mail the person a link with which they choose a new password; none to whoever cannot sign in."""
    ANSWER_FORGOTTEN.require(actor)
    # Nobody gives them another address, or shuts them out, before this mail is promised.
    session.flush()
    session.refresh(person, ["email", "state"], with_for_update=True)
    if not opens_for("reset", person):
        record(session, actor, "accounts.reset_not_sent", person)
        return
    token = _lay(session, actor, person, "reset")
    letter = Letter(
        subject=say("Choose a new password"),
        paragraphs=(
            say("Somebody asked for a new password for {email}.", email=person.email),
            say("If it was you, choose one now. The link works once, for 60 minutes."),
            say("If it was not you, do nothing. Your password stays as it is."),
        ),
        button_label=say("Choose a new password"),
        button_url=f"{PATHS['reset']}/{token}",
        reason=say("You get this because somebody asked for it on the sign-in page."),
        opens_a_door=True,
    )
    promise_mail(session, recipient=person.email, person_id=person.id, language=person.locale, letter=letter)
    record(session, actor, "accounts.reset_sent", person)


def use_link(
    session: Session,
    actor: Actor,
    purpose: Purpose,
    token: str,
    password: str,
    *,
    password_hash: str,
    name: str | None = None,
    locale: str | None = None,
) -> Person:
    """Give the person of the link their password, and an invited one their place; every session ends.

    Of several who use a link at the same moment one comes in, the others are told `LinkOver`.
    `password_hash` is made by the caller before the transaction. `name` and `locale` are for an invitation.
    """
    USE_LINK.require(actor)
    row, person = link_of(session, purpose, token)
    must_be_password(password, email=person.email, name=name or person.name)
    person = hold_with_organisation(session, person)
    if not opens_for(purpose, person):
        raise over()
    _use_up(session, row)
    person.password_hash = password_hash
    end_sessions_of(session, person.id)
    if purpose == "invitation":
        _come_in(person, name, locale)
    throttling.forget_try(session, person.email, actor.address)
    record(session, actor, USED[purpose], person)
    if purpose == "reset":
        tell(
            session,
            [person.id],
            "account.changed",
            say("Your password was changed by a link that was sent to your address."),
            say("If it was not you, tell an administrator at once."),
            "/account",
        )
    return person


def _come_in(person: Person, name: str | None, locale: str | None) -> None:
    if name is not None and not is_name(name):
        fault = AROUND if name.strip() not in ("", name) else say("Give your name, up to 200 characters.")
        raise WrongPerson(fault, fields={"name": fault})
    person.name = name or person.name
    person.locale = locale if locale is not None else person.locale
    person.state = "active"
    if person.organisation.state == "invited":
        person.organisation.state = "active"


def _lay(session: Session, actor: Actor, person: Person, purpose: Purpose) -> str:
    """A new link, and no other of its kind that still opens; its token."""
    end_links_of(session, person.id, purpose=purpose)
    row, token = _new_link(actor, person, purpose)
    session.add(row)
    session.flush()
    return token


def _new_link(actor: Actor, person: Person, purpose: Purpose) -> tuple[OneTimeLink, str]:
    moment, token = clock.now(), new_token()
    row = OneTimeLink(
        purpose=purpose,
        token_hash=hash_of(token),
        person_id=person.id,
        made_by_id=actor.person_id,
        created_at=moment,
        expires_at=moment + LASTS[purpose],
    )
    return row, token


def _use_up(session: Session, row: OneTimeLink) -> None:
    """Nothing, or `LinkOver` when somebody was sooner. Once it is used, every other link of theirs is too."""
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == row.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    ).one_or_none()
    if taken is None:
        raise over()
    end_links_of(session, row.person_id)
