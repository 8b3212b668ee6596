"""Commands: `assetlib NOUN …`. Each reads the settings, opens the house, does one thing, says what it did."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from assetlib.errors import Refusal
from assetlib.settings import Settings, WrongSettings

NOUNS = {
    "audit": "the record of what happened",
    "backup": "copy database and files into a folder, signed",
    "corpus": "try a collection of files and strings on a house of its own",
    "demo": "web server and worker, with a demo company to look at",
    "drill": "try whether a backup can be put back, all of it",
    "migrate": "bring the database to this version's tables",
    "restore": "put a backup back into an empty place",
    "search": "look after the search index",
    "serve": "serve pages and API",
    "storage": "look after the files",
    "token": "keys with which programs act in people's names",
    "user": "people: add, invite, list, roles, suspend, reopen, close, erase",
    "worker": "do the work that pages promise",
}
"""Module of this package → what it is about."""
ON_TABLES = frozenset({"audit", "search", "storage", "token", "user"})
"""Those that work on a place that is there already, and make none."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 found wanting, 2 could not be done."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="assetlib", description="A digital asset repository and review platform."
    )
    commands = parser.add_subparsers(dest="noun", required=True, metavar="COMMAND")
    for noun, about in NOUNS.items():
        own = commands.add_parser(noun, help=about)
        if noun in given[:1]:
            # The others are not read in: half of the house hangs on each.
            import_module(f"assetlib.cli.{noun}").add_to(own)
    asked = parser.parse_args(given)
    try:
        settings = Settings.from_env(os.environ)
        if asked.noun in ON_TABLES:
            import_module("assetlib.keeping.starting").must_be_startable(settings)
        status: int = asked.run(settings, asked)
    except WrongSettings as faults:
        print(f"The settings do not fit:\n{faults}", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print("\n".join(_told(refusal)), file=sys.stderr)
        return 2
    return status


def _told(refusal: Refusal) -> list[str]:
    """Why not. A page marks its fields; here each is named before its own sentence."""
    fields = refusal.details.get("fields", {})
    return [f"{name}: {sentence}" for name, sentence in fields.items()] or [refusal.sentence]
