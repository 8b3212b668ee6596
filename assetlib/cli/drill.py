"""`assetlib drill`: put a backup back into an empty place and try whether all of it is there."""

import argparse
from pathlib import Path

from assetlib.house import open_house
from assetlib.keeping.drilling import Asked, drill
from assetlib.keeping.starting import must_be_startable
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="a new folder, or that of a drill before"
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR",
        help="a backup; without it one is taken into DIR/backup",
    )
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="the one in HOME, if none is named")
    parser.add_argument("--leave", action="store_true", help="leave the place that was put back in DIR/place")
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    must_be_startable(settings)
    house = open_house(settings)
    source = asked.source.resolve() if asked.source else None
    report = drill(house, Asked(asked.to.resolve(), source, asked.public_key, asked.leave), print)
    house.database.close()
    print(report.text())
    print(f"Written to {asked.to.resolve() / 'report.json'} and report.txt beside it.")
    return 0 if report.is_well else 1
