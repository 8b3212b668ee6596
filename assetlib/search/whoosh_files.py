"""Whoosh's part of the work: analysed words and stored documents, in files that survive a power cut.

Whoosh writes and merges; `segment` holds what it wrote as flat arrays. The files are pickles in part: the
folder must be writable by this program only.
"""

import os
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Positions
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from assetlib.search import words
from assetlib.search.request import Document
from assetlib.search.segment import Posting, Segment, build

NAME = "MAIN"
MOST_SEGMENTS = 8
ARRAYS = ".flat"
MEGABYTES_FOR_SORTING = 64

_SEPARATOR = "\x1f"


class Words(FieldType):  # type: ignore[misc]  # Whoosh carries no types
    """All words of a document in one field; each term carries the name of the text field it stands in."""

    def __init__(self) -> None:
        super().__init__(format=Positions(), analyzer=None)

    def index(self, value: Document, **arguments: Any) -> Iterator[tuple[bytes, int, float, bytes]]:  # noqa: ARG002
        for name, values in value.texts.items():
            places: dict[str, list[int]] = defaultdict(list)
            for term, place in words.terms_of(values):
                places[term].append(place)
            for term, each in places.items():
                code = f"{name}{_SEPARATOR}{term}".encode()
                yield code, len(each), float(len(each)), self.format.encode(each)


SCHEMA = Schema(words=Words(), document=STORED())


class Postings(W3Codec):  # type: ignore[misc]  # Whoosh carries no types
    """Whoosh's files without what nobody reads: field lengths, and packing of what arrays hold anyway."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(compression=0)


class DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh carries no types
    """A folder in which a new table of contents appears only after all it names is on the disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._fresh: set[str] = set()
        self._open: list[Any] = []

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        self._fresh.add(name)
        return super().create_file(name, excl=excl, mode=mode, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        if name.endswith(".toc"):
            # Whoosh leaves it open when it cannot read it.
            return StructFile(BytesIO((Path(self.folder) / name).read_bytes()), name=name, **options)
        file = super().open_file(name, **options)
        self._open.append(file)
        return file

    def close_files(self) -> None:
        """Close what is still open, also where Whoosh stumbled half-way."""
        for file in self._open:
            if not file.is_closed:
                file.close()
        self._open.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        for name in self._fresh:
            if (folder / name).exists():
                sync(folder / name)
        self._fresh.clear()
        sync(folder)
        super().rename_file(oldname, newname, safe=safe)
        sync(folder)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def create(folder: Path) -> None:
    """An empty index in a new folder."""
    folder.mkdir()
    FileIndex.create(DurableStorage(folder), SCHEMA, NAME)


def latest(folder: Path) -> int:
    """The number of the folder's last complete change; -1 when there is none."""
    return int(TOC._latest_generation(DurableStorage(folder), NAME))  # noqa: SLF001  # no public name for it


SHORT = 4_000
"""Letters of a document that may stay at hand. A third of the time of finding a page went into reading."""
MOST_AT_HAND = 4_096
"""Documents of one segment that stay at hand, about 4 kB each."""


class OpenSegment:
    """One immutable segment: its arrays, and its stored documents. Files are closed when it is let go."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self.name: str = segment.segment_id()
        self.size = int(segment.doc_count_all())
        self._path = folder / f"{self.name}{ARRAYS}"
        self._lock = threading.Lock()
        storage = DurableStorage(folder)
        weakref.finalize(self, storage.close_files)
        self._reader = SegmentReader(storage, SCHEMA, segment)
        self._shown: dict[int, Document] = {}
        if self.size:
            self.stored(0)  # opens the file now: a writer may clear it away while somebody still reads here
        self._kept = True
        try:
            self.arrays = Segment.load(self._path)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            # The arrays are a shortcut; Whoosh's own files have it all.
            self._kept = False
            self.arrays = self.decode()

    def document(self, place: int) -> Document:
        """For a page that shows it. Short ones stay at hand: what was found once is found again."""
        found = self._shown.get(place)
        if found is None:
            text = self.stored(place)
            found = Document.from_json(text)
            if len(text) <= SHORT and len(self._shown) < MOST_AT_HAND:
                self._shown[place] = found
        return found

    def read(self, place: int) -> Document:
        """For a walk through all of them."""
        return Document.from_json(self.stored(place))

    def stored(self, place: int) -> str:
        with self._lock:  # Whoosh's files have one position each
            return str(self._reader.stored_fields(place)["document"])

    def decode(self) -> Segment:
        """The arrays, made from Whoosh's own files."""
        return build([self.read(place) for place in range(self.size)], self._postings())

    def keep_arrays(self) -> None:
        """Write the arrays beside the segment, so that the next reader need not decode it."""
        if self._kept:
            return
        half = self._path.with_name(f"{self.name}.half")
        self.arrays.save(half)
        half.rename(self._path)
        self._kept = True

    def _postings(self) -> Iterator[Posting]:
        for name, code in self._reader.all_terms():
            if name != "words":
                continue
            text_field, term = code.decode().split(_SEPARATOR, 1)
            matcher = self._reader.postings("words", code)
            while matcher.is_active():
                yield text_field, term, matcher.id(), matcher.value_as("positions")
                matcher.next()


class Contents:
    """What a folder holds at one generation."""

    def __init__(self, folder: Path, known: dict[str, OpenSegment]) -> None:
        """Segments that are open already are taken from `known`."""
        contents = TOC.read(DurableStorage(folder), NAME, schema=SCHEMA)
        self.generation: int = contents.generation
        self.segments: list[OpenSegment] = []
        self.deleted: list[list[int]] = []
        for segment in contents.segments:
            self.segments.append(known.get(segment.segment_id()) or OpenSegment(folder, segment))
            self.deleted.append(sorted(segment.deleted_docs()))


class Writing:
    """A change of the index in a folder: nothing of it is there until `commit`."""

    def __init__(self, folder: Path) -> None:
        index = FileIndex(DurableStorage(folder), SCHEMA, NAME)
        self._writer = SegmentWriter(index, compound=False, limitmb=MEGABYTES_FOR_SORTING, codec=Postings())

    def add(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self._writer.add_document(words=document, document=document.to_json())

    def delete(self, places: Iterable[int]) -> None:
        for place in places:
            self._writer.delete_document(place)

    def commit(self) -> None:
        self._writer.commit(mergetype=_merge)

    def cancel(self) -> None:
        self._writer.cancel()


def _merge(writer: Any, segments: Sequence[Any]) -> list[Any]:
    """Which segments stay as they are; the others are written anew, without what was deleted.

    A segment is worth keeping while it is larger than all smaller ones together and less than half deleted,
    so each document is written anew about as often as the index doubles.
    """
    alive = [(segment.doc_count_all() - segment.deleted_count(), segment) for segment in segments]
    kept = [segment for count, segment in alive if count * 2 >= segment.doc_count_all()]
    if len(kept) > MOST_SEGMENTS:
        rest = sum(count for count, _ in alive)
        for count, segment in sorted(alive, key=lambda pair: -pair[0]):
            rest -= count
            if segment in kept and count <= rest:
                kept.remove(segment)
    for count, segment in alive:
        if count and segment not in kept:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept
