"""People and organisations, as others look them up."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.access.actor import Actor, OrganisationKind
from assetlib.accounts.errors import NoSuchOrganisation, NoSuchPerson
from assetlib.accounts.models import Organisation, Person


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


def as_actor(
    person: Person, *, collections: frozenset[int] = frozenset(), request_id: str = "", address: str = ""
) -> Actor:
    """The person as one who acts. Needs organisation and roles loaded.

    `collections` are those granted to the person's organisation; the catalogue knows them.
    """
    return Actor(
        kind="person",
        name=person.name,
        person_id=person.id,
        organisation_id=person.organisation_id,
        organisation_kind=cast("OrganisationKind", person.organisation.kind),
        roles=person.roles,
        collections=collections,
        request_id=request_id,
        address=address,
    )


def actor_of(session: Session, person_id: int, *, collections: frozenset[int] = frozenset()) -> Actor:
    """The person of an id as one who acts, for work that is done later on their behalf."""
    return as_actor(get_person(session, person_id), collections=collections)
