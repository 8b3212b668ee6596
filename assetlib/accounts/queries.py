"""People and organisations, as others look them up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.access.actor import Actor, Duty, OrganisationKind, Scope, ScopeKind
from assetlib.accounts.errors import NoSuchOrganisation, NoSuchPerson
from assetlib.accounts.models import ApiToken, DutyGrant, GroupMember, Organisation, Person, RoleGrant
from assetlib.accounts.rules import ROLES_OF_KIND


def get_person(session: Session, person_id: int) -> Person:
    """The person with organisation and roles."""
    person = session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .options(joinedload(Person.organisation), selectinload(Person.grants))
    ).one_or_none()
    if person is None:
        raise NoSuchPerson("There is no such person.")
    return person


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NoSuchOrganisation("There is no such organisation.")
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


def names_of(session: Session, person_ids: Iterable[int | None]) -> dict[int, str]:
    """Person id → name, for those that are known."""
    wanted = {each for each in person_ids if each is not None}
    if not wanted:
        return {}
    return {
        row.id: row.name
        for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    }


@dataclass(frozen=True)
class Widened:
    """What rooms above know of a person's part."""

    collections: frozenset[int] = frozenset()
    assets: frozenset[int] = frozenset()
    below: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Kind and key of a scope → every key that it stands for."""

    def scope(self, kind: str, key: str) -> Scope:
        return Scope(cast("ScopeKind", kind), self.below.get((kind, key), frozenset({key})))


NOTHING_WIDENED = Widened()


@dataclass(frozen=True)
class Part:
    """What a person may, read together: their own grants and those of their groups."""

    grants: Sequence[RoleGrant]
    duties: Sequence[DutyGrant]
    groups: frozenset[int]


def part_of(session: Session, person_id: int) -> Part:
    """Three short statements."""
    groups = frozenset(
        session.scalars(select(GroupMember.group_id).where(GroupMember.person_id == person_id))
    )
    mine = RoleGrant.person_id == person_id
    grants = session.scalars(
        select(RoleGrant).where(or_(mine, RoleGrant.group_id.in_(groups)) if groups else mine)
    ).all()
    duties = session.scalars(select(DutyGrant).where(DutyGrant.person_id == person_id)).all()
    return Part(grants, duties, groups)


def as_actor(
    person: Person,
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
    fit = [each for each in part.grants if each.role in ROLES_OF_KIND[person.organisation.kind]]
    return Actor(
        kind="person",
        name=person.name,
        person_id=person.id,
        organisation_id=person.organisation_id,
        organisation_kind=cast("OrganisationKind", person.organisation.kind),
        roles=frozenset(each.role for each in fit if each.scope_kind == "everywhere"),
        scoped_roles=frozenset(
            (each.role, widened.scope(each.scope_kind, each.scope_key))
            for each in fit
            if each.scope_kind != "everywhere"
        ),
        duties=tuple(
            Duty(
                each.duty,
                None if each.scope_kind == "everywhere" else widened.scope(each.scope_kind, each.scope_key),
                each.limit_minor,
                each.currency,
            )
            for each in part.duties
        ),
        groups=part.groups,
        collections=widened.collections,
        assets=widened.assets,
        token_id=token.id if token is not None else None,
        token_scopes=frozenset(token.scopes) if token is not None else None,
        request_id=request_id,
        address=address,
    )
