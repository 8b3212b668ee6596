"""What answers have in common, whichever engine makes them."""

from collections.abc import Iterator, Mapping, Sequence

from assetlib.search import words
from assetlib.search.request import Correction, Document, Filter, In, Node, Not, Sort

MOST_FACET_VALUES = 200
MOST_SUGGESTED_LETTERS = 100
"""Longer values are prose, not something to complete."""

SORT_NUMBERS: Mapping[Sort, tuple[str, bool]] = {
    "newest": ("created", True),
    "updated": ("updated", True),
    "used": ("uses", True),
    "expiry": ("rights_to", False),
    "approved": ("approved", True),
}
"""Sort → the number it goes by, and whether the largest comes first. Documents without it come last."""


def order_key(document: Document, sort: Sort, score: int) -> tuple[int, int | str, int]:
    """Where a document stands; among equals the one added last goes first."""
    if sort == "relevance":
        return 0, -score, -document.id
    if sort == "name":
        return 0, words.sort_key(title_of(document)), -document.id
    name, largest_first = SORT_NUMBERS[sort]
    number = document.number(name)
    if number is None:
        return 1, 0, -document.id
    return 0, -number if largest_first else number, -document.id


def title_of(document: Document) -> str:
    return next(iter(document.texts.get("title", ())), "")


def as_nodes(filters: Sequence[Filter], *, but: str | None = None) -> Iterator[Node]:
    """The filters as nodes. What a person chose in the facet `but` is left out; what they excluded is not."""
    for each in filters:
        if each.negated:
            yield Not(In(each.field, each.values))
        elif each.field != but:
            yield In(each.field, each.values)


def suggestible(document: Document) -> set[tuple[str, str]]:
    """(field, value) pairs that may complete what is typed. One spelling of each value."""
    found: dict[tuple[str, str], str] = {}
    for name, values in document.texts.items():
        if name not in ("title", "tags") and not name.startswith("attr."):
            continue
        for value in sorted(values):
            if len(value) <= MOST_SUGGESTED_LETTERS:
                found.setdefault((name, words.keyword(value)), value)
    return {(name, value) for (name, _), value in found.items()}


def correctable(typed: Sequence[str]) -> tuple[str, ...]:
    """Words long enough that a correction is more than a guess, folded."""
    folded = dict.fromkeys(words.fold(word) for word in typed)
    return tuple(word for word in folded if len(word) >= 4 and word.isalpha())[:8]


def best_correction(word: str, counts: Mapping[str, int]) -> list[Correction]:
    """The nearest of the counted terms, if one is near: one edit for short words, two for longer ones."""
    most = 1 if len(word) < 6 else 2
    best: tuple[int, int, str] | None = None
    for term, count in counts.items():
        edits = words.edits_between(word, term, most)
        if edits <= most and (best is None or (edits, -count, term) < best):
            best = (edits, -count, term)
    return [] if best is None else [Correction(word, best[2], -best[1])]
