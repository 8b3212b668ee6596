"""Bytes on the disk of this machine.

    blobs/<uuid>/<name>    what is kept
    multiparts/<id>/…      what is arriving, see `local_parts.py`
    temporary/<uuid>       what is being written; worth nothing after a crash

All on one file system, so that a rename or a link is one step: it happened or it did not.
"""

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from pathlib import Path

from assetlib.storage.blobs import (
    BlobExists,
    CannotSign,
    Capabilities,
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
    checked_prefix,
    new_key,
    pour,
)
from assetlib.storage.durable import (
    remove_quietly,
    speaking_disk,
    sync_folder,
    write_durably,
)
from assetlib.storage.local_parts import PartsFolder
from assetlib.words import say


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

    def create_multipart(self, key: str, part_size: int | None = None) -> str:
        if self._path(key).exists():
            raise _taken()
        multipart = uuid.uuid4().hex
        with speaking_disk():
            PartsFolder.make(self._temporary / multipart, key, part_size)
            (self._temporary / multipart).rename(self._multiparts / multipart)
            sync_folder(self._multiparts)
        return multipart

    def put_part(
        self, key: str, multipart: str, number: int, stream: Readable, size: int, sha256: str | None = None
    ) -> StoredPart:
        folder = self._folder(key, multipart)
        try:
            with speaking_disk():
                return folder.put(number, pour(stream, size), size, sha256)
        except FileNotFoundError as gone:  # completed or aborted meanwhile
            raise _no_multipart() from gone

    def sign_part(
        self,
        key: str,  # noqa: ARG002
        multipart: str,  # noqa: ARG002
        number: int,  # noqa: ARG002
        size: int,  # noqa: ARG002
        md5: str | None = None,  # noqa: ARG002
        seconds: int = 3600,  # noqa: ARG002
    ) -> SignedRequest:
        raise CannotSign(say("Files are kept on this server. Send the parts to it."))

    def list_parts(self, key: str, multipart: str) -> Sequence[StoredPart]:
        try:
            return self._folder(key, multipart).parts()
        except FileNotFoundError as gone:
            raise _no_multipart() from gone

    def complete_multipart(self, key: str, multipart: str, parts: Sequence[StoredPart]) -> int:
        target = self._path(key)
        size = sum(part.size for part in parts)
        if not parts or [part.number for part in parts] != sorted({part.number for part in parts}):
            raise WrongParts(say("Name every part once, in order."))

        def publish(file: Path) -> None:
            if not self._publish(file, target) and target.stat().st_size != size:
                raise _taken()

        try:
            folder = self._folder(key, multipart)
            with speaking_disk(), self._fresh() as temporary:
                if not folder.join_in_place(parts, publish):
                    folder.join_apart(parts, temporary)
                    publish(temporary)
        except (NoSuchMultipart, FileNotFoundError):
            # Somebody completed it before us, or it was aborted.
            if not (target.is_file() and target.stat().st_size == size):
                raise _no_multipart() from None
        self.abort_multipart(key, multipart)
        return size

    def abort_multipart(self, key: str, multipart: str) -> None:
        with speaking_disk():
            try:
                folder = self._folder(key, multipart)
                doomed = self._temporary / f"{multipart}-{uuid.uuid4().hex}"
                folder.path.rename(doomed)
            except (NoSuchMultipart, FileNotFoundError):
                return
            sync_folder(self._multiparts)
            shutil.rmtree(doomed, ignore_errors=True)  # the sweep takes what could not be removed

    def list_multiparts(self) -> Iterator[OpenMultipart]:
        for entry in _entries(self._multiparts):
            with suppress(FileNotFoundError):
                path = Path(entry.path)
                begun = (path / "key").stat().st_mtime
                yield OpenMultipart(PartsFolder(path, self._temporary).key, entry.name, _moment(begun))

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
                        raise StoreAway(say("The folder for files gives back other bytes than it was given."))
            finally:
                self.delete(key)
        except OSError as error:
            raise StoreAway(
                say("The folder for files cannot be used. Have someone look at the disk.")
            ) from error

    # inside

    def _path(self, key: str) -> Path:
        return self._blobs.parent / checked_key(key)

    def _folder(self, key: str, multipart: str) -> PartsFolder:
        checked_key(key)
        if len(multipart) != 32 or not multipart.isalnum():
            raise _no_multipart()
        try:
            folder = PartsFolder(self._multiparts / multipart, self._temporary)
        except FileNotFoundError as gone:
            raise _no_multipart() from gone
        if folder.key != key:
            raise _no_multipart()
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


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        return


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _taken() -> BlobExists:
    return BlobExists(say("There is a file under this key already."))


def _missing() -> NoSuchBlob:
    return NoSuchBlob(say("The bytes of this file are not in the store. Have someone look at it."))


def _no_multipart() -> NoSuchMultipart:
    return NoSuchMultipart(say("This upload is over. Begin it anew."))
