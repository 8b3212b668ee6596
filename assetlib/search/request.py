"""What is asked of an index and what it answers: one shape for every engine.

A query holds folded terms only (see `words`), so engines have nothing left to normalise and agree.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from assetlib.access.actor import Scope, ScopeFacts

# Nodes --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class All:
    """Every document."""


@dataclass(frozen=True)
class Match:
    """Documents with any of these terms, in `field` or anywhere."""

    terms: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True)
class Phrase:
    """Words side by side in one value; each word is a tuple of the terms that may stand in its place."""

    words: tuple[tuple[str, ...], ...]
    field: str | None = None


@dataclass(frozen=True)
class Prefix:
    """Terms that begin with `text`; at most `EXPANSION_CAP`, those of most visible documents first."""

    text: str
    field: str | None = None


@dataclass(frozen=True)
class Infix:
    """Terms that contain `text`, capped as in `Prefix`."""

    text: str
    field: str | None = None


@dataclass(frozen=True)
class Fuzzy:
    """Terms one edit away that share the first letter, capped as in `Prefix`.

    They count only when no visible document knows the word as typed, whole or inside another one: a typo is
    forgiven, a rare word is not watered down.
    """

    text: str
    field: str | None = None


@dataclass(frozen=True)
class Term:
    """Documents whose keyword field has this value. Upper and lower case are the same."""

    field: str
    value: str


@dataclass(frozen=True)
class In:
    """Documents whose keyword field has any of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """Documents whose number lies between `low` and `high`, both included; None leaves a side open.

    `missing` says whether documents without the number belong to it.
    """

    field: str
    low: int | None = None
    high: int | None = None
    missing: bool = False


@dataclass(frozen=True)
class And:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Or:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Not:
    part: "Node"


Node: TypeAlias = All | Match | Phrase | Prefix | Infix | Fuzzy | Term | In | Range | And | Or | Not
Words: TypeAlias = Match | Phrase | Prefix | Infix | Fuzzy

EXPANSION_CAP = 1000
"""Most terms that one prefix, infix or forgiven word stands for."""


# What an index knows of an asset ------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """One asset as an index knows it. Attributes are fields named `attr.<key>`."""

    id: int
    organisation_id: int
    """Who uploaded it."""
    created_by: int | None = None
    """The person who did."""
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → values to find words in. A phrase never spans two values."""
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → exact values; those of a tree with everything above them."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Field → number. Moments in seconds since 1970, days as ordinals; absent means there is none."""
    collections: tuple[int, ...] = ()
    """Those it lies in itself. What stands around them tells nothing of who may see it."""
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Brands and regions within which a role must be held, letter by letter as the asset has them."""
    published: bool = False
    deleted: bool = False
    embargo_until: int | None = None
    """Seconds since 1970."""
    requires_request: bool = False
    has_right: bool = False
    """A usage right is recorded. Without one its dates mean nothing."""

    def number(self, name: str) -> int | None:
        return self.numbers.get(name)

    @property
    def scope_facts(self) -> ScopeFacts:
        """What it says of itself, as the asset does."""
        return {
            "organisation": frozenset({str(self.organisation_id)}),
            "brand": frozenset(self.scopes.get("brand", ())),
            "region": frozenset(self.scopes.get("region", ())),
        }

    def to_json(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Document":
        values: dict[str, Any] = json.loads(text)
        for name in ("texts", "keywords", "scopes"):
            values[name] = {key: tuple(each) for key, each in values[name].items()}
        values["collections"] = tuple(values["collections"])
        return cls(**values)

    @property
    def fingerprint(self) -> str:
        """The same for the same content: how database and index are compared."""
        return hashlib.sha256(self.to_json().encode("utf-8", "surrogatepass")).hexdigest()[:32]


# Who asks -----------------------------------------------------------------------------------------

Within: TypeAlias = frozenset[Scope] | None
"""In any of these scopes; None: everywhere."""
NOWHERE: Within = frozenset()


@dataclass(frozen=True)
class Access:
    """What the asking person may know of. User text never reaches this."""

    now: int
    """Seconds since 1970; embargoes end by it."""
    today: date
    """Rights begin and end with it."""
    everything: Within = NOWHERE
    """Whatever state it is in, the trash excluded."""
    published: Within = NOWHERE
    """What is out: all of it, or what lies in the granted collections."""
    own_uploads: Within = NOWHERE
    """What the person's organisation uploaded."""
    only_granted: bool = True
    """Of what is out, that in `collections` only."""
    organisation_id: int | None = None
    uploader: int | None = None
    """The person, where what they uploaded for the organisation is theirs, in a scope or not."""
    collections: frozenset[int] = frozenset()
    """Granted to the person's organisation or groups, with those inside of them that are open to it too."""
    assets: frozenset[int] = frozenset()
    """Single assets that are open to the person once they are out."""


def may_see(document: Document, access: Access) -> bool:
    """The rule of sight, as the catalogue has it in SQL and in Python."""
    if document.deleted:
        return False
    facts = document.scope_facts
    if covered(access.everything, facts):
        return True
    if document.organisation_id == access.organisation_id:
        sent = access.uploader is not None and document.created_by == access.uploader
        if sent or covered(access.own_uploads, facts):
            return True
    over = document.embargo_until is None or document.embargo_until <= access.now
    if not (document.published and over):
        return False
    if document.id in access.assets:
        return True
    gathered = not access.only_granted or not access.collections.isdisjoint(document.collections)
    return gathered and covered(access.published, facts)


def covered(within: Within, facts: ScopeFacts) -> bool:
    """Whether something that says this of itself lies in any of these scopes."""
    return within is None or any(scope.covers(facts) for scope in within)


# Question and answer ------------------------------------------------------------------------------

Sort = Literal["relevance", "newest", "updated", "used", "name", "expiry", "approved"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "updated", "used", "name", "expiry", "approved")


@dataclass(frozen=True)
class Filter:
    """One choice at the side: any of these values, or none of them. The facet of its field ignores it."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class SearchRequest:
    query: Node
    access: Access
    filters: tuple[Filter, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    size: int = 48
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of text; `hit` pieces are what matched."""

    text: str
    hit: bool = False


@dataclass(frozen=True)
class Why:
    """Where a document matched: the field, and a snippet of it."""

    field: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Hit:
    id: int
    score: int
    """Comparable within one answer; 0 for a query without words."""
    why: tuple[Why, ...] = ()


@dataclass(frozen=True)
class FacetCount:
    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True)
class SearchResult:
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    """Largest count first; what is selected is there even at 0."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A title, tag or value that completes what is typed."""

    field: str
    text: str
    count: int


@dataclass(frozen=True)
class Correction:
    """A word that nobody wrote, and one that somebody did, in documents that the person may see."""

    word: str
    instead: str
    count: int
