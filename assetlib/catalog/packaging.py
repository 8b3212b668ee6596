"""Send a selection as one ZIP, as it is read: nothing is written to disk, the length is known beforehand.

The files are stored as they are, since pictures and films do not shrink. Each file's right is asked for
again in a short transaction of its own when its turn comes; a refusal by then breaks the stream off, so that
a client who counts sees that the ZIP is not whole.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from zipstream.ng import ZipStream

from assetlib.access.actor import Actor
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import lives_on, may_sign_in
from assetlib.accounts.tokens import token_again
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.errors import NotToBeUsed
from assetlib.catalog.link_counting import count_zip_by_link
from assetlib.catalog.models import Package
from assetlib.catalog.permissions.assets import NOT_YOURS
from assetlib.catalog.queries.actors import acting
from assetlib.catalog.queries.assets import get_version
from assetlib.catalog.queries.downloads import FileToSend, PackageEntry, get_package, package_entries
from assetlib.catalog.queries.links import holder_again
from assetlib.catalog.rules.forms import inert
from assetlib.database import Database
from assetlib.storage import BlobStore
from assetlib.storage.blobs import pieces_of
from assetlib.words import say

MANIFEST = "manifest.csv"
_HEAD = (
    "Asset",
    "Title",
    "Version",
    "File",
    "Bytes",
    "SHA-256",
    "Credit line",
    "Rights end",
    "Not included because",
)


@dataclass(frozen=True)
class OpenPackage:
    """A ZIP that is ready to be sent: iterate `stream` once."""

    file_name: str
    size: int
    """Bytes, exactly."""
    stream: Iterator[bytes]


def open_package(
    database: Database, store: BlobStore, actor: Actor, public_id: str, *, count: bool = True
) -> OpenPackage:
    """Look at the selection as it stands now, and say how long its ZIP will be.

    Of a link with a limit all files are counted here, before the first byte, unless `count` is False and the
    stream is never read.
    """
    with database.reading() as session:
        package = get_package(session, actor, public_id)
        entries = list(package_entries(session, actor, package))
        form = package.form
        file_name = f"assets-{package.created_at:%Y-%m-%d}.zip"
    again = actor.share_id is not None and count and _counted_before(database, actor, entries, form)
    archive = ZipStream(sized=True)
    archive.add(manifest_of(entries), MANIFEST)
    for entry in entries:
        if entry.file is not None:
            archive.add(
                _bytes_of(database, store, actor, public_id, entry, again=again),
                entry.file.file_name,
                size=entry.file.size,
            )
    return OpenPackage(file_name, len(archive), iter(archive))


def manifest_of(entries: Sequence[PackageEntry]) -> bytes:
    """The table of contents, with what was left out and why; no cell of it can be a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEAD)
    for entry in entries:
        file = entry.file
        row = (
            entry.ref,
            entry.title,
            str(entry.version_number or ""),
            file.file_name if file is not None else "",
            str(file.size) if file is not None else "",
            file.sha256 if file is not None else "",
            entry.credit_line,
            entry.ends_on,
            entry.reason,
        )
        writer.writerow([inert(cell) for cell in row])
    # The mark at the front tells spreadsheets that this is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _bytes_of(
    database: Database, store: BlobStore, actor: Actor, public_id: str, entry: PackageEntry, *, again: bool
) -> Iterator[bytes]:
    with database.transaction() as session:
        file = _take(session, actor, public_id, entry, again=again)
    with store.open(file.key) as stream:
        yield from pieces_of(stream)


def _take(session: Session, actor: Actor, public_id: str, entry: PackageEntry, *, again: bool) -> FileToSend:
    """Ask again, with the person, the asset and its rights read afresh."""
    package = get_package(session, actor, public_id)
    fresh = _fresh(session, actor, package)
    version = get_version(session, fresh, entry.version_id)
    file = open_download(session, fresh, version.asset, version, package.form, package=package, again=again)
    if entry.file is None or file.sha256 != entry.file.sha256:
        raise NotToBeUsed(say("This file was changed while the ZIP was on its way. Fetch it again."))
    return file


def _counted_before(database: Database, actor: Actor, entries: Sequence[PackageEntry], form: str) -> bool:
    """Count the files for a link, unless the same browser comes for the same ZIP again.

    Nothing is sent of a ZIP that the link does not give as a whole.
    """
    wanted = [(entry.asset_id, entry.version_id) for entry in entries if entry.file is not None]
    if not wanted:
        raise NotToBeUsed(next((each.reason for each in entries if each.reason), NOT_YOURS.reason))
    with database.transaction() as session:
        return count_zip_by_link(session, actor, wanted, form)


def _fresh(session: Session, actor: Actor, package: Package) -> Actor:
    """Whoever is being sent it, as they may act now, by the same link, token or session."""
    if actor.share_id is not None:
        return holder_again(session, actor)
    person, token = get_person(session, package.person_id), None
    if not may_sign_in(person):
        raise NotToBeUsed(say("This account is closed."))
    if actor.token_id is not None:
        token = token_again(session, actor.token_id)
        if token is None:
            raise NotToBeUsed(NOT_YOURS.reason)
    if actor.session_id is not None and not lives_on(session, actor.session_id):
        raise NotToBeUsed(say("You were signed out."))
    return acting(session, person, token=token, request_id=actor.request_id, address=actor.address)
