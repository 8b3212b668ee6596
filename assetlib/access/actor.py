"""Who is acting: a person, a program in a person's name, the holder of a link, the house, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal, Protocol

ActorKind = Literal["person", "share", "system", "anonymous"]
OrganisationKind = Literal["own", "agency", "partner"]
ScopeKind = Literal["everywhere", "organisation", "brand", "region"]

ADMINISTRATOR = "administrator"
LIBRARIAN = "librarian"
PLANNER = "planner"
FINANCE = "finance"
FIELD_MARKETER = "field_marketer"
REVIEWER = "reviewer"
AGENCY_CONTRIBUTOR = "agency_contributor"
PARTNER = "partner"
ROLES = (
    ADMINISTRATOR, LIBRARIAN, PLANNER, FINANCE, FIELD_MARKETER, REVIEWER, AGENCY_CONTRIBUTOR, PARTNER,
)  # fmt: skip

TokenScope = Literal["read", "download", "upload", "edit", "administer"]
TOKEN_SCOPES: tuple[TokenScope, ...] = ("read", "download", "upload", "edit", "administer")

ScopeFacts = Mapping[ScopeKind, frozenset[str]]
"""What a thing says of itself: its organisation, brands and regions."""


class Scoped(Protocol):
    """A thing for which a role can be held within a scope."""

    @property
    def scope_facts(self) -> ScopeFacts: ...


@dataclass(frozen=True)
class Scope:
    """Where a role or duty is held. `keys` of a tree hold what lies below them too."""

    kind: ScopeKind
    keys: frozenset[str]

    def covers(self, facts: ScopeFacts) -> bool:
        return not self.keys.isdisjoint(facts.get(self.kind, frozenset()))

    @property
    def numbers(self) -> frozenset[int]:
        """The keys as ids of rows, of a scope of organisations. What is no id written plainly is none."""
        return frozenset(
            int(key) for key in self.keys
            if key.isascii() and key.isdecimal() and len(key) < 19 and str(int(key)) == key
        )  # fmt: skip


@dataclass(frozen=True)
class Duty:
    """Something a person answers for, up to a limit."""

    name: str
    scope: Scope | None = None
    """None: everywhere."""
    limit_minor: int | None = None
    """In minor units of `currency`; None: without a limit."""
    currency: str = ""


@dataclass(frozen=True)
class LinkReach:
    """What a link opens at this moment. It is never more than `maker` may have."""

    maker: "Actor"
    """Who made the link, as they may act now."""
    session_id: int
    """The browser in which the link was opened."""
    ends_at: datetime
    assets: frozenset[int]
    """Those it was made for."""
    collections: frozenset[int]
    """Or all that lies in one of these."""
    forms: frozenset[str]
    """In which forms files may be had; none: looking only."""
    left: int | None = None
    """How many files it still gives; None: as many as they like."""
    taken: frozenset[tuple[int, str]] = frozenset()
    """Versions and forms that this browser was given: the rest of such a file needs no second download."""


@dataclass(frozen=True)
class Actor:
    """One who acts, with all that a permission needs to know, read afresh for each request."""

    kind: ActorKind
    name: str
    person_id: int | None = None
    """Of a program: the person in whose right it acts. Of a link: nobody, as it has none of their rights."""
    organisation_id: int | None = None
    """Of a program and of a link: that of the person behind it."""
    organisation_kind: OrganisationKind | None = None
    roles: frozenset[str] = frozenset()
    """Roles that are held everywhere."""
    scoped_roles: frozenset[tuple[str, Scope]] = frozenset()
    """Roles that are held within a scope only."""
    duties: tuple[Duty, ...] = ()
    groups: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()
    """Every collection that was granted to the actor's organisation or groups, with all below it."""
    assets: frozenset[int] = frozenset()
    """Assets that are open to this person for a time, by an answered request."""
    opened_until: Mapping[int, date] = field(default_factory=dict, compare=False)
    """Of these the last day, where it is known."""
    session_id: int | None = None
    """A person acts, in this session of a browser of theirs."""
    token_id: int | None = None
    """A program acts, with this token."""
    token_scopes: frozenset[str] | None = None
    """What the token may do of what the person may; None: no token."""
    share_id: int | None = None
    """The holder of this link acts."""
    reach: LinkReach | None = None
    """What the link opens. Beside it the holder of a link has no right at all."""
    request_id: str = ""
    address: str = ""

    @property
    def answering(self) -> "Actor":
        """Who answers for what is taken: of a link the one who made it."""
        return self.reach.maker if self.reach is not None else self

    @property
    def is_signed_in(self) -> bool:
        return self.kind == "person"

    @property
    def is_own(self) -> bool:
        """One of the house's own people, not an agency's or a partner's."""
        return self.organisation_kind == "own"

    @property
    def has_any_role(self) -> bool:
        return bool(self.roles or self.scoped_roles)

    @cached_property
    def all_roles(self) -> frozenset[str]:
        """The names of the roles that are held anywhere."""
        return self.roles | {name for name, _ in self.scoped_roles}

    def has_role(self, *names: str) -> bool:
        """One of these roles is held somewhere: enough to open a page, not to act on a thing."""
        return not self.all_roles.isdisjoint(names)

    def holds(self, *names: str, of: Scoped) -> bool:
        """One of these roles is held for this thing."""
        if not self.roles.isdisjoint(names):
            return True
        if not self.scoped_roles:
            return False
        facts = of.scope_facts
        return any(name in names and scope.covers(facts) for name, scope in self.scoped_roles)

    def scopes_of(self, *names: str) -> frozenset[Scope] | None:
        """Within which scopes one of these roles is held; None: everywhere."""
        if not self.roles.isdisjoint(names):
            return None
        return frozenset(scope for name, scope in self.scoped_roles if name in names)


ANONYMOUS = Actor(kind="anonymous", name="Nobody")
SYSTEM = Actor(kind="system", name="assetlib")
