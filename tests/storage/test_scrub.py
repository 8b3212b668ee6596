"""Scrubbing finds every blob whose bytes are not what they were."""

from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select, update
from structlog.testing import capture_logs

from assetlib import clock
from assetlib.audit import verify
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.settings import Settings
from assetlib.storage import scrub as scrubbing
from assetlib.storage.blobs import NoSuchBlob
from assetlib.storage.jobs import scrub_storage
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Blob
from assetlib.storage.scrub import measure_blob, scrub, share_of
from tests.storage.contract import read
from tests.storage.test_sweeper import kept_blob

ENGINES = ("sqlite", "postgresql")
DAY = timedelta(days=1)


def file_of(tmp_path: Path, blob: Blob) -> Path:
    return tmp_path / "files" / blob.key


def flip_a_bit(path: Path, seed: int) -> None:
    content = bytearray(path.read_bytes())
    random = Random(seed)
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.chmod(0o600)
    path.write_bytes(content)


def marks(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Blob.key).where(Blob.damaged_at.is_not(None))))


def test_whole_blobs_are_read_and_nothing_is_said(database: Database, store: LocalStore) -> None:
    blobs = [kept_blob(database, store) for _ in range(3)]
    later = clock.now() + DAY
    with clock.held_at(later):
        found = scrub(database, store)
    assert (found.read, found.damaged, found.missing) == (3, [], [])
    with database.reading() as session:
        assert set(session.scalars(select(Blob.checked_at))) == {later}
    assert read(store, blobs[0].key)


def test_every_flipped_bit_lost_end_and_lost_file_is_found(
    database: Database, store: LocalStore, tmp_path: Path
) -> None:
    blobs = [kept_blob(database, store) for _ in range(23)]
    flipped, cut, longer, missing = blobs[:10], blobs[10], blobs[11], blobs[12]
    for seed, blob in enumerate(flipped):
        flip_a_bit(file_of(tmp_path, blob), seed)
    with file_of(tmp_path, cut).open("r+b") as file:
        file.truncate(cut.size - 1)
    with file_of(tmp_path, longer).open("ab") as file:
        file.write(b"\0")
    file_of(tmp_path, missing).unlink()
    with capture_logs() as lines:
        found = scrub(database, store)
    assert {each["key"] for each in lines if each["log_level"] == "error"} == {
        *found.damaged,
        *found.missing,
    }
    assert found.read == 23
    assert set(found.damaged) == {blob.key for blob in (*flipped, cut, longer)}
    assert found.missing == [missing.key]
    assert marks(database) == {*found.damaged, *found.missing}
    with database.reading() as session:
        said = session.scalars(
            select(AuditEntry.object_id).where(AuditEntry.action == "storage.blob_damaged")
        )
        assert set(said) == {str(blob.id) for blob in blobs[:13]}
        assert verify(session).is_whole


def test_the_mark_keeps_its_moment_and_goes_when_the_bytes_are_back(
    database: Database, store: LocalStore, tmp_path: Path
) -> None:
    blob = kept_blob(database, store)
    path = file_of(tmp_path, blob)
    good = path.read_bytes()
    flip_a_bit(path, 1)
    first = clock.now() + DAY
    for moment in (first, first + DAY):
        with clock.held_at(moment):
            assert scrub(database, store).damaged == [blob.key]
    with database.reading() as session:
        assert session.scalars(select(Blob.damaged_at)).one() == first
        assert len(session.scalars(select(AuditEntry.seq)).all()) == 1
    path.write_bytes(good)
    with clock.held_at(first + 2 * DAY):
        assert scrub(database, store).damaged == []
    assert marks(database) == set()


def test_the_longest_unread_are_read_first(database: Database, store: LocalStore) -> None:
    blobs = [kept_blob(database, store) for _ in range(5)]
    for age, blob in zip((3, 9, 1, 7, 5), blobs, strict=True):
        with database.transaction() as session:
            session.execute(update(Blob).where(Blob.id == blob.id).values(checked_at=clock.now() - age * DAY))
    start = clock.now()
    assert scrub(database, store, limit=2).read == 2
    with database.reading() as session:
        read_now = set(session.scalars(select(Blob.id).where(Blob.checked_at >= start)))
    assert read_now == {blobs[1].id, blobs[3].id}


def test_more_than_a_batch_is_read_once_each(
    database: Database, store: LocalStore, monkeypatch: object
) -> None:
    before = scrubbing.AT_ONCE
    try:
        scrubbing.AT_ONCE = 2
        for _ in range(5):
            kept_blob(database, store)
        assert scrub(database, store).read == 5
    finally:
        scrubbing.AT_ONCE = before


def test_what_was_released_is_not_read(database: Database, store: LocalStore, tmp_path: Path) -> None:
    blob = kept_blob(database, store, released_at=clock.now())
    file_of(tmp_path, blob).unlink()
    assert scrub(database, store).read == 0


def test_the_daily_share_reads_all_within_a_month(
    database: Database, store: LocalStore, tmp_path: Path
) -> None:
    assert share_of(database, 30) == 0
    work = Work(database, Settings(home=tmp_path))
    scrub_storage(work, store)
    blobs = [kept_blob(database, store) for _ in range(31)]
    assert share_of(database, 30) == 2
    flip_a_bit(file_of(tmp_path, blobs[17]), 3)
    for day in range(1, 17):
        with clock.held_at(clock.now() + day * DAY):
            scrub_storage(work, store)
    assert marks(database) == {blobs[17].key}


def test_a_blob_is_measured_from_the_store(database: Database, store: LocalStore) -> None:
    blob = kept_blob(database, store)
    assert measure_blob(store, blob.key) == (blob.size, blob.sha256)
    store.delete(blob.key)
    try:
        measure_blob(store, blob.key)
    except NoSuchBlob:
        return
    raise AssertionError("a missing blob was measured")
