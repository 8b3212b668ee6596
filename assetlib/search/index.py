"""The promise of a search index. Each sentence of it is a test in `tests/search/contract.py`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from assetlib.errors import Unavailable
from assetlib.search.request import Access, Correction, Document, SearchRequest, SearchResult, Suggestion
from assetlib.settings import Settings


class IndexBusy(Unavailable):
    """Somebody else writes, and went on for longer than we may wait."""

    code = "index_busy"


class IndexBroken(Unavailable):
    """The files of the index cannot be read. It has to be built again; nothing is lost by that."""

    code = "index_broken"


class Rebuild(Protocol):
    """A new index that grows beside the one in use."""

    def add(self, documents: Iterable[Document]) -> None:
        """Put documents into the new index. An id must not come twice."""

    def finish(self) -> frozenset[int]:
        """Switch to the new index at once; the ids that were changed in the old one meanwhile.

        The caller replaces or removes those from the database, since the new index may not know of it.
        """

    def abandon(self) -> None:
        """Leave the index in use as it is."""


class SearchIndex(Protocol):
    """Finds documents. The database is the truth, an index can be thrown away and built again.

    Whatever an answer says, it says as if the index held only the documents that `access` may see.
    """

    kind: ClassVar[str]

    @property
    def generation(self) -> str:
        """Another text after each change. Cheap to ask."""

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in, each in the place of the one with its id. All of them or none."""

    def remove(self, ids: Iterable[int]) -> None:
        """Take documents out. An unknown id is no matter."""

    def search(self, request: SearchRequest) -> SearchResult:
        """One page of what matches, with the exact total, facets, and why each hit matched."""

    def suggest(self, typed: str, access: Access, limit: int = 8) -> tuple[Suggestion, ...]:
        """Titles, tags and attribute values in which every typed word begins a word, most frequent first."""

    def did_you_mean(self, words: Sequence[str], access: Access) -> tuple[Correction, ...]:
        """For each word that no visible document knows, the nearest one that some do."""

    def fingerprints(self) -> Mapping[int, str]:
        """Id → `Document.fingerprint` of everything inside, to be compared with the database."""

    def begin_rebuild(self) -> Rebuild:
        """Start a new index beside this one. Changes go on reaching the one in use."""

    def check(self) -> tuple[str, ...]:
        """What is wrong with the index itself, a sentence each; nothing when it is whole."""

    def close(self) -> None:
        """Let go of files."""


def open_index(settings: Settings) -> SearchIndex:
    """The index that the settings name."""
    if settings.search_kind == "whoosh":
        from assetlib.search.whoosh_index import WhooshIndex

        return WhooshIndex(settings.index)
    if settings.search_kind == "memory":
        from assetlib.search.memory import MemoryIndex

        return MemoryIndex()
    raise ValueError(f"there is no search index of the kind {settings.search_kind!r}")
