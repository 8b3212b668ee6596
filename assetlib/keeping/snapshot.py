"""The database at one moment, as a file; and what stands in it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, func, inspect, or_, select, table, text
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.audit.models import AuditHead
from assetlib.database import Database
from assetlib.errors import Conflict
from assetlib.keeping import postgres
from assetlib.migrating import revision_in
from assetlib.storage.durable import sync_folder
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import GIVEN_UP, REFUSED, VERIFYING
from assetlib.storage.sweeper import GIVEN_UP_FOR

FILES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_NOT_YET = "-"
_LOT = 5_000


class NothingToKeep(Conflict):
    """The database has no tables of ours."""

    code = "nothing_to_keep"


@dataclass(frozen=True)
class Wanted:
    """An object that the snapshot speaks of. `sha256` is None for a file that was not looked at yet."""

    key: str
    size: int
    sha256: str | None
    damaged: bool = False

    def line(self) -> str:
        return f"{self.key}\t{self.size}\t{self.sha256 or _NOT_YET}\t{int(self.damaged)}\n"

    @classmethod
    def of(cls, line: str) -> "Wanted":
        key, size, sha256, damaged = line.rstrip("\n").split("\t")
        return cls(key, int(size), None if sha256 == _NOT_YET else sha256, damaged == "1")


@dataclass(frozen=True)
class Facts:
    """What stands in a database at one moment."""

    schema: str
    tables: dict[str, int]
    audit_seq: int
    audit_hash: str


def engine_of(database: Database) -> str:
    return "sqlite" if database.is_sqlite else "postgresql"


def take_snapshot(database: Database, url: str, folder: Path, wanted: Path) -> Facts:
    """Write the database into the folder, and the objects that it speaks of, one a line, into `wanted`."""
    file = folder / FILES[engine_of(database)]
    if database.is_sqlite:
        copy_sqlite(database, file)
        copy = Database(f"sqlite:///{file}")
        try:
            with copy.reading() as session:
                facts = _noted(session, wanted)
        finally:
            copy.close()
    else:
        with database.reading() as session:
            exported = session.scalar(text("SELECT pg_export_snapshot()"))
            postgres.dump(url, file, snapshot=str(exported))
            facts = _noted(session, wanted)
    sync_file(file)
    return facts


def copy_sqlite(database: Database, target: Path) -> None:
    """A whole, compact copy of a SQLite database as it is at this moment; others may write meanwhile."""
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", [str(target)])
    finally:
        connection.close()


def sync_file(path: Path) -> None:
    """Make a file that somebody else wrote survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)


def facts_of(session: Session) -> Facts:
    """Revision, rows of every table, and the end of the audit chain."""
    schema = revision_in(session)
    if schema is None:
        raise NothingToKeep("The database has no tables yet. Run `assetlib migrate`.")
    names = sorted(inspect(session.connection()).get_table_names())
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)).one()
    return Facts(schema, {name: _rows(session, name) for name in names}, head.seq, head.hash)


def _rows(session: Session, name: str) -> int:
    return session.scalar(select(func.count()).select_from(table(name))) or 0


def _noted(session: Session, wanted: Path) -> Facts:
    facts = facts_of(session)
    with wanted.open("w", encoding="ascii") as lines:
        lines.writelines(each.line() for each in _objects(session))
    return facts


def _objects(session: Session) -> Iterator[Wanted]:
    """Files that arrived and wait to be looked at come first: their bytes are the likeliest to move on."""
    to_be_tried = and_(
        Upload.state == REFUSED,
        Upload.refusal_code == GIVEN_UP,
        Upload.completed_at > clock.now() - GIVEN_UP_FOR,
    )
    waiting = or_(Upload.state == VERIFYING, to_be_tried)
    known = select(Blob.key)
    for key, size in session.execute(
        select(Upload.key, Upload.size).where(waiting, Upload.key.not_in(known))
    ):
        yield Wanted(key, size, None)
    columns = select(Blob.key, Blob.size, Blob.sha256, Blob.damaged_at).order_by(Blob.id)
    for row in session.execute(columns.execution_options(yield_per=_LOT)):
        yield Wanted(row.key, row.size, row.sha256, row.damaged_at is not None)
