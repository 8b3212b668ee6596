"""Fixtures that every suite may use: a migrated database of one's own, and people to act in it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assetlib.audit import append_chain
from assetlib.database import Database
from tests import make, templates


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row but the seeds, made once and copied for each test."""
    return templates.sqlite_file(tmp_path_factory.mktemp("template"))


@pytest.fixture
def database(tmp_path: Path, empty_database_file: Path) -> Iterator[Database]:
    path = tmp_path / "assetlib.sqlite"
    shutil.copyfile(empty_database_file, path)
    opened = Database(f"sqlite:///{path}", before_commit=[append_chain])
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One transaction for a whole test; it ends with the audit chain appended, as in the product."""
    with database.transaction() as opened:
        yield opened


@pytest.fixture
def people(session: Session) -> make.People:
    """Somebody of every role in three organisations."""
    return make.people(session)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ASSETLIB_") and not name.startswith("ASSETLIB_TEST_"):
            monkeypatch.delenv(name)
