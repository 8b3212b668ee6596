"""Bytes on the disk of this machine.

    blobs/<uuid>/<name>           what is kept
    multiparts/<id>/key           which blob is arriving
    multiparts/<id>/<number>      one part: its bytes, then 32 bytes of their sha256
    temporary/<uuid>              what is being written; worth nothing after a crash

All on one file system, so that a rename or a link is one step: it happened or it did not.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path

from assetlib.storage.blobs import (
    BlobExists,
    CannotSign,
    Capabilities,
    DamagedBytes,
    Facts,
    Measured,
    Meter,
    NoSuchBlob,
    NoSuchMultipart,
    OpenMultipart,
    Readable,
    SignedRequest,
    StoreAway,
    StoredPart,
    WrongParts,
    checked_key,
    checked_life,
    checked_number,
    checked_prefix,
    new_key,
    pour,
)
from assetlib.storage.durable import (
    append_range,
    remove_quietly,
    speaking_disk,
    sync_folder,
    write_durably,
)

_SEAL = 32
"""Bytes of sha256 at the end of a part; with them in the same file, one rename replaces both."""


class LocalStore:
    """Keeps blobs under one folder. Any number of processes of one machine may use it at once."""

    def __init__(self, root: Path) -> None:
        self._blobs = root / "blobs"
        self._multiparts = root / "multiparts"
        self._temporary = root / "temporary"
        self.prepare()

    def prepare(self, origins: Sequence[str] = ()) -> None:  # noqa: ARG002
        with speaking_disk():
            for folder in (self._blobs, self._multiparts, self._temporary):
                folder.mkdir(parents=True, exist_ok=True, mode=0o750)

    # whole blobs

    def put(self, key: str, stream: Readable, size: int) -> Measured:
        target = self._path(key)
        if target.exists():
            raise _taken()
        with speaking_disk(), self._fresh() as temporary:
            meter = Meter()
            write_durably(temporary, meter.through(pour(stream, size)))
            if not self._publish(temporary, target):
                raise _taken()
        return meter.read()

    @contextmanager
    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[Readable]:
        with self._opened(key) as file:
            file.seek(start)
            yield file if length is None else _Limited(file, length)

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.is_file():
            raise _missing()
        yield path

    def url(
        self,
        key: str,
        *,
        seconds: int,
        file_name: str,  # noqa: ARG002
        media_type: str,  # noqa: ARG002
        attachment: bool = True,  # noqa: ARG002
    ) -> str | None:
        checked_key(key)
        checked_life(seconds)
        return None

    def stat(self, key: str) -> Facts:
        try:
            found = self._path(key).stat()
        except FileNotFoundError as gone:
            raise _missing() from gone
        return Facts(key, found.st_size, _moment(found.st_mtime))

    def delete(self, key: str) -> None:
        path = self._path(key)
        with speaking_disk():
            if not remove_quietly(path):
                return
            with suppress(OSError):  # not empty: another blob shares the folder
                path.parent.rmdir()
            sync_folder(self._blobs)

    def list(self, prefix: str = "") -> Iterator[Facts]:
        checked_prefix(prefix)
        for folder in _entries(self._blobs):
            for entry in _entries(Path(folder.path)):
                key = f"blobs/{folder.name}/{entry.name}"
                if not key.startswith(prefix):
                    continue
                with suppress(FileNotFoundError):  # deleted while we look
                    found = entry.stat()
                    yield Facts(key, found.st_size, _moment(found.st_mtime))

    # blobs that arrive in parts

    def create_multipart(self, key: str) -> str:
        if self._path(key).exists():
            raise _taken()
        multipart = uuid.uuid4().hex
        with speaking_disk():
            beginning = self._temporary / multipart
            beginning.mkdir()
            write_durably(beginning / "key", [key.encode()])
            sync_folder(beginning)
            beginning.rename(self._multiparts / multipart)
            sync_folder(self._multiparts)
        return multipart

    def put_part(
        self, key: str, multipart: str, number: int, stream: Readable, size: int, sha256: str | None = None
    ) -> StoredPart:
        folder = self._folder(key, multipart)
        target = folder / f"{checked_number(number):05d}"
        digest = hashlib.sha256()

        def sealed() -> Iterator[bytes]:
            for piece in pour(stream, size):
                digest.update(piece)
                yield piece
            if sha256 is not None and digest.hexdigest() != sha256.lower():
                raise DamagedBytes("A part of the file was damaged on its way. Send it again.", part=number)
            yield digest.digest()

        with speaking_disk(), self._fresh() as temporary:
            write_durably(temporary, sealed())
            try:
                temporary.rename(target)
                sync_folder(folder)
            except FileNotFoundError as gone:  # completed or aborted meanwhile
                raise _no_multipart() from gone
        return StoredPart(number, size, digest.hexdigest())

    def sign_part(
        self,
        key: str,  # noqa: ARG002
        multipart: str,  # noqa: ARG002
        number: int,  # noqa: ARG002
        size: int,  # noqa: ARG002
        md5: str | None = None,  # noqa: ARG002
        seconds: int = 3600,  # noqa: ARG002
    ) -> SignedRequest:
        raise CannotSign("Files are kept on this server. Send the parts to it.")

    def list_parts(self, key: str, multipart: str) -> Sequence[StoredPart]:
        folder = self._folder(key, multipart)
        parts = []
        for entry in _entries(folder):
            if entry.name.isdecimal():
                with suppress(FileNotFoundError), Path(entry.path).open("rb", buffering=0) as file:
                    parts.append(_part_in(file, int(entry.name)))
        return sorted(parts)

    def complete_multipart(self, key: str, multipart: str, parts: Sequence[StoredPart]) -> int:
        target = self._path(key)
        size = sum(part.size for part in parts)
        try:
            folder = self._folder(key, multipart)
            with speaking_disk(), self._fresh() as temporary:
                self._join(folder, parts, temporary)
                if not self._publish(temporary, target) and target.stat().st_size != size:
                    raise _taken()
        except (NoSuchMultipart, FileNotFoundError):
            # Somebody completed it before us, or it was aborted.
            if not (target.is_file() and target.stat().st_size == size):
                raise _no_multipart() from None
            return size
        self.abort_multipart(key, multipart)
        return size

    def abort_multipart(self, key: str, multipart: str) -> None:
        with speaking_disk():
            try:
                folder = self._folder(key, multipart)
                doomed = self._temporary / f"{multipart}-{uuid.uuid4().hex}"
                folder.rename(doomed)
            except (NoSuchMultipart, FileNotFoundError):
                return
            sync_folder(self._multiparts)
            shutil.rmtree(doomed, ignore_errors=True)  # the sweep takes what could not be removed

    def list_multiparts(self) -> Iterator[OpenMultipart]:
        for entry in _entries(self._multiparts):
            with suppress(FileNotFoundError):
                written = Path(entry.path) / "key"
                yield OpenMultipart(written.read_text(), entry.name, _moment(written.stat().st_mtime))

    # the house

    def sweep_temporary(self, before: datetime) -> int:
        removed = 0
        for entry in _entries(self._temporary):
            with suppress(FileNotFoundError):
                if _moment(entry.stat(follow_symlinks=False).st_mtime) >= before:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()
                removed += 1
        return removed

    def capabilities(self) -> Capabilities:
        return Capabilities(signs_parts=False, gives_urls=False, smallest_part=1)

    def check(self) -> None:
        key, probe = new_key("probe"), b"probe"
        try:
            self.put(key, BytesIO(probe), len(probe))
            try:
                with self.open(key) as readable:
                    if readable.read() != probe:
                        raise StoreAway("The folder for files gives back other bytes than it was given.")
            finally:
                self.delete(key)
        except OSError as error:
            raise StoreAway("The folder for files cannot be used. Have someone look at the disk.") from error

    # inside

    def _path(self, key: str) -> Path:
        return self._blobs.parent / checked_key(key)

    def _folder(self, key: str, multipart: str) -> Path:
        checked_key(key)
        folder = self._multiparts / multipart
        if len(multipart) != 32 or not multipart.isalnum():
            raise _no_multipart()
        try:
            if (folder / "key").read_text() != key:
                raise _no_multipart()
        except FileNotFoundError as gone:
            raise _no_multipart() from gone
        return folder

    @contextmanager
    def _fresh(self) -> Iterator[Path]:
        """A path for a file that is being written; gone when the block ends, unless renamed."""
        path = self._temporary / uuid.uuid4().hex
        try:
            yield path
        finally:
            remove_quietly(path)

    @contextmanager
    def _opened(self, key: str) -> Iterator[BufferedReader]:
        path = self._path(key)
        try:
            file = path.open("rb")
        except FileNotFoundError as gone:
            raise _missing() from gone
        with file:
            yield file

    def _publish(self, temporary: Path, target: Path) -> bool:
        """Give a finished file its key in one step. False when the key was taken."""
        while True:
            target.parent.mkdir(exist_ok=True, mode=0o750)
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
            except FileNotFoundError:  # a delete took the folder away between the two lines above
                if not temporary.exists():
                    raise
                continue
            sync_folder(target.parent)
            sync_folder(self._blobs)
            return True

    def _join(self, folder: Path, parts: Sequence[StoredPart], temporary: Path) -> None:
        if not parts or [p.number for p in parts] != sorted({p.number for p in parts}):
            raise WrongParts("Name every part once, in order.")
        with temporary.open("xb", buffering=0) as whole:
            for part in parts:
                try:
                    file = (folder / f"{checked_number(part.number):05d}").open("rb", buffering=0)
                except FileNotFoundError as gone:
                    if not folder.exists():
                        raise
                    raise WrongParts(f"Part {part.number} is not here. Send it again.") from gone
                with file:
                    if _part_in(file, part.number) != part:
                        raise WrongParts(f"Part {part.number} is another one than was named. Look again.")
                    append_range(file.fileno(), whole.fileno(), part.size)
            os.fsync(whole.fileno())


class _Limited:
    """At most so many bytes of a file."""

    def __init__(self, file: BufferedReader, length: int) -> None:
        self._file = file
        self._left = max(length, 0)

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(wanted)
        self._left -= len(piece)
        return piece


def _part_in(file: FileIO, number: int) -> StoredPart:
    size = os.fstat(file.fileno()).st_size - _SEAL
    return StoredPart(number, size, os.pread(file.fileno(), _SEAL, size).hex())


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        return


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _taken() -> BlobExists:
    return BlobExists("There is a file under this key already.")


def _missing() -> NoSuchBlob:
    return NoSuchBlob("The bytes of this file are not in the store. Have someone look at it.")


def _no_multipart() -> NoSuchMultipart:
    return NoSuchMultipart("This upload is over. Begin it anew.")
