"""What people, organisations and groups look like as JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import Field

from assetlib.accounts.actions.grants import held_roles, spelled
from assetlib.accounts.models import DutyGrant, Group, Organisation, Person
from assetlib.accounts.rules.leaving import Matter
from assetlib.api.shapes import Query, RowId, Shape, Text

ROLES = "such as `librarian`, or `librarian@brand:kids` for a part"
SEEN = "as you read them; if they are others by now, nothing is changed (409)"
STATE = "^(|invited|active|suspended|closed)$"


class PeopleQuery(Query):
    q: str = Field("", max_length=200, description="words of name or address")
    organisation: RowId | None = None
    role: str = Field("", max_length=32)
    group: RowId | None = None
    state: str = Field("", pattern=STATE)
    sort: str = Field("name", pattern="^(name|organisation|seen|added)$")


class NamedQuery(Query):
    q: str = Field("", max_length=200, description="a part of the name")


class OrganisationsQuery(NamedQuery):
    state: str = Field("", pattern=STATE)
    kind: str = Field("", pattern="^(|own|agency|partner)$")


class DutyOut(Shape):
    id: int
    duty: str
    scope_kind: str
    scope_key: str
    limit_minor: int | None = Field(description="in minor units of `currency`; null: without a limit")
    currency: str


class PersonOut(Shape):
    id: int
    name: str
    email: str
    organisation_id: int
    roles: list[str] = Field(description=f"given to this person, {ROLES}")
    groups: list[int]
    duties: list[DutyOut] | None = Field(description="null in lists")
    state: str
    seen_at: datetime | None = Field(description="null also when it is not asked for")
    closed_at: datetime | None
    erased_at: datetime | None


class PeopleOut(Shape):
    total: int
    page: int
    size: int
    people: list[PersonOut]


class PersonIn(Shape):
    """Without a password they are invited by mail."""

    name: Text
    email: Text
    organisation_id: RowId
    roles: list[Text] = Field([], max_length=50, description=ROLES)
    groups: list[RowId] = Field([], max_length=200)
    message: Text = ""
    password: Text | None = None


class PersonSeen(Shape):
    """Name and address as you read them; if one is another by now, nothing is changed (409)."""

    name: Text
    email: Text


class PersonChange(Shape):
    """What is left out stays."""

    name: Text | None = None
    email: Text | None = None
    seen: PersonSeen | None = None


class RolesIn(Shape):
    roles: list[Text] = Field(max_length=100, description=ROLES)
    seen: list[Text] | None = Field(None, max_length=100, description=f"the roles, {SEEN}")


class GroupIdsIn(Shape):
    groups: list[RowId] = Field(max_length=200)
    seen: list[RowId] | None = Field(None, max_length=200, description=f"the groups, {SEEN}")


class DutyIn(Shape):
    duty: Text
    scope_kind: Text = "everywhere"
    scope_key: Text = ""
    limit_minor: int | None = Field(None, ge=0, le=10**15)
    currency: Text = ""
    replace: bool = Field(
        default=False, description="give the same duty for the same part another limit; without it: 409"
    )


class ReasonIn(Shape):
    """Why one who was closed comes back."""

    reason: Text = ""


class CloseIn(Shape):
    """To whom their open work goes; `shares` are ended or handed on."""

    to: RowId | None = None
    shares: str = Field("end", pattern="^(end|hand_on)$")


class EraseIn(Shape):
    """Their address, as a proof that this one is meant."""

    typed: Text


class BulkIn(Shape):
    csv: str = Field(max_length=400_000, description="columns name, email, organisation, roles, groups")
    message: Text = ""
    send: bool = False


class RowOut(Shape):
    row: int
    email: str
    state: str = Field(description="ready, here or wrong")
    faults: dict[str, str] = Field(description="column → sentence")


class BulkOut(Shape):
    rows: list[RowOut]
    invited: list[int]


class MatterOut(Shape):
    key: str
    sentence: str
    count: int
    url: str
    way: str = Field(description="hand, choose, end or stay; empty for organisations")


class MattersOut(Shape):
    matters: list[MatterOut]


class OrganisationIn(Shape):
    name: Text
    kind: Text


class NameIn(Shape):
    name: Text
    seen: Text | None = Field(
        None, description="the name as you read it; if it is another by now, nothing is changed (409)"
    )


class CloseOrganisationIn(Shape):
    """`people`: close the accounts of its people with it."""

    people: bool = False


class OrganisationOut(Shape):
    id: int
    name: str
    kind: str
    state: str
    closed_at: datetime | None


class OrganisationsOut(Shape):
    total: int
    page: int
    size: int
    organisations: list[OrganisationOut]


class GroupIn(Shape):
    name: Text
    description: Text = ""
    roles: list[Text] = Field([], max_length=100, description=ROLES)


class GroupChange(Shape):
    """Name and description. `revision` is the one that was read."""

    revision: int
    name: Text
    description: Text = ""


class MembersIn(Shape):
    people: list[RowId] = Field(min_length=1, max_length=500)


class GroupOut(Shape):
    id: int
    name: str
    description: str
    revision: int
    roles: list[str]


class GroupsOut(Shape):
    total: int
    page: int
    size: int
    groups: list[GroupOut]


def person_out(
    row: Person,
    groups: Sequence[Group] = (),
    seen_at: datetime | None = None,
    duties: Iterable[DutyGrant] | None = None,
) -> PersonOut:
    return PersonOut(
        id=row.id,
        name=row.name,
        email=row.email,
        organisation_id=row.organisation_id,
        roles=spelled(held_roles(row.grants)),
        groups=[each.id for each in groups],
        duties=None
        if duties is None
        else [
            DutyOut(
                id=each.id,
                duty=each.duty,
                scope_kind=each.scope_kind,
                scope_key=each.scope_key,
                limit_minor=each.limit_minor,
                currency=each.currency,
            )
            for each in duties
        ],
        state=row.state,
        seen_at=seen_at,
        closed_at=row.closed_at,
        erased_at=row.erased_at,
    )


def organisation_out(row: Organisation) -> OrganisationOut:
    return OrganisationOut(id=row.id, name=row.name, kind=row.kind, state=row.state, closed_at=row.closed_at)


def group_out(row: Group) -> GroupOut:
    return GroupOut(
        id=row.id,
        name=row.name,
        description=row.description,
        revision=row.revision,
        roles=spelled(held_roles(row.grants)),
    )


def matters_out(found: Iterable[Matter]) -> MattersOut:
    return MattersOut(
        matters=[
            MatterOut(key=each.key, sentence=each.sentence, count=each.count, url=each.url, way=each.way)
            for each in found
        ]
    )
