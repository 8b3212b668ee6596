"""Some documents as flat arrays, made once and never changed.

An *entry* is one term in one field of one document. Entries are sorted by term, document, field.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assetlib.search import words
from assetlib.search.request import Document
from assetlib.search.results import suggestible, title_of

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

NONE = np.iinfo(np.int64).min
"""Stands for a number that a document does not have."""

Posting: TypeAlias = tuple[str, str, int, Sequence[int]]
"""Field, term, document (by place in the segment), and where in the field the term stands."""


@dataclass(frozen=True)
class Column:
    """A field of exact values: which documents have which. One pair per document and value."""

    values: tuple[str, ...]
    """In order, each once."""
    docs: Ints
    ordinals: Ints


class Completions:
    """Values that may complete what is typed, found by how their words begin."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.values: list[str] = []
        self.keys: list[tuple[str, str]] = []
        """Field and value, however it is written."""
        self.forms: list[tuple[str, ...]] = []
        for each in column.values:
            name, value = each.split("\x1f", 1)
            self.values.append(value)
            self.keys.append((name, words.keyword(value)))
            self.forms.append(tuple(form for token in words.tokens(value) for form in token.forms))
        lines = [" " + " ".join(forms) for forms in self.forms]
        self._text = "\n".join(lines)
        lengths = np.array([len(line) + 1 for line in lines], dtype=np.int64)
        self._starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))[:-1]

    def beginning(self, starts: Sequence[str]) -> Ints:
        """Ordinals of the values in which each of these begins a word."""
        longest = max(starts, key=len)
        others = set(starts) - {longest}
        found = np.unique(
            np.searchsorted(self._starts, find_all(self._text, " " + longest), side="right") - 1
        )
        if not others:
            return found
        return found[[all(self._begins(at, start) for start in others) for at in found.tolist()]]

    def _begins(self, at: int, start: str) -> bool:
        return any(form.startswith(start) for form in self.forms[at])


@dataclass(frozen=True)
class Segment:
    """Documents as arrays."""

    ids: Ints
    organisation: Ints
    created_by: Ints
    embargo: Ints
    published: Bools
    deleted: Bools
    requires_request: Bools
    has_right: Bools
    numbers: dict[str, Ints]
    keywords: dict[str, Column]
    suggestions: Column
    """Values are `field`, a unit separator and the value."""
    title_keys: tuple[str, ...]
    terms: tuple[str, ...]
    """In order, each once."""
    fields: tuple[str, ...]
    term_starts: Ints
    """Of `terms`, the first entry; one more at the end."""
    entry_docs: Ints
    entry_fields: Ints
    place_starts: Ints
    """Of each entry, its first place; one more at the end."""
    places: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Term → its ordinal."""
        return {term: at for at, term in enumerate(self.terms)}

    @cached_property
    def completions(self) -> Completions:
        return Completions(self.suggestions)

    @cached_property
    def times(self) -> Ints:
        """How often each entry's term stands in its field."""
        return np.diff(self.place_starts)

    @cached_property
    def is_first(self) -> Bools:
        """Whether an entry is the first of its term and document: so many documents have the term."""
        first = np.ones(len(self.entry_docs), dtype=np.bool_)
        first[1:] = self.entry_docs[1:] != self.entry_docs[:-1]
        first[self.term_starts[:-1]] = True
        return first

    @cached_property
    def _joined(self) -> tuple[str, Ints]:
        lengths = np.fromiter((len(term) + 1 for term in self.terms), dtype=np.int64, count=len(self.terms))
        return "\n".join(self.terms), np.concatenate(([0], np.cumsum(lengths)))[:-1]

    def containing(self, text: str) -> Ints:
        """Ordinals of the terms that contain `text`."""
        joined, starts = self._joined
        return np.unique(np.searchsorted(starts, find_all(joined, text), side="right") - 1)

    def beginning(self, text: str) -> Ints:
        """Ordinals of the terms that begin with `text`."""
        first = bisect_left(self.terms, text)
        return np.arange(first, max(first, bisect_left(self.terms, text + "\U0010ffff")), dtype=np.int64)

    def entries_of(self, terms: Iterable[str]) -> Ints:
        """Entries of any of these terms."""
        found = [self.place_of[term] for term in terms if term in self.place_of]
        return ranges(self.term_starts, np.array(found, dtype=np.int64))

    def words_of(self, live: Bools) -> list[tuple[str, str, int, tuple[int, ...]]]:
        """Every (term, field, document, places) of the documents that are live, in order."""
        found = []
        for at, term in enumerate(self.terms):
            for entry in range(self.term_starts[at], self.term_starts[at + 1]):
                if live[self.entry_docs[entry]]:
                    places = self.places[self.place_starts[entry] : self.place_starts[entry + 1]]
                    name = self.fields[self.entry_fields[entry]]
                    found.append((term, name, int(self.entry_docs[entry]), tuple(places.tolist())))
        return found

    def save(self, path: Path) -> None:
        """Write everything into one file, readable by `load`."""
        arrays: dict[str, Any] = {}
        strings: dict[str, Any] = {}
        for name in _ARRAYS:
            arrays[name] = getattr(self, name)
        for name in _STRINGS:
            strings[name] = getattr(self, name)
        for name, numbers in self.numbers.items():
            arrays[f"number {name}"] = numbers
        for name, column in {**self.keywords, "": self.suggestions}.items():
            strings[f"column {name}"] = column.values
            arrays[f"docs {name}"], arrays[f"ordinals {name}"] = column.docs, column.ordinals
        text = json.dumps(strings).encode()
        with path.open("wb") as file:
            np.savez(file, strings=np.frombuffer(text, dtype=np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Segment":
        """What was saved. Raises OSError, ValueError or KeyError when the file is not whole."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        strings: dict[str, Any] = json.loads(arrays.pop("strings").tobytes())
        columns = {
            name.removeprefix("column "): Column(
                tuple(values),
                arrays["docs " + name.removeprefix("column ")],
                arrays["ordinals " + name.removeprefix("column ")],
            )
            for name, values in strings.items()
            if name.startswith("column ")
        }
        suggestions = columns.pop("")
        numbers = {
            name.removeprefix("number "): each for name, each in arrays.items() if name.startswith("number ")
        }
        parts: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        parts |= {name: tuple(strings[name]) for name in _STRINGS}
        return cls(numbers=numbers, keywords=columns, suggestions=suggestions, **parts)


_ARRAYS = (
    "ids", "organisation", "created_by", "embargo", "published", "deleted", "requires_request", "has_right",
    "term_starts", "entry_docs", "entry_fields", "place_starts", "places",
)  # fmt: skip
_STRINGS = ("title_keys", "terms", "fields")


def scope_column(kind: str) -> str:
    """The column of a kind of scope. No query can name it: names of fields have no spaces."""
    return f"scope {kind}"


def build(documents: Sequence[Document], postings: Iterable[Posting]) -> Segment:
    """The arrays of these documents and of what stands in their texts."""
    number_names = sorted({name for each in documents for name in each.numbers})
    keyword_names = sorted({name for each in documents for name in each.keywords})
    keywords = {
        name: _column([_each_once(each.keywords.get(name, ())) for each in documents])
        for name in keyword_names
    }
    for kind in sorted({kind for each in documents for kind in each.scopes}):
        keywords[scope_column(kind)] = _column([set(each.scopes.get(kind, ())) for each in documents])
    keywords["collection"] = _column([{str(c) for c in each.collections} for each in documents])
    suggestions = _column([{f"{name}\x1f{value}" for name, value in suggestible(each)} for each in documents])
    return Segment(
        ids=_ints(each.id for each in documents),
        organisation=_ints(each.organisation_id for each in documents),
        created_by=_ints(NONE if each.created_by is None else each.created_by for each in documents),
        embargo=_ints(NONE if each.embargo_until is None else each.embargo_until for each in documents),
        published=np.array([each.published for each in documents], dtype=np.bool_),
        deleted=np.array([each.deleted for each in documents], dtype=np.bool_),
        requires_request=np.array([each.requires_request for each in documents], dtype=np.bool_),
        has_right=np.array([each.has_right for each in documents], dtype=np.bool_),
        numbers={name: _ints(each.numbers.get(name, NONE) for each in documents) for name in number_names},
        keywords=keywords,
        suggestions=suggestions,
        title_keys=tuple(words.sort_key(title_of(each)) for each in documents),
        **_entries(postings),
    )


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


def _each_once(values: tuple[str, ...]) -> set[str]:
    """One spelling of each value."""
    found: dict[str, str] = {}
    for value in sorted(values):
        found.setdefault(words.keyword(value), value)
    return set(found.values())


def _column(values_of: Sequence[set[str]]) -> Column:
    values = sorted(set().union(*values_of)) if values_of else []
    ordinal_of = {value: at for at, value in enumerate(values)}
    pairs = [(doc, ordinal_of[value]) for doc, found in enumerate(values_of) for value in sorted(found)]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Column(tuple(values), both[:, 0].copy(), both[:, 1].copy())


def _entries(postings: Iterable[Posting]) -> dict[str, Any]:
    gathered = list(postings)
    terms = sorted({term for _, term, _, _ in gathered})
    fields = sorted({field for field, _, _, _ in gathered})
    term_of, field_of = ({name: at for at, name in enumerate(names)} for names in (terms, fields))
    term_ordinals = _ints(term_of[term] for _, term, _, _ in gathered)
    docs = _ints(doc for _, _, doc, _ in gathered)
    field_ordinals = _ints(field_of[field] for field, _, _, _ in gathered)
    counts = _ints(len(places) for _, _, _, places in gathered)
    order = np.lexsort((field_ordinals, docs, term_ordinals))
    starts = np.concatenate(([0], np.cumsum(counts)))
    places = _ints(place for _, _, _, each in gathered for place in each)
    return {
        "terms": tuple(terms),
        "fields": tuple(fields),
        "term_starts": np.searchsorted(term_ordinals[order], np.arange(len(terms) + 1)),
        "entry_docs": docs[order],
        "entry_fields": field_ordinals[order],
        "place_starts": np.concatenate(([0], np.cumsum(counts[order]))),
        "places": places[ranges(starts, order)],
    }


def ranges(starts: Ints, wanted: Ints) -> Ints:
    """All positions between `starts[i]` and `starts[i + 1]` for each wanted i, one after the other."""
    lengths = starts[wanted + 1] - starts[wanted]
    if not len(wanted) or not lengths.any():
        return np.empty(0, dtype=np.int64)
    shifts = np.repeat(starts[wanted] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.arange(len(shifts), dtype=np.int64) + shifts


def find_all(haystack: str, needle: str) -> Ints:
    """Where `needle` stands in `haystack`."""
    found = []
    at = haystack.find(needle)
    while at >= 0:
        found.append(at)
        at = haystack.find(needle, at + 1)
    return np.array(found, dtype=np.int64)
