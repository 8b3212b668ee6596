"""Planners make plans, say what they are for, and close them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation, Person
from assetlib.audit import record
from assetlib.planning.actions.plan_rows import held_plan
from assetlib.planning.errors import WrongPlanning, WrongPlanningState
from assetlib.planning.models import Plan, PlanVersion
from assetlib.planning.permissions.plans import EDIT_PLAN, MAKE_PLAN
from assetlib.planning.queries.plans import words_known
from assetlib.planning.rules.plans import (
    NOT_SAVED,
    must_be_as_seen,
    must_be_open,
    must_be_plan,
    must_be_reason,
    must_be_scope,
    must_follow,
)
from assetlib.reference.models import FiscalCalendar
from assetlib.reference.queries import periods_of_year
from assetlib.words import say


def make_plan(
    session: Session,
    actor: Actor,
    *,
    name: str,
    calendar_id: int,
    fiscal_year: int,
    currency: str,
    brand: str = "",
    region: str = "",
    owner_id: int | None = None,
) -> Plan:
    """A plan for a fiscal year, with an empty draft. Its owner is who makes it, unless another is named."""
    MAKE_PLAN.require(actor)
    owner = owner_id if owner_id is not None else actor.person_id
    if session.get(FiscalCalendar, calendar_id) is None:
        raise WrongPlanning(NOT_SAVED, fields={"calendar": say("Choose a fiscal calendar.")})
    must_be_plan(
        name=name,
        year=fiscal_year,
        has_periods=bool(periods_of_year(session, calendar_id, fiscal_year)),
        brand=brand,
        region=region,
        currency=currency,
        owner=_is_of_the_house(session, owner),
        known=words_known(session).known,
    )
    moment = clock.now()
    plan = Plan(
        name=name.strip(),
        calendar_id=calendar_id,
        fiscal_year=fiscal_year,
        brand=brand,
        region=region,
        currency=currency,
        owner_id=owner,
        created_by_id=actor.person_id,
        created_at=moment,
    )
    EDIT_PLAN.require(actor, plan)
    session.add(plan)
    session.flush()
    session.add(PlanVersion(plan_id=plan.id, number=1, created_by_id=actor.person_id, created_at=moment))
    session.flush()
    record(session, actor, "planning.plan_made", plan, after=_says(plan))
    return plan


def change_plan(
    session: Session,
    actor: Actor,
    plan: Plan,
    *,
    revision: int,
    name: str,
    brand: str,
    region: str,
    owner_id: int,
) -> None:
    """Its name, whom it is for, and who owns it. While a version waits for a decision, the name only."""
    EDIT_PLAN.require(actor, plan)
    row = held_plan(session, plan)
    must_be_open(row.name, is_closed=row.closed_at is not None)
    must_be_as_seen(row.revision, revision)
    # Whoever owns it now need not be asked again.
    owner = owner_id == row.owner_id or _is_of_the_house(session, owner_id)
    must_be_scope(name=name, brand=brand, region=region, owner=owner, known=words_known(session).known)
    decides = (row.brand, row.region, row.owner_id) != (brand, region, owner_id)
    if decides and any(each.state in ("in_review", "approved") for each in row.versions):
        raise WrongPlanningState(
            say(
                "A version waits for a decision. Brand, region and owner say who decides it: "
                "change them afterwards."
            )
        )
    before = _says(row)
    row.name, row.brand, row.region, row.owner_id = name.strip(), brand, region, owner_id
    EDIT_PLAN.require(actor, row)
    session.flush()
    record(session, actor, "planning.plan_changed", row, before=before, after=_says(row))


def close_plan(session: Session, actor: Actor, plan: Plan, *, reason: str) -> None:
    """Nothing new is planned under it any more; its active version ends."""
    EDIT_PLAN.require(actor, plan)
    row = held_plan(session, plan)
    must_be_open(row.name, is_closed=row.closed_at is not None)
    must_be_reason(reason, "reason", say("Say why it is closed."))
    if any(each.state in ("in_review", "approved") for each in row.versions):
        raise WrongPlanningState(
            say("A version waits for a decision. Have it decided or take it back first.")
        )
    row.closed_at = clock.now()
    for each in row.versions:
        if each.state == "active":
            must_follow(each.state, "closed")
            each.state, each.ended_at = "closed", clock.now()
    session.flush()
    record(session, actor, "planning.plan_closed", row, reason=reason.strip())


def _is_of_the_house(session: Session, person_id: int | None) -> bool:
    """Somebody of the own company who works here."""
    found = session.scalars(
        select(Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id, Organisation.kind == "own", Person.state.in_(("invited", "active")))
    )
    return found.one_or_none() is not None


def _says(plan: Plan) -> dict[str, object]:
    return {
        "name": plan.name,
        "fiscal_year": plan.fiscal_year,
        "brand": plan.brand,
        "region": plan.region,
        "currency": plan.currency,
        "owner": plan.owner_id,
    }
