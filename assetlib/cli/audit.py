"""`assetlib audit …`: whether anybody touched the record of what happened."""

import argparse
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from assetlib.audit import verify
from assetlib.house import open_house
from assetlib.keeping.anchoring import anchor_now, anchors_in, fault_against
from assetlib.keeping.keys import PUBLIC, make_keys, private_key, public_key
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verifying = verbs.add_parser("verify", help="check every seal of the chain")
    verifying.add_argument(
        "--against",
        metavar="FILE",
        type=Path,
        help="anchors that were kept elsewhere: finds a cut-off end too",
    )
    verifying.add_argument(
        "--key", metavar="FILE", type=Path, help=f"the public key they were signed with, else HOME/{PUBLIC}"
    )
    verifying.set_defaults(run=run)
    anchoring = verbs.add_parser("anchor", help="say the end of the chain, signed, to be kept elsewhere")
    anchoring.add_argument("--to", metavar="FILE", type=Path, help="add it to this file, else print it")
    anchoring.set_defaults(run=run_anchor)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    with open_house(settings).database.reading() as session:
        verdict = verify(session)
        faults = _against(session, settings, asked) if asked.against is not None else []
    if verdict.is_whole and not faults:
        print(f"{verdict.entries} entries, the chain is whole.")
        return 0
    if not verdict.is_whole:
        print(
            f"The chain is broken: {verdict.fault}. {verdict.entries} entries before it are whole.",
            file=sys.stderr,
        )
    for fault in faults:
        print(f"An anchor does not fit: {fault}.", file=sys.stderr)
    return 1


def _against(session: Session, settings: Settings, asked: argparse.Namespace) -> list[str]:
    key = public_key(asked.key or settings.home / PUBLIC)
    anchors = list(anchors_in(asked.against, key))
    return [fault for each in anchors if (fault := fault_against(session, each)) is not None]


def run_anchor(settings: Settings, asked: argparse.Namespace) -> int:
    make_keys(settings.home)
    with open_house(settings).database.reading() as session:
        line = anchor_now(session).signed_with(private_key(settings.home))
    if asked.to is None:
        print(line)
        return 0
    with asked.to.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(f"The end of the chain is noted in {asked.to}.")
    return 0
