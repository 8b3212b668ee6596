"""People and organisations, as others look them up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol
from typing import cast as typed

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.access.actor import Actor, Duty, OrganisationKind, Scope, ScopeKind
from assetlib.accounts.errors import NoSuchOrganisation, NoSuchPerson
from assetlib.accounts.models import ApiToken, DutyGrant, GroupMember, Organisation, Person, RoleGrant
from assetlib.accounts.rules import ROLES_OF_KIND
from assetlib.database import rows_of
from assetlib.words import say


def get_person(session: Session, person_id: int) -> Person:
    """The person with organisation and roles."""
    person = session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .options(joinedload(Person.organisation), selectinload(Person.grants))
    ).one_or_none()
    if person is None:
        raise NoSuchPerson(say("There is no such person."))
    return person


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NoSuchOrganisation(say("There is no such organisation."))
    return organisation


def find_own_organisation(session: Session) -> Organisation | None:
    """The company that this installation belongs to."""
    return session.scalars(
        select(Organisation).where(Organisation.kind == "own").order_by(Organisation.id)
    ).first()


def organisations(session: Session) -> list[Organisation]:
    """All of them, the own one first."""
    rows = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    return sorted(rows, key=lambda row: row.kind != "own")


def people(session: Session) -> list[Person]:
    """Everybody, by organisation and name, with roles."""
    return list(
        session.scalars(
            select(Person)
            .join(Person.organisation)
            .options(joinedload(Person.organisation), selectinload(Person.grants))
            .order_by(Organisation.name, Person.name)
        )
    )


_NAMES = select(Person.id, Person.name).where(Person.id.in_(bindparam("person_ids", expanding=True)))


def names_of(session: Session, person_ids: Iterable[int | None]) -> dict[int, str]:
    """Person id → name, for those that are known."""
    wanted = {each for each in person_ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in rows_of(session, _NAMES, {"person_ids": sorted(wanted)})}


class Belonging(Protocol):
    """An organisation, as far as its people need it to come in."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...


class Somebody(Protocol):
    """Who comes in: a whole row of a person, or those columns of it that every request needs."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def locale(self) -> str | None: ...
    @property
    def time_zone(self) -> str | None: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def organisation(self) -> Belonging: ...


@dataclass(frozen=True)
class Widened:
    """What rooms above know of a person's part."""

    collections: frozenset[int] = frozenset()
    assets: Mapping[int, date] = field(default_factory=dict)
    """What was opened to the person, up to and with which day."""
    below: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Kind and key of a scope → every key that it stands for."""

    def scope(self, kind: str, key: str) -> Scope:
        return Scope(typed("ScopeKind", kind), self.below.get((kind, key), frozenset({key})))


NOTHING_WIDENED = Widened()


class Held(NamedTuple):
    """One role or duty that somebody holds, in the words of its row."""

    name: str
    scope_kind: str
    scope_key: str
    limit_minor: int | None
    currency: str


@dataclass(frozen=True)
class Part:
    """What a person may, read together: their own grants and those of their groups."""

    roles: Sequence[Held]
    duties: Sequence[Held]
    groups: frozenset[int]


# Words of ours stand in the statement itself: each value that is bound costs a little at every request.
_EMPTY = literal_column("''", String)


_ROLE: tuple[Any, ...] = (
    literal_column("'role'").label("sort"),
    RoleGrant.role.label("name"),
    RoleGrant.scope_kind,
    RoleGrant.scope_key,
    cast(null(), BigInteger).label("limit_minor"),
    _EMPTY.label("currency"),
    cast(null(), Integer).label("id"),
)
_DUTY: tuple[Any, ...] = (
    literal_column("'duty'"),
    DutyGrant.duty,
    DutyGrant.scope_kind,
    DutyGrant.scope_key,
    DutyGrant.limit_minor,
    DutyGrant.currency,
    cast(null(), Integer),
)


def rows_of_part(person_id: BindParameter[int]) -> list[Select[Any]]:
    """What a person may, as rows of one shape: sort, name, scope's kind and key, limit, currency, id.

    Others put rows of theirs beside them, so that one statement asks for all.
    """
    groups = select(GroupMember.group_id).where(GroupMember.person_id == person_id)
    return [
        select(*_ROLE).where(or_(RoleGrant.person_id == person_id, RoleGrant.group_id.in_(groups))),
        select(*_DUTY).where(DutyGrant.person_id == person_id),
        rows_of_ids("group", groups),
    ]


def rows_of_parts(person_ids: BindParameter[Any]) -> list[Select[Any]]:
    """The same of many people, the person's id before each row."""
    groups = select(GroupMember.person_id, GroupMember.group_id).where(GroupMember.person_id.in_(person_ids))
    return [
        select(RoleGrant.person_id, *_ROLE).where(RoleGrant.person_id.in_(person_ids)),
        select(GroupMember.person_id, *_ROLE)
        .join(GroupMember, GroupMember.group_id == RoleGrant.group_id)
        .where(GroupMember.person_id.in_(person_ids)),
        select(DutyGrant.person_id, *_DUTY).where(DutyGrant.person_id.in_(person_ids)),
        rows_of_ids_of_many("group", groups),
    ]


def rows_of_ids_of_many(sort: str, ids: Select[int, int]) -> Select[Any]:
    """A statement for people and ids in the shape of `rows_of_parts`."""
    person_id, id_ = ids.subquery().c
    return select(
        person_id, literal_column(f"'{sort}'"), _EMPTY, _EMPTY, _EMPTY, cast(null(), BigInteger), _EMPTY, id_
    )


def rows_of_ids(sort: str, ids: Select[int]) -> Select[Any]:
    """A statement for ids in the shape of `rows_of_part`."""
    found = ids.subquery()
    return select(
        literal_column(f"'{sort}'"),
        _EMPTY,
        _EMPTY,
        _EMPTY,
        cast(null(), BigInteger),
        _EMPTY,
        *found.c,
    )


def part_in(rows: Iterable[Sequence[Any]]) -> Part:
    """What the person may, of the rows that were found. Rows of other sorts are passed over."""
    held: dict[str, list[Held]] = {"role": [], "duty": []}
    groups = []
    for sort, name, scope_kind, scope_key, limit_minor, currency, id_ in rows:
        if sort in held:
            held[sort].append(Held(name, scope_kind, scope_key, limit_minor, currency))
        elif sort == "group":
            groups.append(id_)
    return Part(held["role"], held["duty"], frozenset(groups))


def as_actor(
    person: Somebody,
    part: Part,
    *,
    widened: Widened = NOTHING_WIDENED,
    token: ApiToken | None = None,
    request_id: str = "",
    address: str = "",
) -> Actor:
    """The person as one who acts. Needs the organisation loaded.

    `widened` is what the catalogue knows: collections and assets that are open to them, and which keys lie
    below those of a scope. A role that their organisation's kind cannot have counts for nothing.
    """
    fit = [each for each in part.roles if each.name in ROLES_OF_KIND[person.organisation.kind]]
    return Actor(
        kind="person",
        name=person.name,
        person_id=person.id,
        organisation_id=person.organisation_id,
        organisation_kind=typed("OrganisationKind", person.organisation.kind),
        roles=frozenset(each.name for each in fit if each.scope_kind == "everywhere"),
        scoped_roles=frozenset(
            (each.name, widened.scope(each.scope_kind, each.scope_key))
            for each in fit
            if each.scope_kind != "everywhere"
        ),
        duties=tuple(
            Duty(
                each.name,
                None if each.scope_kind == "everywhere" else widened.scope(each.scope_kind, each.scope_key),
                each.limit_minor,
                each.currency,
            )
            for each in part.duties
        ),
        groups=part.groups,
        collections=widened.collections,
        assets=frozenset(widened.assets),
        opened_until=widened.assets,
        token_id=token.id if token is not None else None,
        token_scopes=frozenset(token.scopes) if token is not None else None,
        request_id=request_id,
        address=address,
    )
