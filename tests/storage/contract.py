"""What every keeper of bytes must do: each sentence of `BlobStore` is a test here.

A test class of a keeper inherits `BlobStoreContract` and gives two fixtures: `reopen`, a function that
opens the same place anew, as another process would, and `fetch`, which sends a signed request for real.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from typing import NamedTuple

import pytest

from assetlib.storage.blobs import (
    CHUNK,
    BlobExists,
    BlobStore,
    CannotSign,
    DamagedBytes,
    NoSuchBlob,
    NoSuchMultipart,
    StoredPart,
    WrongBytes,
    WrongKey,
    WrongParts,
    new_key,
)

Reopen = Callable[[], BlobStore]
KEYS_THAT_CLIMB = (
    "../etc/passwd",
    "blobs/../../etc/passwd",
    "/etc/passwd",
    "blobs/" + "a" * 32 + "/..",
    "blobs/" + "a" * 32 + "/../x",
    "blobs/" + "a" * 32 + "/.hidden",
    "blobs/" + "a" * 32 + "/a\\..\\b",
    "blobs/" + "a" * 32 + "/a\0b",
    "blobs/" + "a" * 32 + "/a\n",
    "blobs/" + "a" * 32,
    "blobs/" + "A" * 32 + "/x",
    "multiparts/" + "a" * 32 + "/key",
    "",
)


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


class BlobStoreContract:
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

    # put

    @pytest.mark.parametrize("size", [0, 1, 4096, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
    def test_what_is_put_can_be_read(self, store: BlobStore, noise: bytes, size: int) -> None:
        content, key = some_bytes(size), new_key("original")
        measured = store.put(key, BytesIO(content), size)
        assert read(store, key) == content
        assert measured == (size, hashlib.sha256(content).hexdigest(), zlib.crc32(content))
        assert store.stat(key).size == size
        assert read(store, self.noise_key) == noise

    @pytest.mark.parametrize("off_by", [-1, 1, CHUNK])
    def test_a_stream_of_another_size_leaves_nothing(self, store: BlobStore, off_by: int) -> None:
        key = new_key("original")
        with pytest.raises(WrongBytes):
            store.put(key, BytesIO(some_bytes(2 * CHUNK + off_by)), 2 * CHUNK)
        with pytest.raises(NoSuchBlob):
            store.stat(key)

    def test_a_stream_that_breaks_leaves_nothing(self, store: BlobStore) -> None:
        key = new_key("original")
        with pytest.raises(ConnectionResetError):
            store.put(key, Broken(some_bytes(2 * CHUNK)), 3 * CHUNK)
        with pytest.raises(NoSuchBlob):
            store.stat(key)
        store.put(key, BytesIO(b"whole"), 5)
        assert read(store, key) == b"whole"

    def test_a_taken_key_keeps_what_it_has(self, store: BlobStore) -> None:
        key = new_key("original")
        store.put(key, BytesIO(b"first"), 5)
        with pytest.raises(BlobExists):
            store.put(key, BytesIO(b"other"), 5)
        assert read(store, key) == b"first"

    def test_of_many_putting_one_key_at_once_one_wins(self, reopen: Reopen) -> None:
        key = new_key("original")
        contents = [bytes([n]) * 300_000 for n in range(6)]

        def attempt(content: bytes) -> bytes | None:
            try:
                reopen().put(key, BytesIO(content), len(content))
            except BlobExists:
                return None
            return content

        with ThreadPoolExecutor(6) as pool:
            won = [content for content in pool.map(attempt, contents) if content is not None]
        assert len(won) == 1
        assert read(reopen(), key) == won[0]

    def test_no_bite_is_larger_than_a_chunk(self, store: BlobStore, part_size: int) -> None:
        whole, part = Watched(some_bytes(3 * CHUNK)), Watched(some_bytes(part_size))
        store.put(new_key("original"), whole, 3 * CHUNK)
        key = new_key("original")
        store.put_part(key, store.create_multipart(key), 1, part, part_size)
        assert 0 < whole.largest_bite <= CHUNK
        assert 0 < part.largest_bite <= CHUNK

    # reading

    def test_a_range_is_read(self, store: BlobStore) -> None:
        content, key = some_bytes(300_000), new_key("original")
        store.put(key, BytesIO(content), len(content))
        assert read(store, key, 1000) == content[1000:]
        assert read(store, key, 1000, 1) == content[1000:1001]
        assert read(store, key, 0, 299_999) == content[:-1]
        assert read(store, key, 299_000, 5_000) == content[299_000:]
        assert read(store, key, 300_000) == b""
        assert read(store, key, 400_000, 10) == b""
        assert read(store, key, 5, 0) == b""

    def test_what_is_not_there_is_said_to_be_missing(self, store: BlobStore) -> None:
        key = new_key("original")
        with pytest.raises(NoSuchBlob), store.open(key) as readable:
            readable.read()
        with pytest.raises(NoSuchBlob), store.local_path(key):
            pass
        with pytest.raises(NoSuchBlob):
            store.stat(key)

    def test_a_file_with_the_bytes_lasts_as_long_as_the_block(self, store: BlobStore) -> None:
        content, key = some_bytes(2 * CHUNK + 5), new_key("original")
        store.put(key, BytesIO(content), len(content))
        with store.local_path(key) as path:
            assert path.read_bytes() == content
        assert read(store, key) == content

    def test_an_address_gives_the_bytes_under_a_persons_name(self, store: BlobStore, fetch: Fetch) -> None:
        content, key = some_bytes(1000), new_key("original")
        store.put(key, BytesIO(content), len(content))
        url = store.url(key, seconds=60, file_name='Før "alle".jpg', media_type="image/jpeg")
        assert (url is not None) == store.capabilities().gives_urls
        if url is None:
            return
        answer = fetch("GET", url)
        assert (answer.status, answer.body) == (200, content)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "F%C3%B8r%20%22alle%22.jpg" in answer.headers["Content-Disposition"]
        assert fetch("GET", url.replace("image%2Fjpeg", "text%2Fhtml")).status == 403

    @pytest.mark.parametrize("seconds", [0, -1, 61, 3600])
    def test_an_address_lives_a_minute_at_most(self, store: BlobStore, seconds: int) -> None:
        with pytest.raises(ValueError, match="lives"):
            store.url(self.noise_key, seconds=seconds, file_name="a", media_type="image/jpeg")

    # deleting and listing

    def test_deleting_twice_is_deleting_once(self, store: BlobStore, noise: bytes) -> None:
        key = new_key("original")
        store.put(key, BytesIO(b"x"), 1)
        store.delete(key)
        store.delete(key)
        with pytest.raises(NoSuchBlob):
            store.stat(key)
        assert read(store, self.noise_key) == noise

    def test_every_blob_is_listed_by_its_beginning(self, store: BlobStore) -> None:
        keys = [new_key("original") for _ in range(5)]
        before = datetime.now(UTC) - timedelta(seconds=5)
        for n, key in enumerate(keys):
            store.put(key, BytesIO(b"x" * n), n)
        listed = {facts.key: facts for facts in store.list()}
        for n, key in enumerate(keys):
            assert listed[key].size == n
            assert before <= listed[key].modified <= datetime.now(UTC) + timedelta(seconds=5)
        assert [facts.key for facts in store.list(keys[2][:30])] == [keys[2]]
        assert list(store.list("blobs/" + "0" * 31)) == []
        store.delete(keys[0])
        assert keys[0] not in {facts.key for facts in store.list()}

    # keys that climb

    @pytest.mark.parametrize("key", KEYS_THAT_CLIMB)
    def test_a_key_that_climbs_is_refused(self, store: BlobStore, key: str) -> None:
        attempts: list[Callable[[], object]] = [
            lambda: store.put(key, BytesIO(b"x"), 1),
            lambda: store.create_multipart(key),
            lambda: store.put_part(key, "a" * 32, 1, BytesIO(b"x"), 1),
            lambda: store.list_parts(key, "a" * 32),
            lambda: store.complete_multipart(key, "a" * 32, [StoredPart(1, 1, "x")]),
            lambda: store.abort_multipart(key, "a" * 32),
            lambda: store.open(key).__enter__(),
            lambda: store.local_path(key).__enter__(),
            lambda: store.url(key, seconds=60, file_name="a", media_type="image/jpeg"),
            lambda: store.stat(key),
            lambda: store.delete(key),
        ]
        for attempt in attempts:
            with pytest.raises(WrongKey):
                attempt()

    @pytest.mark.parametrize("prefix", ["../", "/", "blobs/../multiparts", "blobs/\0"])
    def test_a_beginning_that_climbs_is_refused(self, store: BlobStore, prefix: str) -> None:
        with pytest.raises(WrongKey):
            list(store.list(prefix))

    @pytest.mark.parametrize("multipart", ["..", "../blobs", "", "a/../b", "no\nsuch", "a" * 32])
    def test_a_multipart_nobody_began_is_refused(self, store: BlobStore, multipart: str) -> None:
        key = new_key("original")
        with pytest.raises(NoSuchMultipart):
            send(store, key, multipart, 1, b"x")
        with pytest.raises(NoSuchMultipart):
            store.list_parts(key, multipart)
        with pytest.raises(NoSuchMultipart):
            store.complete_multipart(key, multipart, [StoredPart(1, 1, "x")])

    # parts

    def test_parts_become_the_blob(self, store: BlobStore, part_size: int, noise: bytes) -> None:
        key = new_key("original")
        contents = [some_bytes(part_size, 1), some_bytes(part_size + 7, 2), some_bytes(3, 3)]
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, n, contents[n - 1]) for n in (3, 1, 2)]
        assert list(store.list_parts(key, multipart)) == sorted(parts)
        with pytest.raises(NoSuchBlob):
            store.stat(key)
        assert store.complete_multipart(key, multipart, sorted(parts)) == sum(map(len, contents))
        assert read(store, key) == b"".join(contents)
        assert read(store, key, part_size - 1, 3) == b"".join(contents)[part_size - 1 : part_size + 2]
        assert read(store, self.noise_key) == noise

    def test_another_process_goes_on_where_the_first_left_off(self, reopen: Reopen, part_size: int) -> None:
        key = new_key("original")
        contents = [some_bytes(part_size, 1), some_bytes(100, 2)]
        multipart = reopen().create_multipart(key)
        first = send(reopen(), key, multipart, 1, contents[0])
        later = reopen()
        assert list(later.list_parts(key, multipart)) == [first]
        assert (key, multipart) in {(each.key, each.multipart) for each in later.list_multiparts()}
        second = send(later, key, multipart, 2, contents[1])
        assert reopen().complete_multipart(key, multipart, [first, second]) == part_size + 100
        assert read(reopen(), key) == b"".join(contents)

    def test_a_part_that_was_sent_again_takes_the_place_of_the_one_before(
        self, store: BlobStore, part_size: int
    ) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        old = send(store, key, multipart, 1, some_bytes(part_size, 1))
        new = send(store, key, multipart, 1, some_bytes(part_size - 50, 2))
        assert list(store.list_parts(key, multipart)) == [new]
        with pytest.raises(WrongParts):
            store.complete_multipart(key, multipart, [old])
        store.complete_multipart(key, multipart, [new])
        assert read(store, key) == some_bytes(part_size - 50, 2)

    def test_parts_may_arrive_at_once(self, reopen: Reopen, part_size: int) -> None:
        key = new_key("original")
        multipart = reopen().create_multipart(key)
        contents = [some_bytes(part_size, n) for n in range(5)]
        # Each is sent twice, as by a browser that lost patience.
        jobs = [(n + 1, content) for n, content in enumerate(contents)] * 2
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda job: send(reopen(), key, multipart, *job), jobs))
        store = reopen()
        parts = store.list_parts(key, multipart)
        assert [part.number for part in parts] == [1, 2, 3, 4, 5]
        store.complete_multipart(key, multipart, parts)
        assert read(store, key) == b"".join(contents)

    def test_a_damaged_part_is_refused_and_the_earlier_one_stays(self, store: BlobStore) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        good = b"good bytes"
        sha256 = hashlib.sha256(good).hexdigest()
        kept = send(store, key, multipart, 1, good, sha256.upper())
        for number in (1, 2):
            with pytest.raises(DamagedBytes):
                send(store, key, multipart, number, b"bad! bytes", sha256)
        assert list(store.list_parts(key, multipart)) == [kept]
        store.complete_multipart(key, multipart, [kept])
        assert read(store, key) == good

    @pytest.mark.parametrize("off_by", [-1, 1])
    def test_a_part_of_another_size_is_refused(self, store: BlobStore, off_by: int) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        with pytest.raises(WrongBytes):
            store.put_part(key, multipart, 1, BytesIO(b"x" * 100), 100 - off_by)
        with pytest.raises(ConnectionResetError):
            store.put_part(key, multipart, 1, Broken(b"x" * 50), 100)
        assert list(store.list_parts(key, multipart)) == []

    @pytest.mark.parametrize("number", [0, -1, 10_001])
    def test_parts_are_numbered_from_1_to_10000(self, store: BlobStore, number: int) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        with pytest.raises(WrongParts):
            send(store, key, multipart, number, b"x")
        send(store, key, multipart, 10_000, b"x")

    def test_a_multipart_belongs_to_its_key(self, store: BlobStore) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        kept = send(store, key, multipart, 1, b"x")
        with pytest.raises(NoSuchMultipart):
            send(store, new_key("original"), multipart, 1, b"y")
        with pytest.raises(NoSuchMultipart):
            store.complete_multipart(new_key("original"), multipart, [kept])
        store.abort_multipart(new_key("original"), multipart)
        assert list(store.list_parts(key, multipart)) == [kept]

    def test_a_taken_key_begins_no_multipart(self, store: BlobStore) -> None:
        with pytest.raises(BlobExists):
            store.create_multipart(self.noise_key)

    # completing

    def test_completing_twice_is_completing_once(self, store: BlobStore, reopen: Reopen) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, 1, b"content")]
        assert store.complete_multipart(key, multipart, parts) == 7
        assert store.complete_multipart(key, multipart, parts) == 7
        assert reopen().complete_multipart(key, multipart, parts) == 7
        assert read(store, key) == b"content"
        assert key not in {each.key for each in store.list_multiparts()}

    def test_completing_at_once_is_completing_once(self, reopen: Reopen, part_size: int) -> None:
        key = new_key("original")
        store = reopen()
        multipart = store.create_multipart(key)
        contents = [some_bytes(part_size, 1), some_bytes(part_size, 2)]
        parts = [send(store, key, multipart, n, content) for n, content in enumerate(contents, 1)]
        with ThreadPoolExecutor(4) as pool:
            sizes = list(pool.map(lambda _: reopen().complete_multipart(key, multipart, parts), range(4)))
        assert sizes == [2 * part_size] * 4
        assert read(store, key) == b"".join(contents)

    def test_wrong_parts_complete_nothing_and_the_right_ones_still_can(
        self, store: BlobStore, part_size: int
    ) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        one = send(store, key, multipart, 1, some_bytes(part_size))
        two = send(store, key, multipart, 2, b"end")
        wrong: list[list[StoredPart]] = [
            [],
            [two, one],
            [one, one],
            [one, two._replace(tag=one.tag)],
            [one, two._replace(tag="nonsense")],
            [one, two._replace(size=4)],
            [one, two, StoredPart(3, 1, two.tag)],
        ]
        for parts in wrong:
            with pytest.raises(WrongParts):
                store.complete_multipart(key, multipart, parts)
            with pytest.raises(NoSuchBlob):
                store.stat(key)
        store.complete_multipart(key, multipart, [one, two])
        assert read(store, key) == some_bytes(part_size) + b"end"

    def test_what_was_completed_takes_no_more_parts(self, store: BlobStore) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, 1, b"content")]
        store.complete_multipart(key, multipart, parts)
        with pytest.raises(NoSuchMultipart):
            send(store, key, multipart, 1, b"another")
        with pytest.raises(NoSuchMultipart):
            store.list_parts(key, multipart)
        with pytest.raises(BlobExists):
            store.put(key, BytesIO(b"another"), 7)
        store.abort_multipart(key, multipart)
        assert read(store, key) == b"content"

    def test_an_empty_file_is_one_empty_part(self, store: BlobStore) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, 1, b"")]
        assert store.complete_multipart(key, multipart, parts) == 0
        assert read(store, key) == b""

    # aborting

    def test_aborting_twice_is_aborting_once(self, store: BlobStore) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        parts = [send(store, key, multipart, 1, b"content")]
        store.abort_multipart(key, multipart)
        store.abort_multipart(key, multipart)
        with pytest.raises(NoSuchMultipart):
            store.list_parts(key, multipart)
        with pytest.raises(NoSuchMultipart):
            send(store, key, multipart, 1, b"content")
        with pytest.raises(NoSuchMultipart):
            store.complete_multipart(key, multipart, parts)
        with pytest.raises(NoSuchBlob):
            store.stat(key)
        assert key not in {each.key for each in store.list_multiparts()}

    # signed parts

    def test_a_signed_request_puts_just_this_part(
        self, store: BlobStore, part_size: int, fetch: Fetch
    ) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        if not store.capabilities().signs_parts:
            with pytest.raises(CannotSign):
                store.sign_part(key, multipart, 1, part_size)
            return
        content = some_bytes(part_size)
        md5 = base64.b64encode(hashlib.md5(content).digest()).decode()
        signed = store.sign_part(key, multipart, 1, part_size, md5)
        assert signed.method == "PUT"
        answer = fetch(signed.method, signed.url, dict(signed.headers), content)
        assert answer.status == 200
        assert list(store.list_parts(key, multipart)) == [
            StoredPart(1, part_size, answer.headers["ETag"].strip('"'))
        ]
        damaged = content[:-1] + bytes([content[-1] ^ 1])
        assert fetch(signed.method, signed.url, dict(signed.headers), damaged).status == 400
        assert fetch(signed.method, signed.url, dict(signed.headers), content[:-1]).status in (400, 403)
        assert fetch(signed.method, signed.url, {}, content).status == 403
        other = signed.url.replace("partNumber=1", "partNumber=2")
        assert fetch(signed.method, other, dict(signed.headers), content).status == 403
        store.complete_multipart(key, multipart, store.list_parts(key, multipart))
        assert read(store, key) == content

    # the house

    def test_the_check_leaves_nothing_behind(self, store: BlobStore) -> None:
        before = {facts.key for facts in store.list()}
        store.check()
        assert {facts.key for facts in store.list()} == before

    def test_making_ready_again_harms_nothing(self, store: BlobStore, noise: bytes) -> None:
        store.prepare(["https://assets.example"])
        store.prepare()
        assert read(store, self.noise_key) == noise

    def test_sweeping_harms_nothing_that_is_kept(self, store: BlobStore, noise: bytes) -> None:
        key = new_key("original")
        multipart = store.create_multipart(key)
        part = send(store, key, multipart, 1, b"content")
        store.sweep_temporary(datetime.now(UTC) + timedelta(days=1))
        assert read(store, self.noise_key) == noise
        assert list(store.list_parts(key, multipart)) == [part]
