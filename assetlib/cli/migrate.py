"""`assetlib migrate`: bring the database to this version's tables."""

import argparse

from assetlib.house import SECRET_KEY
from assetlib.keeping.keys import PRIVATE, PUBLIC
from assetlib.keeping.starting import must_not_be_restoring
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    must_not_be_restoring(settings)
    is_new = bring_to_this_version(settings, print)
    if is_new:
        kept = [name for name in (SECRET_KEY, PRIVATE, PUBLIC) if (settings.home / name).exists()]
        print(
            f"The tables are made. In {settings.home} lie new keys that no backup holds: {', '.join(kept)}."
        )
        print("Copy them to a safe place now. Then: assetlib user add, assetlib serve, assetlib worker.")
    else:
        print("The database is at this version.")
    return 0
