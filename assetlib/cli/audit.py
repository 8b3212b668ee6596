"""`assetlib audit verify`: whether anybody touched the record of what happened."""

import argparse
import sys

from assetlib.audit import verify
from assetlib.house import open_house
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("verify", help="check every seal of the chain").set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    with open_house(settings).database.reading() as session:
        verdict = verify(session)
    if verdict.is_whole:
        print(f"{verdict.entries} entries, the chain is whole.")
        return 0
    print(
        f"The chain is broken: {verdict.fault}. {verdict.entries} entries before it are whole.",
        file=sys.stderr,
    )
    return 1
