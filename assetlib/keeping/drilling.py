"""A drill: put a backup back into an empty place and try whether everything is there, down to a download.

The place as it runs is only read. The one that is put back keeps its files on this machine's disk, whatever
the running one has, and is taken away in the end.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, SYSTEM
from assetlib.accounts.actions import add_person, set_password
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import find_own_organisation
from assetlib.audit import verify
from assetlib.catalog.models import Asset, Version
from assetlib.errors import Conflict, Refusal
from assetlib.house import House, database_url, open_house
from assetlib.keeping import postgres
from assetlib.keeping.copying import in_parallel
from assetlib.keeping.keys import PUBLIC
from assetlib.keeping.manifest import Kept, Manifest, find_generation, read_list
from assetlib.keeping.putting_back import PutBack, restore
from assetlib.keeping.questions import compare, questions_for
from assetlib.keeping.report import Report
from assetlib.keeping.served import Visitor, served
from assetlib.keeping.taking import take_backup
from assetlib.search.checking import check as check_index
from assetlib.settings import Settings
from assetlib.storage.blobs import BlobStore, NoSuchBlob
from assetlib.storage.models import Blob
from assetlib.storage.scrub import measure_blob

DOWNLOADS = 100
MARK, PLACE, BACKUP = "assetlib-drill", "place", "backup"
EMAIL = "drill@drill.example"
_SHOWN = 5

Say = Callable[[str], None]


class NotOurs(Conflict):
    """The folder of a drill holds something else."""

    code = "not_a_drill"


@dataclass(frozen=True)
class Asked:
    """What a drill is told. Without `source` it takes a backup of its own first."""

    to: Path
    source: Path | None = None
    key: Path | None = None
    leave: bool = False


def drill(old: House, asked: Asked, say: Say) -> Report:
    """Do all of it; the report is in the folder too. Raises only when it could not be tried."""
    if asked.source is not None:
        find_generation(asked.source)  # says when there is none
    report = Report(began_at=clock.now().isoformat(timespec="seconds"))
    _make_room(asked.to)
    backup = asked.source
    if backup is None:
        backup = asked.to / BACKUP
        with report.timed("backup"):
            take_backup(old, backup, say, keep=1)
    with _place(old, asked) as settings:
        try:
            with report.timed("restore"):
                done = restore(settings, backup, asked.key or old.settings.home / PUBLIC, say)
            report.note("signature", is_well=True, said="the manifest is the one that was signed")
            _try_all(old, settings, done, report, say)
        except Refusal as refusal:
            report.note("restore", is_well=False, said=refusal.sentence)
    report.write(asked.to)
    return report


def _make_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / MARK).exists():
        if any(folder.iterdir()):
            raise NotOurs(f"{folder} is not empty, and no drill was made there. Name a new folder.")
        (folder / MARK).touch()
    shutil.rmtree(folder / PLACE, ignore_errors=True)


@contextmanager
def _place(old: House, asked: Asked) -> Iterator[Settings]:
    """An empty place; on PostgreSQL with a database of its own beside the one that is used."""
    home = asked.to / PLACE
    with ExitStack() as at_end:
        if not asked.leave:
            at_end.callback(shutil.rmtree, home, ignore_errors=True)
        url = ""
        if not old.database.is_sqlite:
            url = postgres.named(database_url(old.settings), f"assetlib_drill_{secrets.token_hex(4)}")
            postgres.create(url)
            if not asked.leave:
                at_end.callback(postgres.drop, url)
        yield Settings(home=home, database_url=url, log_format="text")


def _try_all(old: House, settings: Settings, done: PutBack, report: Report, say: Say) -> None:
    report.taken_at, report.generation = done.manifest.taken_at, done.generation.name
    report.figures |= {"objects": done.manifest.objects, "bytes": done.manifest.object_bytes}
    _tables(done, report)
    house = open_house(settings)
    try:
        say("It is put back. Now everything is compared.")
        with report.timed("files"):
            _objects(house.store, done, report)
        with report.timed("record"):
            _record(house, done.manifest, report)
        with report.timed("index"):
            _index(house, done, report)
        with report.timed("questions"):
            _questions(old, house, done.manifest, report)
        with report.timed("downloads"):
            _visit(house, settings, done.manifest, report)
    finally:
        house.index.close()
        house.database.close()


def _tables(done: PutBack, report: Report) -> None:
    found = done.facts.tables if done.facts else {}
    report.tables = {
        name: {"backup": done.manifest.tables.get(name, 0), "place": found.get(name, 0)}
        for name in sorted(done.manifest.tables.keys() | found.keys())
    }
    differing = [name for name, rows in report.tables.items() if rows["backup"] != rows["place"]]
    rows = sum(done.manifest.tables.values())
    said = f"{rows:,} rows in {len(done.manifest.tables)} tables"
    report.note("tables", is_well=not differing, said=_some(differing) or said)


def _objects(store: BlobStore, done: PutBack, report: Report) -> None:
    """Read every file that was put back once more, from where the product reads it."""

    def fault(kept: Kept) -> str:
        try:
            return "" if tuple(measure_blob(store, kept.key)) == (kept.size, kept.sha256) else kept.key
        except NoSuchBlob:
            return kept.key

    faults = [key for key in in_parallel(fault, read_list(done.generation)) if key]
    said = f"{done.manifest.objects:,} files, {done.manifest.object_bytes:,} bytes, all with their sha256"
    report.note("files", is_well=not faults, said=_some(faults) or said)
    damaged = done.manifest.damaged
    report.note("damage", is_well=not damaged, said=_some(damaged) or "no file was damaged before the backup")


def _record(house: House, manifest: Manifest, report: Report) -> None:
    with house.database.reading() as session:
        verdict = verify(session)
    # A program that is newer than the backup may have added attributes to begin with, and recorded that.
    is_well = verdict.is_whole and verdict.entries >= manifest.audit_seq
    report.note(
        "record", is_well=is_well, said=verdict.fault or f"{verdict.entries:,} entries, the chain is whole"
    )


def _index(house: House, done: PutBack, report: Report) -> None:
    found = check_index(house.database, house.index)
    report.figures["assets"] = found.looked_at
    said = f"{found.missing} missing, {found.stale} out of date, {found.surplus} too many"
    report.note("index", is_well=found.is_clean, said=f"{done.indexed:,} assets; {said}")


def _questions(old: House, new: House, manifest: Manifest, report: Report) -> None:
    asked = questions_for(new)
    found = compare(old, new, asked, datetime.fromisoformat(manifest.taken_at))
    report.figures["questions"] = found.asked
    unlike = [f"{question!r} differs by {ids[:_SHOWN]}" for question, ids in found.differing.items()]
    said = f"{found.asked} questions, the same answers"
    report.note("questions", is_well=not unlike, said=_some(unlike) or said)


def _visit(house: House, settings: Settings, manifest: Manifest, report: Report) -> None:
    """Sign somebody in and download, as people do: through a web server on loopback."""
    password = secrets.token_urlsafe(18)
    hashed = hash_password(password)
    with house.database.transaction() as session:
        own = find_own_organisation(session)
        if own is None:
            report.note("downloads", is_well=False, said="there is no company in this place to sign in to")
            return
        person = add_person(session, SYSTEM, own, name="Drill", email=EMAIL, roles=[LIBRARIAN])
        set_password(session, SYSTEM, person, password, password_hash=hashed)
    wanted = _to_download(house, manifest)
    with served(settings, settings.home / "web.log") as port:
        visitor = Visitor(port)
        visitor.sign_in(EMAIL, password)
        report.note("signing in", is_well=True, said="somebody signed in and opened the library")
        faults = [
            f"asset {asset_id} gave {status}" + ("" if status != 200 else " and other bytes")
            for asset_id, sha256 in wanted.items()
            for status, came in [visitor.download(asset_id)]
            if (status, came) != (200, sha256)
        ]
    report.figures["downloads"] = len(wanted)
    said = f"{len(wanted)} files came as they were sent"
    report.note("downloads", is_well=not faults, said=_some(faults) or said)


def _to_download(house: House, manifest: Manifest) -> dict[int, str]:
    """Asset id → sha256 of its file, from all over the library."""
    with house.database.reading() as session:
        count = session.scalar(select(func.count(Asset.id)).where(Asset.deleted_at.is_(None))) or 0
        rows = session.execute(
            select(Asset.id, Version.sha256)
            .join(Version, Version.id == Asset.current_version_id)
            .join(Blob, Blob.id == Version.blob_id)
            .where(
                Asset.deleted_at.is_(None),
                Asset.id % max(1, count // DOWNLOADS) == 0,
                Blob.key.not_in(manifest.damaged),
            )
            .order_by(Asset.id)
            .limit(DOWNLOADS)
        )
        return {row.id: row.sha256 for row in rows}


def _some(faults: list[str]) -> str:
    """The first few, and how many there are; nothing when there are none."""
    if not faults:
        return ""
    more = f" and {len(faults) - _SHOWN:,} more" if len(faults) > _SHOWN else ""
    return ", ".join(faults[:_SHOWN]) + more
