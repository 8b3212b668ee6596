"""`assetlib search`: make the index anew, or compare it with the database."""

import argparse

from assetlib.house import open_house
from assetlib.search.checking import check, rebuild
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("rebuild", help="make the index anew beside the old one, then switch").set_defaults(
        run=run_rebuild
    )
    verbs.add_parser("check", help="compare the index with the database and repair it").set_defaults(
        run=run_check
    )


def run_rebuild(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    house = open_house(settings)
    print(f"{rebuild(house.database, house.index)} assets are in the index.")
    return 0


def run_check(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    house = open_house(settings)
    found = check(house.database, house.index)
    faults = f"{found.missing} missing, {found.stale} out of date, {found.surplus} too many"
    print(f"{found.looked_at} assets: {faults}. {'Nothing to repair.' if found.is_clean else 'Repaired.'}")
    return 0 if found.is_clean else 1
