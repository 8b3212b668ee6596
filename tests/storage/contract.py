"""What every keeper of bytes must do: each sentence of `BlobStore` is a test here.

A test class of a keeper inherits `BlobStoreContract` and gives two fixtures: `reopen`, a function that
opens the same place anew, as another process would, and `fetch`, which sends a signed request for real.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from assetlib.storage.blobs import (
    CHUNK,
    BlobExists,
    BlobStore,
    NoSuchBlob,
    NoSuchMultipart,
    StoredPart,
    WrongBytes,
    WrongKey,
    new_key,
)
from tests.storage.contract_parts import PartsContract
from tests.storage.handling import Answer, Broken, Fetch, Reopen, Watched, read, send, some_bytes

__all__ = ["Answer", "BlobStoreContract", "Reopen", "read", "send", "some_bytes"]

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


class BlobStoreContract(PartsContract):
    # put

    @pytest.mark.parametrize("size", [0, 1, 4096, CHUNK, CHUNK + 1, 3 * CHUNK - 1])
    def test_what_is_put_can_be_read(self, store: BlobStore, noise: bytes, size: int) -> None:
        content, key = some_bytes(size), new_key("original")
        measured = store.put(key, BytesIO(content), size)
        assert read(store, key) == content
        assert measured == (size, hashlib.sha256(content).hexdigest())
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
