"""Uploads of one person."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.storage.models import Upload
from assetlib.storage.states import OPEN
from assetlib.storage.uploads.errors import NoSuchUpload
from assetlib.storage.uploads.rules import Announced, must_be_same
from assetlib.words import say

MOST_LISTED = 500


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Everyone knows of their own uploads only."""
    return Upload.person_id == actor.person_id if actor.person_id is not None else false()


def get_upload(session: Session, actor: Actor, public_id: str) -> Upload:
    upload = None
    if re.fullmatch(r"[0-9a-f]{32}", public_id):
        upload = session.scalars(
            select(Upload).where(Upload.public_id == public_id, visible_to(actor))
        ).one_or_none()
    if upload is None:
        raise NoSuchUpload(say("There is no such upload, or it is not yours."))
    return upload


def uploads_of(session: Session, actor: Actor, *, state: str) -> Sequence[Upload]:
    """The actor's uploads in one state, the newest first, 500 at most."""
    return session.scalars(
        select(Upload)
        .where(visible_to(actor), Upload.state == state)
        .order_by(Upload.id.desc())
        .limit(MOST_LISTED)
    ).all()


def find_begun(
    session: Session, actor: Actor, announced: Announced, idempotency_key: str | None
) -> Upload | None:
    """What this announcement has begun before: by the same key, or an open upload of the same file."""
    if idempotency_key is not None:
        by_key = session.scalars(
            select(Upload).where(visible_to(actor), Upload.idempotency_key == idempotency_key)
        ).one_or_none()
        if by_key is not None:
            must_be_same(announced, _announced_as(by_key, announced.folder))
            return by_key
    return session.scalars(
        select(Upload)
        .where(
            visible_to(actor),
            Upload.state == OPEN,
            Upload.fingerprint == announced.fingerprint,
            Upload.size == announced.size,
            Upload.name == announced.name,
            Upload.as_version_of.is_not_distinct_from(announced.as_version_of),
            Upload.delivered_for.is_not_distinct_from(announced.delivered_for),
        )
        .order_by(Upload.id.desc())
        .limit(1)
    ).one_or_none()


def _announced_as(upload: Upload, folder: str) -> Announced:
    """What was said of it. The folder was cleaned since, so that of the new announcement is let pass."""
    return Announced(
        upload.name,
        upload.size,
        upload.mtime,
        upload.fingerprint,
        folder,
        upload.as_version_of,
        upload.delivered_for,
    )
