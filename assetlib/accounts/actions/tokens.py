"""Keys for programs are made and revoked."""

import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import TOKEN_SCOPES, Actor
from assetlib.accounts.errors import WrongToken
from assetlib.accounts.models import ApiToken, Person
from assetlib.accounts.permissions import MAKE_TOKEN, REVOKE_TOKEN
from assetlib.accounts.rules import is_name
from assetlib.accounts.sessions import hash_of
from assetlib.accounts.tokens import PREFIX
from assetlib.audit import record
from assetlib.words import say

LONGEST_LIFE = timedelta(days=365)
LONGEST_NAME = 100
HINT = len(PREFIX) + 5
INCLUDED = {"download": ("read",)}
"""Scope → those that come with it. Files can be asked for only by whoever sees what they are of."""


def make_token(
    session: Session, actor: Actor, person: Person, *, name: str, scopes: Iterable[str], until: date | None
) -> tuple[ApiToken, str]:
    """A key for a program that acts in the person's name; the key itself is told this once.

    `until` is the last day on which it opens anything, in UTC. Whatever may download may look as well.
    """
    MAKE_TOKEN.require(actor, person)
    wanted = set(scopes)
    last_day = _must_be_token(name, wanted, until)
    wanted.update(*(INCLUDED.get(each, ()) for each in wanted))
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        person_id=person.id,
        person=person,
        name=name,
        token_hash=hash_of(token),
        hint=token[:HINT],
        scopes=[each for each in TOKEN_SCOPES if each in wanted],
        created_at=clock.now(),
        expires_at=datetime.combine(last_day + timedelta(days=1), time(), UTC),
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        "accounts.token_made",
        row,
        after={"scopes": row.scopes, "until": last_day.isoformat()},
    )
    return row, token


def revoke_token(session: Session, actor: Actor, row: ApiToken) -> None:
    """It opens nothing from now on."""
    REVOKE_TOKEN.require(actor, row)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        record(session, actor, "accounts.token_revoked", row)


def _must_be_token(name: str, scopes: set[str], until: date | None) -> date:
    faults: dict[str, str] = {}
    if not is_name(name) or len(name) > LONGEST_NAME:
        faults["name"] = say("Give it a name of up to 100 characters, such as the program's.")
    unknown = scopes - set(TOKEN_SCOPES)
    if unknown:
        faults["scopes"] = say("There is no scope {scopes}.", scopes=sorted(unknown))
    elif not scopes:
        faults["scopes"] = say("Choose what the program may do.")
    if until is None:
        faults["until"] = say("Choose the last day on which it is good.")
    elif until < clock.today():
        faults["until"] = say("Choose a day that has not passed.")
    elif until > clock.today() + LONGEST_LIFE:
        faults["until"] = say("Choose a day within a year. Make a new token then.")
    if faults or until is None:
        raise WrongToken(say("No token was made. Look at the marked fields."), fields=faults)
    return until
