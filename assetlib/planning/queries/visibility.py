"""Which rows of planning an actor may know of, as where-clauses: the twins of the permissions."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from assetlib.access.actor import Actor
from assetlib.access.prepared import organisation_of, person_of
from assetlib.planning.models import Deliverable, Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import of_an_agency


def campaigns_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The people of the house see every plan, campaign and activity; others none."""
    return true() if of_the_house(actor, None) else false()


def tasks_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The people of the house see every task, an agency those that were given to it or to its people."""
    if of_the_house(actor, None):
        return true()
    if of_an_agency(actor, None):
        return or_(Task.agency_id == organisation_of(actor), Task.assignee_id == person_of(actor))
    return false()


def deliverables_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The people of the house see every deliverable, an agency those that it was asked for and that are no
    drafts any more."""
    if of_the_house(actor, None):
        return true()
    if of_an_agency(actor, None):
        return and_(
            Deliverable.agency_id == organisation_of(actor),
            Deliverable.scope_state.in_(("scope_approved", "rescoped", "dropped")),
        )
    return false()
