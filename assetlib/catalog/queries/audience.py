"""Who is to be told of something, by the roles that they hold."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, LIBRARIAN, Actor
from assetlib.accounts.models import GroupMember, Organisation, Person, RoleGrant
from assetlib.accounts.sessions import can_come_in
from assetlib.catalog.models import Asset
from assetlib.catalog.queries.actors import actors_of


def holding(role: str, *, everywhere: bool = False) -> ColumnElement[bool]:
    """People who can come in and hold a role, themselves or by a group; also within a scope only."""
    grants = select(RoleGrant.id).where(
        RoleGrant.role == role,
        or_(
            RoleGrant.person_id == Person.id,
            RoleGrant.group_id.in_(
                select(GroupMember.group_id).where(GroupMember.person_id == Person.id).correlate(Person)
            ),
        ),
    )
    if everywhere:
        grants = grants.where(RoleGrant.scope_kind == "everywhere")
    return and_(can_come_in(), grants.correlate(Person).exists())


def nobody_is_librarian() -> ColumnElement[bool]:
    """There is none, of no part: then administrators do their work."""
    # Not of the person of the statement around it, which may read people too.
    return ~exists(select(Person.id).where(holding(LIBRARIAN)).correlate(None))


def holders(session: Session, role: str, *, everywhere: bool = False) -> list[int]:
    """Everybody whom `holding` finds."""
    found = select(Person.id).where(holding(role, everywhere=everywhere)).order_by(Person.id)
    return list(session.scalars(found))


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
