"""What can be asked of a field. One function per sort of filter; FILTERS is the whole list of fields.

A filter reads one typed value into a node, or gives None when it cannot: then the value is looked for as
words. Attributes of the schema become fields by `attribute_filter`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Literal, TypeAlias

from assetlib.search import spans, words
from assetlib.search.request import And, In, Node, Not, Or, Range, Term
from assetlib.search.word_matching import phrase_of, words_of
from assetlib.words import say

AttributeKind = Literal["text", "number", "date", "choice", "tree", "people", "boolean"]


@dataclass(frozen=True)
class Choice:
    """One value of a field, and what people call it."""

    value: str
    label: str


@dataclass(frozen=True)
class AttributeField:
    """An attribute of the schema, as searching needs it."""

    key: str
    label: str
    kind: AttributeKind
    facet: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Known:
    """What typed text is read against: the day, the schema, and the collections the person may name."""

    today: date
    attributes: tuple[AttributeField, ...] = ()
    types: tuple[Choice, ...] = ()
    collections: Callable[[str], tuple[int, ...]] = field(default=lambda name: (), repr=False)  # noqa: ARG005
    """The collection of that name with those below it, as far as the person may know of them."""

    def field(self, name: str) -> "FilterField | None":
        """The field of that name. A built-in one goes first; `attr.<key>` always names an attribute."""
        return self._by_name.get(name)

    def of_index(self, index_field: str) -> "FilterField | None":
        """The field whose values lie in this keyword field of the index."""
        found = _OF_INDEX.get(index_field)
        return found or (self.field(index_field) if index_field.startswith("attr.") else None)

    @cached_property
    def of_attributes(self) -> "tuple[FilterField, ...]":
        """The fields of the schema, in its order."""
        return tuple(attribute_filter(each) for each in self.attributes)

    @cached_property
    def _by_name(self) -> "Mapping[str, FilterField]":
        named: dict[str, FilterField] = {}
        for attribute, each in zip(self.attributes, self.of_attributes, strict=True):
            named.setdefault(attribute.key, each)
            named.setdefault(f"attr.{attribute.key}", each)
        return {**named, **_BY_NAME}

    @property
    def facets(self) -> tuple[str, ...]:
        """Keyword fields that are offered at the side."""
        return tuple(each.index for each in FILTERS if each.facet) + tuple(
            f"attr.{each.key}" for each in self.attributes if each.facet
        )


Read: TypeAlias = Callable[[str, "FilterField", Known], Node | None]


@dataclass(frozen=True)
class FilterField:
    """A field that can be named in a query."""

    name: str
    label: str
    index: str
    """Its field in the index."""
    read: Read = field(repr=False)
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    """Its values where they are few and fixed."""
    facet: bool = False
    hint: str = ""
    """An example of what can be typed after the colon."""
    read_exactly: Read | None = field(default=None, repr=False)
    """How `field:="value"` is read where `field:value` means less than the value whole."""

    @property
    def exact(self) -> bool:
        """`field:value` means the value whole. Otherwise only `field:="value"` does."""
        return self.read_exactly is None

    def reads(self, typed: str, known: "Known", *, exactly: bool) -> Node | None:
        """What a typed value asks of this field; None when it is no value of it."""
        read = self.read_exactly if exactly and self.read_exactly is not None else self.read
        return read(typed, self, known)

    def label_of(self, value: str) -> str:
        """What people call a value."""
        wanted = words.keyword(value)
        for choice in self.choices:
            if words.keyword(choice.value) == wanted:
                return choice.label
        return value


def by_words(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`title:ridge`: words of one field."""
    return words_of(typed, of.index)


def by_phrase(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`title:="first light"`: words of one field, side by side."""
    return phrase_of(typed, of.index)


def by_value(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`#trail`, `people:="Ana Ruiz"`: one exact value."""
    return Term(of.index, words.keyword(typed)) if words.keyword(typed) else None


def by_choice(typed: str, of: FilterField, known: Known) -> Node | None:
    """`state:"in review"`: one of a few values, by its key or by what people call it."""
    value = _chosen(typed, known.types if of.index == "type" else of.choices)
    return None if value is None else Term(of.index, value)


def by_format(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`format:jpg`: a file format, also by its usual ending."""
    value = words.keyword(typed).lstrip(".")
    return Term(of.index, _ENDINGS.get(value, value)) if value else None


def by_collection(typed: str, of: FilterField, known: Known) -> Node | None:
    """`~trails`: what lies in a collection, or in one below it, as far as the person may know of them."""
    found = known.collections(typed)
    return In(of.index, tuple(str(each) for each in found)) if found else None


def by_id(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`id:42` or `id:AST-00042`."""
    number = typed.casefold().removeprefix("ast-")
    return Term(of.index, str(int(number))) if number.isdecimal() and len(number) < 16 else None


def by_moment(typed: str, of: FilterField, known: Known) -> Node | None:
    """`created:>2026-01-01`: a moment, by days in UTC."""
    return _range(of, spans.read_span(typed, lambda text: spans.read_moments(text, known.today)))


def by_day(typed: str, of: FilterField, known: Known) -> Node | None:
    """`expires:<2026-07`: a day."""
    return _range(of, spans.read_span(typed, lambda text: spans.read_days(text, known.today)))


def by_number(
    one: Callable[[str], tuple[int, int] | None], typed: str, of: FilterField, known: Known  # noqa: ARG001
) -> Node | None:  # fmt: skip
    """`width:>=3000`: a number in one of the forms of `spans`."""
    return _range(of, spans.read_span(typed, one))


def by_rights_window(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`rights:2026-01..2026-06`: recorded rights that cover the whole of that time."""
    span = spans.read_span(typed, lambda text: spans.read_days(text, known.today))
    if span is None:
        return None
    low, high = span
    parts: list[Node] = [Not(Term("rights_state", "unknown"))]
    if low is not None or high is not None:
        parts.append(Range("rights_from", high=low if low is not None else high, missing=True))
        parts.append(Range("rights_to", low=high if high is not None else low, missing=True))
    return And(tuple(parts))


def by_attribute_choice(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`region:Japan`: a choice by key or label; anything else is looked for among the field's words."""
    value = _chosen(typed, of.choices)
    return Term(of.index, value) if value is not None else words_of(typed, of.index)


def by_yes_or_no(typed: str, of: FilterField, known: Known) -> Node | None:  # noqa: ARG001
    """`retouched:yes`."""
    value = {"yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}.get(
        words.keyword(typed)
    )
    return None if value is None else Term(of.index, value)


def _chosen(typed: str, choices: tuple[Choice, ...]) -> str | None:
    wanted = _loose(typed)
    for choice in choices:
        if wanted in (_loose(choice.value), _loose(choice.label)):
            return words.keyword(choice.value)
    return None


def _loose(text: str) -> str:
    return words.sort_key(text.replace("_", " ").replace("-", " "))


def _range(of: FilterField, span: spans.Span | None) -> Node | None:
    return None if span is None else Range(of.index, *span)


def any_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


_ENDINGS = {"jpg": "jpeg", "tif": "tiff", "htm": "html", "mpg": "mpeg", "heif": "heic"}


def _choices(values: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in values.items())


FILTERS: tuple[FilterField, ...] = (
    FilterField("use", say("Can I use it?"), "can_use", by_choice, aliases=("can_use", "can-use"), facet=True,
        hint="use:cleared",
        choices=_choices({"cleared": say("Cleared for my use"), "needs_request": say("Needs a request"),
                          "expiring": say("Expiring in 30 days")})),
    FilterField("type", say("Type"), "type", by_choice, facet=True, hint="type:photo"),
    FilterField("kind", say("Kind of file"), "family", by_choice, aliases=("family",), hint="kind:video",
        choices=_choices({"image": say("Picture"), "vector": say("Vector"), "pdf": say("PDF"),
                          "video": say("Video"), "audio": say("Audio"), "office": say("Office"),
                          "raw": say("Raw"), "archive": say("Archive"), "text": say("Text"),
                          "other": say("Other")})),
    FilterField("format", say("Format"), "format", by_format, facet=True, hint="format:jpeg"),
    FilterField("state", say("State"), "state", by_choice, aliases=("status",), facet=True,
        hint="state:published",
        choices=_choices({"draft": say("Draft"), "in_review": say("In review"), "approved": say("Approved"),
                          "published": say("Published"), "withdrawn": say("Withdrawn"),
                          "archived": say("Archived")})),
    FilterField("rights-state", say("Rights"), "rights_state", by_choice, aliases=("rights_state",),
        facet=True, hint="rights-state:ended",
        choices=_choices({"cleared": say("Cleared"), "expiring": say("Expiring"), "ask": say("Ask first"),
                          "ended": say("Ended"), "embargoed": say("Under embargo"),
                          "not_yet": say("Not yet begun"), "unknown": say("Not recorded")})),
    FilterField("colour", say("Colour"), "colour", by_value, aliases=("color",), facet=True,
        hint="colour:orange"),
    FilterField("shape", say("Shape"), "shape", by_choice, aliases=("orientation",), facet=True,
        hint="shape:portrait",
        choices=_choices({"landscape": say("Landscape"), "portrait": say("Portrait"), "square": say("Square"),
                          "panorama": say("Panorama")})),
    FilterField("tag", say("Tag"), "tag", by_value, aliases=("tags",), facet=True, hint="#trail"),
    FilterField("collection", say("Collection"), "collection", by_collection, aliases=("in",),
        hint="~trails"),
    FilterField("has", say("Has"), "has", by_choice, hint="has:licence",
        choices=_choices({"licence": say("Licence"), "credit": say("Credit line"),
                          "alt_text": say("Alternative text"), "description": say("Description"),
                          "tags": say("Tags"), "text": say("Text inside"), "preview": say("Preview")})),
    FilterField("is", say("Is"), "is", by_choice, hint="is:unused",
        choices=_choices({"approved": say("Approved"), "published": say("Published"),
                          "embargoed": say("Under embargo"), "cleared": say("Cleared"),
                          "expiring": say("Expiring"), "ended": say("Ended"), "unused": say("Never used")})),
    FilterField("title", say("Title"), "title", by_words, read_exactly=by_phrase, hint="title:ridge"),
    FilterField("description", say("Description"), "description", by_words, read_exactly=by_phrase,
        hint="description:dawn"),
    FilterField("file", say("File name"), "file_name", by_words,
        aliases=("file-name", "filename", "file_name"), read_exactly=by_phrase, hint="file:IMG_2041"),
    FilterField("text", say("Text inside"), "text", by_words, aliases=("inside",), read_exactly=by_phrase,
        hint="text:warm"),
    FilterField("alt", say("Alternative text"), "alt_text", by_words, aliases=("alt-text", "alt_text"),
        read_exactly=by_phrase, hint="alt:tent"),
    FilterField("rights", say("Rights cover"), "rights", by_rights_window, hint="rights:2026-01..2026-06"),
    FilterField("expires", say("Rights end"), "rights_to", by_day, aliases=("ends",), hint="expires:<+30d"),
    FilterField("created", say("Created"), "created", by_moment, aliases=("added",),
        hint="created:>2026-01-01"),
    FilterField("updated", say("Changed"), "updated", by_moment, aliases=("changed",), hint="updated:>7d"),
    FilterField("approved", say("Approved on"), "approved", by_moment, hint="approved:2026"),
    FilterField("width", say("Width"), "width", partial(by_number, spans.read_count), hint="width:>=3000"),
    FilterField("height", say("Height"), "height", partial(by_number, spans.read_count), hint="height:<1080"),
    FilterField("size", say("File size"), "size", partial(by_number, spans.read_size), hint="size:>10MB"),
    FilterField("duration", say("Duration"), "duration", partial(by_number, spans.read_duration),
        aliases=("length",), hint="duration:<0:30"),
    FilterField("pages", say("Pages"), "pages", partial(by_number, spans.read_count), hint="pages:>1"),
    FilterField("uses", say("Downloads"), "uses", partial(by_number, spans.read_count), hint="uses:0"),
    FilterField("id", say("Number"), "id", by_id, hint="id:AST-00042"),
)  # fmt: skip

_BY_NAME = {name: each for each in reversed(FILTERS) for name in (each.name, *each.aliases)}
_OF_INDEX = {each.index: each for each in reversed(FILTERS)}

BUILT_IN_NAMES = frozenset(_BY_NAME)
"""The words that ask for a built-in field; an attribute of such a key is reached by `attr.<key>` only."""

_ATTRIBUTE_READERS: Mapping[AttributeKind, Read] = {
    "text": by_words,
    "people": by_words,
    "number": partial(by_number, spans.read_decimal),
    "date": by_day,
    "choice": by_attribute_choice,
    "tree": by_attribute_choice,
    "boolean": by_yes_or_no,
}


def attribute_filter(attribute: AttributeField) -> FilterField:
    """The field of an attribute. Its name is its key, or `attr.<key>` where a built-in field has it."""
    taken = attribute.key in BUILT_IN_NAMES
    choices = attribute.choices
    if attribute.kind == "boolean":
        choices = (Choice("yes", say("Yes")), Choice("no", say("No")))
    return FilterField(
        f"attr.{attribute.key}" if taken else attribute.key,
        attribute.label,
        f"attr.{attribute.key}",
        _ATTRIBUTE_READERS[attribute.kind],
        choices=choices,
        facet=attribute.facet,
        read_exactly=by_value if attribute.kind in ("text", "people") else None,
    )
