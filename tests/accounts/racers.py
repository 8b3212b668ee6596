"""What the processes of a race do: add a person, dismiss an administrator, guess a password, use a link."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, FIELD_MARKETER, LIBRARIAN, REVIEWER, SYSTEM
from assetlib.accounts import actions
from assetlib.accounts.actions.identities import come_by_identity
from assetlib.accounts.actions.links import use_link
from assetlib.accounts.actions.second_factor import give_code
from assetlib.accounts.errors import TooManyTries
from assetlib.accounts.links import Purpose
from assetlib.accounts.queries import get_organisation, get_person
from assetlib.accounts.throttling import begin_try
from assetlib.audit import append_chain
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.errors import Refusal

LONGEST_WAIT = 120
"""Seconds until a race is given up that others did not come to."""


def sign_up(url: str, organisation_id: int) -> str:
    """`added`, or the name of the refusal."""
    database = Database(url, before_commit=[append_chain])
    try:
        with database.transaction() as session:
            actions.add_person(
                session,
                SYSTEM,
                get_organisation(session, organisation_id),
                name="Ada Example",
                email="ada@company.example",
                roles=[REVIEWER],
            )
    except Refusal as refusal:
        return type(refusal).__name__
    finally:
        database.close()
    return "added"


def dismiss(url: str, actor_id: int, person_id: int, way: str) -> str:
    """`dismissed`, or the name of the refusal."""
    database = Database(url, before_commit=[append_chain])
    try:
        with database.reading() as session:
            actor = actor_of(session, actor_id)
        with database.transaction() as session:
            person = get_person(session, person_id)
            if way == "suspend":
                actions.suspend_person(session, actor, person)
            else:
                actions.set_roles(session, actor, person, [LIBRARIAN])
    except Refusal as refusal:
        return type(refusal).__name__
    finally:
        database.close()
    return "dismissed"


def give_and_take_roles(url: str, person_id: int, turns: int) -> None:
    """Two roles, one of them, two again: each time exactly these."""
    database = Database(url, before_commit=[append_chain])
    for turn in range(turns):
        with database.transaction() as session:
            roles = [LIBRARIAN, FIELD_MARKETER][: 1 + turn % 2]
            actions.set_roles(session, SYSTEM, get_person(session, person_id), roles)
    database.close()


def guess(url: str, tries: int) -> list[int]:
    """How many were left after each try that was listened to."""
    database, heard = Database(url), list[int]()
    for _ in range(tries):
        try:
            with database.transaction() as session:
                heard.append(begin_try(session, "ada@company.example", "203.0.113.7"))
        except TooManyTries:
            continue
    database.close()
    return heard


def use(url: str, tokens: Sequence[str], purpose: Purpose = "invitation", start: Any = None) -> list[str]:
    """For each link `in`, or the name of the refusal. With `start`, others begin each at the same moment."""
    database, heard = Database(url, before_commit=[append_chain]), list[str]()
    for token in tokens:
        if start is not None:
            start.wait(LONGEST_WAIT)
        try:
            with database.transaction() as session:
                use_link(session, ANONYMOUS, purpose, token, "nine dry socks by the stove", password_hash="x")
        except Refusal as refusal:
            heard.append(type(refusal).__name__)
        else:
            heard.append("in")
    database.close()
    return heard


def come_vouched(url: str, emails: Sequence[str], start: Any) -> list[str]:
    """For each address `in`, or the name of the refusal, by the company's own sign-in."""
    database, heard = Database(url, before_commit=[append_chain]), list[str]()
    for email in emails:
        start.wait(LONGEST_WAIT)
        try:
            with database.transaction() as session:
                come_by_identity(
                    session, ANONYMOUS, issuer="https://id.example", subject=email, email=email,
                    email_is_verified=True, name="", create=False,
                )  # fmt: skip
        except Refusal as refusal:
            heard.append(type(refusal).__name__)
        else:
            heard.append("in")
    database.close()
    return heard


def shut_out(url: str, person_ids: Sequence[int], what: str, start: Any) -> list[str]:
    """Each person is suspended, or the organisation of each."""
    database, heard = Database(url, before_commit=[append_chain]), list[str]()
    for person_id in person_ids:
        start.wait(LONGEST_WAIT)
        with database.transaction() as session:
            person = get_person(session, person_id)
            if what == "person":
                actions.suspend_person(session, SYSTEM, person)
            else:
                actions.suspend_organisation(session, SYSTEM, person.organisation)
        heard.append("out")
    database.close()
    return heard


def spend(url: str, codes: Sequence[tuple[int, str]], key: bytes, moment: datetime, start: Any) -> list[bool]:
    """For each person and code, whether it was right and nobody had used it before."""
    database, heard = Database(url, before_commit=[append_chain]), list[bool]()
    with clock.held_at(moment):
        for person_id, code in codes:
            start.wait(LONGEST_WAIT)
            with database.transaction() as session:
                person = get_person(session, person_id)
                heard.append(give_code(session, ANONYMOUS, person, code, key=key))
    database.close()
    return heard
