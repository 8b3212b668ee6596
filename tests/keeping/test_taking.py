"""A backup holds all that its snapshot speaks of, brings only what is new, and is whole or has no name."""

import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assetlib import clock
from assetlib.catalog.jobs import take_in_upload
from assetlib.jobs.work import Work
from assetlib.keeping import taking
from assetlib.keeping.copying import ObjectMissing
from assetlib.keeping.keys import PRIVATE, PUBLIC, public_key
from assetlib.keeping.manifest import BrokenBackup, generations_in, object_path, read_list, read_manifest
from assetlib.keeping.taking import BackupRuns, Taken, alone_in, take_backup
from assetlib.noted import last_backup
from assetlib.storage.jobs import sweep_unless_kept
from assetlib.storage.models import Blob
from assetlib.storage.scrub import scrub
from tests import make
from tests.cli.homes import assetlib
from tests.keeping.places import Place, add_asset


def said(line: str) -> None:
    """Nobody listens."""


def take(place: Place, backup: Path, **more: bool | int) -> Taken:
    return take_backup(place.house, backup, said, **more)  # type: ignore[arg-type]  # names of its own


def files_in(backup: Path) -> set[Path]:
    return {path for path in (backup / "objects").rglob("*") if path.is_file()}


def test_every_object_of_the_snapshot_is_in_it_with_its_sha256(place: Place, backup: Path) -> None:
    taken = take(place, backup)
    manifest = read_manifest(taken.generation, public_key(place.home / PUBLIC))
    kept = {each.key: each for each in read_list(taken.generation)}
    assert kept.keys() == place.contents.keys()
    assert {key: object_path(backup, key).read_bytes() for key in kept} == place.contents
    assert (manifest.objects, manifest.object_bytes) == (6, sum(map(len, place.contents.values())))
    assert manifest.tables["asset"] == 3
    assert manifest.tables["blob"] == 6
    assert manifest.audit_seq > 0


def test_anybody_can_check_the_signature_with_openssl(place: Place, backup: Path) -> None:
    folder = take(place, backup).generation
    files = [
        "-inkey",
        place.home / PUBLIC,
        "-sigfile",
        folder / "manifest.sig",
        "-in",
        folder / "manifest.json",
    ]
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", *files], capture_output=True
    )
    assert checked.returncode == 0, checked.stderr


def test_the_second_brings_only_what_is_new(place: Place, backup: Path) -> None:
    assert take(place, backup).new == 6
    before = {path: path.stat().st_mtime_ns for path in files_in(backup)}
    assert take(place, backup).new == 0
    add_asset(place, b"one more")
    third = take(place, backup)
    assert (third.new, third.manifest.objects) == (2, 8)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(generations_in(backup)) == 3


def test_no_secret_is_in_it_and_only_the_owner_may_look(place: Place, backup: Path) -> None:
    take(place, backup)
    secrets = [(place.home / name).read_bytes().strip() for name in (PRIVATE, "secret_key")]
    for path in backup.rglob("*"):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in secrets), path
    assert stat.S_IMODE((place.home / PRIVATE).stat().st_mode) == 0o600
    assert stat.S_IMODE((backup / "objects").stat().st_mode) == 0o700


def test_older_generations_go_and_with_them_what_only_they_needed(place: Place, backup: Path) -> None:
    first = take(place, backup).generation
    with place.house.database.transaction() as session:
        gone = make.blob(session, place.people.own, content=b"for a while", store=place.house.store)
    second = take(place, backup).generation
    with place.house.database.transaction() as session:
        session.delete(session.get_one(Blob, gone.id))
    third = take(place, backup, keep=2).generation
    assert generations_in(backup) == [second, third]
    assert not first.exists()
    assert object_path(backup, gone.key).exists()
    fourth = take(place, backup, keep=1).generation
    assert generations_in(backup) == [fourth]
    assert not object_path(backup, gone.key).exists()
    assert len(files_in(backup)) == 6


def test_nothing_is_pruned_by_a_list_that_was_changed(place: Place, backup: Path) -> None:
    take(place, backup)
    second = take(place, backup).generation
    (second / "objects.tsv").write_text("")
    with pytest.raises(BrokenBackup):
        taking.prune(backup, 1)
    assert len(files_in(backup)) == 6
    assert len(generations_in(backup)) == 2


def test_an_object_that_is_gone_unknown_to_the_database_is_an_error(place: Place, backup: Path) -> None:
    key = next(iter(place.contents))
    place.house.store.delete(key)
    with pytest.raises(ObjectMissing, match=r"is missing.*storage scrub"):
        take(place, backup)
    assert generations_in(backup) == []


def test_an_object_that_was_changed_is_an_error_too(place: Place, backup: Path) -> None:
    key = next(iter(place.contents))
    (place.home / "files" / key).write_bytes(b"x" * len(place.contents[key]))
    with pytest.raises(ObjectMissing, match="is not what it was"):
        take(place, backup)
    assert not object_path(backup, key).exists()


def test_known_damage_does_not_keep_all_else_from_being_kept(place: Place, backup: Path) -> None:
    key = next(iter(place.contents))
    place.house.store.delete(key)
    scrub(place.house.database, place.house.store)
    taken = take(place, backup)
    assert taken.manifest.damaged == [key]
    assert taken.manifest.objects == 5


def test_what_an_earlier_backup_has_of_a_damaged_file_stays(place: Place, backup: Path) -> None:
    take(place, backup)
    key = next(iter(place.contents))
    place.house.store.delete(key)
    scrub(place.house.database, place.house.store)
    taken = take(place, backup)
    assert (taken.manifest.damaged, taken.manifest.objects) == ([], 6)
    assert object_path(backup, key).read_bytes() == place.contents[key]


def test_reading_again_mends_what_changed_in_the_backup(place: Place, backup: Path) -> None:
    take(place, backup)
    key = next(iter(place.contents))
    object_path(backup, key).write_bytes(b"x" * len(place.contents[key]))
    assert take(place, backup).new == 0
    assert take(place, backup, read_again=True).new == 1
    assert object_path(backup, key).read_bytes() == place.contents[key]


def test_files_that_wait_to_be_looked_at_are_kept_too(place: Place, backup: Path) -> None:
    with place.house.database.transaction() as session:
        upload = make.upload(
            session, place.people.contributor, content=b"just arrived", store=place.house.store
        )
    taken = take(place, backup)
    assert object_path(backup, upload.key).read_bytes() == b"just arrived"
    assert taken.manifest.objects == 7


def test_a_file_that_was_dealt_with_meanwhile_is_asked_for_anew(
    place: Place, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal bytes were there already, so the upload's own are let go of between snapshot and copy."""
    house = place.house
    content = next(iter(place.contents.values()))
    with house.database.transaction() as session:
        make.blob(session, place.people.agency, content=content, store=house.store)
        upload = make.upload(session, place.people.contributor, content=content, store=house.store)
    snapshot, looks = taking.take_snapshot, []

    def and_then_the_worker_comes(*given: object) -> object:
        facts = snapshot(*given)  # type: ignore[arg-type]  # as they came
        looks.append(facts)
        if len(looks) == 1:
            take_in_upload(Work(house.database, house.settings), house.store, upload_id=upload.id)
        return facts

    monkeypatch.setattr(taking, "take_snapshot", and_then_the_worker_comes)
    taken = take(place, backup)
    assert len(looks) == 2
    assert upload.key not in {each.key for each in read_list(taken.generation)}
    assert [each.name for each in (backup / "generations").iterdir()] == [taken.generation.name]


def test_nothing_is_swept_while_a_backup_is_made(
    place: Place, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = place.house
    long_ago = clock.now() - timedelta(days=30)
    with house.database.transaction() as session:
        released = make.blob(session, place.people.own, store=house.store, released_at=long_ago)
    snapshot, swept = taking.take_snapshot, []

    def and_then_the_sweeper_comes(*given: object) -> object:
        facts = snapshot(*given)  # type: ignore[arg-type]  # as they came
        swept.append(sweep_unless_kept(Work(house.database, house.settings), house.store))
        return facts

    monkeypatch.setattr(taking, "take_snapshot", and_then_the_sweeper_comes)
    take(place, backup)
    assert swept == [False]
    assert object_path(backup, released.key).exists()
    assert sweep_unless_kept(Work(house.database, house.settings), house.store)


def test_two_backups_do_not_meet_in_one_folder(place: Place, backup: Path) -> None:
    take(place, backup)
    with alone_in(backup), pytest.raises(BackupRuns, match="Wait until it is done"):
        take(place, backup)


def test_a_clock_that_was_put_back_does_not_make_an_old_one_of_a_new_one(place: Place, backup: Path) -> None:
    first = take(place, backup).generation
    with clock.held_at(clock.now() - timedelta(days=2)):
        second = take(place, backup, keep=1).generation
    assert generations_in(backup) == [second]
    assert second.name > first.name


def test_what_was_half_done_is_taken_away_by_the_next(place: Place, backup: Path) -> None:
    take(place, backup)
    (backup / "generations" / "20200101T000000Z.unfinished").mkdir()
    (backup / "temporary" / "half").write_bytes(b"half")
    take(place, backup)
    assert len(generations_in(backup)) == 2
    assert not list((backup / "temporary").iterdir())


def test_the_place_remembers_when_the_last_one_was_taken(place: Place, backup: Path) -> None:
    assert last_backup(place.home) is None
    take(place, backup)
    assert last_backup(place.home) is None, "a drill's own backup is none that anybody keeps"
    assert assetlib(place.home, "backup", "--to", str(backup)).returncode == 0
    (*_, newest) = generations_in(backup)
    moment = last_backup(place.home)
    assert moment is not None
    assert moment.isoformat() == read_manifest(newest, public_key(place.home / PUBLIC)).taken_at


def test_known_damage_is_told_by_the_status(place: Place, backup: Path) -> None:
    key = next(iter(place.contents))
    place.house.store.delete(key)
    unknown = assetlib(place.home, "backup", "--to", str(backup))
    assert (unknown.returncode, "is missing" in unknown.stderr) == (2, True)
    scrub(place.house.database, place.house.store)
    known = assetlib(place.home, "backup", "--to", str(backup))
    assert (known.returncode, key in known.stderr) == (1, True)


def test_a_touched_record_is_said_and_pushes_out_no_backup_from_before(place: Place, backup: Path) -> None:
    good = take(place, backup, keep=1).generation
    touch_the_record(place)
    for _ in range(2):
        taken = take(place, backup, keep=1)
        assert taken.log_fault == "entry 1 was changed after it was written"
    assert good in generations_in(backup)
    assert len(generations_in(backup)) == 3
    told = assetlib(place.home, "backup", "--to", str(backup), "--keep", "1")
    assert told.returncode == 1
    assert "THE AUDIT LOG WAS TOUCHED: entry 1 was changed" in told.stderr


def touch_the_record(place: Place) -> None:
    """Somebody with a hand in the database changes what was written."""
    with place.house.database.transaction() as session:
        session.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
        session.execute(text("UPDATE audit_entry SET reason = 'another' WHERE seq = 1"))
