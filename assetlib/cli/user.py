"""`assetlib user`: the first administrator, and a way in when the door is shut."""

import argparse
import getpass
import os

from assetlib.access.actor import ROLES, SYSTEM
from assetlib.accounts.actions import add_organisation, add_person, set_password
from assetlib.accounts.errors import NoSuchPerson
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import find_own_organisation, organisations
from assetlib.accounts.rules import must_be_password, tidy_address
from assetlib.accounts.sessions import find_person
from assetlib.errors import NotFound
from assetlib.house import open_house
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a person; the password is read from NEW_PASSWORD or asked for")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", choices=ROLES, required=True)
    add.add_argument("--organisation", help="its name; the own one is made if there is none yet")
    add.set_defaults(run=run_add)
    password = verbs.add_parser("password", help="set a person's password and end all their sessions")
    password.add_argument("email")
    password.set_defaults(run=run_password)


def run_add(settings: Settings, asked: argparse.Namespace) -> int:
    password = _password(asked.email)
    hashed = hash_password(password)
    with open_house(settings).database.transaction() as session:
        own = find_own_organisation(session)
        if own is None:
            own = add_organisation(session, SYSTEM, name=asked.organisation or "Our company", kind="own")
        organisation = own
        if asked.organisation and asked.organisation != own.name:
            named = [each for each in organisations(session) if each.name == asked.organisation]
            if not named:
                raise NotFound(f"There is no organisation called {asked.organisation}.")
            organisation = named[0]
        person = add_person(
            session, SYSTEM, organisation, name=asked.name, email=asked.email, roles=asked.role
        )
        set_password(session, SYSTEM, person, password, password_hash=hashed)
    print(f"{person.email} can sign in now.")
    return 0


def run_password(settings: Settings, asked: argparse.Namespace) -> int:
    password = _password(asked.email)
    hashed = hash_password(password)
    with open_house(settings).database.transaction() as session:
        person = find_person(session, asked.email)
        if person is None:
            raise NoSuchPerson(f"Nobody signs in with {asked.email}.")
        set_password(session, SYSTEM, person, password, password_hash=hashed)
    print(f"{person.email} has a new password and is signed out everywhere.")
    return 0


def _password(email: str) -> str:
    password = os.environ.get("NEW_PASSWORD") or getpass.getpass("Password: ")
    must_be_password(password, email=tidy_address(email))
    return password
