"""`assetlib migrate`: bring the database to this version's tables."""

import argparse

from assetlib.keeping.starting import must_not_be_restoring
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    must_not_be_restoring(settings)
    bring_to_this_version(settings, print)
    print("The database is at this version.")
    return 0
