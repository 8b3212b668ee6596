"""How much a match counts. Whole numbers, so that every engine comes to the same order."""

import math

from assetlib.search.request import EXPANSION_CAP, Fuzzy, Infix, Match, Phrase, Prefix, Words
from assetlib.words import say

_WEIGHTS = {
    "ref": 10, "title": 8, "tags": 5, "alt_text": 3, "file_name": 3, "description": 2, "text": 1
}  # fmt: skip
_ATTRIBUTE_WEIGHT = 4
_FACTORS: dict[type[Words], float] = {Match: 1.0, Phrase: 1.5, Prefix: 0.6, Infix: 0.5, Fuzzy: 0.4}


def weight_of(field: str) -> int:
    """How much a word in this field counts."""
    return _WEIGHTS.get(field, _ATTRIBUTE_WEIGHT)


def unit_of(leaf: Words, visible: int, matching: int) -> float:
    """What one occurrence counts in a field of weight 1: rare words count more, whole words count more."""
    rarity = math.log1p((visible - matching + 0.5) / (matching + 0.5))
    return 1000 * _FACTORS[type(leaf)] * rarity


def score_of(unit: float, weight: int, times: int) -> int:
    """The score of a term that occurs `times` in a field. More often is more, but less and less."""
    return int(unit * weight * (times / (times + 1)))


def most_frequent(counts: dict[str, int]) -> tuple[tuple[str, ...], bool]:
    """The terms that an expansion stands for, and whether some had to be left out."""
    if len(counts) <= EXPANSION_CAP:
        return tuple(sorted(counts)), False
    chosen = sorted(counts, key=lambda term: (-counts[term], term))[:EXPANSION_CAP]
    return tuple(sorted(chosen)), True


def cut_note(text: str) -> str:
    return say(
        "Very many words contain “{text}”; the {most} most frequent ones were searched.",
        text=text,
        most=EXPANSION_CAP,
    )
