"""Files that are there wholly or not at all, also after a power cut."""

import base64
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from assetlib.storage.blobs import CHUNK, StoreAway
from assetlib.words import say

# What another kernel or file system answers when it cannot copy between files by itself.
_NO_KERNEL_COPY = frozenset({errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF})
_AWAY = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EMFILE})


@contextmanager
def speaking_disk() -> Iterator[None]:
    """Say in our words when the disk is full, broken or closed to us."""
    try:
        yield
    except OSError as error:
        if error.errno not in _AWAY:
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreAway(
                say("There is no room left to keep files. Free some space."), retry_after=60
            ) from error
        raise StoreAway(
            say("The folder for files cannot be used. Have someone look at the disk."), retry_after=30
        ) from error


def write_durably(path: Path, pieces: Iterable[bytes]) -> None:
    """A new file with these bytes, on the disk when this returns."""
    with path.open("xb", buffering=0) as file:
        for piece in pieces:
            write_all(file.fileno(), piece)
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names that were added to or taken from a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_range(source: int, start: int, target: int, length: int, *, to: int | None = None) -> None:
    """Copy bytes of one open file into another, to offset `to` or its position; in the kernel if it can."""
    done = 0
    while done < length:
        here, there = start + done, None if to is None else to + done
        try:
            copied = os.copy_file_range(source, target, length - done, offset_src=here, offset_dst=there)
        except OSError as error:
            if error.errno not in _NO_KERNEL_COPY:
                raise
            piece = os.pread(source, min(CHUNK, length - done), here)
            write_all(target, piece, at=there)
            copied = len(piece)
        if not copied:
            raise OSError(errno.EIO, "a part ended before its length")
        done += copied


def remove_quietly(path: Path) -> bool:
    """Take a file away if it is there; whether it was."""
    with suppress(FileNotFoundError):
        path.unlink()
        return True
    return False


@contextmanager
def spooled(folder: Path, pieces: Iterable[bytes]) -> Iterator[tuple[IO[bytes], str]]:
    """The bytes as a file that can be sent again when a network fails, and their MD5 in base64."""
    digest = hashlib.md5(usedforsecurity=False)
    with tempfile.TemporaryFile(dir=folder) as spool:
        for piece in pieces:
            digest.update(piece)
            spool.write(piece)
        spool.seek(0)
        yield spool, base64.b64encode(digest.digest()).decode()


def write_all(handle: int, piece: bytes, *, at: int | None = None) -> None:
    """Write all of it, at offset `at` or at the file's position."""
    view = memoryview(piece)
    while view:
        written = os.write(handle, view) if at is None else os.pwrite(handle, view, at)
        at = None if at is None else at + written
        view = view[written:]
