"""Fixtures that every suite may use: a migrated database of one's own, and people to act in it.

A module that says `ENGINES = ("sqlite", "postgresql")` has its tests run on both; the second are `services`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from assetlib.audit import append_chain
from assetlib.database import Database
from tests import make, templates

WITHOUT_POSTGRES = "no PostgreSQL: run these with scripts/services run -- pytest -m services"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    engines = getattr(metafunc.module, "ENGINES", None)
    if engines is not None and "database_url" in metafunc.fixturenames:
        marks = {"postgresql": (pytest.mark.services,)}
        metafunc.parametrize(
            "database_url", [pytest.param(each, marks=marks.get(each, ())) for each in engines], indirect=True
        )


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row but the seeds, made once and copied for each test."""
    return templates.sqlite_file(templates.shared_folder(tmp_path_factory))


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a real server, from `scripts/services`."""
    if "ASSETLIB_TEST_POSTGRES" not in os.environ:
        pytest.skip(WITHOUT_POSTGRES)
    return os.environ["ASSETLIB_TEST_POSTGRES"]


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this process's own."""
    with templates.postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_database_file: Path) -> str:
    """The address of a migrated database with no row but the seeds."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        engine = create_engine(url)
        with engine.begin() as connection:
            templates.empty_again(connection)
        engine.dispose()
        return url
    path = tmp_path / "assetlib.sqlite"
    shutil.copyfile(empty_database_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, before_commit=[append_chain])
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
