"""`assetlib migrate`: bring the database to this version's tables."""

import argparse

from alembic import command

from assetlib.catalog.schema import lay_schema
from assetlib.house import database_url, open_house, with_secret_key
from assetlib.migrating import alembic_config
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:  # noqa: ARG001
    settings.home.mkdir(parents=True, exist_ok=True)
    with_secret_key(settings)
    url = database_url(settings)
    command.upgrade(alembic_config(url), "head")
    _lay(settings)
    print("The database is at this version.")
    return 0


def _lay(settings: Settings) -> None:
    house = open_house(settings)
    house.store.prepare([settings.public_origin] if settings.public_origin else [])
    with house.database.transaction() as session:
        lay_schema(session)
    house.database.close()
