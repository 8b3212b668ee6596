"""`assetlib restore`: put a backup back into the empty place that the settings describe."""

import argparse
from pathlib import Path

from assetlib.keeping.putting_back import restore
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="the backup's folder"
    )
    parser.add_argument(
        "--public-key",
        type=Path,
        required=True,
        metavar="FILE",
        help="the public key that you kept elsewhere",
    )
    parser.add_argument("--generation", metavar="NAME", help="which one; the newest if none is named")
    parser.add_argument(
        "--broken-log",
        action="store_true",
        help="also when the record of what happened was touched before the backup was taken",
    )
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    done = restore(
        settings,
        asked.source.resolve(),
        asked.public_key,
        print,
        name=asked.generation,
        broken_log=asked.broken_log,
    )
    print(
        f"{done.generation.name} is put back: {done.manifest.objects} files, {done.indexed} assets in the "
        "index. Start `assetlib serve` and `assetlib worker`."
    )
    return 0
