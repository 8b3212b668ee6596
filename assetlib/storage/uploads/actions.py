"""What becomes of the row of an upload. The bytes move elsewhere, see `protocol.py`."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.jobs import enqueue
from assetlib.storage.models import Upload
from assetlib.storage.states import CANCELLED, OPEN, REFUSED, VERIFYING
from assetlib.storage.uploads.permissions import BEGIN_UPLOAD, CANCEL_UPLOAD, CONTINUE_UPLOAD
from assetlib.storage.uploads.rules import Announced, must_be_fit, must_be_open, part_size_for

TAKE_IN = "catalog.take_in_upload"


def begin_upload(
    session: Session,
    actor: Actor,
    announced: Announced,
    *,
    key: str,
    multipart: str,
    largest: int,
    idempotency_key: str | None = None,
) -> Upload:
    """Write down that a file is on its way to `key`. `largest` is the limit in bytes."""
    BEGIN_UPLOAD.require(actor)
    must_be_fit(announced, largest=largest, idempotency_key=idempotency_key)
    moment = clock.now()
    upload = Upload(
        public_id=uuid4().hex,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        name=announced.name,
        folder=announced.folder,
        size=announced.size,
        mtime=announced.mtime,
        fingerprint=announced.fingerprint,
        part_size=part_size_for(announced.size),
        key=key,
        multipart=multipart,
        state=OPEN,
        as_version_of=announced.as_version_of,
        delivered_for=announced.delivered_for,
        idempotency_key=idempotency_key,
        created_at=moment,
        touched_at=moment,
    )
    session.add(upload)
    session.flush()
    record(session, actor, "storage.upload_begun", upload, name=upload.name, size=upload.size)
    return upload


def complete_upload(session: Session, actor: Actor, upload: Upload) -> Upload:
    """Its bytes are kept whole: promise that they are looked at. Done before, it changes nothing."""
    CONTINUE_UPLOAD.require(actor, upload)
    held = locked(session, upload)
    if held.state != CANCELLED and held.completed_at is not None:
        return held
    must_be_open(held.state)
    held.state, held.completed_at = VERIFYING, clock.now()
    enqueue(session, TAKE_IN, dedupe=f"{TAKE_IN}-{held.id}", upload_id=held.id)
    record(
        session, actor, "storage.upload_completed", held, before={"state": OPEN}, after={"state": VERIFYING}
    )
    return held


def cancel_upload(session: Session, actor: Actor, upload: Upload, *, reason: str = "") -> Upload:
    """Take no more parts, or leave a refused file be. What was cancelled before, is left so.

    What has arrived and was not refused cannot be cancelled.
    """
    CANCEL_UPLOAD.require(actor, upload)
    held = locked(session, upload)
    if held.state == CANCELLED:
        return held
    before = held.state
    if before != REFUSED:
        must_be_open(before)
    held.state, held.refusal, held.refusal_code = CANCELLED, None, None
    record(
        session,
        actor,
        "storage.upload_cancelled",
        held,
        before={"state": before},
        after={"state": CANCELLED},
        reason=reason,
    )
    return held


def locked(session: Session, upload: Upload) -> Upload:
    """The row as it is now, held until the transaction ends."""
    return session.scalars(
        select(Upload)
        .where(Upload.id == upload.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
