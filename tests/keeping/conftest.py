"""A place with assets, and the folder that its backups go to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assetlib.settings import Settings
from tests.keeping.places import Place, make_place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = make_place(Settings(home=tmp_path / "home"))
    yield made
    made.house.index.close()
    made.house.database.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """An empty place."""
    return Settings(home=tmp_path / "elsewhere")
