"""`assetlib backup`: copy database and files into a folder, signed; what it has is not copied again."""

import argparse
import sys
from pathlib import Path

from assetlib.house import open_house
from assetlib.keeping.starting import must_be_there, must_not_be_restoring
from assetlib.keeping.taking import NoFolder, take_backup
from assetlib.noted import note_backup
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="the folder that holds the backup"
    )
    parser.add_argument(
        "--keep", type=_at_least_one, metavar="N", help="remove all generations but the newest N"
    )
    parser.add_argument(
        "--read-again",
        action="store_true",
        help="also read the files that the folder has, and mend those that changed",
    )
    parser.set_defaults(run=run)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one generation has to stay")
    return number


def run(settings: Settings, asked: argparse.Namespace) -> int:
    must_not_be_restoring(settings)
    must_be_there(settings)
    to = asked.to.resolve()
    if to.is_relative_to(settings.home.resolve()):
        raise NoFolder(
            f"{to} lies in {settings.home}, which a backup is of. Name a folder elsewhere, on another disk."
        )
    house = open_house(settings)
    taken = take_backup(house, to, print, keep=asked.keep, read_again=asked.read_again)
    note_backup(settings.home, taken.manifest.taken_at, taken.generation)
    house.database.close()
    said = taken.manifest
    print(
        f"{taken.generation}: {said.objects} files ({said.object_bytes:,} bytes), "
        f"{taken.new} of them new ({taken.new_bytes:,} bytes)."
    )
    for key in said.damaged:
        print(f"Damaged, and in no backup of this folder: {key}", file=sys.stderr)
    if taken.log_fault is not None:
        print(
            f"THE AUDIT LOG WAS TOUCHED: {taken.log_fault}. This backup is taken all the same; no older one "
            "was removed. Keep everything as it is, and read “The chain is broken” in docs/operations.md.",
            file=sys.stderr,
        )
    return 1 if said.damaged or taken.log_fault is not None else 0
