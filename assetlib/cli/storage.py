"""`assetlib storage`: look after the files."""

import argparse
import sys

from assetlib.house import open_house
from assetlib.jobs.work import Work
from assetlib.settings import Settings
from assetlib.storage.jobs import sweep_unless_kept
from assetlib.storage.scrub import scrub


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("scrub", help="read every file again and compare it with its hash").set_defaults(
        run=run_scrub
    )
    verbs.add_parser("sweep", help="drop abandoned parts and files that nothing refers to").set_defaults(
        run=run_sweep
    )


def run_scrub(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    house = open_house(settings)
    found = scrub(house.database, house.store)
    print(f"{found.read} files read, {len(found.damaged)} damaged, {len(found.missing)} missing.")
    for key in (*found.damaged, *found.missing):
        print(key, file=sys.stderr)
    return 1 if found.damaged or found.missing else 0


def run_sweep(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    house = open_house(settings)
    if sweep_unless_kept(Work(house.database, house.settings), house.store):
        print("Swept.")
        return 0
    print("A backup is being made. Sweep when it is over.", file=sys.stderr)
    return 2
