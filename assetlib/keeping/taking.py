"""Take a backup: the database first, then every object that it speaks of, then the signed manifest.

Objects never change, so a generation needs only those that no earlier one brought. A backup that is
killed leaves an `….unfinished` folder, which the next takes away, and objects, with which it goes on.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from assetlib import clock
from assetlib.errors import Conflict, Invalid
from assetlib.house import House, database_url
from assetlib.keeping.copying import TEMPORARY, Copied, Keeper, Overtaken, in_parallel, sync_objects
from assetlib.keeping.keys import PUBLIC, make_keys, private_key, public_key
from assetlib.keeping.manifest import (
    FORMAT,
    GENERATIONS,
    LIST,
    OBJECTS,
    UNFINISHED,
    Kept,
    Manifest,
    generations_in,
    must_be_list,
    object_path,
    order_of,
    read_list,
    read_signed,
    sha256_of,
    write_list,
    write_manifest,
)
from assetlib.keeping.snapshot import FILES, Facts, Wanted, engine_of, take_snapshot
from assetlib.keeping.verifying import in_pieces
from assetlib.storage.durable import speaking_disk, sync_folder
from assetlib.storage.stillness import files_kept

MOST_SNAPSHOTS = 5
REMOVED = ".removed"

Say = Callable[[str], None]


class BackupRuns(Conflict):
    code = "backup_runs"


class NoFolder(Invalid):
    """The folder for a backup cannot be had."""

    code = "no_folder"


class NeverStill(Conflict):
    """Files were taken in so fast that no snapshot could be completed."""

    code = "never_still"


@dataclass(frozen=True)
class Taken:
    """A generation that is whole. `new` objects were copied for it; sizes in bytes."""

    generation: Path
    manifest: Manifest
    new: int
    new_bytes: int
    log_fault: str | None = None
    """What is wrong with the record of what happened; then nothing older was removed."""


def take_backup(
    house: House, backup: Path, say: Say, *, keep: int | None = None, read_again: bool = False
) -> Taken:
    """Add a generation to the backup in this folder; then remove all but the newest `keep`.

    When somebody touched the record of what happened, the generation is taken all the same, and none is
    removed: the older ones are those from before.
    """
    try:
        with speaking_disk():
            for name in (GENERATIONS, OBJECTS, TEMPORARY):
                (backup / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NoFolder(
            f"{backup} cannot be made or written to: {error.strerror}. Name another folder."
        ) from error
    make_keys(house.settings.home)
    with alone_in(backup), speaking_disk():
        _clear(backup)
        with files_kept(house.settings.home):
            taken = _take(house, backup, say, read_again=read_again)
        fault = in_pieces(house.database).fault
        if keep is not None and fault is None:
            removed = prune(backup, keep)
            if removed:
                say(f"Older generations removed: {removed}.")
    return replace(taken, log_fault=fault)


@contextmanager
def alone_in(backup: Path, *, writing: bool = True) -> Iterator[None]:
    """Keep other backups out of the folder while the block lasts; readers let each other in."""
    handle = os.open(backup, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if writing else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BackupRuns(
            f"Another command of assetlib is at work in {backup}. Wait until it is done."
        ) from None
    try:
        yield
    finally:
        os.close(handle)


def _clear(backup: Path) -> None:
    """Take away what was half done when something was killed."""
    for each in (backup / GENERATIONS).iterdir():
        if each.name.endswith((UNFINISHED, REMOVED)):
            shutil.rmtree(each)
    for each in (backup / TEMPORARY).iterdir():
        each.unlink()


def _take(house: House, backup: Path, say: Say, *, read_again: bool) -> Taken:
    keeper = Keeper(house.store, backup, read_again)
    for _ in range(MOST_SNAPSHOTS):
        moment = clock.now()
        name = _free_name(backup, moment)
        growing = backup / GENERATIONS / f"{name}{UNFINISHED}"
        growing.mkdir(mode=0o700)
        wanted = growing / "wanted.tsv"
        facts = take_snapshot(house.database, database_url(house.settings), growing, wanted)
        say("The database is copied. Now the files.")
        try:
            progress = _copy_all(keeper, wanted, growing)
        except Overtaken:
            shutil.rmtree(growing)
            say("Files were taken in meanwhile; once more.")
            continue
        wanted.unlink()
        manifest = _manifest(house, growing, moment, facts, progress)
        write_manifest(growing, manifest, private_key(house.settings.home))
        whole = backup / GENERATIONS / name
        growing.rename(whole)
        sync_folder(whole.parent)
        return Taken(whole, manifest, progress.new, progress.new_bytes)
    raise NeverStill("Files were taken in faster than they could be copied. Try again when less is going on.")


@dataclass
class _Progress:
    objects: int = 0
    bytes: int = 0
    new: int = 0
    new_bytes: int = 0
    damaged: tuple[str, ...] = ()

    def seen(self, copied: Copied) -> Kept | None:
        if copied.kept is None:
            self.damaged += (copied.wanted.key,)
            return None
        self.objects += 1
        self.bytes += copied.kept.size
        self.new += copied.is_new
        self.new_bytes += copied.kept.size if copied.is_new else 0
        return copied.kept


def _copy_all(keeper: Keeper, wanted: Path, growing: Path) -> _Progress:
    progress = _Progress()

    def each() -> Iterator[Kept]:
        with wanted.open(encoding="ascii") as lines:
            for copied in in_parallel(keeper.keep, map(Wanted.of, lines)):
                kept = progress.seen(copied)
                if kept is not None:
                    yield kept

    write_list(growing / LIST, each())
    sync_objects(keeper.backup)
    return progress


def _manifest(house: House, growing: Path, moment: datetime, facts: Facts, progress: _Progress) -> Manifest:
    engine = engine_of(house.database)
    return Manifest(
        format=FORMAT,
        taken_at=moment.isoformat(),
        program=version("assetlib"),
        schema=facts.schema,
        engine=engine,
        database_file=FILES[engine],
        database_sha256=sha256_of(growing / FILES[engine]),
        tables=facts.tables,
        audit_seq=facts.audit_seq,
        audit_hash=facts.audit_hash,
        objects=progress.objects,
        object_bytes=progress.bytes,
        objects_sha256=sha256_of(growing / LIST),
        damaged=list(progress.damaged),
    )


def _free_name(backup: Path, moment: datetime) -> str:
    """A name that comes after all others, also when the clock was put back meanwhile."""
    name = f"{moment:%Y%m%dT%H%M%SZ}"
    generations = generations_in(backup)
    last, number = order_of(generations[-1].name) if generations else ("", 0)
    return name if name > last else f"{last}-{number + 1}"


def prune(backup: Path, keep: int) -> int:
    """Remove all but the newest `keep` generations, and objects that none of those needs; how many went."""
    generations = generations_in(backup)
    doomed, staying = generations[:-keep], generations[-keep:]
    if not doomed:
        return 0
    needed: set[Path] = set()
    for each in staying:
        # An object goes only when every list that might name it was read and is as it was signed.
        must_be_list(each, read_signed(each, public_key(each / PUBLIC)))
        needed.update(object_path(backup, kept.key) for kept in read_list(each))
    for each in doomed:
        removed = each.with_name(each.name + REMOVED)
        each.rename(removed)
        shutil.rmtree(removed)
    sync_folder(backup / GENERATIONS)
    for path in (backup / OBJECTS).glob("*/*"):
        if path not in needed:
            path.unlink()
    return len(doomed)
