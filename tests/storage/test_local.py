"""Bytes on this machine's disk: the contract, and what only a disk can do wrong."""

import errno
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from assetlib.storage.blobs import BlobStore, NoSuchBlob, NoSuchMultipart, StoreAway, new_key
from assetlib.storage.local import LocalStore
from tests.storage.contract import Answer, BlobStoreContract, Reopen, read, send, some_bytes


class ToldStore(LocalStore):
    """One that is always told a size of parts, and so writes them in place where it can."""

    def create_multipart(self, key: str, part_size: int | None = None) -> str:
        return super().create_multipart(key, part_size or PART_SIZE)


PART_SIZE = 100_001


@pytest.fixture(params=[LocalStore, ToldStore])
def reopen(tmp_path: Path, request: pytest.FixtureRequest) -> Reopen:
    return lambda: request.param(tmp_path / "files")


class TestLocalStore(BlobStoreContract):
    @pytest.fixture
    def fetch(self) -> Callable[..., Answer]:
        def never(*request: object) -> Answer:
            raise AssertionError("a local store gives no addresses")

        return never


def left_behind(root: Path) -> list[Path]:
    return list((root / "files" / "temporary").iterdir())


def test_nothing_is_left_half_written_after_refusals(tmp_path: Path, reopen: Reopen) -> None:
    store = reopen()
    key = new_key("original")
    multipart = store.create_multipart(key)
    for attempt in (
        lambda: store.put(key, BytesIO(b"xx"), 1),
        lambda: store.put_part(key, multipart, 1, BytesIO(b"xx"), 1),
        lambda: store.put_part(key, multipart, 1, BytesIO(b"x"), 1, "0" * 64),
        lambda: store.complete_multipart(key, multipart, []),
    ):
        with pytest.raises(Exception, match=r"[.]$"):
            attempt()
    assert left_behind(tmp_path) == []


def test_the_sweep_takes_old_leftovers_only(tmp_path: Path, reopen: Reopen) -> None:
    store = reopen()
    temporary = tmp_path / "files" / "temporary"
    (temporary / "old").write_bytes(b"x")
    (temporary / "old-folder").mkdir()
    (temporary / "old-folder" / "1").write_bytes(b"x")
    (temporary / "new").write_bytes(b"x")
    yesterday = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for name in ("old", "old-folder"):
        os.utime(temporary / name, (yesterday, yesterday))
    assert store.sweep_temporary(datetime.now(UTC) - timedelta(days=1)) == 2
    assert [path.name for path in left_behind(tmp_path)] == ["new"]


def test_copying_goes_on_where_the_kernel_cannot(reopen: Reopen, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> int:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "copy_file_range", refuses)
    store = reopen()
    key = new_key("original")
    multipart = store.create_multipart(key)
    contents = [some_bytes(2_500_000, 1), some_bytes(77, 2)]
    parts = [send(store, key, multipart, n, content) for n, content in enumerate(contents, 1)]
    store.complete_multipart(key, multipart, parts)
    assert read(store, key) == b"".join(contents)


def test_a_full_disk_is_said_and_harms_nothing(
    tmp_path: Path, reopen: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The N-th call to the disk fails, for every N until the work succeeds."""
    store, content = reopen(), some_bytes(5000)
    calls = {"made": 0, "fails": 0}
    real = {
        name: getattr(os, name)
        for name in ("fsync", "write", "pwrite", "copy_file_range", "ftruncate", "link")
    }

    def failing(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            calls["made"] += 1
            if calls["made"] == calls["fails"]:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real[name](*args, **kwargs)

        return call

    for name in real:
        monkeypatch.setattr(os, name, failing(name))

    def whole_upload(key: str) -> None:
        multipart = store.create_multipart(key)
        part = send(store, key, multipart, 1, content)
        store.complete_multipart(key, multipart, [part])

    def plain_put(key: str) -> None:
        store.put(key, BytesIO(content), len(content))

    for work in (plain_put, whole_upload):
        refused = 0
        for fails in range(1, 60):
            key = new_key("original")
            calls.update(made=0, fails=fails)
            try:
                work(key)
            except StoreAway as away:
                refused += "room" in away.sentence
                calls["fails"] = 0
                if any(facts.key == key for facts in store.list()):
                    assert read(store, key) == content
            else:
                assert calls["made"] < fails
                assert read(store, key) == content
                break
        else:
            raise AssertionError("the work never succeeded")
        assert refused >= 3
    aborted = [path.name for path in left_behind(tmp_path) if path.is_file()]
    assert aborted == []


def test_a_place_that_is_gone_is_said_by_the_check(tmp_path: Path, reopen: Reopen) -> None:
    store = reopen()
    store.check()
    for name in ("blobs", "multiparts", "temporary"):
        (tmp_path / "files" / name).rmdir()
    with pytest.raises(StoreAway):
        store.check()
    store.prepare()
    store.check()


DYING_CHILD = """
import hashlib, os, signal, sys
from io import BytesIO
from pathlib import Path
from assetlib.storage.blobs import StoredPart
from assetlib.storage.local import LocalStore

root, work, key, multipart, dies_at = sys.argv[1:]
store, steps = LocalStore(Path(root)), 0

def step(event, args):
    global steps
    if event in ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.scandir",
                 "os.utime", "os.truncate", "fcntl.flock"):
        if isinstance(args[0], int) or root in os.fsdecode(args[0]):
            steps += 1
            if steps == int(dies_at):
                os.kill(os.getpid(), signal.SIGKILL)

class Stream(BytesIO):
    def read(self, size=-1):
        step("open", [0])
        return super().read(size)

content = bytes(range(256)) * 6000
sys.addaudithook(step)
if work == "put":
    store.put(key, Stream(content), len(content))
elif work == "put_part":
    store.put_part(key, multipart, 2, Stream(content), len(content))
else:
    store.complete_multipart(key, multipart, store.list_parts(key, multipart))
print("acknowledged")
"""
CHILDS_CONTENT = bytes(range(256)) * 6000
FIRST = some_bytes(len(CHILDS_CONTENT))


@pytest.mark.parametrize(
    ("work", "part_size"),
    [
        ("put", None),
        ("put_part", None),
        ("put_part", len(CHILDS_CONTENT)),
        ("complete", None),
        ("complete", len(CHILDS_CONTENT)),
    ],
)
def test_a_kill_at_any_step_leaves_the_whole_or_nothing(
    tmp_path: Path, work: str, part_size: int | None
) -> None:
    store = LocalStore(tmp_path / "files")
    outcomes = []
    for dies_at in range(1, 80):
        key = new_key("original")
        multipart = store.create_multipart(key, part_size)
        parts = [send(store, key, multipart, 1, FIRST)]
        if work == "complete":
            parts.append(send(store, key, multipart, 2, CHILDS_CONTENT))
        child = subprocess.run(
            [
                sys.executable,
                "-W",
                "error",
                "-c",
                DYING_CHILD,
                str(tmp_path / "files"),
                work,
                key,
                multipart,
                str(dies_at),
            ],
            capture_output=True,
            text=True,
        )
        acknowledged = child.stdout == "acknowledged\n"
        assert acknowledged or child.returncode == -9, child.stderr
        outcome = what_is_there(LocalStore(tmp_path / "files"), work, key, multipart, parts)
        outcomes.append(outcome)
        if acknowledged:
            assert outcome == "whole"
            break
    else:
        raise AssertionError("the child never lived to the end")
    assert "nothing" in outcomes
    assert len(outcomes) > 5
    store.sweep_temporary(datetime.now(UTC) + timedelta(days=1))
    assert left_behind(tmp_path) == []


def what_is_there(store: BlobStore, work: str, key: str, multipart: str, before: list[Any]) -> str:
    """ "whole" or "nothing", after proving that it is just that; then the work is done to its end."""
    if work == "put_part":
        parts = list(store.list_parts(key, multipart))
        assert parts[:1] == before
        if len(parts) == 1:
            outcome = "nothing"
            parts.append(send(store, key, multipart, 2, CHILDS_CONTENT))
        else:
            outcome = "whole"
        assert parts[1][1:] == (len(CHILDS_CONTENT), hashlib.sha256(CHILDS_CONTENT).hexdigest())
        store.complete_multipart(key, multipart, parts)
        assert read(store, key) == FIRST + CHILDS_CONTENT
        return outcome
    expected = CHILDS_CONTENT if work == "put" else FIRST + CHILDS_CONTENT
    try:
        content = read(store, key)
    except NoSuchBlob:
        outcome = "nothing"
    else:
        assert content == expected
        outcome = "whole"
    if work == "complete":
        assert store.complete_multipart(key, multipart, before) == len(expected)
        assert read(store, key) == expected
        with pytest.raises(NoSuchMultipart):
            store.list_parts(key, multipart)
    elif outcome == "nothing":
        store.put(key, BytesIO(expected), len(expected))
        assert read(store, key) == expected
    return outcome


def test_completing_a_large_file_moves_no_bytes(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    key = new_key("original")
    multipart = store.create_multipart(key, PART_SIZE)
    contents = [some_bytes(PART_SIZE, 1), some_bytes(PART_SIZE, 2), some_bytes(7, 3)]
    parts = [send(store, key, multipart, n, contents[n - 1]) for n in (3, 2, 1)]
    whole = tmp_path / "files" / "multiparts" / multipart / "whole"
    os.utime(whole, (0, 0))
    before = whole.stat().st_ino
    store.complete_multipart(key, multipart, sorted(parts))
    assert (tmp_path / "files" / key).stat().st_ino == before
    assert read(store, key) == b"".join(contents)
    assert store.stat(key).modified > datetime.now(UTC) - timedelta(minutes=1)


def test_parts_that_were_sent_again_find_their_place(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    key = new_key("original")
    multipart = store.create_multipart(key, PART_SIZE)
    for seed in (1, 2, 3):
        for number in (1, 2, 3):
            send(store, key, multipart, number, some_bytes(PART_SIZE, 10 * seed + number))
    send(store, key, multipart, 4, b"not wanted")
    parts = [part for part in store.list_parts(key, multipart) if part.number < 4]
    store.complete_multipart(key, multipart, parts)
    assert read(store, key) == b"".join(some_bytes(PART_SIZE, 30 + number) for number in (1, 2, 3))


class Stalled(BytesIO):
    """A stream whose second half waits until it is let go."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.half_read, self.go_on = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            self.half_read.set()
            assert self.go_on.wait(30)
            return super().read(size)
        return super().read(len(self.getvalue()) // 2)


def test_a_sender_that_stalled_cannot_touch_what_was_published(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "files")
    key = new_key("original")
    multipart = store.create_multipart(key, PART_SIZE)
    good = [some_bytes(PART_SIZE, 1), some_bytes(PART_SIZE, 2)]
    stalled = Stalled(b"evil" * (PART_SIZE // 4) + b"!")
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(store.put_part, key, multipart, 2, stalled, PART_SIZE)
        assert stalled.half_read.wait(30)
        parts = [send(store, key, multipart, n, content) for n, content in enumerate(good, 1)]
        assert list(store.list_parts(key, multipart)) == parts
        assert store.complete_multipart(key, multipart, parts) == 2 * PART_SIZE
        stalled.go_on.set()
        assert isinstance(late.exception(), NoSuchMultipart)
    assert read(store, key) == b"".join(good)
    assert left_behind(tmp_path) == []


def test_what_was_published_takes_no_bytes_though_its_parts_are_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path / "files")
    key = new_key("original")
    multipart = store.create_multipart(key, PART_SIZE)
    good = [some_bytes(PART_SIZE, 1), some_bytes(PART_SIZE, 2)]
    parts = [send(store, key, multipart, n, content) for n, content in enumerate(good, 1)]

    def dies(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(store, "abort_multipart", dies)
        with pytest.raises(SystemExit):
            store.complete_multipart(key, multipart, parts)
    with pytest.raises(NoSuchMultipart):
        send(store, key, multipart, 3, b"x" * 10)
    again = send(store, key, multipart, 1, some_bytes(PART_SIZE, 9))
    assert store.complete_multipart(key, multipart, [again, parts[1]]) == 2 * PART_SIZE
    assert read(store, key) == b"".join(good)
    assert list(store.list_multiparts()) == []
