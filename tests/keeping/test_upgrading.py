"""Before a migration the database is copied as it was; the last three copies stay."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command

from assetlib.cli import main
from assetlib.keeping import upgrading
from assetlib.keeping.keys import PRIVATE, PUBLIC, UnreadableKey, private_key, public_key, public_pem
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.migrating import WrongSchema, alembic_config, known_revisions
from tests.keeping.places import Place
from tests.keeping.test_taking import said


def go_down(place: Place, revision: str) -> None:
    place.house.database.close()
    command.downgrade(alembic_config(f"sqlite:///{place.home / 'assetlib.sqlite'}"), revision)


def copies_in(home: Path) -> list[str]:
    return sorted(each.name for each in home.glob("before-migration-*"))


def test_the_database_is_copied_as_it_was(place: Place) -> None:
    older = known_revisions()[-2]
    go_down(place, older)
    lines: list[str] = []
    bring_to_this_version(place.house.settings, lines.append)
    assert copies_in(place.home) == [f"before-migration-{older}.sqlite"]
    assert any(str(place.home / f"before-migration-{older}.sqlite") in line for line in lines)
    with sqlite3.connect(place.home / f"before-migration-{older}.sqlite") as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (older,)
        assert copy.execute("SELECT count(*) FROM asset").fetchone() == (3,)
    copy.close()


def test_nothing_is_copied_when_there_is_nothing_to_do(place: Place) -> None:
    bring_to_this_version(place.house.settings, said)
    assert copies_in(place.home) == []


def test_three_copies_stay(place: Place) -> None:
    for name in ("0001", "0002", "0003"):
        (place.home / f"before-migration-{name}.sqlite").touch()
    older = known_revisions()[-2]
    go_down(place, older)
    bring_to_this_version(place.house.settings, said)
    assert copies_in(place.home) == [f"before-migration-{name}.sqlite" for name in ("0002", "0003", older)]


def test_without_the_program_for_it_postgresql_is_not_copied_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lines: list[str] = []
    upgrading.copy_before(tmp_path, "postgresql+psycopg://nobody@localhost/none", "0001", lines.append)
    assert lines == [
        "pg_dump is not installed here, so no copy of the database was taken before the migration."
    ]


def test_a_database_of_a_newer_program_is_not_touched(place: Place) -> None:
    place.house.database.close()
    with sqlite3.connect(place.home / "assetlib.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(WrongSchema, match="newer assetlib"):
        bring_to_this_version(place.house.settings, said)


def test_both_halves_of_the_key_are_made_once(place: Place) -> None:
    before = (place.home / PRIVATE).read_bytes()
    bring_to_this_version(place.house.settings, said)
    assert (place.home / PRIVATE).read_bytes() == before
    assert (place.home / PUBLIC).read_bytes() == public_pem(private_key(place.home))
    assert public_key(place.home / PUBLIC)


def test_a_key_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / PRIVATE).write_text("no key")
    with pytest.raises(UnreadableKey, match=PRIVATE):
        private_key(tmp_path)


@pytest.mark.parametrize("noun", ["backup", "migrate"])
def test_commands_keep_off_a_place_that_is_being_put_back(
    noun: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "restoring").write_text("20260101T000000Z")
    monkeypatch.setenv("ASSETLIB_HOME", str(tmp_path))
    assert main([noun, *(["--to", str(tmp_path / "to")] if noun == "backup" else [])]) == 2
    assert "being put back" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["restoring"]
