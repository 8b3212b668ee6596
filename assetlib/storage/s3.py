"""Bytes in any server that speaks S3.

Nothing here leans on POST policies, tags, additional checksums or conditional completion: servers differ
there, and some take them without looking.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from assetlib.storage.blobs import (
    LARGEST_PUT,
    BlobExists,
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
    WrongBytes,
    WrongParts,
    another_part,
    checked_key,
    checked_life,
    checked_md5,
    checked_number,
    checked_prefix,
    damaged_part,
    new_key,
    pieces_of,
    pour,
)
from assetlib.storage.durable import spooled
from assetlib.storage.names import content_disposition
from assetlib.storage.s3_answers import OVER, refusal_of
from assetlib.words import say

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CORSRuleTypeDef, LifecycleRuleTypeDef

SMALLEST_PART = 5 * 1024 * 1024
ABANDONED_AFTER_DAYS = 7
"""A net below our own sweep, for the time when nothing of ours runs."""

_MULTIPART = re.compile(r"[A-Za-z0-9._~+/=-]{1,1024}")


class S3Store:
    """Keeps blobs in one bucket. For AWS itself, `endpoint` and `ca_file` are empty."""

    def __init__(
        self,
        *,
        bucket: str,
        access_key: str,
        secret_key: str,
        scratch: Path,
        endpoint: str = "",
        region: str = "us-east-1",
        ca_file: str = "",
    ) -> None:
        self.bucket = bucket
        self._scratch = scratch
        self.client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            verify=ca_file or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 4, "mode": "standard"},
                max_pool_connections=32,
                # Over TLS the default sends a trailing checksum without a length, which some servers refuse.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if endpoint else "auto"},
            ),
        )
        scratch.mkdir(parents=True, exist_ok=True, mode=0o750)

    # whole blobs

    def put(self, key: str, stream: Readable, size: int) -> Measured:
        checked_key(key)
        if size > LARGEST_PUT:
            raise WrongBytes(
                say("This is too much to keep in one piece; send it in parts."), largest=LARGEST_PUT
            )
        if self._is_there(key):
            raise _taken()
        meter = Meter()
        with spooled(self._scratch, meter.through(pour(stream, size))) as (body, md5), _speaking():
            try:
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    ContentLength=size,
                    ContentMD5=md5,
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if _code(error) in ("PreconditionFailed", "412", "ConditionalRequestConflict"):
                    raise _taken() from error
                raise
        return meter.read()

    @contextmanager
    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[Readable]:
        size = self.stat(key).size
        end = size if length is None else min(size, start + length)
        if start >= end:
            yield BytesIO()
            return
        with _speaking():
            body = self.client.get_object(Bucket=self.bucket, Key=key, Range=f"bytes={start}-{end - 1}")[
                "Body"
            ]
        try:
            yield _Body(body)
        finally:
            body.close()

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        path = self._scratch / uuid.uuid4().hex
        try:
            with self.open(key) as source, path.open("xb") as copy:
                for piece in pieces_of(source):
                    copy.write(piece)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def url(
        self, key: str, *, seconds: int, file_name: str, media_type: str, attachment: bool = True
    ) -> str | None:
        return self.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket,
                "Key": checked_key(key),
                "ResponseContentDisposition": content_disposition(file_name, attachment=attachment),
                "ResponseContentType": media_type,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=checked_life(seconds),
        )

    def stat(self, key: str) -> Facts:
        checked_key(key)
        with _speaking():
            found = self.client.head_object(Bucket=self.bucket, Key=key)
        return Facts(key, found["ContentLength"], found["LastModified"])

    def delete(self, key: str) -> None:
        checked_key(key)
        with _speaking(), suppress(NoSuchBlob):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def list(self, prefix: str = "") -> Iterator[Facts]:
        checked_prefix(prefix)
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        with _speaking():
            for page in pages:
                for each in page.get("Contents", []):
                    yield Facts(each["Key"], each["Size"], each["LastModified"])

    # blobs that arrive in parts

    def create_multipart(self, key: str, part_size: int | None = None) -> str:  # noqa: ARG002
        if self._is_there(checked_key(key)):
            raise _taken()
        with _speaking():
            return self.client.create_multipart_upload(Bucket=self.bucket, Key=key)["UploadId"]

    def put_part(
        self, key: str, multipart: str, number: int, stream: Readable, size: int, sha256: str | None = None
    ) -> StoredPart:
        checked_number(number)
        _checked_multipart(key, multipart)
        meter = Meter()
        with spooled(self._scratch, meter.through(pour(stream, size))) as (body, md5):
            if sha256 is not None and meter.read().sha256 != sha256.lower():
                raise damaged_part(number)
            with _speaking_of_parts():
                kept = self.client.upload_part(
                    Bucket=self.bucket,
                    Key=key,
                    UploadId=multipart,
                    PartNumber=number,
                    Body=body,
                    ContentLength=size,
                    ContentMD5=md5,
                )
        return StoredPart(number, size, _tag(kept["ETag"]))

    def sign_part(
        self,
        key: str,
        multipart: str,
        number: int,
        size: int,
        md5: str | None = None,
        seconds: int = 3600,
    ) -> SignedRequest:
        _checked_multipart(key, multipart)
        params: dict[str, Any] = {
            "Bucket": self.bucket,
            "Key": key,
            "UploadId": multipart,
            "PartNumber": checked_number(number),
            "ContentLength": size,
        }
        headers = {}
        if md5 is not None:
            headers["Content-MD5"] = params["ContentMD5"] = checked_md5(md5)
        url = self.client.generate_presigned_url("upload_part", Params=params, ExpiresIn=seconds)
        return SignedRequest("PUT", url, headers)

    def list_parts(self, key: str, multipart: str) -> Sequence[StoredPart]:
        _checked_multipart(key, multipart)
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.bucket, Key=key, UploadId=multipart
        )
        with _speaking_of_parts():
            return sorted(
                StoredPart(each["PartNumber"], each["Size"], _tag(each["ETag"]))
                for page in pages
                for each in page.get("Parts", [])
            )

    def complete_multipart(self, key: str, multipart: str, parts: Sequence[StoredPart]) -> int:
        _checked_multipart(key, multipart)
        size = sum(part.size for part in parts)
        if not parts or [p.number for p in parts] != sorted({p.number for p in parts}):
            raise WrongParts(say("Name every part once, in order."))
        try:
            # Not every server compares the tags, so we do.
            kept = {part.number: part for part in self.list_parts(key, multipart)}
            for part in parts:
                if kept.get(part.number) != part:
                    raise another_part(part.number)
            with _speaking_of_parts():
                self.client.complete_multipart_upload(
                    Bucket=self.bucket,
                    Key=key,
                    UploadId=multipart,
                    MultipartUpload={
                        "Parts": [{"PartNumber": p.number, "ETag": f'"{p.tag}"'} for p in parts]
                    },
                )
        except NoSuchMultipart:
            # Completed before, perhaps by a call whose answer was lost, or aborted.
            if not (self._is_there(key) and self.stat(key).size == size):
                raise
        return size

    def abort_multipart(self, key: str, multipart: str) -> None:
        _checked_multipart(key, multipart)
        with suppress(NoSuchMultipart), _speaking_of_parts():
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=multipart)

    def list_multiparts(self) -> Iterator[OpenMultipart]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket)
        with _speaking():
            for page in pages:
                for each in page.get("Uploads", []):
                    yield OpenMultipart(each["Key"], each["UploadId"], each["Initiated"])

    # the house

    def sweep_temporary(self, before: datetime) -> int:
        removed = 0
        for path in self._scratch.iterdir():
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                    path.unlink()
                    removed += 1
        return removed

    def capabilities(self) -> Capabilities:
        return Capabilities(signs_parts=True, gives_urls=True, smallest_part=SMALLEST_PART)

    def prepare(self, origins: Sequence[str] = ()) -> None:
        """Let browsers from `origins` send parts and read tags; let the server drop what was abandoned."""
        with _speaking():
            if origins:
                rule: CORSRuleTypeDef = {
                    "AllowedOrigins": [*origins],
                    "AllowedMethods": ["PUT", "GET", "HEAD"],
                    "AllowedHeaders": ["content-md5", "content-type", "range"],
                    "ExposeHeaders": ["ETag"],
                    "MaxAgeSeconds": 3600,
                }
                self.client.put_bucket_cors(Bucket=self.bucket, CORSConfiguration={"CORSRules": [rule]})
            net: LifecycleRuleTypeDef = {
                "ID": "abandoned-parts",
                "Status": "Enabled",
                "Filter": {"Prefix": "blobs/"},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_AFTER_DAYS},
            }
            self.client.put_bucket_lifecycle_configuration(
                Bucket=self.bucket, LifecycleConfiguration={"Rules": [net]}
            )

    def check(self) -> None:
        key, probe = new_key("probe"), b"probe"
        try:
            self.put(key, BytesIO(probe), len(probe))
            with self.open(key) as readable:
                if readable.read() != probe:
                    raise StoreAway(
                        say("The store gives back other bytes than it was given."), retry_after=30
                    )
            self.delete(key)
        except OSError as error:
            raise StoreAway(say("The folder for temporary copies cannot be used."), retry_after=30) from error

    # inside

    def _is_there(self, key: str) -> bool:
        try:
            self.stat(key)
        except NoSuchBlob:
            return False
        return True


class _Body:
    """An answer's bytes, whose breaking off is told in our words."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1, /) -> bytes:
        with _speaking():
            piece: bytes = self._body.read(None if size < 0 else size)
            return piece


@contextmanager
def _speaking() -> Iterator[None]:
    """Say in our words what the server said."""
    try:
        yield
    except ClientError as error:
        raise refusal_of(_code(error)) from error
    except BotoCoreError as error:
        raise StoreAway(
            say("The store for files cannot be reached. Try again soon."), retry_after=10
        ) from error


@contextmanager
def _speaking_of_parts() -> Iterator[None]:
    # One server says NoSuchKey where it means that the multipart is gone.
    try:
        with _speaking():
            yield
    except NoSuchBlob as gone:
        raise NoSuchMultipart(OVER) from gone


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _tag(etag: str) -> str:
    return etag.strip('"')


def _checked_multipart(key: str, multipart: str) -> None:
    checked_key(key)
    if not _MULTIPART.fullmatch(multipart):
        raise NoSuchMultipart(OVER)


def _taken() -> BlobExists:
    return BlobExists(say("There is a file under this key already."))
