"""What the suites of keepers share: a place to keep bytes in, somebody else's blob, and awkward streams."""

from collections.abc import Callable, Mapping
from io import BytesIO
from random import Random
from typing import NamedTuple

import pytest

from assetlib.storage.blobs import (
    CHUNK,
    BlobStore,
    StoredPart,
    new_key,
)

Reopen = Callable[[], BlobStore]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[..., Answer]


class Watched(BytesIO):
    """A stream that remembers the largest bite anybody took."""

    largest_bite = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.largest_bite = max(self.largest_bite, len(self.getvalue()) if size is None or size < 0 else size)
        return super().read(size)


class Broken:
    """A stream that breaks in the middle, as a lost connection does."""

    def __init__(self, before: bytes) -> None:
        self._rest = BytesIO(before)

    def read(self, size: int = -1, /) -> bytes:
        piece = self._rest.read(size)
        if not piece:
            raise ConnectionResetError
        return piece


def some_bytes(size: int, seed: int = 1) -> bytes:
    return Random(seed).randbytes(size)


def read(store: BlobStore, key: str, start: int = 0, length: int | None = None) -> bytes:
    with store.open(key, start, length) as readable:
        return b"".join(iter(lambda: readable.read(CHUNK), b""))


def send(
    store: BlobStore, key: str, multipart: str, number: int, content: bytes, sha256: str | None = None
) -> StoredPart:
    return store.put_part(key, multipart, number, BytesIO(content), len(content), sha256)


class Keeping:
    """A suite about one keeper."""

    @pytest.fixture
    def store(self, reopen: Reopen) -> BlobStore:
        return reopen()

    @pytest.fixture
    def part_size(self, store: BlobStore) -> int:
        """The smallest that may stand before the last part."""
        return max(store.capabilities().smallest_part, 100_001)

    @pytest.fixture(autouse=True)
    def noise(self, store: BlobStore) -> bytes:
        """Somebody else's blob, which no test may harm."""
        content = some_bytes(999, seed=99)
        key = new_key("noise")
        store.put(key, BytesIO(content), len(content))
        self.noise_key = key
        return content
