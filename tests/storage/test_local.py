"""Bytes on this machine's disk: the contract, and what only a disk can do wrong."""

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from assetlib.storage.blobs import BlobStore, NoSuchBlob, NoSuchMultipart, StoreAway, new_key
from assetlib.storage.local import LocalStore
from tests.storage.contract import Answer, BlobStoreContract, Reopen, read, send, some_bytes


@pytest.fixture
def reopen(tmp_path: Path) -> Reopen:
    return lambda: LocalStore(tmp_path / "files")


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
    real = {name: getattr(os, name) for name in ("fsync", "write", "copy_file_range", "link")}

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
    if event in ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.scandir"):
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


@pytest.mark.parametrize("work", ["put", "put_part", "complete"])
def test_a_kill_at_any_step_leaves_the_whole_or_nothing(tmp_path: Path, reopen: Reopen, work: str) -> None:
    store, first = reopen(), some_bytes(1000)
    outcomes = []
    for dies_at in range(1, 80):
        key = new_key("original")
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, 1, first)]
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
        outcome = what_is_there(reopen(), work, key, multipart, parts)
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
        assert read(store, key) == some_bytes(1000) + CHILDS_CONTENT
        return outcome
    expected = CHILDS_CONTENT if work == "put" else some_bytes(1000) + CHILDS_CONTENT
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
