"""The promise that every keeper of bytes makes.

A key is made by us, never by a person, and its bytes never change. Each sentence of the promise is a test
in `tests/storage/contract.py`.
"""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from assetlib.errors import Conflict, Invalid, NotFound, Unavailable
from assetlib.words import say

CHUNK = 1024 * 1024
"""Bytes read at a time; no keeper holds a whole part in memory."""
MOST_PARTS = 10_000
LARGEST_PUT = 5 * 1024**3
"""The most that `put` takes in one go, in bytes; more goes up in parts."""
LONGEST_URL_LIFE = 60
"""Seconds. Such an address is a key for whoever holds it, and cannot be taken back."""

_KEY = re.compile(r"blobs/[0-9a-f]{32}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")
_PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}|")


class WrongKey(ValueError):
    """A key that we would never have made; using it is a fault in the program."""


class NoSuchBlob(NotFound):
    code = "blob_not_found"


class NoSuchMultipart(NotFound):
    code = "multipart_not_found"


class BlobExists(Conflict):
    """The key is taken, and what is kept does not change."""

    code = "blob_exists"


class WrongParts(Conflict):
    """The parts named are not the parts that were kept."""

    code = "wrong_parts"


class WrongBytes(Invalid):
    """What arrived is not what was announced: too short or too long."""

    code = "wrong_bytes"


class DamagedBytes(WrongBytes):
    """What arrived has another hash than was announced; sending it again helps."""

    code = "checksum_differs"


class StoreAway(Unavailable):
    """The store does not answer, or has no room."""

    code = "store_away"


class CannotSign(Conflict):
    """This keeper hands out no addresses of its own; send the bytes to us."""

    code = "cannot_sign"


class Readable(Protocol):
    """Anything bytes can be read from, piece by piece."""

    def read(self, size: int = -1, /) -> bytes: ...


class Facts(NamedTuple):
    """What the store knows of a blob. `size` in bytes; `modified` is when its key came to be."""

    key: str
    size: int
    modified: datetime


class Measured(NamedTuple):
    """What the bytes themselves say: size in bytes, sha256 in hex."""

    size: int
    sha256: str


class StoredPart(NamedTuple):
    """A part that is kept. The tag names its content in the words of the store."""

    number: int
    size: int
    tag: str


class OpenMultipart(NamedTuple):
    key: str
    multipart: str
    started: datetime


@dataclass(frozen=True)
class SignedRequest:
    """A request that anyone who holds it may send once or more until it expires.

    `headers` are those a client must set itself; the length is pinned, and clients send that of their own.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Capabilities:
    """What a keeper can do beyond the promise. `smallest_part` in bytes holds for all parts but the last."""

    signs_parts: bool
    gives_urls: bool
    smallest_part: int


class BlobStore(Protocol):
    """Keeps bytes under keys."""

    def put(self, key: str, stream: Readable, size: int) -> Measured:
        """Keep exactly `size` bytes, wholly or not at all. A taken key raises `BlobExists`."""
        ...

    def create_multipart(self, key: str, part_size: int | None = None) -> str:
        """Begin a blob that arrives in parts, and say its id. A taken key raises `BlobExists`.

        `part_size`, in bytes, is a word about all parts but the last; a keeper may be faster for it.
        """
        ...

    def put_part(
        self, key: str, multipart: str, number: int, stream: Readable, size: int, sha256: str | None = None
    ) -> StoredPart:
        """Keep one part, 1 to 10,000. A part that was sent again takes the place of the one before."""
        ...

    def sign_part(
        self,
        key: str,
        multipart: str,
        number: int,
        size: int,
        md5: str | None = None,
        seconds: int = 3600,
    ) -> SignedRequest:
        """A request that puts just this part, of just this size; `md5` in base64. Or `CannotSign`."""
        ...

    def list_parts(self, key: str, multipart: str) -> Sequence[StoredPart]:
        """The parts that are kept, by number."""
        ...

    def complete_multipart(self, key: str, multipart: str, parts: Sequence[StoredPart]) -> int:
        """Make the blob of these parts and say its size. Saying it twice changes nothing."""
        ...

    def abort_multipart(self, key: str, multipart: str) -> None:
        """Forget it and its parts. Saying it twice changes nothing; what was completed stays."""
        ...

    def open(self, key: str, start: int = 0, length: int | None = None) -> AbstractContextManager[Readable]:
        """Read from `start`, `length` bytes or to the end. What lies behind the end is empty."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A file with these bytes, for reading, while the block lasts."""
        ...

    def url(
        self, key: str, *, seconds: int, file_name: str, media_type: str, attachment: bool = True
    ) -> str | None:
        """An address that gives these bytes for up to 60 seconds, or None where the keeper has none."""
        ...

    def stat(self, key: str) -> Facts: ...

    def delete(self, key: str) -> None:
        """Let the bytes go. Saying it twice changes nothing."""
        ...

    def list(self, prefix: str = "") -> Iterator[Facts]:
        """Every blob whose key begins with `prefix`, in no order."""
        ...

    def list_multiparts(self) -> Iterator[OpenMultipart]: ...

    def sweep_temporary(self, before: datetime) -> int:
        """Remove what killed processes left half-written before that moment; how many files that were."""
        ...

    def capabilities(self) -> Capabilities: ...

    def prepare(self, origins: Sequence[str] = ()) -> None:
        """Make the place ready, for browsers from these origins too. May be said again."""
        ...

    def check(self) -> None:
        """Write, read and delete a probe, or raise `StoreAway`."""
        ...


def new_key(name: str) -> str:
    """A key that was never used. `name` is a plain word of ours, such as `original` or `thumb.webp`."""
    return checked_key(f"blobs/{uuid.uuid4().hex}/{name}")


def checked_key(key: str) -> str:
    """The key, or `WrongKey` for one that climbs or that we would not have made."""
    if not _KEY.fullmatch(key):
        raise WrongKey(f"not a key of ours: {key!r}")
    return key


def checked_prefix(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix) or ".." in prefix:
        raise WrongKey(f"not a prefix of ours: {prefix!r}")
    return prefix


def checked_number(number: int) -> int:
    if not 1 <= number <= MOST_PARTS:
        raise WrongParts(
            say(
                "Parts are numbered from 1 to {most}; there is no part {number}.",
                most=MOST_PARTS,
                number=number,
            )
        )
    return number


def another_part(number: int) -> WrongParts:
    return WrongParts(say("Part {number} is another one than was named. Look again.", number=number))


def damaged_part(number: int) -> DamagedBytes:
    return DamagedBytes(say("A part of the file was damaged on its way. Send it again."), part=number)


def checked_life(seconds: int) -> int:
    if not 0 < seconds <= LONGEST_URL_LIFE:
        raise ValueError(f"an address lives 1 to {LONGEST_URL_LIFE} seconds, not {seconds}")
    return seconds


def checked_md5(md5: str) -> str:
    try:
        digest = base64.b64decode(md5, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != 16:
        raise WrongBytes(say("An MD5 is 16 bytes in base64."))
    return md5


def pour(stream: Readable, size: int) -> Iterator[bytes]:
    """Exactly `size` bytes of a stream, piece by piece; `WrongBytes` when it holds fewer or more."""
    left = size
    while left:
        piece = stream.read(min(CHUNK, left))
        if not piece:
            raise WrongBytes(
                say("The file ended too early. Send it again."), expected=size, received=size - left
            )
        left -= len(piece)
        yield piece
    if stream.read(1):
        raise WrongBytes(say("More arrived than was announced. Send it again."), expected=size)


class Meter:
    """Watches bytes go by and says size and sha256 of all that passed."""

    def __init__(self) -> None:
        self._size, self._sha256 = 0, hashlib.sha256()

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, seen on their way."""
        for piece in pieces:
            self._size += len(piece)
            self._sha256.update(piece)
            yield piece

    def read(self) -> Measured:
        return Measured(self._size, self._sha256.hexdigest())


def pieces_of(readable: Readable) -> Iterator[bytes]:
    """All that is left to read, in pieces."""
    while piece := readable.read(CHUNK):
        yield piece
