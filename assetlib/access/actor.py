"""Who is acting: a person at a page, nobody in particular, or the house itself."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "system", "anonymous"]
OrganisationKind = Literal["own", "agency", "partner"]

ADMINISTRATOR = "administrator"
LIBRARIAN = "librarian"
AGENCY_CONTRIBUTOR = "agency_contributor"
FIELD_MARKETER = "field_marketer"
ROLES = (ADMINISTRATOR, LIBRARIAN, AGENCY_CONTRIBUTOR, FIELD_MARKETER)


@dataclass(frozen=True)
class Actor:
    """One who acts, with all that a permission needs to know, read afresh for each request.

    `collections` holds the id of every collection that was granted to the actor's organisation, with all
    collections below it.
    """

    kind: ActorKind
    name: str
    person_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: OrganisationKind | None = None
    roles: frozenset[str] = frozenset()
    collections: frozenset[int] = frozenset()
    request_id: str = ""
    address: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.kind == "person"

    @property
    def is_own(self) -> bool:
        """One of the house's own people, not an agency's or a partner's."""
        return self.organisation_kind == "own"

    def has_role(self, *names: str) -> bool:
        return not self.roles.isdisjoint(names)


ANONYMOUS = Actor(kind="anonymous", name="Nobody")
SYSTEM = Actor(kind="system", name="assetlib")
