"""Bytes in a real S3 server, over http and over TLS: the contract, and what only a network can do wrong.

The addresses come from `scripts/services`.
"""

import os
import socket
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPSConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assetlib.storage.blobs import StoreAway, new_key
from assetlib.storage.s3 import S3Store
from tests.storage.contract import Answer, BlobStoreContract, Reopen, read

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
