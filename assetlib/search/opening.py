"""Which keeper answers the searches of this installation."""

from assetlib.search.index import SearchIndex
from assetlib.settings import Settings


class UnknownSearch(ValueError):
    """The settings name a keeper that does not exist. Nothing takes its place."""


def open_index(settings: Settings) -> SearchIndex:
    """The keeper that the settings name."""
    if settings.search_kind == "memory":
        from assetlib.search.memory import MemoryIndex

        return MemoryIndex()
    if settings.search_kind == "whoosh":
        # Loading the index library takes a moment; who searches in memory need not pay it.
        from assetlib.search.whoosh_index import WhooshIndex

        return WhooshIndex(settings.index)
    raise UnknownSearch(f"there is no search of the kind {settings.search_kind!r}")
