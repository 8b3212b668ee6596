"""Commands: `assetlib NOUN …`. Each reads the settings, opens the house, does one thing, says what it did."""

import argparse
import os
import sys
from collections.abc import Sequence

from assetlib.cli import audit, corpus, demo, migrate, search, serve, storage, user, worker
from assetlib.errors import Refusal
from assetlib.settings import Settings, WrongSettings

NOUNS = (audit, corpus, demo, migrate, search, serve, storage, user, worker)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 found wanting, 2 could not be done."""
    parser = argparse.ArgumentParser(
        prog="assetlib", description="A digital asset repository and review platform."
    )
    commands = parser.add_subparsers(dest="noun", required=True, metavar="COMMAND")
    for noun in NOUNS:
        noun.add_to(commands)
    asked = parser.parse_args(arguments)
    try:
        settings = Settings.from_env(os.environ)
        status: int = asked.run(settings, asked)
    except WrongSettings as faults:
        print(f"The settings do not fit:\n{faults}", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 2
    return status
