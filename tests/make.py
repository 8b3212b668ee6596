"""One function per row, with believable values, so that a test says only what it is about."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    LIBRARIAN,
    Actor,
)
from assetlib.accounts.models import Organisation, Person, RoleGrant


def organisation(
    session: Session, *, kind: str = "own", name: str | None = None, **values: Any
) -> Organisation:
    row = Organisation(kind=kind, name=name or f"Company {uuid4().hex[:8]}", created_at=clock.now(), **values)
    session.add(row)
    session.flush()
    return row


def person(
    session: Session,
    of: Organisation,
    *roles: str,
    email: str | None = None,
    name: str = "Ada Example",
    **values: Any,
) -> Person:
    row = Person(
        organisation_id=of.id,
        email=email or f"{uuid4().hex[:10]}@company.example",
        name=name,
        created_at=clock.now(),
        grants=[RoleGrant(role=role) for role in roles],
        **values,
    )
    session.add(row)
    session.flush()
    return row


def actor(of: Person, organisation: Organisation, *, collections: frozenset[int] = frozenset()) -> Actor:
    return Actor(
        kind="person",
        name=of.name,
        person_id=of.id,
        organisation_id=organisation.id,
        organisation_kind=organisation.kind,  # type: ignore[arg-type]  # the column holds one of the three
        roles=of.roles,
        collections=collections,
    )


@dataclass
class People:
    """Somebody of every role: the own company, an agency, a second agency, a partner."""

    own: Organisation
    agency: Organisation
    other_agency: Organisation
    partner: Organisation
    administrator: Actor
    librarian: Actor
    field_marketer: Actor
    contributor: Actor
    other_contributor: Actor
    partner_marketer: Actor
    without_role: Actor

    def all(self) -> list[Actor]:
        return [
            self.administrator, self.librarian, self.field_marketer, self.contributor,
            self.other_contributor, self.partner_marketer, self.without_role,
        ]  # fmt: skip


def people(session: Session) -> People:
    own = organisation(session, name="Northwind Outdoors")
    agency = organisation(session, kind="agency", name="Halden & Frey")
    other = organisation(session, kind="agency", name="Studio Brandt")
    partner = organisation(session, kind="partner", name="Alpin Sport")

    def one(of: Organisation, *roles: str, name: str) -> Actor:
        return actor(person(session, of, *roles, name=name), of)

    return People(
        own=own,
        agency=agency,
        other_agency=other,
        partner=partner,
        administrator=one(own, ADMINISTRATOR, name="Ida Admin"),
        librarian=one(own, LIBRARIAN, name="Lena Librarian"),
        field_marketer=one(own, FIELD_MARKETER, name="Finn Field"),
        contributor=one(agency, AGENCY_CONTRIBUTOR, name="Rosa Agency"),
        other_contributor=one(other, AGENCY_CONTRIBUTOR, name="Odo Other"),
        partner_marketer=one(partner, FIELD_MARKETER, name="Pia Partner"),
        without_role=one(own, name="Nils Nobody"),
    )
