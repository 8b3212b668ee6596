"""`assetlib token`: keys with which programs act in people's names."""

import argparse
from datetime import date, timedelta

from assetlib import clock
from assetlib.access.actor import SYSTEM, TOKEN_SCOPES
from assetlib.accounts.actions.tokens import make_token, revoke_token
from assetlib.accounts.errors import NoSuchPerson
from assetlib.accounts.sessions import find_person
from assetlib.accounts.tokens import all_tokens, get_token
from assetlib.house import open_house
from assetlib.settings import Settings
from assetlib.words import say

DAYS = 90


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser("make", help="make a token in a person's name; it is printed this once")
    make.add_argument("email")
    make.add_argument("--name", required=True, help="of the program")
    make.add_argument(
        "--scope", action="append", choices=TOKEN_SCOPES, required=True, help="download brings read"
    )
    make.add_argument(
        "--until", type=date.fromisoformat, help=f"last day, as 2027-03-31; {DAYS} days from now if not given"
    )
    make.set_defaults(run=run_make)
    listing = verbs.add_parser("list", help="list every token that opens something")
    listing.set_defaults(run=run_list)
    revoke = verbs.add_parser("revoke", help="revoke a token by its number")
    revoke.add_argument("id", type=int)
    revoke.set_defaults(run=run_revoke)


def run_make(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        person = find_person(session, asked.email)
        if person is None:
            raise NoSuchPerson(say("Nobody signs in with {email}.", email=asked.email))
        until = asked.until or clock.today() + timedelta(days=DAYS)
        _, token = make_token(session, SYSTEM, person, name=asked.name, scopes=asked.scope, until=until)
    print(token)
    return 0


def run_list(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    with open_house(settings).database.reading() as session:
        rows = all_tokens(session)
    for row in rows:
        used = row.used_at.date().isoformat() if row.used_at is not None else "never"
        until = row.last_day.isoformat() if row.last_day is not None else "for ever"
        print(
            f"{row.id}\t{row.hint}…\t{row.person.email}\t{row.name}\t{','.join(row.scopes)}\t{used}\t{until}"
        )
    return 0


def run_revoke(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.transaction() as session:
        row = get_token(session, asked.id)
        revoke_token(session, SYSTEM, row)
    print(f"{row.name} of {row.person.email} opens nothing any more.")
    return 0
