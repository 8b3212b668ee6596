"""`assetlib corpus`: send files and strings that somebody collected through a fresh installation."""

import argparse
import os
import sys
from pathlib import Path

from assetlib.corpus.checking import check
from assetlib.corpus.manifest import NoManifest
from assetlib.corpus.strings import try_strings
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    files = verbs.add_parser("check", help="each file of DIR/manifest.csv: expected against seen")
    files.add_argument("folder", type=Path, metavar="DIR")
    files.add_argument("--only", default="", metavar="TEXT", help="files whose path holds this text")
    files.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    files.set_defaults(run=run_check)
    strings = verbs.add_parser("strings", help="the strings and file names of DIR/hostile, in every field")
    strings.add_argument("folder", type=Path, metavar="DIR")
    strings.add_argument("--every", type=int, default=1, metavar="N", help="each Nth string only")
    strings.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    strings.set_defaults(run=run_strings)


def run_check(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001  # it has a house of its own
    try:
        result = check(asked.folder, _say, only=asked.only, processes=asked.processes)
    except NoManifest as why:
        print(why, file=sys.stderr)
        return 2
    print(
        f"{result.files} files: {result.files - result.different} as expected, {result.different} different, "
        f"{result.server_errors} server errors, {len(result.faults)} other faults."
    )
    return 0 if result.is_clean else 1


def run_strings(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    try:
        result = try_strings(asked.folder, _say, every=asked.every, processes=asked.processes)
    except NoManifest as why:
        print(why, file=sys.stderr)
        return 2
    print(
        f"{result.strings} strings and {result.names} file names in {result.fields} fields: "
        f"{result.kept} kept, {result.refused} refused, {result.faults} faults."
    )
    return 0 if result.faults == 0 else 1


def _say(line: str) -> None:
    print(line, flush=True)
