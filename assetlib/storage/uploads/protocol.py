"""The upload protocol: rows and bytes together.

Each step reads, lets the bytes move, then writes in one short transaction: none is open while the store
works. What a step leaves behind when it dies in the middle is either picked up when the step is repeated or
taken by the sweeper. Which parts have arrived is always asked of the store.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.database import Database, StaleWrite
from assetlib.errors import Refusal
from assetlib.storage.blobs import (
    BlobStore,
    CannotSign,
    NoSuchBlob,
    NoSuchMultipart,
    Readable,
    SignedRequest,
    StoredPart,
    new_key,
)
from assetlib.storage.models import Upload
from assetlib.storage.states import OPEN
from assetlib.storage.uploads.actions import begin_upload, cancel_upload, complete_upload
from assetlib.storage.uploads.errors import UploadNotOpen, WrongPart
from assetlib.storage.uploads.permissions import BEGIN_UPLOAD, CONTINUE_UPLOAD
from assetlib.storage.uploads.queries import find_begun, get_upload, uploads_of
from assetlib.storage.uploads.rules import (
    MOST_AT_ONCE,
    Announced,
    must_be_fit,
    must_be_open,
    must_be_part,
    must_be_sha256,
    must_be_whole,
    part_count,
    part_size_for,
    size_of_part,
)
from assetlib.words import say

TOUCH_EVERY = timedelta(minutes=1)
"""How exact `touched_at` is: so a part seldom costs a write."""
SIGNED_FOR = 3600
"""Seconds that a client has to send a signed part."""


@dataclass(frozen=True)
class Progress:
    """An upload, and the parts of it that the store keeps (none once it is no longer open)."""

    upload: Upload
    parts: Sequence[StoredPart]
    transfer: Literal["put", "sign"]


@dataclass(frozen=True)
class PartToSign:
    number: int
    size: int
    md5: str | None = None
    """In base64."""


@dataclass(frozen=True)
class UploadDesk:
    """Where files are handed in. `largest` is the size limit in bytes."""

    database: Database
    store: BlobStore
    largest: int

    def begin(
        self, actor: Actor, announced: Announced, *, idempotency_key: str | None = None
    ) -> tuple[Progress, bool]:
        """The upload of this file and whether it is new: a file that is on its way already goes on."""
        BEGIN_UPLOAD.require(actor)
        must_be_fit(announced, largest=self.largest, idempotency_key=idempotency_key)
        begun = self._begun(actor, announced, idempotency_key)
        if begun is not None:
            return self._progress(begun), False
        key = new_key("original")
        multipart = self.store.create_multipart(key, part_size_for(announced.size))
        try:
            with self.database.transaction() as session:
                upload = begin_upload(
                    session,
                    actor,
                    announced,
                    key=key,
                    multipart=multipart,
                    largest=self.largest,
                    idempotency_key=idempotency_key,
                )
        except BaseException as error:
            with suppress(Refusal):  # the sweeper takes what cannot be aborted now
                self.store.abort_multipart(key, multipart)
            if not isinstance(error, StaleWrite):
                raise
            # Two announcements with one key at the same moment: the other one was first.
            begun = self._begun(actor, announced, idempotency_key)
            if begun is None:
                raise
            return self._progress(begun), False
        return self._progress(upload, parts=()), True

    def look(self, actor: Actor, public_id: str) -> Progress:
        with self.database.reading() as session:
            upload = get_upload(session, actor, public_id)
        return self._progress(upload)

    def mine(self, actor: Actor, state: str = OPEN) -> list[Progress]:
        """The actor's uploads in one state."""
        with self.database.reading() as session:
            uploads = uploads_of(session, actor, state=state)
        return [self._progress(upload) for upload in uploads]

    def receive_part(
        self,
        actor: Actor,
        public_id: str,
        number: int,
        stream: Readable,
        length: int | None,
        sha256: str | None,
    ) -> StoredPart:
        """Keep a part that comes through us. `length` is what the request says of itself, in bytes."""
        upload = self._open_upload(actor, public_id)
        size = must_be_part(number, length, size=upload.size, part_size=upload.part_size)
        must_be_sha256(sha256)
        part = self.store.put_part(upload.key, upload.multipart, number, stream, size, sha256)
        self._touch(upload)
        return part

    def sign_parts(
        self, actor: Actor, public_id: str, asked: Sequence[PartToSign]
    ) -> list[tuple[int, SignedRequest]]:
        """Requests by which the client sends parts to the store itself."""
        if len(asked) > MOST_AT_ONCE:
            raise WrongPart(say("At most {most} parts are signed at once.", most=MOST_AT_ONCE))
        upload = self._open_upload(actor, public_id)
        if not self.store.capabilities().signs_parts:
            raise CannotSign(say("Files are kept on this server. Send the parts to it."))
        signed = []
        for each in asked:
            size = must_be_part(each.number, each.size, size=upload.size, part_size=upload.part_size)
            request = self.store.sign_part(
                upload.key, upload.multipart, each.number, size, each.md5, seconds=SIGNED_FOR
            )
            signed.append((each.number, request))
        self._touch(upload)
        return signed

    def complete(self, actor: Actor, public_id: str) -> Progress:
        """Make the file whole and promise that it is looked at. Saying it twice changes nothing."""
        with self.database.reading() as session:
            upload = get_upload(session, actor, public_id)
            CONTINUE_UPLOAD.require(actor, upload)
        if upload.state != OPEN:
            if upload.completed_at is None:
                must_be_open(upload.state)
            return self._progress(upload)
        self._make_whole(upload)
        try:
            with self.database.transaction() as session:
                upload = complete_upload(session, actor, upload)
        except UploadNotOpen:
            self.store.delete(upload.key)  # cancelled while the parts were joined
            raise
        return self._progress(upload)

    def cancel(self, actor: Actor, public_id: str) -> None:
        """Let go of an upload and its parts. Saying it twice changes nothing."""
        with self.database.transaction() as session:
            upload = cancel_upload(session, actor, get_upload(session, actor, public_id))
        self.store.abort_multipart(upload.key, upload.multipart)

    # inside

    def _begun(self, actor: Actor, announced: Announced, idempotency_key: str | None) -> Upload | None:
        with self.database.reading() as session:
            return find_begun(session, actor, announced, idempotency_key)

    def _open_upload(self, actor: Actor, public_id: str) -> Upload:
        with self.database.reading() as session:
            upload = get_upload(session, actor, public_id)
            CONTINUE_UPLOAD.require(actor, upload)
        must_be_open(upload.state)
        return upload

    def _progress(self, upload: Upload, parts: Sequence[StoredPart] | None = None) -> Progress:
        if parts is None:
            parts = self._kept_parts(upload) if upload.state == OPEN else ()
        return Progress(upload, parts, "sign" if self.store.capabilities().signs_parts else "put")

    def _kept_parts(self, upload: Upload) -> Sequence[StoredPart]:
        try:
            return self.store.list_parts(upload.key, upload.multipart)
        except NoSuchMultipart:
            # Joined by a call that died before it could say so: nothing is to be sent, only to be completed.
            return whole_parts(upload) if self._is_joined(upload) else ()

    def _is_joined(self, upload: Upload) -> bool:
        try:
            return self.store.stat(upload.key).size == upload.size
        except NoSuchBlob:
            return False

    def _make_whole(self, upload: Upload) -> None:
        """The parts become the blob. When they are gone, a call before us may have done it already."""
        try:
            parts = self.store.list_parts(upload.key, upload.multipart)
            must_be_whole(parts, size=upload.size, part_size=upload.part_size)
            self.store.complete_multipart(upload.key, upload.multipart, parts)
        except NoSuchMultipart:
            if not self._is_joined(upload):
                raise

    def _touch(self, upload: Upload) -> None:
        moment = clock.now()
        if moment - upload.touched_at < TOUCH_EVERY:
            return
        with self.database.transaction() as session:
            touch_upload(session, upload)


def whole_parts(upload: Upload) -> list[StoredPart]:
    """Every part of the file, of which the store no longer keeps tags: they are one blob by now."""
    sizes = {"size": upload.size, "part_size": upload.part_size}
    return [
        StoredPart(number, size_of_part(number, **sizes), "") for number in range(1, part_count(**sizes) + 1)
    ]


def touch_upload(session: Session, upload: Upload) -> None:
    """Write down that the client is still at it."""
    session.execute(
        update(Upload)
        .where(Upload.id == upload.id, Upload.state == OPEN)
        .values(touched_at=clock.now())
        .execution_options(synchronize_session=False)
    )
