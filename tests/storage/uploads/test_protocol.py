"""The upload protocol with a real database and real files."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import verify
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.storage.blobs import CannotSign, DamagedBytes, NoSuchBlob, NoSuchMultipart
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Upload
from assetlib.storage.uploads.actions import TAKE_IN
from assetlib.storage.uploads.errors import (
    FileTooLarge,
    OtherAnnouncement,
    PartsMissing,
    UploadNotOpen,
    WrongAnnouncement,
    WrongPart,
)
from assetlib.storage.uploads.protocol import PartToSign, UploadDesk
from assetlib.storage.uploads.rules import Announced
from tests import make
from tests.storage.conftest import SMALL_PART
from tests.storage.contract import read, some_bytes

ENGINES = ("sqlite", "postgresql")
CONTENT = some_bytes(2 * SMALL_PART + 1234)


def announced(content: bytes = CONTENT, **values: Any) -> Announced:
    facts: dict[str, Any] = {
        "name": "Look 07.jpg",
        "size": len(content),
        "mtime": 1_790_000_000_000,
        "fingerprint": "f1",
    }
    return Announced(**facts | values)


def part_of(content: bytes, number: int) -> bytes:
    return content[(number - 1) * SMALL_PART : number * SMALL_PART]


def send(desk: UploadDesk, actor: Actor, upload: str, number: int, content: bytes = CONTENT) -> None:
    part = part_of(content, number)
    sha256 = hashlib.sha256(part).hexdigest()
    desk.receive_part(actor, upload, number, BytesIO(part), len(part), sha256)


def send_all(desk: UploadDesk, actor: Actor, upload: str, content: bytes = CONTENT) -> None:
    for number in range(1, max(1, -(-len(content) // SMALL_PART)) + 1):
        send(desk, actor, upload, number, content)


def begun(desk: UploadDesk, actor: Actor, **values: Any) -> str:
    progress, is_new = desk.begin(actor, announced(**values))
    assert is_new
    return progress.upload.public_id


def jobs(session: Session) -> list[dict[str, Any]]:
    return list(session.scalars(select(Job.arguments).where(Job.kind == TAKE_IN)))


def row(database: Database, public_id: str) -> Upload:
    with database.reading() as session:
        return session.scalars(select(Upload).where(Upload.public_id == public_id)).one()


@pytest.fixture(autouse=True)
def noise(desk: UploadDesk, crowd: make.People) -> str:
    """An upload of somebody else in the same state, which nothing may touch."""
    upload = begun(desk, crowd.librarian, name="Noise.jpg")
    send(desk, crowd.librarian, upload, 2)
    return upload


def test_a_file_goes_up_in_parts(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore, noise: str
) -> None:
    upload = begun(desk, crowd.contributor, name="Look\u202f07.jpg", folder="Spring/Prints")
    progress = desk.look(crowd.contributor, upload)
    assert (progress.upload.state, progress.transfer, list(progress.parts)) == ("open", "put", [])
    assert (progress.upload.name, progress.upload.folder) == ("Look\u202f07.jpg", "Spring/Prints")
    for number in (3, 1, 2):
        send(desk, crowd.contributor, upload, number)
    assert [part.number for part in desk.look(crowd.contributor, upload).parts] == [1, 2, 3]
    done = desk.complete(crowd.contributor, upload).upload
    assert done.state == "verifying"
    assert done.completed_at is not None
    assert read(store, done.key) == CONTENT
    with database.reading() as session:
        assert jobs(session) == [{"upload_id": done.id}]
        actions = session.scalars(
            select(AuditEntry.action).where(
                AuditEntry.object_kind == "upload", AuditEntry.object_id == str(done.id)
            )
        ).all()
        assert actions == ["storage.upload_begun", "storage.upload_completed"]
        assert verify(session).is_whole
    assert [part.number for part in desk.look(crowd.librarian, noise).parts] == [2]


def test_an_empty_file_goes_up(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    upload = begun(desk, crowd.contributor, content=b"")
    send_all(desk, crowd.contributor, upload, b"")
    assert read(store, desk.complete(crowd.contributor, upload).upload.key) == b""


def test_parts_go_up_at_once(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    content = some_bytes(9 * SMALL_PART + 1)
    upload = begun(desk, crowd.contributor, content=content)
    numbers = [*range(1, 11), *range(1, 11)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: send(desk, crowd.contributor, upload, n, content), numbers))
    assert read(store, desk.complete(crowd.contributor, upload).upload.key) == content


def test_a_file_on_its_way_goes_on(desk: UploadDesk, crowd: make.People) -> None:
    upload = begun(desk, crowd.contributor)
    send(desk, crowd.contributor, upload, 2)
    progress, is_new = desk.begin(crowd.contributor, announced())
    assert (progress.upload.public_id, is_new) == (upload, False)
    assert [part.number for part in progress.parts] == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Look 08.jpg"},
        {"fingerprint": "f2"},
        {"size": len(CONTENT) + 1},
        {"as_version_of": 7},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_file_begins_anew(desk: UploadDesk, crowd: make.People, other: dict[str, Any]) -> None:
    upload = begun(desk, crowd.contributor)
    progress, is_new = desk.begin(crowd.contributor, announced(**other))
    assert is_new
    assert progress.upload.public_id != upload


def test_another_persons_file_begins_anew(desk: UploadDesk, crowd: make.People) -> None:
    begun(desk, crowd.contributor)
    begun(desk, crowd.other_contributor)
    begun(desk, crowd.administrator)


def test_what_is_over_begins_anew(desk: UploadDesk, crowd: make.People) -> None:
    desk.cancel(crowd.contributor, begun(desk, crowd.contributor))
    arrived = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, arrived)
    desk.complete(crowd.contributor, arrived)
    assert begun(desk, crowd.contributor) != arrived


def test_a_key_names_one_upload_whatever_became_of_it(desk: UploadDesk, crowd: make.People) -> None:
    first, is_new = desk.begin(crowd.contributor, announced(), idempotency_key="k-1")
    assert is_new
    send_all(desk, crowd.contributor, first.upload.public_id)
    desk.complete(crowd.contributor, first.upload.public_id)
    again, is_new = desk.begin(crowd.contributor, announced(), idempotency_key="k-1")
    assert (again.upload.id, again.upload.state, is_new) == (first.upload.id, "verifying", False)
    with pytest.raises(OtherAnnouncement):
        desk.begin(crowd.contributor, announced(name="Other.jpg"), idempotency_key="k-1")
    _, is_new = desk.begin(crowd.other_contributor, announced(), idempotency_key="k-1")
    assert is_new
    with pytest.raises(WrongAnnouncement):
        desk.begin(crowd.contributor, announced(), idempotency_key="k 1\n")


def test_one_key_said_many_times_at_once_begins_one_upload(
    desk: UploadDesk, crowd: make.People, store: LocalStore
) -> None:
    before = len(list(store.list_multiparts()))
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: desk.begin(crowd.contributor, announced(), idempotency_key="k"), range(6))
        )
    assert len({progress.upload.id for progress, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    assert len(list(store.list_multiparts())) == before + 1


def test_the_store_is_the_truth_about_parts(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    upload = begun(desk, crowd.contributor)
    kept = desk.look(crowd.contributor, upload).upload
    store.put_part(kept.key, kept.multipart, 1, BytesIO(part_of(CONTENT, 1)), SMALL_PART)
    assert [part.number for part in desk.look(crowd.contributor, upload).parts] == [1]


def test_what_is_missing_is_said_and_can_be_sent(
    desk: UploadDesk, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send(desk, crowd.contributor, upload, 2)
    with pytest.raises(PartsMissing) as refused:
        desk.complete(crowd.contributor, upload)
    assert refused.value.details["parts"] == [1, 3]
    send(desk, crowd.contributor, upload, 1)
    send(desk, crowd.contributor, upload, 3)
    assert read(store, desk.complete(crowd.contributor, upload).upload.key) == CONTENT


def test_a_part_is_just_what_it_must_be(desk: UploadDesk, crowd: make.People) -> None:
    upload = begun(desk, crowd.contributor)
    sha256 = hashlib.sha256(part_of(CONTENT, 1)).hexdigest()
    damaged = bytes([CONTENT[0] ^ 1]) + part_of(CONTENT, 1)[1:]
    attempts: list[tuple[type[Exception], int, bytes, int | None, str | None]] = [
        (WrongPart, 0, b"", 0, None),
        (WrongPart, 4, b"x", 1, None),
        (WrongPart, 1, b"x", 1, None),
        (WrongPart, 1, part_of(CONTENT, 1), None, None),
        (WrongPart, 3, part_of(CONTENT, 1), SMALL_PART, None),
        (WrongPart, 1, part_of(CONTENT, 1), SMALL_PART, "not hex"),
        (DamagedBytes, 1, damaged, SMALL_PART, sha256),
    ]
    for refusal, number, body, length, digest in attempts:
        with pytest.raises(refusal):
            desk.receive_part(crowd.contributor, upload, number, BytesIO(body), length, digest)
    assert list(desk.look(crowd.contributor, upload).parts) == []


def test_a_local_store_signs_nothing(desk: UploadDesk, crowd: make.People) -> None:
    upload = begun(desk, crowd.contributor)
    with pytest.raises(CannotSign):
        desk.sign_parts(crowd.contributor, upload, [PartToSign(1, SMALL_PART)])


def test_a_file_above_the_limit_is_refused(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    before = len(list(store.list_multiparts()))
    with pytest.raises(FileTooLarge):
        desk.begin(crowd.contributor, announced(size=desk.largest + 1))
    assert len(list(store.list_multiparts())) == before


def test_completing_twice_is_completing_once(
    desk: UploadDesk, database: Database, crowd: make.People
) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: desk.complete(crowd.contributor, upload).upload.state, range(4)))
    assert states == ["verifying"] * 4
    assert desk.complete(crowd.contributor, upload).upload.state == "verifying"
    with database.reading() as session:
        assert len(jobs(session)) == 1


def test_a_call_that_died_after_the_bytes_were_joined_can_be_repeated(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)

    def die(session: Session) -> None:
        raise SystemExit

    dying = Database(database.engine.url.render_as_string(hide_password=False), before_commit=[die])
    with pytest.raises(SystemExit):
        replace(desk, database=dying).complete(crowd.contributor, upload)
    dying.close()
    assert row(database, upload).state == "open"
    parts = desk.look(crowd.contributor, upload).parts
    assert [(part.number, part.size) for part in parts] == [
        (number, len(part_of(CONTENT, number))) for number in (1, 2, 3)
    ]
    again, is_new = desk.begin(crowd.contributor, announced())
    assert (again.upload.public_id, is_new, list(again.parts)) == (upload, False, list(parts))
    done = desk.complete(crowd.contributor, upload).upload
    assert done.state == "verifying"
    assert read(store, done.key) == CONTENT


def test_what_the_store_lost_is_said(desk: UploadDesk, crowd: make.People, store: LocalStore) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)
    kept = desk.look(crowd.contributor, upload).upload
    store.abort_multipart(kept.key, kept.multipart)
    assert list(desk.look(crowd.contributor, upload).parts) == []
    with pytest.raises(NoSuchMultipart):
        desk.complete(crowd.contributor, upload)
    with pytest.raises(NoSuchMultipart):
        send(desk, crowd.contributor, upload, 1)


def test_cancelling_twice_is_cancelling_once(
    desk: UploadDesk, database: Database, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send(desk, crowd.contributor, upload, 1)
    kept = row(database, upload)
    desk.cancel(crowd.contributor, upload)
    desk.cancel(crowd.contributor, upload)
    assert row(database, upload).state == "cancelled"
    with pytest.raises(NoSuchMultipart):
        store.list_parts(kept.key, kept.multipart)
    with pytest.raises(UploadNotOpen):
        send(desk, crowd.contributor, upload, 1)
    with pytest.raises(UploadNotOpen):
        desk.complete(crowd.contributor, upload)


def test_what_has_arrived_cannot_be_cancelled(
    desk: UploadDesk, crowd: make.People, store: LocalStore
) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)
    key = desk.complete(crowd.contributor, upload).upload.key
    with pytest.raises(UploadNotOpen):
        desk.cancel(crowd.contributor, upload)
    with pytest.raises(UploadNotOpen):
        send(desk, crowd.contributor, upload, 1)
    assert read(store, key) == CONTENT


def test_a_cancel_during_the_join_leaves_no_bytes(
    desk: UploadDesk, crowd: make.People, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(desk, crowd.contributor)
    send_all(desk, crowd.contributor, upload)
    joined = store.complete_multipart

    def cancelled_meanwhile(key: str, multipart: str, parts: Any) -> int:
        size = joined(key, multipart, parts)
        desk.cancel(crowd.contributor, upload)
        return size

    monkeypatch.setattr(store, "complete_multipart", cancelled_meanwhile)
    with pytest.raises(UploadNotOpen):
        desk.complete(crowd.contributor, upload)
    key = desk.look(crowd.contributor, upload).upload.key
    with pytest.raises(NoSuchBlob):
        store.stat(key)


def test_a_sign_of_life_is_kept_to_the_minute(
    desk: UploadDesk, database: Database, crowd: make.People
) -> None:
    start = clock.now()
    with clock.held_at(start):
        upload = begun(desk, crowd.contributor)
    for after, kept in ((30, 0), (90, 90), (120, 90), (200, 200)):
        with clock.held_at(start + timedelta(seconds=after)):
            send(desk, crowd.contributor, upload, 1)
        assert row(database, upload).touched_at == start + timedelta(seconds=kept)


def test_no_transaction_is_open_while_bytes_move(
    desk: UploadDesk, database: Database, crowd: make.People
) -> None:
    upload = begun(desk, crowd.contributor)

    class Watching(BytesIO):
        seen = 0

        def read(self, size: int | None = -1, /) -> bytes:
            # A writer of its own gets in at once; SQLite would keep it waiting if we held the lock.
            with database.transaction() as session:
                session.execute(select(Upload.id))
            self.seen += 1
            assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # of a queue pool
            return super().read(size)

    stream = Watching(part_of(CONTENT, 1))
    desk.receive_part(crowd.contributor, upload, 1, stream, SMALL_PART, None)
    assert stream.seen > 0
