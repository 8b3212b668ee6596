"""The parts of one blob that is arriving on this machine's disk.

    key        which blob, and on a second line the size of its parts where that was said
    whole      parts where they will stay: part n begins at (n - 1) * part size
    <n>.claim  part n was begun in place
    <n>.seal   part n is whole in place: 32 bytes of sha256, 8 bytes of size
    <n>        part n as a file of its own, its bytes and 32 bytes of sha256; it counts before one in place

Who comes first with a part writes it in place, so that completing a large file moves no bytes; whoever sends
it again writes a file of its own. Writers in place share a lock on `whole`, completing takes it alone: once
`whole` is published, and so has a second name, nobody can write to it.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path

from assetlib.storage.blobs import (
    StoredPart,
    WrongParts,
    another_part,
    checked_number,
    damaged_part,
)
from assetlib.storage.durable import copy_range, remove_quietly, sync_folder, write_all, write_durably
from assetlib.words import say

_SHA256 = 32


class PartsFolder:
    """`temporary` is a folder of the same file system for what is being written.

    Every method raises `FileNotFoundError` once the folder is gone: completed, or aborted.
    """

    def __init__(self, path: Path, temporary: Path) -> None:
        self.path = path
        self._temporary = temporary
        key, _, part_size = (path / "key").read_text().partition("\n")
        self.key = key
        self.part_size = int(part_size) if part_size else None

    @staticmethod
    def make(path: Path, key: str, part_size: int | None) -> None:
        path.mkdir()
        if part_size is not None:
            write_durably(path / "whole", [])
        write_durably(path / "key", [f"{key}\n{part_size or ''}".rstrip().encode()])
        sync_folder(path)

    def put(self, number: int, pieces: Iterator[bytes], size: int, sha256: str | None) -> StoredPart:
        """Keep a part, wholly or not at all."""
        checked_number(number)
        if self.part_size is not None and size <= self.part_size and self._claim(number):
            return self._put_in_place(number, pieces, size, sha256)
        return self._put_apart(number, pieces, size, sha256)

    def parts(self) -> list[StoredPart]:
        """The parts that are kept, by number."""
        found = {}
        with os.scandir(self.path) as entries:
            numbers = {int(entry.name[:5]) for entry in entries if entry.name[:5].isdecimal()}
        for number in sorted(numbers):
            part = self._part(number)
            if part is not None:
                found[number] = part
        (self.path / "key").stat()  # what was taken away while we looked is not "no parts"
        return list(found.values())

    def join_in_place(self, parts: Sequence[StoredPart], publish: Callable[[Path], None]) -> bool:
        """Publish `whole` as it lies there. False when that cannot be: the parts have to be copied."""
        if not self._lie_in_order(parts):
            return False
        try:
            with self._whole(fcntl.LOCK_EX | fcntl.LOCK_NB) as whole:
                for part in parts:
                    with self._checked_source(part) as (source, start):
                        if source is not None:
                            copy_range(source, start, whole, part.size, to=self._start(part.number))
                os.ftruncate(whole, sum(part.size for part in parts))
                os.utime(whole)
                os.fsync(whole)
                publish(self.path / "whole")
        except BlockingIOError:  # somebody still writes a part in place
            return False
        return True

    def join_apart(self, parts: Sequence[StoredPart], target: Path) -> None:
        """Copy the parts into a new file."""
        with target.open("xb", buffering=0) as joined:
            for part in parts:
                with self._checked_source(part) as (source, start):
                    if source is not None:
                        copy_range(source, start, joined.fileno(), part.size)
                    else:
                        with (self.path / "whole").open("rb", buffering=0) as whole:
                            copy_range(whole.fileno(), start, joined.fileno(), part.size)
            os.fsync(joined.fileno())

    # inside

    def _name(self, number: int, tail: str = "") -> Path:
        return self.path / f"{number:05d}{tail}"

    def _start(self, number: int) -> int:
        return (number - 1) * (self.part_size or 0)

    def _claim(self, number: int) -> bool:
        try:
            os.close(os.open(self._name(number, ".claim"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))
        except FileExistsError:
            return False
        return True

    def _put_in_place(
        self, number: int, pieces: Iterator[bytes], size: int, sha256: str | None
    ) -> StoredPart:
        digest = hashlib.sha256()
        try:
            with self._whole(fcntl.LOCK_SH) as whole:
                offset = self._start(number)
                for piece in _hashed(pieces, digest, sha256, number):
                    write_all(whole, piece, at=offset)
                    offset += len(piece)
                os.fsync(whole)
                self._replace(self._name(number, ".seal"), iter([digest.digest() + size.to_bytes(8, "big")]))
        except BaseException:
            # Seal before claim: who claims it next must find no word of what was.
            remove_quietly(self._name(number, ".seal"))
            remove_quietly(self._name(number, ".claim"))
            raise
        return StoredPart(number, size, digest.hexdigest())

    def _put_apart(self, number: int, pieces: Iterator[bytes], size: int, sha256: str | None) -> StoredPart:
        digest = hashlib.sha256()

        def sealed() -> Iterator[bytes]:
            yield from _hashed(pieces, digest, sha256, number)
            yield digest.digest()

        self._replace(self._name(number), sealed())
        return StoredPart(number, size, digest.hexdigest())

    def _replace(self, target: Path, pieces: Iterator[bytes]) -> None:
        fresh = self._temporary / uuid.uuid4().hex
        try:
            write_durably(fresh, pieces)
            fresh.rename(target)
            sync_folder(self.path)
        finally:
            remove_quietly(fresh)

    @contextmanager
    def _whole(self, lock: int) -> Iterator[int]:
        """`whole`, open for writing under a lock; `FileNotFoundError` when it is no longer ours to write."""
        handle = os.open(self.path / "whole", os.O_RDWR)
        try:
            fcntl.flock(handle, lock)
            # While we waited it may have been published, or its folder taken away.
            if os.fstat(handle).st_nlink != 1:
                raise FileNotFoundError
            (self.path / "key").stat()
            yield handle
        finally:
            os.close(handle)

    def _part(self, number: int) -> StoredPart | None:
        with suppress(FileNotFoundError), self._name(number).open("rb", buffering=0) as file:
            return _part_in(file, number)
        with suppress(FileNotFoundError):
            seal = self._name(number, ".seal").read_bytes()
            return StoredPart(number, int.from_bytes(seal[_SHA256:], "big"), seal[:_SHA256].hex())
        return None

    @contextmanager
    def _checked_source(self, part: StoredPart) -> Iterator[tuple[int | None, int]]:
        """Where the bytes of just this part begin, and in which file: one of its own, or None for `whole`."""
        with ExitStack() as opened:
            file = None
            with suppress(FileNotFoundError):
                file = opened.enter_context(self._name(part.number).open("rb", buffering=0))
            kept = self._part(part.number) if file is None else _part_in(file, part.number)
            if kept is None:
                (self.path / "key").stat()  # is all of it gone, or just this part?
                raise WrongParts(say("Part {number} is not here. Send it again.", number=part.number))
            if kept != part:
                raise another_part(part.number)
            yield (None, self._start(part.number)) if file is None else (file.fileno(), 0)

    def _lie_in_order(self, parts: Sequence[StoredPart]) -> bool:
        """The parts are 1, 2, 3 …, all of the size that was said but the last."""
        return (
            self.part_size is not None
            and [part.number for part in parts] == list(range(1, len(parts) + 1))
            and all(part.size == self.part_size for part in parts[:-1])
            and parts[-1].size <= self.part_size
        )


def _part_in(file: FileIO, number: int) -> StoredPart:
    size = os.fstat(file.fileno()).st_size - _SHA256
    return StoredPart(number, size, os.pread(file.fileno(), _SHA256, size).hex())


def _hashed(
    pieces: Iterator[bytes], digest: "hashlib._Hash", sha256: str | None, number: int
) -> Iterator[bytes]:
    """The pieces on their way through; at their end `DamagedBytes` when they have another hash."""
    for piece in pieces:
        digest.update(piece)
        yield piece
    if sha256 is not None and digest.hexdigest() != sha256.lower():
        raise damaged_part(number)
