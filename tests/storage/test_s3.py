"""Bytes in a real S3 server, over http and over TLS: the contract, and what only a network can do wrong.

The addresses come from `scripts/services`.
"""

import base64
import hashlib
import os
import socket
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPSConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assetlib import clock
from assetlib.database import Database
from assetlib.settings import MIB
from assetlib.storage.blobs import StoreAway, new_key
from assetlib.storage.s3 import S3Store
from assetlib.storage.sweeper import sweep
from assetlib.storage.uploads import rules
from assetlib.storage.uploads.errors import NoSuchUpload, PartsMissing, WrongPart
from assetlib.storage.uploads.protocol import PartToSign, UploadDesk
from assetlib.storage.uploads.rules import Announced
from tests import make
from tests.storage.contract import Answer, BlobStoreContract, Reopen, read, some_bytes

WITHOUT = "no S3 server: run these with scripts/services run -- pytest -m services"


def opened(scratch: Path, bucket: str, *, tls: bool, **other: str) -> S3Store:
    values = {
        "endpoint": os.environ["ASSETLIB_TEST_S3_TLS" if tls else "ASSETLIB_TEST_S3"],
        "ca_file": os.environ["ASSETLIB_TEST_S3_CA"] if tls else "",
        "access_key": os.environ["ASSETLIB_TEST_S3_ACCESS_KEY"],
        "secret_key": os.environ["ASSETLIB_TEST_S3_SECRET_KEY"],
    }
    return S3Store(bucket=bucket, scratch=scratch, **values | other)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bucket of this module's own, emptied and removed in the end."""
    if "ASSETLIB_TEST_S3" not in os.environ:
        pytest.skip(WITHOUT)
    name = f"test-{uuid.uuid4().hex}"
    store = opened(tmp_path_factory.mktemp("bucket"), name, tls=False)
    store.client.create_bucket(Bucket=name)
    yield name
    for multipart in list(store.list_multiparts()):
        store.abort_multipart(multipart.key, multipart.multipart)
    for facts in list(store.list()):
        store.delete(facts.key)
    store.client.delete_bucket(Bucket=name)
    store.client.close()


@pytest.fixture(params=["http", "tls"])
def tls(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "tls")


@pytest.fixture
def reopen(tmp_path: Path, bucket: str, tls: bool) -> Iterator[Reopen]:
    stores = []

    def one_more() -> S3Store:
        stores.append(opened(tmp_path / "scratch", bucket, tls=tls))
        return stores[-1]

    yield one_more
    for store in stores:
        store.client.close()


@pytest.mark.services
class TestS3Store(BlobStoreContract):
    @pytest.fixture
    def fetch(self, tls: bool) -> Callable[..., Answer]:
        context = ssl.create_default_context(cafile=os.environ["ASSETLIB_TEST_S3_CA"]) if tls else None

        def send(
            method: str, url: str, headers: dict[str, str] | None = None, body: bytes | None = None
        ) -> Answer:
            parts = urlsplit(url)
            place = (parts.hostname or "", parts.port)
            connection = (
                HTTPSConnection(*place, timeout=60, context=context) if tls else HTTPConnection(*place)
            )
            with closing(connection):
                # A server that refuses may say so, and hang up, before it has read the body.
                with suppress(BrokenPipeError, ConnectionResetError):
                    connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
                answer = connection.getresponse()
                return Answer(answer.status, dict(answer.headers), answer.read())

        return send


@pytest.mark.services
def test_nothing_is_left_in_scratch(tmp_path: Path, reopen: Reopen) -> None:
    store = reopen()
    key = new_key("original")
    store.put(key, BytesIO(b"x" * 100_000), 100_000)
    with store.local_path(key) as path:
        assert path.parent == tmp_path / "scratch"
    assert read(store, key) == b"x" * 100_000
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.services
def test_browsers_of_named_origins_may_read_tags(bucket: str, tmp_path: Path) -> None:
    store = opened(tmp_path, bucket, tls=False)
    store.prepare(["https://assets.example"])
    (rule,) = store.client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == ["https://assets.example"]
    assert rule.get("ExposeHeaders") == ["ETag"]
    (kept,) = store.client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert kept.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 7}
    key = new_key("original")
    signed = store.sign_part(key, store.create_multipart(key), 1, 1)
    for origin, allowed in (("https://assets.example", True), ("https://elsewhere.example", False)):
        asked = urllib.request.Request(
            signed.url,
            method="OPTIONS",
            headers={"Origin": origin, "Access-Control-Request-Method": "PUT"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                answered = answer.headers.get("Access-Control-Allow-Origin")
        except urllib.error.HTTPError as refused:
            refused.close()
            answered = None
        assert (answered == origin) is allowed
    store.client.close()


@pytest.mark.services
@pytest.mark.parametrize(
    "wrong",
    [{"secret_key": "wrong"}, {"access_key": "NOBODY"}, {"bucket": "there-is-no-such-bucket"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_store_that_refuses_is_away(wrong: dict[str, str], bucket: str, tmp_path: Path) -> None:
    other = dict(wrong)
    store = opened(tmp_path, other.pop("bucket", bucket), tls=False, **other)
    with pytest.raises(StoreAway):
        store.check()
    with pytest.raises(StoreAway):
        list(store.list())
    store.client.close()


@pytest.mark.services
def test_a_certificate_of_a_stranger_is_refused(bucket: str, tmp_path: Path) -> None:
    store = opened(tmp_path, bucket, tls=True, ca_file="")
    with pytest.raises(StoreAway):
        store.check()
    store.client.close()


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
    store = S3Store(bucket="b", access_key="a", secret_key="s", scratch=tmp_path, endpoint=endpoint)
    with pytest.raises(StoreAway) as away:
        store.check()
    assert away.value.details["retry_after"] > 0
    store.client.close()


@pytest.mark.services
def test_a_file_goes_up_by_signed_parts(
    bucket: str,
    tmp_path: Path,
    database: Database,
    crowd: make.People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_PART", 5 * MIB)
    store = opened(tmp_path, bucket, tls=False)
    desk = UploadDesk(database, store, largest=100 * MIB)
    content = some_bytes(5 * MIB + 77)
    announced = Announced(name="Look 07.jpg", size=len(content), mtime=0, fingerprint="f")
    progress, is_new = desk.begin(crowd.contributor, announced)
    upload = progress.upload.public_id
    assert (is_new, progress.transfer) == (True, "sign")
    with pytest.raises(WrongPart):
        desk.sign_parts(crowd.contributor, upload, [PartToSign(1, 5 * MIB - 1)])
    with pytest.raises(NoSuchUpload):
        desk.sign_parts(crowd.librarian, upload, [PartToSign(1, 5 * MIB)])
    asked = [PartToSign(1, 5 * MIB), PartToSign(2, 77, md5_of(content[5 * MIB :]))]
    for number, signed in desk.sign_parts(crowd.contributor, upload, asked):
        with pytest.raises(PartsMissing):
            desk.complete(crowd.contributor, upload)
        part = content[(number - 1) * 5 * MIB : number * 5 * MIB]
        request = urllib.request.Request(
            signed.url, part, {**signed.headers, "Content-Type": ""}, method="PUT"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
    assert [part.number for part in desk.look(crowd.contributor, upload).parts] == [1, 2]
    for _ in range(2):
        done = desk.complete(crowd.contributor, upload).upload
        assert done.state == "verifying"
    assert read(store, done.key) == content
    cancelled, _ = desk.begin(crowd.contributor, replace(announced, fingerprint="other"))
    desk.cancel(crowd.contributor, cancelled.upload.public_id)
    assert cancelled.upload.key not in {each.key for each in store.list_multiparts()}
    store.client.close()


@pytest.mark.services
def test_the_sweeper_finds_what_nobody_speaks_of(
    bucket: str, tmp_path: Path, database: Database, crowd: make.People
) -> None:
    store = opened(tmp_path, bucket, tls=False)
    desk = UploadDesk(database, store, largest=100 * MIB)
    announced = Announced(name="Look 07.jpg", size=10, mtime=0, fingerprint="f")
    with clock.held_at(clock.now() + timedelta(hours=20)):
        going_on = desk.begin(crowd.contributor, announced)[0].upload
    stale = desk.begin(crowd.librarian, announced)[0].upload
    forgotten, orphan = new_key("original"), new_key("original")
    store.create_multipart(forgotten)
    store.put(orphan, BytesIO(b"x"), 1)
    with clock.held_at(clock.now() + timedelta(hours=25)):
        swept = sweep(database, store)
    assert swept.uploads == 1
    assert [each.key for each in store.list_multiparts()] == [going_on.key]
    assert orphan not in {facts.key for facts in store.list()}
    assert stale.key != going_on.key
    store.client.close()


def md5_of(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()
