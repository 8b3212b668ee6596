"""The index as plain Python: slow, obvious, and what the other keeper is measured against."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from assetlib.search import words
from assetlib.search.moments import keywords_of
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
    may_see,
)
from assetlib.search.results import (
    MOST_FACET_VALUES,
    as_nodes,
    best_correction,
    correctable,
    order_key,
    suggestible,
)
from assetlib.search.scoring import cut_note, most_frequent, score_of, unit_of, weight_of
from assetlib.search.why import Leaf, explain, leaves_of


@dataclass(frozen=True)
class _Analysed:
    document: Document
    fingerprint: str
    places: Mapping[str, Mapping[str, tuple[int, ...]]]
    """Text field → term → where it stands."""

    @classmethod
    def of(cls, document: Document) -> "_Analysed":
        places: dict[str, dict[str, tuple[int, ...]]] = {}
        for name, values in document.texts.items():
            found: dict[str, list[int]] = defaultdict(list)
            for term, place in words.terms_of(values):
                found[term].append(place)
            places[name] = {term: tuple(each) for term, each in found.items()}
        return cls(document, document.fingerprint, places)

    def fields(self, wanted: str | None) -> Iterable[str]:
        if wanted is None:
            return self.places
        return (wanted,) if wanted in self.places else ()

    def terms(self, wanted: str | None) -> set[str]:
        return {term for name in self.fields(wanted) for term in self.places[name]}

    def times(self, name: str, leaf: Leaf) -> int:
        """How often the leaf's best term, or its phrase, stands in a field."""
        here = self.places[name]
        if isinstance(leaf.node, Phrase):
            starts = [{p for term in word for p in here.get(term, ())} for word in leaf.node.words]
            return sum(all(first + n in each for n, each in enumerate(starts)) for first in starts[0])
        return max((len(here[term]) for term in leaf.terms if term in here), default=0)


@dataclass
class _View:
    """What one asking person may see, and all that is counted over it."""

    access: Access
    documents: list[_Analysed]
    notes: list[str] = field(default_factory=list)
    expanded: dict[Words, Leaf] = field(default_factory=dict)

    def counts(self, name: str | None) -> Counter[str]:
        return Counter(term for each in self.documents for term in each.terms(name))

    def leaf(self, node: Words) -> Leaf:
        if node not in self.expanded:
            self.expanded[node] = Leaf(node, frozenset(self.terms(node)))
        return self.expanded[node]

    def terms(self, node: Words) -> Iterable[str]:
        match node:
            case Match(terms):
                return terms
            case Phrase(parts):
                return [term for part in parts for term in part]
        counts = self.counts(node.field)
        text = node.text
        match node:
            case Prefix():
                counts = Counter({t: n for t, n in counts.items() if t.startswith(text)})
            case Infix():
                counts = Counter({t: n for t, n in counts.items() if text in t})
            case Fuzzy():
                near = {t: n for t, n in counts.items() if t[0] == text[0] and words.one_edit_apart(t, text)}
                counts = Counter() if any(text in t for t in counts) else Counter(near)
        chosen, cut = most_frequent(counts)
        if cut:
            self.notes.append(cut_note(text))
        return chosen

    def matches(self, node: Node, each: _Analysed) -> bool:
        match node:
            case All():
                return True
            case And(parts):
                return all(self.matches(part, each) for part in parts)
            case Or(parts):
                return any(self.matches(part, each) for part in parts)
            case Not(part):
                return not self.matches(part, each)
            case Term(name, value):
                return self.has_value(each, name, (value,))
            case In(name, values):
                return self.has_value(each, name, values)
            case Range(name, low, high, missing):
                number = each.document.number(name)
                if number is None:
                    return missing
                return (low is None or low <= number) and (high is None or number <= high)
        leaf = self.leaf(node)
        return any(each.times(name, leaf) for name in each.fields(node.field))

    def has_value(self, each: _Analysed, name: str, values: tuple[str, ...]) -> bool:
        wanted = {words.keyword(value) for value in values}
        return any(words.keyword(v) in wanted for v in keywords_of(each.document, name, self.access))

    def score(self, query: Node, each: _Analysed, units: Mapping[Words, float]) -> int:
        total = 0
        for node in leaves_of(query):
            leaf = self.leaf(node)
            for name in each.fields(node.field):
                times = each.times(name, leaf)
                total += score_of(units[node], weight_of(name), times) if times else 0
        return total


class MemoryIndex:
    """Everything in one process's memory."""

    kind: ClassVar[str] = "memory"

    def __init__(self) -> None:
        self._documents: dict[int, _Analysed] = {}
        self._changes = 0
        self._lock = threading.RLock()
        self._rebuilds: list[_MemoryRebuild] = []

    @property
    def generation(self) -> str:
        return str(self._changes)

    def replace(self, documents: Iterable[Document]) -> None:
        analysed = {each.id: _Analysed.of(each) for each in documents}
        with self._lock:
            self._documents = {**self._documents, **analysed}
            self._changed(analysed)

    def remove(self, ids: Iterable[int]) -> None:
        gone = frozenset(ids)
        with self._lock:
            self._documents = {key: each for key, each in self._documents.items() if key not in gone}
            self._changed(gone)

    def _changed(self, ids: Iterable[int]) -> None:
        self._changes += 1
        for rebuild in self._rebuilds:
            rebuild.changed |= set(ids)

    def _view(self, access: Access) -> _View:
        documents = self._documents
        return _View(
            access, [documents[key] for key in sorted(documents) if may_see(documents[key].document, access)]
        )

    def search(self, request: SearchRequest) -> SearchResult:
        view = self._view(request.access)
        whole = And((request.query, *as_nodes(request.filters)))
        found = [each for each in view.documents if view.matches(whole, each)]
        units = {
            node: unit_of(node, len(view.documents), sum(view.matches(node, d) for d in view.documents))
            for node in leaves_of(request.query)
        }
        scores = {each.document.id: view.score(request.query, each, units) for each in found}
        found.sort(key=lambda each: order_key(each.document, request.sort, scores[each.document.id]))
        start = (request.page - 1) * request.size
        leaves = [view.leaf(node) for node in dict.fromkeys(leaves_of(request.query))]
        hits = tuple(
            Hit(each.document.id, scores[each.document.id], explain(each.document, leaves))
            for each in found[start : start + request.size]
        )
        facets = {name: self._facet(view, request, name) for name in request.facets}
        return SearchResult(hits, len(found), facets, tuple(dict.fromkeys(view.notes)))

    def _facet(self, view: _View, request: SearchRequest, name: str) -> tuple[FacetCount, ...]:
        others = And((request.query, *as_nodes(request.filters, but=name)))
        counts: Counter[str] = Counter()
        written: dict[str, str] = {}
        for each in view.documents:
            if not view.matches(others, each):
                continue
            values: dict[str, str] = {}
            for value in sorted(keywords_of(each.document, name, view.access)):
                values.setdefault(words.keyword(value), value)
            for key, value in values.items():
                counts[key] += 1
                written[key] = min(value, written.get(key, value))
        selected = {
            words.keyword(v) for f in request.filters if f.field == name and not f.negated for v in f.values
        }
        for key in selected:
            written.setdefault(key, key)
        ordered = sorted(written, key=lambda key: (-counts[key], written[key]))
        kept = [key for at, key in enumerate(ordered) if at < MOST_FACET_VALUES or key in selected]
        return tuple(FacetCount(written[key], counts[key], key in selected) for key in kept)

    def suggest(self, typed: str, access: Access, limit: int = 8) -> tuple[Suggestion, ...]:
        starts = [token.forms[0] for token in words.tokens(typed)]
        counts: Counter[tuple[str, str]] = Counter()
        written: dict[tuple[str, str], str] = {}
        if not starts:
            return ()
        for each in self._view(access).documents:
            for name, value in sorted(suggestible(each.document)):
                forms = [form for token in words.tokens(value) for form in token.forms]
                if not all(any(form.startswith(start) for form in forms) for start in starts):
                    continue
                key = (name, words.keyword(value))
                counts[key] += 1
                written[key] = min(value, written.get(key, value))
        ordered = sorted(counts, key=lambda key: (-counts[key], key[0], written[key]))
        return tuple(Suggestion(key[0], written[key], counts[key]) for key in ordered[:limit])

    def did_you_mean(self, words: Sequence[str], access: Access) -> tuple[Correction, ...]:
        counts = self._view(access).counts(None)
        found: list[Correction] = []
        for word in correctable(words):
            if not any(word in term for term in counts):
                near = {term: n for term, n in counts.items() if term[0] == word[0]}
                found += best_correction(word, near)
        return tuple(found)

    def fingerprints(self) -> Mapping[int, str]:
        return {key: each.fingerprint for key, each in self._documents.items()}

    def begin_rebuild(self) -> "_MemoryRebuild":
        rebuild = _MemoryRebuild(self)
        with self._lock:
            self._rebuilds.append(rebuild)
        return rebuild

    def check(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self._documents = {}

    def switch(self, rebuild: "_MemoryRebuild", documents: dict[int, _Analysed] | None) -> None:
        """End a rebuild, with its documents in the place of ours unless it was abandoned."""
        with self._lock:
            self._rebuilds.remove(rebuild)
            if documents is not None:
                self._documents = documents
                self._changes += 1


class _MemoryRebuild:
    def __init__(self, index: MemoryIndex) -> None:
        self.changed: set[int] = set()
        self._index = index
        self._documents: dict[int, _Analysed] = {}

    def add(self, documents: Iterable[Document]) -> None:
        self._documents.update((each.id, _Analysed.of(each)) for each in documents)

    def finish(self) -> frozenset[int]:
        self._index.switch(self, self._documents)
        return frozenset(self.changed)

    def abandon(self) -> None:
        self._index.switch(self, None)
