"""Put a backup back into an empty place, and prove while doing so that it is the one that was signed.

A mark in HOME keeps everybody out from the first byte to the last. What is killed goes on when the same is
asked again: what is there whole stays, the database comes in one step, migrations and index after it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from assetlib.audit import verify
from assetlib.database import Database
from assetlib.errors import Conflict
from assetlib.house import SECRET_KEY, database_url, open_house
from assetlib.keeping import postgres
from assetlib.keeping.copying import in_parallel, put_back
from assetlib.keeping.keys import public_key
from assetlib.keeping.manifest import BrokenBackup, Manifest, find_generation, read_list, read_manifest
from assetlib.keeping.snapshot import Facts, facts_of, sync_file
from assetlib.keeping.starting import MARK
from assetlib.keeping.taking import alone_in
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.migrating import must_be_known
from assetlib.search.checking import rebuild
from assetlib.settings import Settings
from assetlib.storage import BlobStore, open_store
from assetlib.storage.durable import speaking_disk, sync_folder, write_durably

Say = Callable[[str], None]


class NotEmpty(Conflict):
    """Something is there that a restore would cover."""

    code = "not_empty"


class OtherEngine(Conflict):
    """A copy of one kind of database cannot be put into another kind."""

    code = "other_engine"


@dataclass(frozen=True)
class PutBack:
    """What was put back. `brought` objects were copied now, the others were there from a try before."""

    generation: Path
    manifest: Manifest
    brought: int
    facts: Facts | None
    """As counted before any migration; None when an earlier try had migrated already."""
    indexed: int


def restore(
    settings: Settings,
    backup: Path,
    key: Path,
    say: Say,
    *,
    name: str | None = None,
    broken_log: bool = False,
) -> PutBack:
    """Put the newest generation, or the named one, into the empty place that the settings describe.

    With `broken_log` also one whose record of what happened had been touched before it was taken.
    """
    find_generation(backup, name)  # also says when there is no such folder
    with alone_in(backup, writing=False), speaking_disk():
        generation = find_generation(backup, name)
        manifest = read_manifest(generation, public_key(key))
        must_be_known(manifest.schema)
        _must_fit(settings, manifest)
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = open_store(settings)
        _begin(settings, store, generation)
        say(f"Putting back {generation.name}: {manifest.objects} files, {manifest.object_bytes:,} bytes.")
        brought = sum(in_parallel(lambda kept: put_back(store, backup, kept), read_list(generation)))
        facts = _database(settings, generation, manifest)
    say("The files are there, and the database is. Now the index.")
    if not settings.secret_key and not (settings.home / SECRET_KEY).exists():
        say(
            f"There is no {SECRET_KEY} in {settings.home}, so a new one is made, and people set up their "
            "second factors anew. If you kept the old key, put it there before anybody does."
        )
    bring_to_this_version(settings, say, copy_first=False)
    indexed = _finish(settings, say, broken_log=broken_log)
    (settings.home / MARK).unlink()
    sync_folder(settings.home)
    return PutBack(generation, manifest, brought, facts, indexed)


def _must_fit(settings: Settings, manifest: Manifest) -> None:
    wanted = make_url(database_url(settings)).get_backend_name()
    if wanted != manifest.engine:
        raise OtherEngine(
            f"This backup is of a {manifest.engine} database, and the settings name a {wanted} one. "
            "Set ASSETLIB_DATABASE_URL to an empty database of that kind."
        )


def _begin(settings: Settings, store: BlobStore, generation: Path) -> None:
    """Set the mark, or see that it is ours from a try before."""
    mark = settings.home / MARK
    if mark.exists():
        begun = mark.read_text().strip()
        if begun != generation.name:
            raise NotEmpty(
                f"Here {begun} was being put back. Go on with it: assetlib restore --generation {begun} …; "
                "or empty the place and begin anew."
            )
        return
    if _has_tables(database_url(settings)):
        raise NotEmpty("The database has tables already. A backup is only put into an empty one.")
    if next(store.list(), None) is not None:
        raise NotEmpty("The store has files already. A backup is only put into an empty one.")
    # A mark that is half written would be nobody's: it gets its name when it is whole.
    growing = mark.with_name(f"{MARK}.new")
    growing.unlink(missing_ok=True)
    write_durably(growing, [generation.name.encode()])
    growing.rename(mark)
    sync_folder(settings.home)


def _has_tables(url: str) -> bool:
    found = make_url(url)
    if found.get_backend_name() == "sqlite" and not Path(found.database or "").exists():
        return False
    database = Database(url)
    try:
        with database.reading() as session:
            return bool(inspect(session.connection()).get_table_names())
    finally:
        database.close()


def _database(settings: Settings, generation: Path, manifest: Manifest) -> Facts | None:
    """Put the database in, in one step, unless a try before did; what was counted in it."""
    url = database_url(settings)
    source = generation / manifest.database_file
    if not _has_tables(url):
        if manifest.engine == "sqlite":
            _put_file(source, Path(make_url(url).database or ""))
        else:
            postgres.restore(url, source)
    database = Database(url)
    try:
        with database.reading() as session:
            facts = facts_of(session)
        if facts.schema != manifest.schema:
            return None
        if (facts.tables, facts.audit_seq, facts.audit_hash) != (
            manifest.tables,
            manifest.audit_seq,
            manifest.audit_hash,
        ):
            raise BrokenBackup("The database that was put back does not hold what the manifest says.")
        return facts
    finally:
        database.close()


def _put_file(source: Path, target: Path) -> None:
    growing = target.with_name(f"{target.name}.restoring")
    for left in (growing, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)
    growing.touch(mode=0o600)
    shutil.copyfile(source, growing)
    sync_file(growing)
    growing.replace(target)
    sync_folder(target.parent)


def _finish(settings: Settings, say: Say, *, broken_log: bool) -> int:
    """Check the record of what happened, and build the index; how many assets are in it."""
    house = open_house(settings)
    try:
        with house.database.reading() as session:
            verdict = verify(session)
        if not verdict.is_whole:
            told = f"The record of what happened is broken in this backup: {verdict.fault}."
            if not broken_log:
                raise BrokenBackup(
                    f"{told} Take an older generation into another place, or put this one back as it is: "
                    "run the same with --broken-log."
                )
            say(told)
        return rebuild(house.database, house.index)
    finally:
        house.index.close()
        house.database.close()
