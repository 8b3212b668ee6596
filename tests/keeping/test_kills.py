"""A backup, a restore and an upgrade are killed in the middle; nothing is lost, and the next one goes on.

A few times in every run, twenty times each in `make proof`.
"""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command

from assetlib.errors import Refusal
from assetlib.house import open_house
from assetlib.keeping.keys import PUBLIC, public_key
from assetlib.keeping.manifest import generations_in, object_path, read_list, read_manifest
from assetlib.keeping.starting import BeingRestored, must_be_startable
from assetlib.migrating import WrongSchema, alembic_config, known_revisions
from assetlib.search.checking import check
from assetlib.settings import Settings
from tests.keeping.killing import NEVER, chosen, interrupted, steps_in, was_killed
from tests.keeping.places import Place, add_asset, contents_of
from tests.keeping.test_putting_back import rows_of
from tests.keeping.test_taking import take

Line = Callable[[str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Line:
    def line(said: str) -> None:
        with capsys.disabled():
            request.config.get_terminal_writer().line(f"\nproof: {said}")

    return line


def all_generations_are_whole(place: Place, backup: Path) -> int:
    """Each that has a name is signed, and has every object with its bytes; how many there are."""
    found = generations_in(backup)
    for generation in found:
        read_manifest(generation, public_key(place.home / PUBLIC))
        for kept in read_list(generation):
            assert object_path(backup, kept.key).read_bytes() == place.contents[kept.key]
    return len(found)


def backup_killed(place: Place, backup: Path, tmp_path: Path, kills: int) -> str:
    words = ("backup", "--to", str(backup), "--keep", "2")
    steps = steps_in(interrupted(place.home, NEVER, "backup", "--to", str(tmp_path / "measured")))
    came_to_an_end = 0
    for number, step in enumerate(chosen(steps, kills, seed=kills)):
        if number % 4 == 0:
            add_asset(place, f"came before kill {number}".encode())
        before = all_generations_are_whole(place, backup)
        killed = was_killed(interrupted(place.home, step, *words))
        came_to_an_end += not killed
        assert all_generations_are_whole(place, backup) >= min(before, 2)
    done = interrupted(place.home, NEVER, *words)
    assert done.returncode == 0, done.stderr
    (*_, newest) = generations_in(backup)
    assert {kept.key for kept in read_list(newest)} == place.contents.keys()
    all_generations_are_whole(place, backup)
    assert {path.name for path in (backup / "generations").iterdir()} == {
        each.name for each in generations_in(backup)
    }
    assert list((backup / "temporary").iterdir()) == []
    killed = kills - came_to_an_end
    assert killed >= kills // 2, "hardly a kill met a backup: this proves little"
    return f"backup: {killed} kills in {steps} steps, all {len(place.contents)} files in whole generations"


def restore_killed(place: Place, backup: Path, elsewhere: Settings, tmp_path: Path, kills: int) -> str:
    take(place, backup)
    key = tmp_path / "kept-elsewhere.pem"
    shutil.copyfile(place.home / PUBLIC, key)
    words = ("restore", "--from", str(backup), "--public-key", str(key))
    steps = steps_in(interrupted(tmp_path / "measured", NEVER, *words))
    killed = 0
    for step in chosen(steps, kills, seed=kills):
        # Every other kill meets a place in which an earlier try got somewhere.
        if killed % 2 == 0:
            shutil.rmtree(elsewhere.home, ignore_errors=True)
        if not was_killed(interrupted(elsewhere.home, step, *words)):
            # What was left to do had fewer steps. So from the beginning again.
            must_be_startable(elsewhere)
            shutil.rmtree(elsewhere.home)
            assert was_killed(interrupted(elsewhere.home, step, *words))
        killed += 1
        with pytest.raises(Refusal) as refused:
            must_be_startable(elsewhere)
        assert isinstance(refused.value, (BeingRestored, WrongSchema))
        if isinstance(refused.value, WrongSchema):
            assert "no tables yet" in refused.value.sentence
    assert killed == kills
    done = interrupted(elsewhere.home, NEVER, *words)
    assert done.returncode == 0, done.stderr
    must_be_startable(elsewhere)
    assert rows_of(elsewhere.home) == rows_of(place.home)
    house = open_house(elsewhere)
    assert contents_of(house) == place.contents
    assert check(house.database, house.index).is_clean
    house.index.close()
    house.database.close()
    return f"restore: {killed} kills in {steps} steps, all rows and {len(place.contents)} files there again"


def counted(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "assetlib.sqlite") as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    database.close()
    return found


def revision_of(home: Path) -> str:
    with sqlite3.connect(home / "assetlib.sqlite") as database:
        (found,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    database.close()
    return str(found)


def upgrade_killed(place: Place, tmp_path: Path, kills: int, *, revisions: int | None = None) -> str:
    """Upgrade from every revision that has assets, killed at steps all over the work."""
    place.house.database.close()
    assets = counted(place.home)["asset"]
    older = [each for each in known_revisions()[:-1] if each >= "0002"][:revisions]
    killed = 0
    for number, revision in enumerate(older):
        home = tmp_path / f"at-{revision}"
        shutil.copytree(place.home, home)
        command.downgrade(alembic_config(f"sqlite:///{home / 'assetlib.sqlite'}"), revision)
        before = counted(home)
        assert before["asset"] == assets
        pristine, measured = tmp_path / f"pristine-{revision}", tmp_path / f"measured-{revision}"
        shutil.copytree(home, pristine)
        shutil.copytree(home, measured)
        steps = steps_in(interrupted(measured, NEVER, "migrate"))
        share = kills // len(older) + (number < kills % len(older))
        for step in chosen(steps, max(share, 2), seed=number):
            if not was_killed(interrupted(home, step, "migrate")):
                # What was left to do had fewer steps. So from the beginning again.
                shutil.rmtree(home)
                shutil.copytree(pristine, home)
                assert was_killed(interrupted(home, step, "migrate"))
            killed += 1
            if revision_of(home) != known_revisions()[-1]:
                with pytest.raises(WrongSchema):
                    must_be_startable(Settings(home=home))
        assert interrupted(home, NEVER, "migrate").returncode == 0
        after = counted(home)
        assert {name: after[name] for name in before if name in after and name != "audit_entry"} == {
            name: rows for name, rows in before.items() if name in after and name != "audit_entry"
        }
        with sqlite3.connect(home / f"before-migration-{revision}.sqlite") as copy:
            assert copy.execute("SELECT count(*) FROM asset").fetchone() == (assets,)
        copy.close()
        must_be_startable(Settings(home=home))
    assert killed >= kills
    return f"migration: {killed} kills from {len(older)} revisions, no row lost"


def test_a_backup_that_was_killed_leaves_only_whole_generations(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    backup_killed(place, backup, tmp_path, kills=3)


def test_a_restore_that_was_killed_goes_on_and_is_not_served_before(
    place: Place, backup: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    restore_killed(place, backup, elsewhere, tmp_path, kills=3)


def test_an_upgrade_that_was_killed_goes_on_and_is_not_served_before(place: Place, tmp_path: Path) -> None:
    upgrade_killed(place, tmp_path, kills=3, revisions=1)


@pytest.mark.proof
def test_twenty_kills_of_a_backup(place: Place, backup: Path, tmp_path: Path, tell: Line) -> None:
    tell(backup_killed(place, backup, tmp_path, kills=20))


@pytest.mark.proof
def test_twenty_kills_of_a_restore(
    place: Place, backup: Path, elsewhere: Settings, tmp_path: Path, tell: Line
) -> None:
    tell(restore_killed(place, backup, elsewhere, tmp_path, kills=20))


@pytest.mark.proof
def test_twenty_kills_of_an_upgrade(place: Place, tmp_path: Path, tell: Line) -> None:
    tell(upgrade_killed(place, tmp_path, kills=20))
