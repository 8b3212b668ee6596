"""The whole application on a database and store of its own, without a network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetlib.app import create_app
from assetlib.house import House, open_house
from assetlib.settings import Settings
from tests import make
from tests.delivery.visiting import Visits


@pytest.fixture
def house(tmp_path: Path, empty_database_file: Path) -> Iterator[House]:
    """Database, local store and memory index, as the product opens them."""
    shutil.copyfile(empty_database_file, tmp_path / "assetlib.sqlite")
    opened = open_house(Settings(home=tmp_path, search_kind="memory", development=True, secret_key="s" * 40))
    yield opened
    opened.database.close()


@pytest.fixture
def people(house: House) -> make.People:
    with house.database.transaction() as session:
        return make.people(session)


@pytest.fixture
def visits(house: House, people: make.People) -> Visits:
    """Browsers of the people, without a screen."""
    return Visits(create_app(house.settings, house=house), house)
