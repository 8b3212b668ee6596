"""Those who look after people are never none."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.access.actor import ADMINISTRATOR
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Person, RoleGrant
from assetlib.accounts.sessions import can_come_in
from assetlib.words import say


def hold(session: Session, person: Person) -> Person:
    """The person and their roles as they are now, until the transaction ends.

    All administrators are held too, in one order, so that two cannot dismiss each other at the same moment.
    """
    session.flush()
    administrators = select(RoleGrant.person_id).where(RoleGrant.role == ADMINISTRATOR)
    held = session.scalars(
        select(Person)
        .where(or_(Person.id == person.id, Person.id.in_(administrators)))
        .options(selectinload(Person.grants), joinedload(Person.organisation))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    return next(each for each in held.unique().all() if each.id == person.id)


def must_leave_another(session: Session, person: Person) -> None:
    """Refused for the last administrator who can come in. Needs them held."""
    if ADMINISTRATOR not in person.roles:
        return
    others = session.execute(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ADMINISTRATOR, can_come_in(), Person.id != person.id)
    )
    if others.first() is None:
        raise WrongPerson(say("This is the last administrator. Make somebody else one first."))
