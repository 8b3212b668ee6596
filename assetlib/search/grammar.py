"""The grammar of typed queries: text into a tree, and a tree back into text.

Words are joined by AND; OR joins its two neighbours; brackets group; `-` or NOT excludes; `field:value`,
`field:a,b`, `field:="exact"`, `#tag`, `~collection`, `"a phrase"`, `begin*`. Nothing is refused: what makes
no sense is read as words, and a note says so.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from assetlib.words import say

MOST_LETTERS = 1000
MOST_ITEMS = 64
MOST_DEPTH = 8
MOST_WILDCARDS = 8


@dataclass(frozen=True)
class Word:
    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Quoted:
    text: str


@dataclass(frozen=True)
class Field:
    """`name:a,b`. With `exact`, the value is meant whole, not word by word."""

    name: str
    values: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True)
class Group:
    """All of these."""

    items: "tuple[Item, ...]"


@dataclass(frozen=True)
class Either:
    """Any of these."""

    items: "tuple[Item, ...]"


@dataclass(frozen=True)
class Without:
    item: "Item"


Item: TypeAlias = Word | Quoted | Field | Group | Either | Without


@dataclass(frozen=True)
class Tree:
    """What was typed; all items must match."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


_LEXEMES = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<minus>-(?=[^\s)-]))
    | (?P<field>(?:(?P<name>\w[\w.-]*):|(?P<sign>[\#~]))(?=[^\s():,]))
    | (?P<phrase>"(?P<quoted>(?:[^"\\]|\\.)*)(?P<closed>"?)\\?)
    | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_WORD = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)("?)\\?|[^\s,()"]+')
_SIGNS = {"#": "tag", "~": "collection"}


@lru_cache(maxsize=256)
def read(text: str) -> Tree:
    """The tree of a typed query, with notes on what could not be read as it stands.

    A page reads its query again for every value that could be added to it.
    """
    return _Reader(text).tree()


@dataclass
class _Lexeme:
    kind: str
    text: str = ""
    item: Item | None = None


@dataclass
class _Reader:
    text: str
    notes: list[str] = field(default_factory=list)
    lexemes: list[_Lexeme] = field(default_factory=list)
    at: int = 0
    items_left: int = MOST_ITEMS
    wildcards_left: int = MOST_WILDCARDS

    def tree(self) -> Tree:
        if len(self.text) > MOST_LETTERS:
            self.note(say("Only the first {most} characters were read.", most=MOST_LETTERS))
        self.split("".join(c if c.isprintable() else " " for c in self.text[:MOST_LETTERS]))
        items: list[Item] = []
        while self.at < len(self.lexemes):
            items += self.sequence(0)
            self.at += 1  # a bracket that was never opened
        return Tree(tuple(items), tuple(self.notes))

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def split(self, text: str) -> None:
        at = 0
        while at < len(text):
            found = _LEXEMES.match(text, at)
            if found is None:
                at += 1
                continue
            start, at = at, found.end()
            kind = found.lastgroup or ""
            if kind == "field":
                at = self.split_field(text, start, at, _SIGNS.get(found["sign"] or "") or found["name"])
            elif kind == "word":
                self.split_word(found.group())
            elif kind == "phrase":
                self.split_quoted(found["quoted"], closed=bool(found["closed"]))
            elif kind != "space":
                self.lexemes.append(_Lexeme(kind))

    def split_word(self, word: str) -> None:
        if word in ("OR", "|"):
            self.lexemes.append(_Lexeme("or"))
        elif word == "NOT":
            self.lexemes.append(_Lexeme("minus"))
        elif word != "AND":
            self.lexemes.append(_Lexeme("item", item=self.word(word)))

    def word(self, word: str) -> Word:
        bare = word.rstrip("*")
        if bare in ("", word):
            return Word(word)
        if self.wildcards_left == 0:
            self.note(
                say(
                    "Only {most} words with * are read; the others were taken as they stand.",
                    most=MOST_WILDCARDS,
                )
            )
            return Word(word)
        self.wildcards_left -= 1
        return Word(bare, prefix=True)

    def split_quoted(self, text: str, *, closed: bool) -> None:
        if not closed:
            self.note(say("A quotation mark was not closed; the phrase goes on to the end."))
        if text.strip():
            self.lexemes.append(_Lexeme("item", item=Quoted(_unescape(text))))

    def split_field(self, text: str, start: int, at: int, name: str) -> int:
        exact = text.startswith("=", at)
        at += exact
        values: list[str] = []
        while (found := _VALUE.match(text, at)) is not None:
            value = _unescape(found[1]) if found[1] is not None else found.group()
            if found[1] is not None and not found[2]:
                self.note(say("A quotation mark was not closed; the phrase goes on to the end."))
            if value.strip():
                values.append(value)
            at = found.end()
            if not text.startswith(",", at):
                break
            at += 1
        if values:
            self.lexemes.append(_Lexeme("item", item=Field(name.casefold(), tuple(values), exact)))
            return at
        word = _WORD.match(text, start)
        assert word is not None  # noqa: S101  # a field begins with its name or sign
        self.split_word(word.group())
        return word.end()

    def sequence(self, depth: int) -> list[Item]:
        """Items up to the closing bracket, which is left where it is."""
        items: list[Item] = []
        joined = False
        while self.at < len(self.lexemes):
            kind = self.lexemes[self.at].kind
            if kind == "close":
                break
            if kind == "or":
                joined = bool(items)
                self.at += 1
                continue
            item = self.unit(depth)
            if item is None:
                continue
            if joined and items:
                items[-1] = _either(items[-1], item)
            else:
                items.append(item)
            joined = False
        return items

    def unit(self, depth: int) -> Item | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind == "minus":
            if self.at >= len(self.lexemes) or self.lexemes[self.at].kind in ("close", "or"):
                return None
            inner = self.unit(depth)
            if inner is None:
                return None
            return inner.item if isinstance(inner, Without) else Without(inner)
        if lexeme.kind == "open":
            return self.group(depth)
        if self.items_left == 0:
            self.note(
                say(
                    "Only {most} words and filters are read; the rest was left out.",
                    most=MOST_ITEMS,
                )
            )
            return None
        self.items_left -= 1
        return lexeme.item

    def group(self, depth: int) -> Item | None:
        if depth >= MOST_DEPTH:
            self.note(say("Brackets are read {most} deep; deeper ones were left out.", most=MOST_DEPTH))
            nested = self.flat()
        else:
            nested = self.sequence(depth + 1)
        if self.at < len(self.lexemes):
            self.at += 1
        if not nested:
            return None
        return nested[0] if len(nested) == 1 else Group(tuple(nested))

    def flat(self) -> list[Item]:
        """The items up to the bracket that closes this one, without the brackets between."""
        items: list[Item] = []
        open_brackets = 0
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            if lexeme.kind == "close":
                if open_brackets == 0:
                    break
                open_brackets -= 1
            elif lexeme.kind == "open":
                open_brackets += 1
            elif lexeme.item is not None and self.items_left > 0:
                self.items_left -= 1
                items.append(lexeme.item)
            self.at += 1
        return items


def _either(left: Item, right: Item) -> Either:
    before = left.items if isinstance(left, Either) else (left,)
    after = right.items if isinstance(right, Either) else (right,)
    return Either(before + after)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def write(items: tuple[Item, ...]) -> str:
    """The text that is read as these items again."""
    return " ".join(_write(item) for item in items)


@lru_cache(maxsize=4_096)
def _write(item: Item) -> str:
    # The address of each line of each facet writes the whole query again.
    match item:
        case Word(text, prefix):
            return text + "*" if prefix else text
        case Quoted(text):
            return quote(text)
        case Field(name, values, exact):
            sign = {"tag": "#", "collection": "~"}.get(name, f"{name}:")
            return sign + ("=" if exact else "") + ",".join(_write_value(value) for value in values)
        case Group(items):
            return f"({write(items)})"
        case Either(items):
            return " OR ".join(_write(each) for each in items)
        case Without(Either() as inner):
            return f"-({_write(inner)})"
        case Without(inner):
            written = _write(inner)
            return f"NOT {written}" if written.startswith("-") else f"-{written}"


_PLAIN = re.compile(r'[^\s,()"\\:=#~-][^\s,()"\\]*')


def _write_value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else quote(value)


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
