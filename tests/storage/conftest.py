"""A desk where files are handed in, with a real database and a real folder behind it."""

from pathlib import Path

import pytest

from assetlib.database import Database
from assetlib.storage.local import LocalStore
from assetlib.storage.uploads import rules
from assetlib.storage.uploads.protocol import UploadDesk
from tests import make

SMALL_PART = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


@pytest.fixture
def crowd(database: Database) -> make.People:
    """Somebody of every role, committed."""
    with database.transaction() as session:
        return make.people(session)


@pytest.fixture
def desk(database: Database, store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> UploadDesk:
    """Parts are as small as the rules can make them, so that tests move little."""
    monkeypatch.setattr(rules, "SMALLEST_PART", SMALL_PART)
    return UploadDesk(database, store, largest=64 * SMALL_PART)
