"""Whoever asks, the answer is the one of an index that holds only what they may see; and engines agree."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assetlib.access.actor import Scope
from assetlib.search.index import SearchIndex
from assetlib.search.memory import MemoryIndex
from assetlib.search.query import parse
from assetlib.search.request import NOWHERE, SORTS, Access, Document, SearchRequest, Sort, Within
from assetlib.search.whoosh_index import WhooshIndex
from tests.search.documents import NOW, document
from tests.search.schema import KNOWN, TODAY

WORDS = (
    "night", "nigth", "nights", "light", "ridge", "ridgeline", "bridge", "lake", "Jäger", "jaeger", "jager",
    "東京都", "京都", "trail", "trial", "a4", "zephyr", "zephyrine",
)  # fmt: skip
FACETS = ("can_use", "rights_state", "type", "tag", "format", "attr.region", "is", "collection")
KEYS = ("kids", "Kids", "kids-2", "kid", "k_ds", "k%s", 'say "kids"', "jp", "asia")
"""Prefixes of each other, other letters, and what has a meaning in LIKE and in JSON."""
within = st.frozensets(
    st.builds(Scope, st.sampled_from(("brand", "region")), st.frozensets(st.sampled_from(KEYS), max_size=2))
    | st.builds(Scope, st.just("organisation"), st.frozensets(st.sampled_from(("1", "2", "02", "x")))),
    max_size=2,
)
phrases = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
days = st.none() | st.integers(-40, 40).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def documents(draw: st.DrawFn, number: int) -> Document:
    tags = tuple(draw(st.lists(st.sampled_from(("Trail", "trail", "lake", "zephyrine")), max_size=2)))
    begins, ends = draw(days), draw(days)
    return document(
        number,
        draw(phrases),
        tags=tags,
        texts={"text": (draw(phrases),), "attr.region": tuple(draw(st.lists(phrases, max_size=2)))},
        keywords={
            "type": (draw(st.sampled_from(("photo", "logo"))),),
            "format": (draw(st.sampled_from(("JPEG", "PNG", "MP4"))),),
            "attr.region": tuple(draw(st.lists(st.sampled_from(("jp", "asia")), unique=True))),
            "is": tuple(draw(st.lists(st.just("approved"), max_size=1))),
        },
        begins=begins,
        ends=ends if begins is None or ends is None or begins <= ends else None,
        published=draw(st.booleans()),
        deleted=draw(st.sampled_from((False, False, False, True))),
        organisation_id=draw(st.integers(1, 3)),
        created_by=draw(st.none() | st.integers(1, 2)),
        scopes={
            kind: tuple(draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True)))
            for kind in draw(st.lists(st.sampled_from(("brand", "region")), unique=True))
        },
        collections=tuple(draw(st.lists(st.integers(5, 8), max_size=2, unique=True))),
        embargo_until=draw(st.sampled_from((None, NOW - 1, NOW, NOW + 1))),
        has_right=draw(st.booleans()),
        requires_request=draw(st.booleans()),
        **draw(
            st.fixed_dictionaries(
                {}, optional={n: st.integers(0, 3) for n in ("uses", "created", "approved", "width")}
            )
        ),
    )


worlds = st.integers(0, 9).flatmap(lambda size: st.tuples(*(documents(n) for n in range(1, size + 1))))
accesses = st.builds(
    Access,
    now=st.sampled_from((NOW - 1, NOW, NOW + 1)),
    today=st.sampled_from((TODAY, TODAY + timedelta(days=20))),
    everything=st.sampled_from((NOWHERE, NOWHERE, None)) | within,
    published=st.sampled_from((NOWHERE, None, None)) | within,
    own_uploads=st.sampled_from((NOWHERE, None)) | within,
    only_granted=st.booleans(),
    assets=st.frozensets(st.integers(1, 10), max_size=2),
    organisation_id=st.none() | st.integers(1, 3),
    uploader=st.none() | st.integers(1, 2),
    collections=st.frozensets(st.integers(5, 8), max_size=2),
)
PIECES = (
    "idge", "nihgt", "ridg*", '"night light"', '"ridge lake"', "#trail", "#lake,trail", "-lake",
    "type:photo", "-type:logo", "type:photo,logo", "region:jp", "region:night", "title:ridge", "text:light",
    "use:cleared", "is:expiring", "is:published", "rights-state:ended", "width:>1", "-width:2",
    "expires:<+30d", "~trails", "OR", "京", "id:3",
)  # fmt: skip
pieces = st.sampled_from(WORDS + PIECES)
texts = st.lists(pieces, max_size=4).map(" ".join)
questions = st.tuples(accesses, texts, st.sampled_from(SORTS), st.integers(1, 6))


def seen(document: Document, access: Access) -> bool:
    """The rule of sight once more, in so many words."""
    if document.deleted:
        return False
    if inside(document, access.everything):
        return True
    if access.organisation_id == document.organisation_id:
        if document.created_by and access.uploader == document.created_by:
            return True
        if inside(document, access.own_uploads):
            return True
    if not document.published or (document.embargo_until or 0) > access.now:
        return False
    if document.id in access.assets:
        return True
    gathered = any(each in access.collections for each in document.collections)
    return (gathered or not access.only_granted) and inside(document, access.published)


def inside(document: Document, within: Within) -> bool:
    """Whether a document lies in one of these scopes, in so many words."""
    if within is None:
        return True
    for scope in within:
        if scope.kind == "organisation" and str(document.organisation_id) in scope.keys:
            return True
        if any(key in scope.keys for key in document.scopes.get(scope.kind, ())):
            return True
    return False


@contextmanager
def whoosh() -> Iterator[WhooshIndex]:
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "index")
        yield index
        index.close()


def answers(index: SearchIndex, access: Access, text: str, sort: Sort, size: int) -> object:
    """All that a person can be told, over two pages."""
    parsed = parse(text, KNOWN)
    pages = [
        index.search(SearchRequest(parsed.node, access, parsed.filters, sort, page, size, FACETS))
        for page in (1, 2)
    ]
    typed = text.rsplit(maxsplit=1)[-1][:4] if text else "n"
    return pages, index.suggest(typed, access), index.did_you_mean([*parsed.words, "zephyrone"], access)


@given(worlds, accesses, texts, st.sampled_from(SORTS), st.integers(1, 6))
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_memory_answers_as_if_only_visible_documents_existed(
    world: tuple[Document, ...], access: Access, text: str, sort: Sort, size: int
) -> None:
    everything, visible = MemoryIndex(), MemoryIndex()
    everything.replace(world)
    visible.replace(each for each in world if seen(each, access))
    assert answers(everything, access, text, sort, size) == answers(visible, access, text, sort, size)


@pytest.mark.proof
@given(worlds, st.lists(questions, min_size=4, max_size=8))
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_thousand_worlds_tell_no_secret(
    world: tuple[Document, ...], asked: list[tuple[Access, str, Sort, int]]
) -> None:
    """The index on disk with everything in it, against one with only what the asker may see."""
    with whoosh() as index:
        index.replace(world)
        for access, text, sort, size in asked:
            visible = MemoryIndex()
            visible.replace(each for each in world if seen(each, access))
            assert answers(index, access, text, sort, size) == answers(visible, access, text, sort, size)


@given(
    worlds,
    st.lists(questions, min_size=4, max_size=8),
    st.data(),
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_whoosh_answers_as_memory_does(
    world: tuple[Document, ...], asked: list[tuple[Access, str, Sort, int]], data: st.DataObject
) -> None:
    """Over several segments, with replaced and removed documents between; 80 worlds with up to 8 askers."""
    memory = MemoryIndex()
    with whoosh() as index:
        half = len(world) // 2
        changed = data.draw(st.sampled_from(world)) if world else None
        for keeper in (memory, index):
            keeper.replace(world[:half])
            keeper.replace(
                [document(1, "zephyrine old"), document(90, "zephyrine gone", tags=("zephyrine",))]
            )
            keeper.replace(world)
            keeper.remove([90])
            if changed is not None:
                keeper.replace([changed])
        if not world:
            memory.remove([1])
            index.remove([1])
        for access, text, sort, size in asked:
            assert answers(index, access, text, sort, size) == answers(memory, access, text, sort, size)
        assert index.fingerprints() == memory.fingerprints()
