"""The sweeper takes what nobody comes back for, and nothing else."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select, update

from assetlib import clock
from assetlib.audit import verify
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, AssetType, Version
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.settings import Settings
from assetlib.storage import sweeper
from assetlib.storage.blobs import NoSuchBlob, new_key
from assetlib.storage.jobs import sweep_storage
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import AVAILABLE
from assetlib.storage.sweeper import Swept, sweep
from assetlib.storage.uploads.protocol import UploadDesk
from tests import make
from tests.storage.contract import read
from tests.storage.uploads.test_protocol import CONTENT, begun, row, send, send_all

ENGINES = ("sqlite", "postgresql")
NOTHING = Swept(uploads=0, multiparts=0, orphans=0, blobs=0, temporary=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kept_blob(database: Database, store: LocalStore, *, released_at: datetime | None = None) -> Blob:
    key = new_key("original")
    measured = store.put(key, BytesIO(CONTENT), len(CONTENT))
    moment = clock.now()
    with database.transaction() as session:
        blob = Blob(
            key=key, size=measured.size, sha256=measured.sha256,
            media_type="image/jpeg", created_at=moment, checked_at=moment, released_at=released_at,
        )  # fmt: skip
        session.add(blob)
    return blob


def is_kept(store: LocalStore, key: str) -> bool:
    try:
        return read(store, key) == CONTENT
    except NoSuchBlob:
        return False


def sweep_after(database: Database, store: LocalStore, wait: timedelta) -> Swept:
    with clock.held_at(clock.now() + wait):
        return sweep(database, store)


def test_what_is_in_use_is_left_alone(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore, tmp_path: Path
) -> None:
    blob = kept_blob(database, store)
    going_on = begun(desk, crowd.contributor)
    send(desk, crowd.contributor, going_on, 1)
    arrived = begun(desk, crowd.librarian)
    send_all(desk, crowd.librarian, arrived)
    desk.complete(crowd.librarian, arrived)
    (tmp_path / "files" / "temporary" / "being-written").touch()
    assert sweep_after(database, store, timedelta()) == NOTHING
    assert is_kept(store, blob.key)
    assert [part.number for part in desk.look(crowd.contributor, going_on).parts] == [1]
    # What waits to be looked at waits as long as it takes.
    sweep_after(database, store, 30 * DAY)
    assert is_kept(store, row(database, arrived).key)
    assert is_kept(store, blob.key)


def test_an_upload_without_a_part_for_a_day_is_cancelled(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send(desk, crowd.contributor, upload, 1)
    assert sweep_after(database, store, DAY - HOUR) == NOTHING
    assert sweep_after(database, store, DAY + HOUR).uploads == 1
    assert row(database, upload).state == "cancelled"
    assert list(store.list_multiparts()) == []
    assert sweep_after(database, store, DAY + HOUR) == NOTHING
    with database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor_kind) == ("storage.upload_cancelled", "system")
        assert verify(session).is_whole


def test_a_sign_of_life_saves_an_upload(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    with clock.held_at(clock.now() + 20 * HOUR):
        send(desk, crowd.contributor, upload, 1)
    assert sweep_after(database, store, 30 * HOUR) == NOTHING
    assert row(database, upload).state == "open"


def test_a_part_that_comes_while_the_sweeper_decides_saves_the_upload(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = row(database, begun(desk, crowd.contributor))
    moment = clock.now() + 2 * DAY
    with database.transaction() as session:
        session.execute(update(Upload).where(Upload.id == upload.id).values(touched_at=moment))
    assert not sweeper._cancel_if_still_stale(database, upload, moment - DAY)
    assert row(database, upload.public_id).state == "open"


def test_parts_that_nobody_speaks_of_are_aborted_after_a_day(database: Database, store: LocalStore) -> None:
    store.create_multipart(new_key("original"))
    assert sweep_after(database, store, DAY - HOUR) == NOTHING
    assert sweep_after(database, store, DAY + HOUR).multiparts == 1
    assert list(store.list_multiparts()) == []


def test_parts_of_a_cancelled_upload_are_aborted_at_once(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    with database.transaction() as session:  # as if the process had died before it told the store
        session.execute(update(Upload).where(Upload.public_id == upload).values(state="cancelled"))
    assert sweep_after(database, store, timedelta()).multiparts == 1
    assert list(store.list_multiparts()) == []


def test_bytes_that_no_row_speaks_of_go_after_a_day(database: Database, store: LocalStore) -> None:
    known, orphan = kept_blob(database, store), new_key("thumb.webp")
    store.put(orphan, BytesIO(CONTENT), len(CONTENT))
    assert sweep_after(database, store, DAY - HOUR) == NOTHING
    assert sweep_after(database, store, DAY + HOUR).orphans == 1
    assert not is_kept(store, orphan)
    assert is_kept(store, known.key)


def test_bytes_joined_by_a_call_that_died_go_with_their_upload(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)
    kept = row(database, upload)
    store.complete_multipart(kept.key, kept.multipart, store.list_parts(kept.key, kept.multipart))
    assert sweep_after(database, store, DAY - HOUR) == NOTHING
    swept = sweep_after(database, store, DAY + HOUR)
    assert (swept.uploads, swept.orphans) == (1, 1)
    assert not is_kept(store, kept.key)


def test_released_blobs_go_after_a_week(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    kept = kept_blob(database, store)
    released = kept_blob(database, store, released_at=clock.now())
    upload = begun(desk, crowd.contributor)
    with database.transaction() as session:  # it came by an upload, whose row must not hold it
        session.execute(
            update(Upload)
            .where(Upload.public_id == upload)
            .values(state=AVAILABLE, blob_id=released.id, completed_at=clock.now())
        )
    assert sweep_after(database, store, 7 * DAY - HOUR).blobs == 0
    assert sweep_after(database, store, 7 * DAY + HOUR).blobs == 1
    assert not is_kept(store, released.key)
    assert is_kept(store, kept.key)
    with database.reading() as session:
        assert session.scalars(select(Blob.id)).all() == [kept.id]
        assert session.scalars(select(Upload.id).where(Upload.public_id == upload)).all() == []
        dropped = session.scalars(select(AuditEntry).where(AuditEntry.action == "storage.blob_dropped")).one()
        assert dropped.changes["sha256"] == released.sha256


def test_a_released_blob_that_something_needs_is_kept(
    database: Database, crowd: make.People, store: LocalStore
) -> None:
    blob = kept_blob(database, store, released_at=clock.now())
    other = kept_blob(database, store, released_at=clock.now())
    moment = clock.now()
    with database.transaction() as session:
        session.merge(AssetType(key="photograph", label="Photograph"))
        session.flush()
        asset = Asset(
            title="Look",
            type_key="photograph",
            organisation_id=crowd.agency.id,
            created_at=moment,
            updated_at=moment,
        )
        session.add(asset)
        session.flush()
        session.add(
            Version(
                asset_id=asset.id,
                number=1,
                blob_id=blob.id,
                sha256=blob.sha256,
                size=blob.size,
                file_name="Look.jpg",
                media_type="image/jpeg",
                format="JPEG",
                family="image",
                organisation_id=crowd.agency.id,
                created_at=moment,
            )
        )
    assert sweep_after(database, store, 8 * DAY).blobs == 1
    assert is_kept(store, blob.key)
    assert not is_kept(store, other.key)


def test_a_blob_that_was_taken_back_is_kept(database: Database, store: LocalStore) -> None:
    blob = kept_blob(database, store, released_at=clock.now())
    with database.transaction() as session:
        session.execute(update(Blob).values(released_at=None))
    with database.transaction() as session:
        assert sweeper._drop_blob(session, blob.id, clock.now() + 30 * DAY) is None
    assert is_kept(store, blob.key)


def test_the_job_may_run_twice(database: Database, store: LocalStore, tmp_path: Path) -> None:
    kept_blob(database, store, released_at=clock.now() - 8 * DAY)
    work = Work(database, Settings(home=tmp_path))
    sweep_storage(work, store)
    sweep_storage(work, store)
    with database.reading() as session:
        assert session.scalars(select(Blob.id)).all() == []


def test_the_folders_of_a_dead_worker_go_after_a_day(
    database: Database, store: LocalStore, tmp_path: Path
) -> None:
    work = Work(database, Settings(home=tmp_path))
    scratch = work.settings.scratch
    for folder in ("look-k3x_8a", "draw-9f2c", "store"):
        (scratch / folder / "child-1").mkdir(parents=True)
        (scratch / folder / "child-1" / "still.webp").write_bytes(b"x")
    sweep_storage(work, store)
    assert sorted(each.name for each in scratch.iterdir()) == ["draw-9f2c", "look-k3x_8a", "store"]
    with clock.held_at(clock.now() + DAY + HOUR):
        sweep_storage(work, store)
    assert [each.name for each in scratch.iterdir()] == ["store"]
    assert (scratch / "store" / "child-1" / "still.webp").exists()


def test_many_are_swept_in_batches(
    database: Database, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "AT_ONCE", 3)
    kept = [kept_blob(database, store) for _ in range(4)]
    for _ in range(7):
        store.put(new_key("original"), BytesIO(b"x"), 1)
        store.create_multipart(new_key("original"))
    swept = sweep_after(database, store, 2 * DAY)
    assert (swept.orphans, swept.multiparts) == (7, 7)
    assert all(is_kept(store, blob.key) for blob in kept)
