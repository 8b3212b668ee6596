"""Who holds a role, themselves or by a group, and can come in."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from assetlib.accounts.models import GroupMember, Person, RoleGrant
from assetlib.accounts.sessions import can_come_in


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


def holders(session: Session, role: str, *, everywhere: bool = False) -> list[int]:
    """Everybody whom `holding` finds."""
    found = select(Person.id).where(holding(role, everywhere=everywhere)).order_by(Person.id)
    return list(session.scalars(found))
