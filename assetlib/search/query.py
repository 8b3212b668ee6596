"""Typed words into a query: a node, filters, chips for the page, and notes. It never refuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from assetlib.search import words
from assetlib.search.filters import FilterField, Known, any_of, by_day, by_moment
from assetlib.search.grammar import Either, Field, Group, Item, Quoted, Without, Word, read, write
from assetlib.search.request import All, And, Filter, In, Node, Not, Or, Range, Term
from assetlib.search.word_matching import phrase_of, words_of
from assetlib.words import say

__all__ = ["Chip", "Parsed", "Unread", "parse", "replace_word", "toggle"]


@dataclass(frozen=True)
class Chip:
    """One filter of a query, with the queries that a click on it leads to."""

    field: str
    """The name as typed in canonical text, such as `type`."""
    value: str
    negated: bool
    label: str
    """What people call the value."""
    field_label: str
    remove_query: str
    """The query without it."""
    flip_query: str
    """The query with it the other way round: included or excluded."""


@dataclass(frozen=True)
class Unread:
    """What was typed as a filter and could not be read as one."""

    text: str
    remove_query: str
    """The query without it."""


@dataclass(frozen=True)
class Parsed:
    """A typed query, understood."""

    node: Node
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    words: tuple[str, ...]
    """Plain words that must match, as typed."""
    rest: str
    """The query without its chips: what stays in the text box."""
    kept: str
    """The query's chips alone: what stays beside the text box."""
    text: str
    """The whole query in canonical form."""
    unread: tuple[Unread, ...] = ()
    readable: str = ""
    """The query without all that is unread."""


def parse(text: str, known: Known) -> Parsed:
    """What a typed query asks for."""
    tree = read(text)
    reading = _Reading(known, list(tree.notes), [])
    nodes: list[Node] = []
    filters: list[Filter] = []
    chips: list[Chip] = []
    rest: list[Item] = []
    kept: list[Item] = []
    for at, item in enumerate(tree.items):
        node = reading.node(item)
        chip = reading.chip(tree.items, at)
        if chip is None:
            rest.append(item)
        else:
            chips.append(chip)
            kept.append(item)
        chosen = _as_filter(node)
        if chosen is not None and chip is not None:
            filters.append(chosen)
        elif node is not None:
            nodes.append(node)
    odd = [at for at, item in enumerate(tree.items) if reading.is_unread(item)]
    query: Node = All() if not nodes else nodes[0] if len(nodes) == 1 else And(tuple(nodes))
    return Parsed(
        query, tuple(filters), tuple(chips), tuple(reading.notes), tuple(_plain_words(tree.items)),
        write(tuple(rest)), write(tuple(kept)), write(tree.items),
        tuple(Unread(write((tree.items[at],)), _without(tree.items, {at})) for at in odd),
        _without(tree.items, set(odd)),
    )  # fmt: skip


def _without(items: tuple[Item, ...], places: set[int]) -> str:
    return write(tuple(item for at, item in enumerate(items) if at not in places))


def _as_filter(node: Node | None) -> Filter | None:
    match node:
        case Term(field, value):
            return Filter(field, (value,))
        case In(field, values):
            return Filter(field, values)
        case Not(Term(field, value)):
            return Filter(field, (value,), negated=True)
        case Not(In(field, values)):
            return Filter(field, values, negated=True)
    return None


def _plain_words(items: Sequence[Item]) -> list[str]:
    found: list[str] = []
    for item in items:
        match item:
            case Word(text, _) | Quoted(text):
                found += [text[t.start : t.end] for t in words.tokens(text) if not t.paired]
            case Group(inner) | Either(inner):
                found += _plain_words(inner)
    return found


@dataclass
class _Reading:
    known: Known
    notes: list[str]
    unread: list[Field]
    """Fields with a value that the field does not have. They are words, and words are no chips."""

    def is_unread(self, item: Item) -> bool:
        return (item.item if isinstance(item, Without) else item) in self.unread

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def node(self, item: Item, *, strict: bool = False) -> Node | None:
        """The node of an item; None when there is nothing to search for in it."""
        match item:
            case Word(text, prefix):
                return self.said(text, words_of(text, prefix=prefix, strict=strict))
            case Quoted(text):
                return self.said(text, phrase_of(text))
            case Field():
                return self.field(item, strict=strict)
            case Group(items):
                parts = self.nodes(items, strict=strict)
                return And(tuple(parts)) if parts else None
            case Either(items):
                parts = self.nodes(items, strict=strict)
                return Or(tuple(parts)) if parts else None
            case Without(inner):
                node = self.node(inner, strict=True)
                return None if node is None else Not(node)

    def nodes(self, items: Sequence[Item], *, strict: bool) -> list[Node]:
        return [node for node in (self.node(item, strict=strict) for item in items) if node is not None]

    def said(self, text: str, node: Node | None) -> Node | None:
        if node is None:
            self.note(say("There is no word in “{text}”, so it was left out.", text=text))
        return node

    def field(self, item: Field, *, strict: bool) -> Node | None:
        of = self.known.field(item.name)
        if of is None:
            if not item.name[0].isdigit():
                self.note(say("There is no field “{name}”, so it was read as words.", name=item.name))
            text = " ".join((item.name, *item.values))
            return self.said(text, words_of(text, strict=strict))
        nodes: list[Node] = []
        for value in item.values:
            node = of.reads(value, self.known, exactly=item.exact)
            if node is None:
                self.unread.append(item)
                self.note(
                    say(
                        "“{value}” is no value of {name}, so it was read as words.", value=value, name=of.name
                    )
                )
                node = self.said(value, words_of(value, strict=strict))
            if (
                isinstance(node, Range)
                and node.low is not None
                and node.high is not None
                and node.low > node.high
            ):
                low, high = (each.strip() for each in value.split("..", 1))
                self.note(
                    say("{low} is later than {high}, so nothing lies between them.", low=low, high=high)
                    if of.read in (by_day, by_moment)
                    else say("{low} is more than {high}, so nothing lies between them.", low=low, high=high)
                )
            if node is not None:
                nodes.append(node)
        if not nodes:
            return None
        chosen = [f.values for f in map(_as_filter, nodes) if f is not None and f.field == of.index]
        if len(nodes) > 1 and len(chosen) == len(nodes):
            return In(of.index, tuple(dict.fromkeys(value for values in chosen for value in values)))
        return any_of(nodes)

    def chip(self, items: tuple[Item, ...], at: int) -> Chip | None:
        """The chip of a top-level filter; None for words."""
        item = items[at]
        inner = item.item if isinstance(item, Without) else item
        if (
            not isinstance(inner, Field)
            or inner in self.unread
            or (of := self.known.field(inner.name)) is None
        ):
            return None
        flipped = inner if isinstance(item, Without) else Without(inner)
        return Chip(
            of.name,
            ",".join(inner.values),
            isinstance(item, Without),
            _either([self.label(of, value) for value in inner.values]),
            of.label,
            write(items[:at] + items[at + 1 :]),
            write((*items[:at], flipped, *items[at + 1 :])),
        )

    def label(self, of: FilterField, value: str) -> str:
        if of.index == "type":
            return next((c.label for c in self.known.types if c.value == words.keyword(value)), value)
        return of.label_of(value)


def _either(labels: Sequence[str]) -> str:
    """The labels with an “or” between them."""
    said = labels[0]
    for each in labels[1:]:
        said = say("{one} or {other}", one=said, other=each)
    return said


def toggle(text: str, known: Known, index_field: str, value: str) -> str:
    """The query after a click on one value of a facet: chosen values of one facet widen, with commas."""
    of = known.of_index(index_field)
    if of is None:
        return text
    items = list(read(text).items)
    wanted = words.keyword(value)
    for at, item in enumerate(items):
        if not isinstance(item, Field) or known.field(item.name) != of or not (item.exact or of.exact):
            continue
        values = [each for each in item.values if _value_of(each, of, known) != wanted]
        if len(values) == len(item.values):
            values.append(value)
        items[at : at + 1] = [Field(of.name, tuple(values), item.exact)] if values else []
        return write(tuple(items))
    return write((*items, Field(of.name, (value,), not of.exact)))


def _value_of(typed: str, of: FilterField, known: Known) -> str | None:
    node = of.reads(typed, known, exactly=True)
    return node.value if isinstance(node, Term) else None


def replace_word(text: str, word: str, instead: str) -> str:
    """The query with a plain word, given folded, replaced by another one wherever it stands."""
    return write(tuple(_replaced(item, word, instead) for item in read(text).items))


def _replaced(item: Item, word: str, instead: str) -> Item:
    match item:
        case Word(text, prefix):
            return Word(_exchange(text, word, instead), prefix)
        case Quoted(text):
            return Quoted(_exchange(text, word, instead))
        case Group(items):
            return Group(tuple(_replaced(each, word, instead) for each in items))
        case Either(items):
            return Either(tuple(_replaced(each, word, instead) for each in items))
    return item


def _exchange(text: str, word: str, instead: str) -> str:
    for token in reversed(list(words.tokens(text))):
        if token.forms[0] == word:
            text = text[: token.start] + instead + text[token.end :]
    return text
