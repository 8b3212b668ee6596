"""Backup, restore, drill and the copy before a migration, where the database is PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text

from assetlib.house import open_house
from assetlib.keeping.drilling import Asked, drill
from assetlib.keeping.keys import PUBLIC
from assetlib.keeping.putting_back import NotEmpty, OtherEngine, restore
from assetlib.keeping.starting import BeingRestored, must_be_startable
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.migrating import alembic_config, known_revisions
from assetlib.search.checking import check
from assetlib.settings import Settings
from tests import templates
from tests.keeping.killing import NEVER, interrupted, steps_in, was_killed
from tests.keeping.places import Place, add_asset, contents_of, make_place
from tests.keeping.test_taking import said, take

pytestmark = pytest.mark.services


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_server: str) -> Iterator[Place]:
    with templates.postgres_database(postgres_server, migrated=False) as url:
        made = make_place(Settings(home=tmp_path / "home", database_url=url))
        yield made
        made.house.index.close()
        made.house.database.close()


@pytest.fixture
def other_url(postgres_server: str) -> Iterator[str]:
    with templates.postgres_database(postgres_server, migrated=False) as url:
        yield url


def rows_of(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}
    engine.dispose()
    return {name: rows or 0 for name, rows in found.items()}


def test_all_is_there_again(on_postgres: Place, backup: Path, tmp_path: Path, other_url: str) -> None:
    generation = take(on_postgres, backup).generation
    assert (generation / "database.dump").is_file()
    add_asset(on_postgres, b"came after the backup")
    elsewhere = Settings(home=tmp_path / "elsewhere", database_url=other_url)
    done = restore(elsewhere, backup, on_postgres.home / PUBLIC, said)
    assert rows_of(other_url) == done.manifest.tables
    assert done.manifest.tables["asset"] == 3
    house = open_house(elsewhere)
    assert len(contents_of(house)) == 6
    assert check(house.database, house.index).is_clean
    house.index.close()
    house.database.close()
    must_be_startable(elsewhere)
    with pytest.raises(NotEmpty, match="tables already"):
        restore(elsewhere, backup, on_postgres.home / PUBLIC, said)
    with pytest.raises(OtherEngine):
        restore(Settings(home=tmp_path / "sqlite"), backup, on_postgres.home / PUBLIC, said)


def test_a_drill_finds_all_well_and_takes_its_database_away(on_postgres: Place, tmp_path: Path) -> None:
    report = drill(on_postgres.house, Asked(tmp_path / "drill"), said)
    assert report.is_well, report.text()
    with on_postgres.house.database.reading() as session:
        names = session.scalars(
            text("SELECT datname FROM pg_database WHERE datname LIKE 'assetlib_drill_%'")
        ).all()
    assert names == []


def test_a_restore_that_was_killed_goes_on(
    on_postgres: Place, backup: Path, tmp_path: Path, other_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(on_postgres, backup)
    key = tmp_path / "kept-elsewhere.pem"
    shutil.copyfile(on_postgres.home / PUBLIC, key)
    home = tmp_path / "elsewhere"
    words = ("restore", "--from", str(backup), "--public-key", str(key))
    killed = 0
    for step in (20, 40, 60, 80):
        if was_killed(interrupted(home, step, *words, ASSETLIB_DATABASE_URL=other_url)):
            killed += 1
            with pytest.raises(BeingRestored):
                must_be_startable(Settings(home=home, database_url=other_url))
    assert killed >= 2
    assert steps_in(interrupted(home, NEVER, *words, ASSETLIB_DATABASE_URL=other_url)) > 0
    must_be_startable(Settings(home=home, database_url=other_url))
    assert rows_of(other_url) == rows_of(on_postgres.house.settings.database_url)


def test_the_database_as_it_was_is_kept_before_a_migration(on_postgres: Place) -> None:
    settings = on_postgres.house.settings
    on_postgres.house.database.close()
    older = known_revisions()[-2]
    command.downgrade(alembic_config(settings.database_url), older)
    bring_to_this_version(settings, said)
    kept = settings.home / f"before-migration-{older}.dump"
    assert kept.read_bytes().startswith(b"PGDMP")
