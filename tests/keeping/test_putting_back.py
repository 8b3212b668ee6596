"""What is put back is what was signed, in an empty place, or nothing is."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from assetlib.errors import Refusal
from assetlib.house import House, open_house
from assetlib.keeping.keys import PRIVATE, PUBLIC, UnreadableKey, WrongSignature, make_keys
from assetlib.keeping.manifest import BrokenBackup, find_generation, object_path
from assetlib.keeping.putting_back import NotEmpty, OtherEngine, PutBack, restore
from assetlib.keeping.starting import MARK, BeingRestored, must_be_startable
from assetlib.migrating import WrongSchema
from assetlib.search.checking import check
from assetlib.settings import Settings
from assetlib.storage import open_store
from tests.keeping.places import Place, add_asset, contents_of
from tests.keeping.test_taking import said, take, touch_the_record


def put_back(place: Place, backup: Path, elsewhere: Settings, **more: str) -> PutBack:
    return restore(elsewhere, backup, place.home / PUBLIC, said, name=more.get("name"))


def rows_of(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(home / "assetlib.sqlite") as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: database.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in names}
    database.close()
    return found


def test_all_is_there_again(place: Place, backup: Path, elsewhere: Settings) -> None:
    take(place, backup)
    done = put_back(place, backup, elsewhere)
    assert (done.brought, done.indexed) == (6, 3)
    assert rows_of(elsewhere.home) == rows_of(place.home)
    house: House = open_house(elsewhere)
    assert contents_of(house) == place.contents
    assert check(house.database, house.index).is_clean
    house.index.close()
    house.database.close()
    must_be_startable(elsewhere)


def test_an_older_generation_can_be_asked_for(place: Place, backup: Path, elsewhere: Settings) -> None:
    first = take(place, backup).generation
    add_asset(place, b"later")
    take(place, backup)
    assert put_back(place, backup, elsewhere, name=first.name).manifest.tables["asset"] == 3


def nothing_was_put_back(settings: Settings) -> None:
    assert not (settings.home / MARK).exists()
    assert not (settings.home / "assetlib.sqlite").exists()
    assert not (settings.home / "files").exists() or list(open_store(settings).list()) == []


def test_a_manifest_that_was_changed_is_refused(place: Place, backup: Path, elsewhere: Settings) -> None:
    path = take(place, backup).generation / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "audit_seq": 1}))
    with pytest.raises(WrongSignature, match="was changed since"):
        put_back(place, backup, elsewhere)
    nothing_was_put_back(elsewhere)


@pytest.mark.parametrize("name", ["objects.tsv", "database.sqlite"])
def test_a_list_or_a_database_that_was_changed_is_refused(
    place: Place, backup: Path, elsewhere: Settings, name: str
) -> None:
    path = take(place, backup).generation / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BrokenBackup, match=name):
        put_back(place, backup, elsewhere)
    nothing_was_put_back(elsewhere)


def test_another_key_is_refused_even_with_its_own_half_beside(
    place: Place, backup: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    take(place, backup)
    (tmp_path / "other").mkdir()
    make_keys(tmp_path / "other")
    with pytest.raises(WrongSignature):
        restore(elsewhere, backup, tmp_path / "other" / PUBLIC, said)
    with pytest.raises(UnreadableKey):
        restore(elsewhere, backup, place.home / PRIVATE, said)
    nothing_was_put_back(elsewhere)


def test_an_object_that_is_missing_is_named_and_the_place_is_not_served(
    place: Place, backup: Path, elsewhere: Settings
) -> None:
    take(place, backup)
    path = object_path(backup, next(iter(place.contents)))
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(BrokenBackup, match=path.name):
        put_back(place, backup, elsewhere)
    with pytest.raises(BeingRestored):
        must_be_startable(elsewhere)
    path.write_bytes(kept)
    done = put_back(place, backup, elsewhere)
    assert 0 < done.brought <= 6
    must_be_startable(elsewhere)


def test_one_flipped_bit_in_an_object_is_found(place: Place, backup: Path, elsewhere: Settings) -> None:
    take(place, backup)
    key = next(iter(place.contents))
    path = object_path(backup, key)
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    with pytest.raises(BrokenBackup, match=path.name):
        put_back(place, backup, elsewhere)
    assert key not in {facts.key for facts in open_store(elsewhere).list()}
    with pytest.raises(BeingRestored):
        must_be_startable(elsewhere)


def test_a_file_from_a_try_before_is_compared_and_not_believed(
    place: Place, backup: Path, elsewhere: Settings
) -> None:
    generation = take(place, backup).generation
    key, content = next(iter(place.contents.items()))
    elsewhere.home.mkdir()
    (elsewhere.home / MARK).write_text(generation.name)
    target = elsewhere.home / "files" / key
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * len(content))
    put_back(place, backup, elsewhere)
    assert target.read_bytes() == content


def test_where_something_is_nothing_is_put(place: Place, backup: Path, elsewhere: Settings) -> None:
    take(place, backup)
    with pytest.raises(NotEmpty, match="tables already"):
        restore(place.house.settings, backup, place.home / PUBLIC, said)
    open_store(elsewhere)
    shutil.copytree(place.home / "files", elsewhere.files, dirs_exist_ok=True)
    with pytest.raises(NotEmpty, match="files already"):
        put_back(place, backup, elsewhere)


def test_another_generation_does_not_go_on_where_one_stopped(
    place: Place, backup: Path, elsewhere: Settings
) -> None:
    first = take(place, backup).generation
    take(place, backup)
    elsewhere.home.mkdir()
    (elsewhere.home / MARK).write_text(first.name)
    with pytest.raises(NotEmpty, match=first.name):
        put_back(place, backup, elsewhere)


def test_a_backup_of_a_newer_assetlib_is_refused(
    place: Place, backup: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(place.home / "assetlib.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    take(place, backup)
    with pytest.raises(WrongSchema, match="newer assetlib"):
        put_back(place, backup, elsewhere)
    nothing_was_put_back(elsewhere)


def test_another_kind_of_database_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    take(place, backup)
    other = Settings(home=tmp_path / "other", database_url="postgresql+psycopg://nobody@localhost/none")
    with pytest.raises(OtherEngine, match="sqlite"):
        put_back(place, backup, other)


def test_without_a_whole_generation_there_is_nothing_to_put_back(tmp_path: Path) -> None:
    (tmp_path / "generations" / "20260101T000000Z.unfinished").mkdir(parents=True)
    with pytest.raises(Refusal, match="no whole backup"):
        find_generation(tmp_path)
    with pytest.raises(Refusal, match="no whole backup"):
        restore(Settings(home=tmp_path / "home"), tmp_path / "nowhere", tmp_path / "key", said)


def test_what_had_a_touched_record_is_put_back_when_that_is_wanted(
    place: Place, backup: Path, elsewhere: Settings
) -> None:
    touch_the_record(place)
    take(place, backup)
    with pytest.raises(BrokenBackup, match="run the same with --broken-log"):
        put_back(place, backup, elsewhere)
    assert (elsewhere.home / MARK).exists()
    lines: list[str] = []
    done = restore(elsewhere, backup, place.home / PUBLIC, lines.append, broken_log=True)
    assert done.indexed == 3
    assert any("entry 1 was changed after it was written" in line for line in lines)
    assert not (elsewhere.home / MARK).exists()
