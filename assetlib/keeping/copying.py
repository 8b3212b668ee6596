"""Objects on their way into a backup and out of it: each is compared, and there wholly or not at all."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from assetlib.errors import Conflict
from assetlib.keeping.manifest import OBJECTS, BrokenBackup, Kept, object_path
from assetlib.keeping.snapshot import Wanted
from assetlib.storage.blobs import (
    CHUNK,
    LARGEST_PUT,
    MOST_PARTS,
    BlobStore,
    Measured,
    Meter,
    NoSuchBlob,
    Readable,
    pieces_of,
)
from assetlib.storage.durable import sync_folder, write_durably
from assetlib.storage.scrub import measure_blob

AT_ONCE = 8
"""Objects under way at the same time: most of the time of a small one is waiting for the disk."""
_LOT = 1_000
_PART = 64 * 1024 * 1024
TEMPORARY = "temporary"

Given = TypeVar("Given")
Got = TypeVar("Got")


class ObjectMissing(Conflict):
    """The database speaks of bytes that the store does not have, or has otherwise."""

    code = "object_missing"


class Overtaken(Exception):
    """A file that waited to be looked at was dealt with after the snapshot: another one knows the outcome."""


@dataclass(frozen=True)
class Copied:
    """What the backup has now: None for known damage. `is_new`: it was read from the store for it."""

    kept: Kept | None
    wanted: Wanted
    is_new: bool = False


def in_parallel(work: Callable[[Given], Got], given: Iterable[Given]) -> Iterator[Got]:
    """The results in order, some at a time; the first failure ends it."""
    rest = iter(given)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while lot := list(islice(rest, _LOT)):
            yield from pool.map(work, lot)


@dataclass(frozen=True)
class Keeper:
    """Copies objects of a store into a backup's folder. `reads_again`: also what is there already is read."""

    store: BlobStore
    backup: Path
    reads_again: bool = False

    def keep(self, wanted: Wanted) -> Copied:
        """Have the object in the backup, whole. `ObjectMissing` when it cannot be had."""
        there = self._there(wanted)
        if there is not None:
            return Copied(there, wanted)
        try:
            kept = self._copy(wanted)
        except NoSuchBlob:
            return self._without(wanted, "is missing")
        if kept is None:
            return self._without(wanted, "is not what it was when it came")
        return Copied(kept, wanted, is_new=True)

    def _there(self, wanted: Wanted) -> Kept | None:
        """What an earlier backup copied: it was compared then, and only whole files have this name."""
        path = object_path(self.backup, wanted.key)
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return None
        if size != wanted.size:
            return None
        if wanted.sha256 is not None and not self.reads_again:
            return Kept(wanted.key, size, wanted.sha256)
        found = _measured(path, wanted.key)
        return found if wanted.sha256 in (None, found.sha256) else None

    def _copy(self, wanted: Wanted) -> Kept | None:
        """Bring the object under its name; None, and no such name, when its bytes are not what is wanted."""
        temporary = self.backup / TEMPORARY / uuid.uuid4().hex
        target = object_path(self.backup, wanted.key)
        meter = Meter()
        try:
            with self.store.open(wanted.key) as source:
                write_durably(temporary, meter.through(pieces_of(source)))
            size, sha256 = meter.read()
            if (size, sha256) != (wanted.size, wanted.sha256 or sha256):
                return None
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
        return Kept(wanted.key, size, sha256)

    def _without(self, wanted: Wanted, how: str) -> Copied:
        if wanted.sha256 is None:
            raise Overtaken
        if wanted.damaged:
            return Copied(None, wanted)
        raise ObjectMissing(
            f"The file {wanted.key} {how}, and the database does not know. Run `assetlib storage scrub`, "
            "which marks it; then take the backup again."
        )


def put_back(store: BlobStore, backup: Path, kept: Kept) -> bool:
    """Have the object in the store, whole; whether it had to be brought."""
    try:
        if tuple(measure_blob(store, kept.key)) == (kept.size, kept.sha256):
            return False
        store.delete(kept.key)
    except NoSuchBlob:
        pass
    path = object_path(backup, kept.key)
    if not path.is_file():
        raise BrokenBackup(
            f"The backup does not have {path}. Take another generation, or another copy of the backup."
        )
    if path.stat().st_size != kept.size:
        raise _changed(path)
    with path.open("rb") as source:
        measured = _bring(store, kept, source)
    if tuple(measured) != (kept.size, kept.sha256):
        store.delete(kept.key)
        raise _changed(path)
    return True


def _changed(path: Path) -> BrokenBackup:
    return BrokenBackup(
        f"{path} was changed since it was kept: the manifest says otherwise. Take another copy of the backup."
    )


def _bring(store: BlobStore, kept: Kept, source: Readable) -> Measured:
    if kept.size <= LARGEST_PUT:
        return store.put(kept.key, source, kept.size)
    meter = Meter()
    size = max(_PART, -(-kept.size // MOST_PARTS))
    multipart = store.create_multipart(kept.key, size)
    parts = []
    for number, start in enumerate(range(0, kept.size, size), start=1):
        length = min(size, kept.size - start)
        parts.append(store.put_part(kept.key, multipart, number, _Part(source, length, meter), length))
    store.complete_multipart(kept.key, multipart, parts)
    return meter.read()


class _Part:
    """At most so many bytes of what is read further on, seen by a meter."""

    def __init__(self, source: Readable, length: int, meter: Meter) -> None:
        self._source, self._left, self._meter = source, length, meter

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return b"".join(self._meter.through([piece]))


def sync_objects(backup: Path) -> None:
    """Make the names of copied objects survive a power cut."""
    for folder in (backup / OBJECTS).iterdir():
        sync_folder(folder)
    sync_folder(backup / OBJECTS)


def _measured(path: Path, key: str) -> Kept:
    meter = Meter()
    with path.open("rb") as file:
        for _ in meter.through(iter(lambda: file.read(CHUNK), b"")):
            pass
    return Kept(key, *meter.read())
