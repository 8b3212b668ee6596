"""Which rows of planning an actor may know of, as where-clauses: the twins of the permissions."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from assetlib.access.actor import Actor, Duty
from assetlib.access.prepared import organisation_of, person_of
from assetlib.planning.models import Deliverable, Plan, PlanVersion, PlanWriter, Task
from assetlib.planning.permissions.plans import PLAN_APPROVER, of_the_house
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


def decidable_by(actor: Actor) -> ColumnElement[bool]:
    """Versions that the actor may decide, whatever their state: nothing of their own, within their limit.

    For a statement that joins `PlanVersion` with its `Plan`.
    """
    duties = [each for each in actor.duties if each.name == PLAN_APPROVER]
    if not (duties and of_the_house(actor, None)):
        return false()
    wrote = exists(
        select(PlanWriter.person_id)
        .where(PlanWriter.version_id == PlanVersion.id, PlanWriter.person_id == person_of(actor))
        .correlate(PlanVersion)
    )
    others = (
        PlanVersion.submitted_by_id.is_distinct_from(person_of(actor)),
        PlanVersion.created_by_id.is_distinct_from(person_of(actor)),
        Plan.owner_id != person_of(actor),
    )
    return and_(or_(*(_reaches(each) for each in duties)), *others, ~wrote)


def _reaches(duty: Duty) -> ColumnElement[bool]:
    """Plans that a duty covers, with versions whose sum its limit reaches over."""
    column = {"brand": Plan.brand, "region": Plan.region}.get(duty.scope.kind) if duty.scope else None
    if duty.scope is None:
        covered: ColumnElement[bool] = true()
    else:
        covered = column.in_(sorted(duty.scope.keys)) if column is not None else false()
    if duty.limit_minor is None:
        return covered
    return and_(covered, Plan.currency == duty.currency, PlanVersion.total_minor <= duty.limit_minor)
