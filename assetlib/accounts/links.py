"""Links sent by mail that open one door once. Looking at one changes nothing; using it is an action.

A link goes to an address: when address or password change, what was sent before opens nothing any more.
"""

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.accounts.errors import LinkOver
from assetlib.accounts.models import OneTimeLink, Organisation, Person
from assetlib.accounts.sessions import hash_of, may_sign_in
from assetlib.words import say

Purpose = Literal["invitation", "reset"]
LASTS: dict[Purpose, timedelta] = {"invitation": timedelta(days=14), "reset": timedelta(minutes=60)}
PATHS: dict[Purpose, str] = {"invitation": "/welcome", "reset": "/new-password"}
LONGEST_TOKEN = 64


def new_token() -> str:
    """256 random bits that can stand in an address."""
    return secrets.token_urlsafe(32)


def link_of(session: Session, purpose: Purpose, token: str) -> tuple[OneTimeLink, Person]:
    """The living link of a token and the person it is for; `LinkOver` for every other token, whyever."""
    row = None
    if 0 < len(token) <= LONGEST_TOKEN and token.isascii():
        row = session.scalars(
            select(OneTimeLink).where(
                OneTimeLink.token_hash == hash_of(token),
                OneTimeLink.purpose == purpose,
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > clock.now(),
            )
        ).one_or_none()
    if row is None:
        raise over()
    person = session.get_one(Person, row.person_id, options=[joinedload(Person.organisation)])
    if not opens_for(purpose, person):
        raise over()
    return row, person


def hold_with_organisation(session: Session, person: Person) -> Person:
    """The person and their organisation as they are now, until the transaction ends.

    Whoever lets somebody in asks after this whether they may: a suspension that came first is seen, another
    one waits. The organisation is held first, as by those who close it with its people.
    """
    session.flush()
    of = person.organisation_id
    session.execute(select(Organisation.id).where(Organisation.id == of).with_for_update(key_share=True))
    held = session.scalars(
        select(Person)
        .where(Person.id == person.id)
        .options(joinedload(Person.organisation))
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    ).one()
    return held if held.organisation_id == of else hold_with_organisation(session, held)


def opens_for(purpose: Purpose, person: Person) -> bool:
    """Whether a link of this purpose may let the person in, as they and their organisation are now."""
    if purpose == "reset":
        return may_sign_in(person)
    return person.state == "invited" and person.organisation.state in ("invited", "active")


def end_links_of(session: Session, person_id: int, *, purpose: Purpose | None = None) -> None:
    """Whatever was sent to this person until now opens nothing any more."""
    ended = update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    if purpose is not None:
        ended = ended.where(OneTimeLink.purpose == purpose)
    session.execute(ended.values(used_at=clock.now()))


def over() -> LinkOver:
    return LinkOver(
        say("This link opens nothing any more. It was used, replaced by a newer one, or is too old.")
    )
