"""Words as searching sees them: case, accents and scripts evened out, before any engine.

A word becomes *forms*: as written, in the singular, and with German umlauts spelled the other ways. A query
meets a text where their forms share one: Jäger, Jaeger and Jager find each other. Chinese, Japanese and
Korean runs become pairs of characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

MOST_LETTERS = 64
"""Longer words are cut: they are data, not words."""


def _marks() -> str:
    marks = [point for point in range(0x300, 0x10000) if unicodedata.category(chr(point))[0] == "M"]
    ranges: list[list[int]] = []
    for point in marks:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_marks()}\u0640]|['’](?=[^\W\d_]))*")
_PAIRED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
     "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None, "'": None, "’": None}
)  # fmt: skip
_POSSESSIVE = re.compile("['’]s$")
_UMLAUTS = {"a\u0308": "ae", "o\u0308": "oe", "u\u0308": "ue"}
_UMLAUT = re.compile("[aou]\u0308")
_DIGRAPH = re.compile(r"(?<![aeiouq])([aou])e(?!$)")
_STRIPPED_BELOW = 0x0700
"""Marks are dropped from Latin, Greek, Cyrillic, Hebrew and Arabic; elsewhere they are part of the letter."""


def _without_accents(decomposed: str) -> str:
    kept: list[str] = []
    base = " "
    for char in decomposed:
        if unicodedata.category(char) == "Mn" and ord(base) < _STRIPPED_BELOW:
            continue
        kept.append(char)
        if unicodedata.category(char)[0] != "M":
            base = char
    return unicodedata.normalize("NFC", "".join(kept))


def _even(word: str) -> str:
    lowered = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", word).casefold())
    return unicodedata.normalize("NFKD", lowered.translate(_LETTERS)).casefold()


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """One word, evened out: `Café` → `cafe`."""
    return _without_accents(_even(word))[:MOST_LETTERS]


@lru_cache(maxsize=65_536)
def forms(word: str) -> tuple[str, ...]:
    """All terms a word stands for, the plainest first. Empty when nothing searchable is left of it."""
    even = _even(word)
    plain = _without_accents(even)[:MOST_LETTERS]
    if not plain:
        return ()
    found = [plain]
    if _UMLAUT.search(even):
        spelled = _UMLAUT.sub(lambda m: _UMLAUTS[m.group()], even)
        found.append(_without_accents(spelled)[:MOST_LETTERS])
    found += [singular(form) for form in found]
    found += [_DIGRAPH.sub(r"\1", form) for form in found]
    return tuple(dict.fromkeys(found))


def singular(word: str) -> str:
    """English plurals folded in the simplest way; what only looks like one is folded alike everywhere."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    return word[:-1]


class Token(NamedTuple):
    """One word of a text: its forms, its place among the words, and where it stands in the text."""

    forms: tuple[str, ...]
    position: int
    start: int
    end: int
    paired: bool = False  # a piece of a run without spaces


KEPT_LETTERS = 120
"""Texts up to so long are titles, tags and values, which come again and again; their words are kept."""


def tokens(text: str) -> Iterable[Token]:
    """The words of a text in order."""
    return _kept_tokens(text) if len(text) <= KEPT_LETTERS else _tokens(text)


@lru_cache(maxsize=8_192)
def _kept_tokens(text: str) -> tuple[Token, ...]:
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    runs = _PAIRED.search(text) is not None
    for found in _WORD.finditer(text):
        word, base = found.group(), found.start()
        if not runs:
            named = forms(word)
            if named:
                yield Token(named, position, base, found.end())
                position += 1
            continue
        for start, end, pair in _pieces(word):
            piece = word[start:end]
            named = (fold(piece),) if pair else forms(piece)
            if named and named[0]:
                yield Token(named, position, base + start, base + end, pair)
                position += 1


def _pieces(word: str) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for run in _PAIRED.finditer(word):
        if run.start() > at:
            yield at, run.start(), False
        if run.end() - run.start() == 1:
            yield run.start(), run.end(), True
        for first in range(run.start(), run.end() - 1):
            yield first, first + 2, True
        at = run.end()
    if at < len(word):
        yield at, len(word), False


VALUE_GAP = 16
"""Places left free between two values, so that no phrase spans them."""


def terms_of(values: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """(term, place) of every form of every word of a field's values."""
    base = 0
    for value in values:
        last = base
        for token in tokens(value):
            last = base + token.position
            for form in token.forms:
                yield form, last
        base = last + VALUE_GAP


@lru_cache(maxsize=65_536)
def keyword(value: str) -> str:
    """What two values must share to be the same: `JPEG ` and `jpeg` do, `résumé` and `resume` do not."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


@lru_cache(maxsize=65_536)
def sort_key(title: str) -> str:
    """Titles in the order people expect: accents and case do not count."""
    return _without_accents(_even(" ".join(title.split())))


def one_edit_apart(left: str, right: str) -> bool:
    """One letter more, less, other, or two neighbours swapped."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    if len(left) > len(right):
        left, right = right, left
    same = 0
    while same < len(left) and left[same] == right[same]:
        same += 1
    if len(left) < len(right):
        return left[same:] == right[same + 1 :]
    if left[same + 1 :] == right[same + 1 :]:
        return True
    return left[same : same + 2] == right[same : same + 2][::-1] and left[same + 2 :] == right[same + 2 :]


def edits_between(left: str, right: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; `most + 1` when it is more than `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
