"""What every keeper must do with blobs that arrive in parts."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from assetlib.storage.blobs import (
    BlobExists,
    BlobStore,
    CannotSign,
    DamagedBytes,
    NoSuchBlob,
    NoSuchMultipart,
    StoredPart,
    WrongBytes,
    WrongParts,
    new_key,
)
from tests.storage.handling import Broken, Fetch, Keeping, Reopen, read, send, some_bytes


class PartsContract(Keeping):
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
