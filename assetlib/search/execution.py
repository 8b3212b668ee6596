"""A search over the arrays of a snapshot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

import numpy as np

from assetlib.search import words
from assetlib.search.moments import MOMENTARY
from assetlib.search.request import (
    Access,
    All,
    And,
    Correction,
    Document,
    FacetCount,
    Fuzzy,
    Hit,
    In,
    Infix,
    Match,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    SearchRequest,
    SearchResult,
    Suggestion,
    Term,
    Words,
)
from assetlib.search.results import (
    MOST_FACET_VALUES,
    SORT_NUMBERS,
    as_nodes,
    best_correction,
    correctable,
)
from assetlib.search.scoring import cut_note, most_frequent, unit_of, weight_of
from assetlib.search.segment import NONE, Bools, Ints, Segment, ranges
from assetlib.search.snapshot import Piece, Snapshot, View
from assetlib.search.why import Leaf, explain, leaves_of

Stored = Callable[[int], Document]
"""The document at a place of the snapshot."""


@dataclass(frozen=True)
class _Found:
    """Where a leaf stands in a segment: document, field and how often, an entry each."""

    piece: Piece
    docs: Ints
    fields: Ints
    times: Ints


@dataclass
class Execution:
    """One request at work. Parts of the query that come twice are worked out once."""

    view: View
    notes: list[str] = field(default_factory=list)
    _leaves: dict[Words, Leaf] = field(default_factory=dict)
    _found: dict[Words, list[_Found]] = field(default_factory=dict)
    _masks: dict[Node, Bools] = field(default_factory=dict)

    @property
    def snapshot(self) -> Snapshot:
        return self.view.snapshot

    # Terms

    def leaf(self, node: Words) -> Leaf:
        if node not in self._leaves:
            self._leaves[node] = Leaf(node, frozenset(self._terms(node)))
        return self._leaves[node]

    def _terms(self, node: Words) -> Sequence[str]:
        match node:
            case Match(terms):
                return terms
            case Phrase(parts):
                return [term for part in parts for term in part]
            case Prefix(text):
                counts = self._counted(node, lambda segment: segment.beginning(text))
            case Infix(text):
                counts = self._counted(node, lambda segment: segment.containing(text))
            case Fuzzy(text):
                counts = {}
                if not self._counted(node, lambda segment: segment.containing(text)):
                    near = self._counted(node, lambda segment: segment.beginning(text[0]))
                    counts = {term: n for term, n in near.items() if words.one_edit_apart(term, text)}
        chosen, cut = most_frequent(counts)
        if cut:
            self.notes.append(cut_note(text))
        return chosen

    def _counted(self, node: Prefix | Infix | Fuzzy, candidates: Callable[[Segment], Ints]) -> dict[str, int]:
        """Term → number of visible documents, of the candidates that are visible at all."""
        return counted(self.view, node.field, candidates)

    def found(self, node: Words) -> list[_Found]:
        if node not in self._found:
            self._found[node] = [self._find(node, piece) for piece in self.snapshot.pieces]
        return self._found[node]

    def _find(self, node: Words, piece: Piece) -> _Found:
        if isinstance(node, Phrase):
            return self._find_phrase(node, piece)
        entries = self._entries(piece.segment, self.leaf(node).terms, node.field)
        segment = piece.segment
        return _Found(
            piece, segment.entry_docs[entries], segment.entry_fields[entries], segment.times[entries]
        )

    def _find_phrase(self, node: Phrase, piece: Piece) -> _Found:
        segment = piece.segment
        starts: Ints | None = None
        width = len(segment.fields) + 1
        for at, terms in enumerate(node.words):
            entries = self._entries(segment, terms, node.field)
            owner = (segment.entry_docs[entries] * width + segment.entry_fields[entries]) << 32
            lengths = segment.times[entries]
            keys = np.repeat(owner, lengths) + segment.places[ranges(segment.place_starts, entries)] - at
            keys = np.unique(keys)
            starts = keys if starts is None else np.intersect1d(starts, keys, assume_unique=True)
        assert starts is not None  # noqa: S101  # a phrase has words
        owners, times = np.unique(starts >> 32, return_counts=True)
        return _Found(piece, owners // width, owners % width, times.astype(np.int64))

    @staticmethod
    def _entries(segment: Segment, terms: Sequence[str] | frozenset[str], name: str | None) -> Ints:
        entries = segment.entries_of(terms)
        if name is None:
            return entries
        if name not in segment.fields:
            return entries[:0]
        here: Bools = segment.entry_fields[entries] == segment.fields.index(name)
        return entries[here]

    # Masks

    def mask(self, node: Node) -> Bools:
        """Which documents match; visible or not."""
        if node not in self._masks:
            self._masks[node] = self._mask(node)
        return self._masks[node]

    def _mask(self, node: Node) -> Bools:
        match node:
            case All():
                return np.ones(self.snapshot.size, dtype=np.bool_)
            case And(parts):
                mask = np.ones(self.snapshot.size, dtype=np.bool_)
                for part in parts:
                    mask &= self.mask(part)
                return mask
            case Or(parts):
                mask = np.zeros(self.snapshot.size, dtype=np.bool_)
                for part in parts:
                    mask |= self.mask(part)
                return mask
            case Not(part):
                return ~self.mask(part)
            case Term(name, value):
                return self._with_value(name, (value,))
            case In(name, values):
                return self._with_value(name, values)
            case Range():
                return self._between(node)
        mask = np.zeros(self.snapshot.size, dtype=np.bool_)
        for each in self.found(node):
            mask[each.piece.base + each.docs] = True
        return mask

    def _between(self, node: Range) -> Bools:
        numbers = self.snapshot.number(node.field)
        known: Bools = numbers != NONE
        mask: Bools = known.copy()
        if node.low is not None:
            mask &= numbers >= node.low
        if node.high is not None:
            mask &= numbers <= node.high
        return mask | ~known if node.missing else mask

    def _with_value(self, name: str, values: tuple[str, ...]) -> Bools:
        keys = [words.keyword(value) for value in values]
        if name == "id":
            numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
            return np.isin(self.snapshot.ids, np.array(numbers, dtype=np.int64))
        if name in MOMENTARY:
            mask = np.zeros(self.snapshot.size, dtype=np.bool_)
        else:
            mask = self.snapshot.keyword(name).docs_with(keys, self.snapshot.size)
        if name in MOMENTARY or name == "is":
            moments = self.view.momentary(name)
            for key in keys:
                if key in moments:
                    mask |= moments[key]
        return mask

    # Answers

    def search(self, request: SearchRequest, stored: Stored) -> SearchResult:
        base = self.mask(request.query) & self.view.visible
        matching = base.copy()
        for each in as_nodes(request.filters):
            matching &= self.mask(each)
        docs = np.flatnonzero(matching)
        leaves = list(leaves_of(request.query))
        scores = self._scores(leaves, matching)[docs]
        start = (request.page - 1) * request.size
        chosen = self._ordered(docs, scores, request)[start : start + request.size]
        different = [self.leaf(node) for node in dict.fromkeys(leaves)]
        hits = tuple(
            Hit(
                int(self.snapshot.ids[docs[at]]),
                int(scores[at]),
                explain(stored(int(docs[at])), different) if different else (),
            )
            for at in chosen
        )
        facets = {name: self._facet(request, base, name) for name in request.facets}
        return SearchResult(hits, len(docs), facets, tuple(dict.fromkeys(self.notes)))

    def _scores(self, leaves: Sequence[Words], matching: Bools) -> Ints:
        scores = np.zeros(self.snapshot.size, dtype=np.int64)
        for node in leaves:
            having = int((self.mask(node) & self.view.visible).sum())
            unit = unit_of(node, self.view.total, having)
            for found in self.found(node):
                self._add(scores, found, unit, matching)
        return scores

    @staticmethod
    def _add(scores: Ints, found: _Found, unit: float, matching: Bools) -> None:
        docs = found.docs + found.piece.base
        kept = matching[docs]
        docs, fields, times = docs[kept], found.fields[kept], found.times[kept]
        for at in np.unique(fields):
            here = fields == at
            weight = weight_of(found.piece.segment.fields[at])
            points = (unit * weight * (times[here] / (times[here] + 1))).astype(np.int64)
            best = np.zeros(len(found.piece.segment), dtype=np.int64)
            np.maximum.at(best, docs[here] - found.piece.base, points)
            scores[found.piece.base : found.piece.end] += best

    def _ordered(self, docs: Ints, scores: Ints, request: SearchRequest) -> Ints:
        """Positions in `docs`, the first hit first."""
        last_added = -self.snapshot.ids[docs]
        if request.sort == "relevance":
            return np.lexsort((last_added, -scores))
        if request.sort == "name":
            return np.lexsort((last_added, self.snapshot.name_ranks[docs]))
        name, largest_first = SORT_NUMBERS[request.sort]
        numbers = self.snapshot.number(name)[docs]
        missing = numbers == NONE
        keys = np.where(missing, 0, -numbers if largest_first else numbers)
        return np.lexsort((last_added, keys, missing))

    def _facet(self, request: SearchRequest, base: Bools, name: str) -> tuple[FacetCount, ...]:
        mask = base.copy()
        for each in as_nodes(request.filters, but=name):
            mask &= self.mask(each)
        counts = {} if name in MOMENTARY or name == "id" else self.snapshot.keyword(name).count(mask)
        if name in MOMENTARY or name == "is":
            for value, holds in self.view.momentary(name).items():
                number = int((mask & holds).sum())
                if number:
                    counts[value] = (number, value)
        elif name == "id":
            counts = {str(each): (1, str(each)) for each in self.snapshot.ids[mask]}
        selected = {
            words.keyword(v) for f in request.filters if f.field == name and not f.negated for v in f.values
        }
        for key in selected:
            counts.setdefault(key, (0, key))
        ordered = sorted(counts, key=lambda key: (-counts[key][0], counts[key][1]))
        kept = [key for at, key in enumerate(ordered) if at < MOST_FACET_VALUES or key in selected]
        return tuple(FacetCount(counts[key][1], counts[key][0], key in selected) for key in kept)


def counted(view: View, name: str | None, candidates: Callable[[Segment], Ints]) -> dict[str, int]:
    """Term → number of visible documents with it, of the candidates that are visible at all."""
    counts: dict[str, int] = {}
    for piece, numbers in zip(view.snapshot.pieces, view.counts(name), strict=True):
        wanted = candidates(piece.segment)
        seen = numbers[wanted]
        for at, number in zip(wanted[seen > 0].tolist(), seen[seen > 0].tolist(), strict=True):
            term = piece.segment.terms[at]
            counts[term] = counts.get(term, 0) + number
    return counts


def search(snapshot: Snapshot, request: SearchRequest, stored: Stored) -> SearchResult:
    """One page of what matches and may be seen."""
    return Execution(snapshot.view(request.access)).search(request, stored)


def suggest(snapshot: Snapshot, typed: str, access: Access, limit: int) -> tuple[Suggestion, ...]:
    """Visible titles, tags and values in which every typed word begins a word."""
    starts = [token.forms[0] for token in words.tokens(typed)]
    if not starts:
        return ()
    visible = snapshot.view(access).visible
    counts: dict[tuple[str, str], tuple[int, str]] = {}
    for piece in snapshot.pieces:
        values = piece.segment.completions
        seen = visible[piece.base : piece.end][values.column.docs]
        numbers = np.bincount(values.column.ordinals[seen], minlength=len(values.values))
        found = values.beginning(starts)
        found = found[numbers[found] > 0]
        for at, number in zip(found.tolist(), numbers[found].tolist(), strict=True):
            key, value = values.keys[at], values.values[at]
            before, written = counts.get(key, (0, value))
            counts[key] = (before + number, min(written, value))
    first = nsmallest(limit, ((-number, name, written) for (name, _), (number, written) in counts.items()))
    return tuple(Suggestion(name, written, -number) for number, name, written in first)


def did_you_mean(snapshot: Snapshot, typed: Sequence[str], access: Access) -> tuple[Correction, ...]:
    """The nearest visible word for each one that is not visible anywhere."""
    view = snapshot.view(access)
    return tuple(found for word in correctable(typed) for found in _correction(view, word))


def _correction(view: View, word: str) -> list[Correction]:
    if counted(view, None, lambda segment: segment.containing(word)):
        return []
    return best_correction(word, counted(view, None, lambda segment: segment.beginning(word[0])))
