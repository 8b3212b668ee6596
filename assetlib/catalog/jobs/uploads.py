"""Look at a file that has arrived, and take it in or refuse it."""

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.catalog.actions.taking_up import take_up_upload
from assetlib.catalog.actions.uploads import refuse_upload, take_in
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import StaleWrite
from assetlib.errors import Refusal, Unavailable
from assetlib.jobs.work import Work
from assetlib.media import examine
from assetlib.media.examination import Examination
from assetlib.storage import BlobStore
from assetlib.storage.blobs import Measured, Meter, NoSuchBlob, pieces_of
from assetlib.storage.models import Upload
from assetlib.storage.states import GIVEN_UP, REFUSED, VERIFYING
from assetlib.words import say

BROKE_OFF = say(
    "The file arrived, but looking at it broke off by a fault of ours. It is kept for a week: "
    "an administrator can let us try again."
)


def take_in_upload(work: Work, store: BlobStore, *, upload_id: int) -> None:
    """Read the whole file once, then say in one short transaction what became of it.

    The record names the person who sent the file. Bytes that are refused, or that were there already, are
    dropped; a crash before that leaves an orphan to the sweeper.
    """
    with work.database.transaction() as session:
        upload = session.get(Upload, upload_id)
        if upload is None:
            return
        if upload.state == REFUSED:
            take_up_upload(session, _sender_of(session, upload), upload)
        waits, key, name = upload.state == VERIFYING, upload.key, upload.name
    if waits:
        _decide(work, store, upload_id, key, name)
    _drop_what_is_not_needed(work, store, upload_id)


def upload_given_up(session: Session, *, upload_id: int) -> None:
    """Say so to the sender; the bytes stay for a while, in case that the work is started again."""
    upload = session.get(Upload, upload_id)
    if upload is not None:
        sender = _sender_of(session, upload)
        refuse_upload(session, sender, upload, code=GIVEN_UP, sentence=BROKE_OFF)


def _decide(work: Work, store: BlobStore, upload_id: int, key: str, name: str) -> None:
    try:
        try:
            measured, examination = _look_at(work, store, key, name)
        except NoSuchBlob:
            return _refuse(
                work,
                upload_id,
                "bytes_gone",
                say("The file was gone before it could be read. Send it again."),
            )
        with work.database.transaction() as session:
            upload = session.get_one(Upload, upload_id)
            take_in(session, _sender_of(session, upload), upload, measured, examination)
    except (Unavailable, StaleWrite):
        raise  # not the file's fault: the job is tried again
    except Refusal as refusal:
        _refuse(work, upload_id, refusal.code, refusal.sentence)


def _look_at(work: Work, store: BlobStore, key: str, name: str) -> tuple[Measured, Examination]:
    work.settings.scratch.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="look-", dir=work.settings.scratch) as scratch,
        store.local_path(key) as path,
    ):
        measured = _measure(path)
        examination = examine(path, name=name, scratch=Path(scratch), largest=work.settings.largest_preview)
    return measured, examination


def _measure(path: Path) -> Measured:
    meter = Meter()
    with path.open("rb") as file:
        for _ in meter.through(pieces_of(file)):
            pass
    return meter.read()


def _refuse(work: Work, upload_id: int, code: str, sentence: str) -> None:
    with work.database.transaction() as session:
        upload = session.get_one(Upload, upload_id)
        refuse_upload(session, _sender_of(session, upload), upload, code=code, sentence=sentence)


def _sender_of(session: Session, upload: Upload) -> Actor:
    return actor_of(session, upload.person_id)


def _drop_what_is_not_needed(work: Work, store: BlobStore, upload_id: int) -> None:
    with work.database.reading() as session:
        upload = session.get_one(Upload, upload_id)
        blob = upload.blob
        kept_elsewhere = blob is not None and blob.key != upload.key
        refused_for_good = upload.state == REFUSED and upload.refusal_code != GIVEN_UP
        key = upload.key if refused_for_good or kept_elsewhere else None
    if key is not None:
        store.delete(key)
