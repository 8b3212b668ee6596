"""Documents and askers that the tests of searching share."""

from datetime import date
from typing import Any

from assetlib.search.filters import Known
from assetlib.search.index import SearchIndex
from assetlib.search.query import parse
from assetlib.search.request import Access, Document, SearchRequest, SearchResult
from assetlib.search.spans import begin_of
from tests.search.schema import KNOWN, TODAY

NOW = begin_of(TODAY.toordinal()) + 43_200
DAY = 86_400
EVERYTHING = Access(NOW, TODAY, everything=None)
OWN_PERSON = Access(NOW, TODAY, published=None, only_granted=False, organisation_id=1)


def agency(organisation: int, *collections: int) -> Access:
    return Access(
        NOW,
        TODAY,
        published=None,
        own_uploads=None,
        organisation_id=organisation,
        collections=frozenset(collections),
    )


def partner(organisation: int, *collections: int) -> Access:
    return Access(
        NOW, TODAY, published=None, organisation_id=organisation, collections=frozenset(collections)
    )


def document(
    number: int,
    title: str = "",
    *,
    tags: tuple[str, ...] = (),
    texts: dict[str, tuple[str, ...]] | None = None,
    keywords: dict[str, tuple[str, ...]] | None = None,
    ends: date | None = None,
    begins: date | None = None,
    published: bool = True,
    **values: Any,
) -> Document:
    """A document; numbers such as `width` go by name."""
    own = {k: values.pop(k) for k in tuple(values) if k in Document.__dataclass_fields__}
    numbers = dict(values)
    if ends is not None:
        numbers["rights_to"] = ends.toordinal()
    if begins is not None:
        numbers["rights_from"] = begins.toordinal()
    return Document(
        id=number,
        texts={"title": (title,), "tags": tags, **(texts or {})},
        keywords={"tag": tags, **(keywords or {})},
        numbers=numbers,
        published=published,
        **{"organisation_id": 1, **own},
    )


def find(
    index: SearchIndex, text: str = "", access: Access = EVERYTHING, known: Known = KNOWN, **asked: Any
) -> SearchResult:
    parsed = parse(text, known)
    return index.search(SearchRequest(parsed.node, access, parsed.filters, **asked))


def ids(index: SearchIndex, text: str = "", access: Access = EVERYTHING, **asked: Any) -> list[int]:
    return [hit.id for hit in find(index, text, access, **asked).hits]


def counts(index: SearchIndex, facet: str, text: str = "", access: Access = EVERYTHING) -> dict[str, int]:
    return {each.value: each.count for each in find(index, text, access, facets=(facet,)).facets[facet]}
