"""Why a document matched: the fields, with the matching words marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assetlib.search import words
from assetlib.search.request import And, Document, Infix, Match, Node, Or, Part, Phrase, Prefix, Why, Words
from assetlib.search.scoring import weight_of

MOST_FIELDS = 3
MOST_LETTERS = 90
LETTERS_BEFORE = 30
WINDOW = 2_000
OVERLAP = 200
"""Long texts are read in windows up to the first that shows something; phrases may lie across their edges."""


@dataclass(frozen=True)
class Leaf:
    """One part of a query that finds words, with the terms it stands for among what is visible."""

    node: Words
    terms: frozenset[str]


def leaves_of(node: Node) -> Iterator[Words]:
    """The parts of a query that find words, those that exclude left out."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves_of(part)
        case _:
            if isinstance(node, Words):
                yield node


def explain(document: Document, leaves: Sequence[Leaf]) -> tuple[Why, ...]:
    """The weightiest fields that show every typed word which matched, each with a word of its own."""
    chosen: list[Why] = []
    useful = [leaf for leaf in leaves if leaf.terms]
    open_words = {_word_of(leaf.node) for leaf in useful}
    for name in sorted(document.texts, key=lambda each: (-weight_of(each), each)):
        if not open_words or len(chosen) == MOST_FIELDS:
            break
        found = max(
            (_value(name, value, useful) for value in document.texts[name]),
            key=lambda each: len(each.words & open_words),
            default=None,
        )
        if found is not None and found.words & open_words:
            chosen.append(Why(name, _snippet(found.value, found.marks)))
            open_words -= found.words
    return tuple(chosen)


_Word: TypeAlias = tuple[str | None, str]


def _word_of(node: Words) -> _Word:
    """The typed word a leaf is there for; looking for it whole, inside others or misspelt is one."""
    match node:
        case Match(terms):
            return node.field, terms[0]
        case Phrase(parts):
            return node.field, " ".join(part[0] for part in parts)
    return node.field, node.text


@dataclass(frozen=True)
class _Found:
    value: str
    words: frozenset[_Word]
    marks: tuple[tuple[int, int], ...]


def _value(field: str, value: str, leaves: Sequence[Leaf]) -> _Found:
    here = [leaf for leaf in leaves if leaf.node.field in (None, field)]
    start = 0
    while True:
        end = _end_of_window(value, start)
        found, marks = _look(value[start:end], here)
        if found or end == len(value):
            return _Found(value, found, tuple((start + first, start + last) for first, last in marks))
        start = max(start + 1, value.rfind(" ", start, end - OVERLAP) + 1 or end - OVERLAP)


def _end_of_window(value: str, start: int) -> int:
    """At a space, so that no word is cut."""
    if start + WINDOW >= len(value):
        return len(value)
    space = value.find(" ", start + WINDOW, start + WINDOW + OVERLAP)
    return space if space >= 0 else start + WINDOW


def _look(text: str, leaves: Sequence[Leaf]) -> tuple[frozenset[_Word], list[tuple[int, int]]]:
    tokens = list(words.tokens(text))
    found: set[_Word] = set()
    marks: list[tuple[int, int]] = []
    for leaf in leaves:
        spans = list(_spans(text, tokens, leaf))
        if spans:
            found.add(_word_of(leaf.node))
            marks += spans
    return frozenset(found), list(_joined(marks))


def _spans(value: str, tokens: list[words.Token], leaf: Leaf) -> Iterator[tuple[int, int]]:
    if isinstance(leaf.node, Phrase):
        length = len(leaf.node.words)
        for first in range(len(tokens) - length + 1):
            run = tokens[first : first + length]
            if all(not set(w).isdisjoint(t.forms) for w, t in zip(leaf.node.words, run, strict=True)):
                yield run[0].start, run[-1].end
        return
    for token in tokens:
        if not leaf.terms.isdisjoint(token.forms):
            yield _inside(value, token, leaf.node)


def _inside(value: str, token: words.Token, node: Words) -> tuple[int, int]:
    """Only the part of a word that was typed, where letters and folded letters stand one to one."""
    written = value[token.start : token.end]
    folded = words.fold(written)
    if isinstance(node, Infix | Prefix) and len(folded) == len(written):
        at = folded.find(node.text)
        if at >= 0:
            return token.start + at, token.start + at + len(node.text)
    return token.start, token.end


def _joined(marks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in sorted(marks):
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            if current is not None:
                yield current
            current = (start, end)
    if current is not None:
        yield current


def _snippet(value: str, marks: tuple[tuple[int, int], ...]) -> tuple[Part, ...]:
    first, last = 0, len(value)
    if last > MOST_LETTERS:
        first = max(0, marks[0][0] - LETTERS_BEFORE)
        if first > 0:
            space = value.find(" ", first, marks[0][0])
            first = space + 1 if space >= 0 else first
        last = min(len(value), max(first + MOST_LETTERS, marks[0][1]))
    parts = [Part("…")] if first > 0 else []
    at = first
    for start, end in marks:
        if end > last:
            break
        if start > at:
            parts.append(Part(value[at:start]))
        parts.append(Part(value[start:end], hit=True))
        at = end
    if at < last:
        parts.append(Part(value[at:last]))
    if last < len(value):
        parts.append(Part("…"))
    return tuple(parts)
