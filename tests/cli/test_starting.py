"""Web server and worker start on the tables that they know, and on nothing half put back."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from assetlib.keeping.starting import MARK
from assetlib.migrating import known_revisions, newest_revision
from tests.cli.homes import assetlib, environment
from tests.conventions.sources import ROOT

STARTS = [("serve", "--port", "0"), ("worker",)]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("starting")
    assert assetlib(home, "migrate").returncode == 0
    return home


def put_at(home: Path, revision: str) -> None:
    with sqlite3.connect(home / "assetlib.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])
    database.close()


@pytest.mark.parametrize("words", STARTS, ids=lambda words: words[0])
def test_an_older_schema_keeps_it_from_starting_and_says_what_to_run(
    migrated: Path, words: tuple[str, ...]
) -> None:
    older = known_revisions()[-2]
    put_at(migrated, older)
    done = assetlib(migrated, *words)
    put_at(migrated, newest_revision())
    assert done.returncode == 2
    assert f"at revision {older}" in done.stderr
    assert "Run `assetlib migrate`" in done.stderr


@pytest.mark.parametrize("words", STARTS, ids=lambda words: words[0])
def test_a_newer_schema_keeps_it_from_starting_and_says_what_to_do(
    migrated: Path, words: tuple[str, ...]
) -> None:
    put_at(migrated, "9999")
    done = assetlib(migrated, *words)
    put_at(migrated, newest_revision())
    assert done.returncode == 2
    assert "at revision 9999" in done.stderr
    assert "a newer assetlib brought it there" in done.stderr


@pytest.mark.parametrize("words", STARTS, ids=lambda words: words[0])
def test_without_tables_it_does_not_start(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = assetlib(tmp_path / "home", *words)
    assert done.returncode == 2
    assert "no tables yet. Run `assetlib migrate`" in done.stderr


@pytest.mark.parametrize("words", STARTS, ids=lambda words: words[0])
def test_a_place_that_is_being_put_back_does_not_start(migrated: Path, words: tuple[str, ...]) -> None:
    (migrated / MARK).touch()
    done = assetlib(migrated, *words)
    (migrated / MARK).unlink()
    assert done.returncode == 2
    assert "is being put back" in done.stderr
    assert "assetlib restore" in done.stderr


def test_another_web_server_is_kept_from_it_too(migrated: Path) -> None:
    (migrated / MARK).touch()
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=environment(migrated),
        capture_output=True,
        text=True,
    )
    (migrated / MARK).unlink()
    assert done.returncode != 0
    assert "is being put back" in done.stderr
