"""The index on local disk: one writer at a time, any number of readers in any number of processes."""

import fcntl
import json
import os
import secrets
import shutil
import threading
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

import numpy as np

from assetlib.search import execution
from assetlib.search.index import IndexBroken, IndexBusy
from assetlib.search.request import Access, Correction, Document, SearchRequest, SearchResult, Suggestion
from assetlib.search.snapshot import Snapshot
from assetlib.search.whoosh_files import Contents, OpenSegment, Writing, create, latest, sync

FORMAT = 3
"""Counts the ways of laying documents down. An index of another one has to be built again."""

SECONDS_TO_WAIT = 20.0
TRIES_TO_READ = 10


@dataclass(frozen=True)
class _Loaded:
    """One generation, open for reading."""

    generation: str
    folder: Path
    segments: tuple[OpenSegment, ...]
    snapshot: Snapshot

    def document(self, place: int) -> Document:
        segment, local = self._local(place)
        return segment.document(local)

    def fingerprint(self, place: int) -> str:
        segment, local = self._local(place)
        return segment.read(local).fingerprint

    def _local(self, place: int) -> tuple[OpenSegment, int]:
        bases = [piece.base for piece in self.snapshot.pieces]
        at = bisect_right(bases, place) - 1
        return self.segments[at], place - bases[at]


class WhooshIndex:
    """A folder: `CURRENT` names the index in use, `BUILDING` one that grows beside it."""

    kind: ClassVar[str] = "whoosh"

    def __init__(self, root: Path, *, seconds_to_wait: float = SECONDS_TO_WAIT) -> None:
        self._root = root
        self._seconds = seconds_to_wait
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        root.mkdir(parents=True, exist_ok=True)
        if not (root / "CURRENT").exists():
            with self._locked("write.lock"):
                if not (root / "CURRENT").exists():
                    self._name("CURRENT", self._new_folder().name)

    # Reading

    @property
    def generation(self) -> str:
        folder = self._current()
        return f"{folder.name}:{latest(folder)}"

    def search(self, request: SearchRequest) -> SearchResult:
        loaded = self._load()
        return execution.search(loaded.snapshot, request, loaded.document)

    def suggest(self, typed: str, access: Access, limit: int = 8) -> tuple[Suggestion, ...]:
        return execution.suggest(self._load().snapshot, typed, access, limit)

    def did_you_mean(self, words: Sequence[str], access: Access) -> tuple[Correction, ...]:
        return execution.did_you_mean(self._load().snapshot, words, access)

    def fingerprints(self) -> Mapping[int, str]:
        loaded = self._load()
        places = np.flatnonzero(loaded.snapshot.live).tolist()
        return {int(loaded.snapshot.ids[place]): loaded.fingerprint(place) for place in places}

    def check(self) -> tuple[str, ...]:
        faults: list[str] = []
        try:
            loaded = self._open(self._current(), None)
        except IndexBroken as broken:
            return (broken.sentence,)
        ids = loaded.snapshot.ids[loaded.snapshot.live]
        if len(np.unique(ids)) != len(ids):
            faults.append("Some assets are in the index twice.")
        for segment, piece in zip(loaded.segments, loaded.snapshot.pieces, strict=True):
            live = loaded.snapshot.live[piece.base : piece.end]
            try:
                again = segment.decode()
            except Exception as error:  # noqa: BLE001  # broken files break Whoosh in any way
                faults.append(f"The files of {segment.name} cannot be read: {error}.")
                continue
            if again.words_of(live) != segment.arrays.words_of(live):
                faults.append(f"The arrays of {segment.name} differ from its files.")
        return tuple(faults)

    def close(self) -> None:
        self._loaded = None

    def _current(self) -> Path:
        before = ""
        while True:
            try:
                name = (self._root / "CURRENT").read_text().strip()
            except OSError as error:
                raise _broken("The search index is not there.") from error
            if name.startswith(f"{FORMAT}-") and (self._root / name).is_dir():
                return self._root / name
            if name == before:
                raise _broken("The search index was made by another version, or is not there.")
            before = name  # a rebuild may have switched between the two looks

    def _load(self) -> _Loaded:
        """The generation in use now; what is open already is used again."""
        loaded = self._loaded
        if loaded is not None and loaded.generation == self.generation:
            return loaded
        with self._loading:
            for attempt in range(TRIES_TO_READ):
                loaded = self._loaded
                if loaded is not None and loaded.generation == self.generation:
                    return loaded
                try:
                    self._loaded = self._open(self._current(), loaded)
                except IndexBroken:
                    if attempt == TRIES_TO_READ - 1:
                        raise
                    # A writer may have cleared away files between our reading of their names and of them.
                    time.sleep(0.02 * attempt)
            assert self._loaded is not None  # noqa: S101  # the last try raises
            return self._loaded

    def _open(self, folder: Path, before: _Loaded | None) -> _Loaded:
        known = {} if before is None or before.folder != folder else {s.name: s for s in before.segments}
        try:
            contents = Contents(folder, known)
        except Exception as error:
            # Broken files break Whoosh in any way; whatever it is, the remedy is the same.
            raise _broken("The files of the search index cannot be read.") from error
        live = []
        for segment, deleted in zip(contents.segments, contents.deleted, strict=True):
            alive = np.ones(segment.size, dtype=np.bool_)
            alive[deleted] = False
            live.append(alive)
        snapshot = Snapshot([segment.arrays for segment in contents.segments], live)
        return _Loaded(f"{folder.name}:{contents.generation}", folder, tuple(contents.segments), snapshot)

    # Writing

    def replace(self, documents: Iterable[Document]) -> None:
        by_id = {each.id: each for each in documents}
        self._write(by_id, by_id.values())

    def remove(self, ids: Iterable[int]) -> None:
        self._write(set(ids), ())

    def _write(self, ids: Iterable[int], documents: Iterable[Document]) -> None:
        wanted = list(ids)
        with self._locked("write.lock"):
            loaded = self._load()
            there = np.isin(loaded.snapshot.ids, np.array(wanted, dtype=np.int64)) & loaded.snapshot.live
            writing = Writing(loaded.folder)
            try:
                writing.delete(np.flatnonzero(there).tolist())
                writing.add(documents)
            except BaseException:
                writing.cancel()
                raise
            writing.commit()
            self._note_changed(wanted)
            self._keep_arrays(loaded.folder)

    def _keep_arrays(self, folder: Path) -> None:
        loaded = self._load()
        if loaded.folder == folder:
            for segment in loaded.segments:
                segment.keep_arrays()

    def _note_changed(self, ids: list[int]) -> None:
        """Tell a rebuild that it may have read the past."""
        building = self._building()
        if building is not None:
            with (building / "changed").open("a") as file:
                file.write(json.dumps(ids) + "\n")

    def _building(self) -> Path | None:
        try:
            folder = self._root / (self._root / "BUILDING").read_text().strip()
        except FileNotFoundError:
            return None
        return folder if folder.is_dir() else None

    def begin_rebuild(self) -> "_WhooshRebuild":
        lock = self._take("rebuild.lock", seconds=0)
        try:
            with self._locked("write.lock"):
                self._clear()
                folder = self._new_folder()
                self._name("BUILDING", folder.name)
            return _WhooshRebuild(self, folder, lock)
        except BaseException:
            lock.close()
            raise

    def end_rebuild(self, folder: Path, *, switch: bool) -> frozenset[int]:
        """Make a built folder the one in use, or throw it away; the ids that were changed meanwhile."""
        changed: set[int] = set()
        with self._locked("write.lock"):
            if switch:
                notes = folder / "changed"
                for line in notes.read_text().splitlines() if notes.exists() else ():
                    changed.update(json.loads(line))
                self._name("CURRENT", folder.name)
            (self._root / "BUILDING").unlink(missing_ok=True)
            self._clear()
        return frozenset(changed)

    def _clear(self) -> None:
        """Remove every folder but the one in use. Readers keep what they have open."""
        try:
            keep = (self._root / "CURRENT").read_text().strip()
        except OSError:
            keep = ""
        for each in self._root.iterdir():
            if each.is_dir() and each.name != keep:
                shutil.rmtree(each, ignore_errors=True)

    def _new_folder(self) -> Path:
        folder = self._root / f"{FORMAT}-{secrets.token_hex(6)}"
        create(folder)
        sync(self._root)
        return folder

    def _name(self, file: str, folder: str) -> None:
        half = self._root / f"{file}.half"
        half.write_text(folder)
        sync(half)
        half.replace(self._root / file)
        sync(self._root)

    # Locks

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._take(name, seconds=self._seconds):
            yield

    def _take(self, name: str, *, seconds: float) -> IO[str]:
        file = (self._root / name).open("w")
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    file.close()
                    raise IndexBusy(
                        "The search index is being written by another process. Try again in a moment.",
                        retry_after=5,
                    ) from None
                time.sleep(0.02)
            else:
                file.truncate()
                file.write(str(os.getpid()))
                file.flush()
                return file


def _broken(what: str) -> IndexBroken:
    return IndexBroken(f"{what} Build it again with `assetlib search rebuild`.")


class _WhooshRebuild:
    def __init__(self, index: WhooshIndex, folder: Path, lock: IO[str]) -> None:
        self._index = index
        self._folder = folder
        self._lock = lock
        self._writing = Writing(folder)

    def add(self, documents: Iterable[Document]) -> None:
        self._writing.add(documents)

    def finish(self) -> frozenset[int]:
        try:
            self._writing.commit()
            for segment in Contents(self._folder, {}).segments:
                segment.keep_arrays()
            return self._index.end_rebuild(self._folder, switch=True)
        finally:
            self._lock.close()

    def abandon(self) -> None:
        try:
            self._writing.cancel()
            self._index.end_rebuild(self._folder, switch=False)
        finally:
            self._lock.close()
