"""What the processes of a race do: add a person, dismiss an administrator, guess a password."""

from assetlib.access.actor import FIELD_MARKETER, LIBRARIAN, SYSTEM
from assetlib.accounts import actions
from assetlib.accounts.errors import TooManyTries
from assetlib.accounts.queries import get_organisation, get_person
from assetlib.accounts.throttling import begin_try
from assetlib.audit import append_chain
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.errors import Refusal


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
                roles=[],
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
