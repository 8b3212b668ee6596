"""Who is to be told of something, by the roles that they hold."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, LIBRARIAN, Actor
from assetlib.accounts.holders import holders, holding
from assetlib.accounts.models import Organisation, Person
from assetlib.catalog.models import Asset
from assetlib.catalog.queries.actors import actors_of


def nobody_is_librarian() -> ColumnElement[bool]:
    """There is none, of no part: then administrators do their work."""
    # Not of the person of the statement around it, which may read people too.
    return ~exists(select(Person.id).where(holding(LIBRARIAN)).correlate(None))


def administrators(session: Session) -> list[int]:
    """Whoever looks after the house."""
    return holders(session, ADMINISTRATOR, everywhere=True)


def librarians(session: Session) -> list[Actor]:
    """Every librarian as one who acts; where there is none, the administrators do their work."""
    found = holders(session, LIBRARIAN) or administrators(session)
    return list(actors_of(session, found).values())


def looking_after(those: Iterable[Actor], asset: Asset, *, but: int | None = None) -> list[int]:
    """The ones of these who hold their role for the asset; without the person of this id."""
    return [
        each.person_id
        for each in those
        if each.person_id is not None
        and each.person_id != but
        and each.holds(LIBRARIAN, ADMINISTRATOR, of=asset)
    ]


def agency_people(session: Session, asset: Asset) -> list[int]:
    """People of the agency that an asset is from, who work on it; nobody when it is the house's own."""
    organisation = session.get(Organisation, asset.organisation_id)
    if organisation is None or organisation.kind != "agency":
        return []
    working = holders(session, AGENCY_CONTRIBUTOR)
    return list(
        session.scalars(
            select(Person.id).where(Person.organisation_id == organisation.id, Person.id.in_(working))
        )
    )
