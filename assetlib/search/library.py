"""Looking for assets: what pages and the API call. Typed text in, a page of ids with its surroundings out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.catalog.models import Collection, CollectionAncestor
from assetlib.catalog.queries.attributes import asset_types, defined, in_tree_order
from assetlib.catalog.queries.visibility import collections_visible_to
from assetlib.catalog.rules.attributes import Definition
from assetlib.paging import Page, clamp
from assetlib.search import words
from assetlib.search.access import access_of
from assetlib.search.filters import AttributeField, Choice, Known
from assetlib.search.index import SearchIndex
from assetlib.search.query import Chip, Parsed, parse, replace_word, toggle
from assetlib.search.request import Access, Hit, SearchRequest, Sort, Suggestion
from assetlib.search.why import leaves_of
from assetlib.words import say, together

MOST_RELAXED = 4


@dataclass(frozen=True)
class FacetValue:
    """One line of a facet."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One group at the side. `name` is what a query calls the field."""

    name: str
    label: str
    index_field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Relaxed:
    """A query near one that found nothing, which finds something."""

    kind: Literal["without", "instead"]
    label: str
    """`Region Japan`, to be left out; or the word to take instead."""
    total: int
    query: str


@dataclass(frozen=True)
class Found:
    """One page of assets, and what stands around it."""

    page: Page[Hit]
    facets: tuple[Facet, ...]
    parsed: Parsed
    sort: Sort
    notes: tuple[str, ...]
    relaxed: tuple[Relaxed, ...]
    """Only when nothing was found."""
    known: Known

    @property
    def ids(self) -> list[int]:
        """Assets of this page in order. The page shows those that the database says the actor may see."""
        return [hit.id for hit in self.page.rows]

    @property
    def total(self) -> int:
        return self.page.total

    @property
    def text(self) -> str:
        """The whole query in its canonical form; what stays in the address."""
        return self.parsed.text

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self.parsed.chips

    def toggled(self, facet: Facet, value: FacetValue) -> str:
        """The query after a click on a line of a facet."""
        return toggle(self.text, self.known, facet.index_field, value.value)


def find_assets(
    session: Session,
    index: SearchIndex,
    actor: Actor,
    text: str,
    *,
    sort: Sort | None = None,
    page: int | None = None,
    size: int | None = None,
    facets: Sequence[str] | None = None,
) -> Found:
    """One page of what the actor may see and asks for.

    Without `sort` words are sorted by relevance and all else by date. `facets` are fields of the index; None
    means all that are offered. Two statements, two more when the query names a collection.
    """
    known = known_to(session, actor)
    parsed = parse(text, known)
    number, size = clamp(page, size)
    order: Sort = sort or ("relevance" if any(True for _ in leaves_of(parsed.node)) else "newest")
    request = SearchRequest(
        parsed.node,
        access_of(actor),
        parsed.filters,
        order,
        number,
        size,
        known.facets if facets is None else tuple(facets),
    )
    answer = index.search(request)
    relaxed = () if answer.total else _relaxed(index, request.access, parsed, known)
    return Found(
        Page(answer.hits, number, size, answer.total),
        tuple(
            _facet(known, name, [FacetValue(v.value, v.value, v.count, v.selected) for v in values])
            for name, values in answer.facets.items()
        ),
        parsed,
        order,
        parsed.notes + answer.notes,
        relaxed,
        known,
    )


def suggestions(index: SearchIndex, actor: Actor, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """What completes the last words typed, among what the actor may see."""
    return index.suggest(typed, access_of(actor), limit)


def known_to(session: Session, actor: Actor) -> Known:
    """What this actor's text is read against. Two statements, two more when a collection is named."""
    access = access_of(actor)
    return Known(
        access.today,
        tuple(_attribute(each.definition, each.facet) for each in defined(session)),
        tuple(Choice(row.key, row.label) for row in asset_types(session)),
        _collection_finder(session, actor),
    )


def _attribute(of: Definition, facet: bool) -> AttributeField:
    choices = tuple(Choice(key, label) for key, label, _ in in_tree_order(of))
    return AttributeField(of.key, of.label, of.kind, facet, choices)  # type: ignore[arg-type]  # CHECKed


def _collection_finder(session: Session, actor: Actor) -> Callable[[str], tuple[int, ...]]:
    """Finds a collection by id or name, with all below it; only among those that the actor may know of."""
    names: dict[str, int] = {}

    def find(typed: str) -> tuple[int, ...]:
        if not names:
            rows = session.execute(
                select(Collection.id, Collection.name)
                .where(collections_visible_to(actor))
                .order_by(Collection.id.desc())
            )
            for number, name in rows.all():
                names[words.sort_key(name)] = number
                names[str(number)] = number
        found = names.get(words.sort_key(typed))
        if found is None:
            return ()
        below = session.scalars(
            select(Collection.id)
            .join(CollectionAncestor, CollectionAncestor.collection_id == Collection.id)
            .where(CollectionAncestor.ancestor_id == found, collections_visible_to(actor))
            .order_by(Collection.id)
        )
        return tuple(below)

    return find


def _facet(known: Known, name: str, values: Sequence[FacetValue]) -> Facet:
    of = known.of_index(name)
    if of is None:
        return Facet(name, name, name, tuple(values))
    labels = {words.keyword(each.value): each.label for each in known.types} if name == "type" else {}
    labelled = (
        replace(each, label=labels.get(words.keyword(each.value)) or of.label_of(each.value))
        for each in values
    )
    return Facet(of.name, of.label, name, tuple(labelled))


def _relaxed(index: SearchIndex, access: Access, parsed: Parsed, known: Known) -> tuple[Relaxed, ...]:
    """What would help somebody who found nothing: another word, or one filter less, read or not."""

    def total(text: str) -> int:
        near = parse(text, known)
        return index.search(SearchRequest(near.node, access, near.filters, size=1)).total

    near: list[Relaxed] = []
    for each in index.did_you_mean(parsed.words, access):
        query = replace_word(parsed.text, each.word, each.instead)
        near.append(Relaxed("instead", each.instead, total(query), query))
    for chip in parsed.chips:
        label = together(chip.field_label, chip.label)
        near.append(Relaxed("without", label, total(chip.remove_query), chip.remove_query))
    odd = [(each.text, each.remove_query) for each in parsed.unread]
    if len(odd) > 1:
        odd.append((say("what could not be read"), parsed.readable))
    near += [Relaxed("without", label, total(query), query) for label, query in odd]
    if parsed.chips and parsed.rest:
        query = parsed.rest
        near.append(Relaxed("without", say("all filters"), total(query), query))
    useful = list({each.query: each for each in reversed(near) if each.total}.values())
    return tuple(sorted(useful, key=lambda each: (each.kind, -each.total, each.label))[:MOST_RELAXED])
