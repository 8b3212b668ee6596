"""`assetlib user`: the first administrator, a way in when the door is shut, and people by hand."""

import argparse
import getpass
import os
import sys

from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.accounts.actions import (
    add_organisation,
    add_person,
    erase_person,
    invite_person,
    reopen_person,
    set_password,
    set_roles,
    suspend_person,
)
from assetlib.accounts.actions.grants import held_roles, spelled
from assetlib.accounts.errors import AddressTaken, NoSuchPerson
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import find_own_organisation, organisations
from assetlib.accounts.queries.directory import Wanted, people_page
from assetlib.accounts.rules import must_be_password, must_be_person, tidy_address
from assetlib.accounts.rules.roles import ROLE_LABELS, RoleAt, role_at
from assetlib.accounts.sessions import find_person
from assetlib.catalog.actions.handing_over import END, HAND_ON
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.errors import Invalid, NotFound
from assetlib.goodbyes import let_go, work_of
from assetlib.house import open_house
from assetlib.settings import Settings
from assetlib.words import say


class NoTerminal(Invalid):
    """Nobody is there to be asked."""

    code = "no_terminal"


ROLE_HELP = "such as librarian, or librarian@brand:kids for a part; may be given several times"
PIECE = 96


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a person; the password is read from NEW_PASSWORD or asked for")
    invite = verbs.add_parser("invite", help="invite a person by mail")
    for each in (add, invite):
        each.add_argument("email")
        each.add_argument("--name", required=True)
        each.add_argument("--role", action="append", type=_role, required=True, help=ROLE_HELP)
    add.add_argument("--organisation", help="its name; the own one is made if there is none yet")
    add.set_defaults(run=run_add)
    invite.add_argument("--organisation", help="its name; the own one if it is left out")
    invite.add_argument("--message", default="", help="stands in the mail")
    invite.set_defaults(run=run_invite)
    password = verbs.add_parser("password", help="set a person's password and end all their sessions")
    password.add_argument("email")
    password.set_defaults(run=run_password)
    listing = verbs.add_parser("list", help="everybody, one on a line, with tabs between")
    listing.add_argument("--state", choices=("invited", "active", "suspended", "closed"), default="")
    listing.add_argument("--role", default="")
    listing.set_defaults(run=run_list)
    roles = verbs.add_parser("roles", help="show a person's roles, or set exactly those that are given")
    roles.add_argument("email")
    roles.add_argument("--role", action="append", type=_role, help=ROLE_HELP)
    roles.set_defaults(run=run_roles)
    suspend = verbs.add_parser("suspend", help="sign a person out everywhere and keep them out")
    suspend.add_argument("email")
    suspend.set_defaults(run=run_suspend)
    reopen = verbs.add_parser(
        "reopen", help="let a suspended person in again; one who left can be invited again then"
    )
    reopen.add_argument("email")
    reopen.add_argument("--reason", default="", help="needed for one who left; stands in the audit log")
    reopen.set_defaults(run=run_reopen)
    close = verbs.add_parser("close", help="a person leaves: their open work goes to somebody else")
    close.add_argument("email")
    close.add_argument("--to", help="address of whoever takes it over")
    close.add_argument("--hand-on-links", action="store_true", help="their links stay open instead of ending")
    close.set_defaults(run=run_close)
    erase = verbs.add_parser("erase", help="forget name and address of a person who left, for good")
    erase.add_argument("email")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(run=run_erase)


def run_add(settings: Settings, asked: argparse.Namespace) -> int:
    house = open_house(settings)
    with house.database.reading() as session:
        # Before a password is asked for, and before it is hashed.
        if find_person(session, asked.email) is not None:
            raise AddressTaken(say("Somebody signs in with this address already."))
        kind = "own"
        if find_own_organisation(session) is not None:
            kind = _organisation(session, asked.organisation).kind
    must_be_person(
        name=asked.name,
        email=tidy_address(asked.email),
        roles=[each.role for each in asked.role],
        organisation_kind=kind,
    )
    password = _password(asked.email, asked.name)
    hashed = hash_password(password)
    with house.database.transaction() as session:
        if find_own_organisation(session) is None:
            add_organisation(session, SYSTEM, name=asked.organisation or "Our company", kind="own")
        person = add_person(
            session,
            SYSTEM,
            _organisation(session, asked.organisation),
            name=asked.name,
            email=asked.email,
            roles=asked.role,
            known=known_scopes(session),
        )
        set_password(session, SYSTEM, person, password, password_hash=hashed)
    print(f"{person.email} can sign in now.")
    return 0


def run_invite(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        person = invite_person(
            session,
            SYSTEM,
            _organisation(session, asked.organisation),
            name=asked.name,
            email=asked.email,
            roles=asked.role,
            known=known_scopes(session),
            message=asked.message,
        )
    print(f"{person.email} is invited. The worker sends the mail.")
    return 0


def run_password(settings: Settings, asked: argparse.Namespace) -> int:
    house = open_house(settings)
    with house.database.reading() as session:
        name = _person(session, asked.email).name
    password = _password(asked.email, name)
    hashed = hash_password(password)
    with house.database.transaction() as session:
        person = _person(session, asked.email)
        set_password(session, SYSTEM, person, password, password_hash=hashed)
    print(f"{person.email} has a new password and is signed out everywhere.")
    return 0


def run_list(settings: Settings, asked: argparse.Namespace) -> int:
    wanted, number = Wanted(state=asked.state, role=asked.role), 1
    with open_house(settings).database.reading() as session:
        while True:
            page = people_page(session, wanted, number=number, size=PIECE)
            for each in page.rows:
                one = each.person
                roles = ", ".join(spelled(held_roles(one.grants)))
                print("\t".join((one.email, one.name, one.organisation.name, one.state, roles)))
            if not page.has_next:
                return 0
            number += 1


def run_roles(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        person = _person(session, asked.email)
        if asked.role:
            set_roles(session, SYSTEM, person, asked.role, known=known_scopes(session))
        print("\n".join(spelled(held_roles(person.grants))) or "No role.")
    return 0


def run_suspend(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        suspend_person(session, SYSTEM, _person(session, asked.email))
    print(f"{asked.email} is signed out everywhere and cannot sign in.")
    return 0


def run_reopen(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        person = _person(session, asked.email)
        reopen_person(session, SYSTEM, person, reason=asked.reason)
    if person.state == "active":
        print(f"{person.email} can sign in again.")
    else:
        print(f"{person.email} can be invited again: give a role, then invite them on their page.")
    return 0


def run_close(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        person = _person(session, asked.email)
        for each in work_of(session, person):
            print(each.sentence)
        to = _person(session, asked.to) if asked.to else None
        let_go(session, SYSTEM, person, to=to, shares=HAND_ON if asked.hand_on_links else END)
    print(f"{asked.email} is closed. What they did stays.")
    return 0


def run_erase(settings: Settings, asked: argparse.Namespace) -> int:
    typed = asked.email
    if not asked.yes:
        print(f"Name and address of {asked.email} are erased for good. Type the address again.")
        typed = sys.stdin.readline().strip()
    with open_house(settings).database.transaction() as session:
        person = _person(session, asked.email)
        erase_person(session, SYSTEM, person, typed=typed)
    print(f"Erased. They are called {person.name} now.")
    return 0


def _role(text: str) -> RoleAt:
    wanted = role_at(text)
    if wanted.role not in ROLE_LABELS:
        raise argparse.ArgumentTypeError(f"choose one of {', '.join(ROLE_LABELS)}")
    return wanted


def _person(session: Session, email: str) -> Person:
    person = find_person(session, email)
    if person is None:
        raise NoSuchPerson(say("Nobody signs in with {email}.", email=email))
    return person


def _organisation(session: Session, name: str | None) -> Organisation:
    own = find_own_organisation(session)
    if own is None:
        raise NotFound(say("There is no own company yet. Run “assetlib user add” first."))
    if not name or name == own.name:
        return own
    found = next((each for each in organisations(session) if each.name == name), None)
    if found is None:
        raise NotFound(say("There is no organisation called {name}.", name=name))
    return found


def _password(email: str, name: str) -> str:
    password = os.environ.get("NEW_PASSWORD") or _asked_for()
    must_be_password(password, email=tidy_address(email), name=name)
    return password


def _asked_for() -> str:
    if not sys.stdin.isatty():
        raise NoTerminal("There is no terminal to ask for the password. Give it in NEW_PASSWORD.")
    return getpass.getpass("Password: ")
