"""Rows of reference data and planning for tests, one function per row."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation
from assetlib.planning.models import (
    Activity,
    Campaign,
    Deliverable,
    DeliverableItem,
    ExpectedResult,
    Plan,
    PlanLine,
    PlannedActivity,
    PlanVersion,
    Task,
)
from assetlib.reference.models import CostCentre, FiscalCalendar, FiscalPeriod, GlAccount

LONG_AGO = date(2020, 1, 1)
YEAR = 2027


def _kept(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def fiscal_calendar(session: Session, **values: Any) -> FiscalCalendar:
    row: FiscalCalendar = _kept(session, FiscalCalendar(**{"name": f"Year {uuid4().hex[:6]}", **values}))
    return row


def fiscal_year(session: Session, of: FiscalCalendar, year: int = YEAR) -> list[FiscalPeriod]:
    """Twelve open months of a calendar year."""
    firsts = [date(year, number, 1) for number in range(1, 13)] + [date(year + 1, 1, 1)]
    rows = [
        FiscalPeriod(
            calendar_id=of.id,
            fiscal_year=year,
            number=number,
            quarter=(number + 2) // 3,
            starts_on=firsts[number - 1],
            ends_on=firsts[number] - timedelta(days=1),
            state="open",
        )
        for number in range(1, 13)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def gl_account(session: Session, **values: Any) -> GlAccount:
    row: GlAccount = _kept(
        session,
        GlAccount(**{"code": uuid4().hex[:8], "name": "Advertising", "valid_from": LONG_AGO, **values}),
    )
    return row


def cost_centre(session: Session, **values: Any) -> CostCentre:
    row: CostCentre = _kept(
        session,
        CostCentre(**{"code": uuid4().hex[:8], "name": "Marketing DACH", "valid_from": LONG_AGO, **values}),
    )
    return row


def plan(session: Session, owner: Actor, **values: Any) -> Plan:
    """A plan without a version."""
    if "calendar_id" not in values:
        calendar = fiscal_calendar(session)
        fiscal_year(session, calendar)
        values["calendar_id"] = calendar.id
    row: Plan = _kept(
        session,
        Plan(
            **{
                "name": f"Plan {uuid4().hex[:6]}",
                "fiscal_year": YEAR,
                "currency": "EUR",
                "owner_id": owner.person_id,
                "created_by_id": owner.person_id,
                "created_at": clock.now(),
                **values,
            }
        ),
    )
    return row


def plan_version(session: Session, of: Plan, state: str = "draft", **values: Any) -> PlanVersion:
    """The next version of a plan. One that was sent carries a seal that is no real one."""
    number = 1 + len(session.scalars(select(PlanVersion.id).where(PlanVersion.plan_id == of.id)).all())
    sent = (
        {}
        if state == "draft"
        else {
            "submitted_at": clock.now(),
            "submitted_by_id": of.owner_id,
            "content_sha256": uuid4().hex * 2,
        }
    )
    row: PlanVersion = _kept(
        session,
        PlanVersion(
            **{
                "plan_id": of.id,
                "number": number,
                "state": state,
                "created_by_id": of.owner_id,
                "created_at": clock.now(),
                **sent,
                **values,
            }
        ),
    )
    return row


def campaign(session: Session, of: Plan, **values: Any) -> Campaign:
    row: Campaign = _kept(
        session,
        Campaign(
            **{
                "plan_id": of.id,
                "name": f"Campaign {uuid4().hex[:6]}",
                "starts_on": date(of.fiscal_year, 3, 1),
                "ends_on": date(of.fiscal_year, 5, 31),
                "owner_id": of.owner_id,
                "created_by_id": of.owner_id,
                "created_at": clock.now(),
                **values,
            }
        ),
    )
    return row


def activity(session: Session, of: Campaign, **values: Any) -> Activity:
    row: Activity = _kept(
        session,
        Activity(
            **{
                "campaign_id": of.id,
                "name": f"Activity {uuid4().hex[:6]}",
                "starts_on": of.starts_on,
                "ends_on": of.ends_on,
                "owner_id": of.owner_id,
                "created_at": clock.now(),
                **values,
            }
        ),
    )
    return row


def planned(session: Session, version: PlanVersion, *activities: Activity) -> None:
    """Take activities into a version, with the days they have."""
    rows = [
        PlannedActivity(
            version_id=version.id, activity_id=each.id, starts_on=each.starts_on, ends_on=each.ends_on
        )
        for each in activities
    ]
    _in_version(session, version, *rows)


def _in_version(session: Session, version: PlanVersion, *rows: Any) -> None:
    """Let rows stand in a version, as if they had been there when it was sent: the database refuses that."""
    session.flush()
    if version.state == "draft":
        session.add_all(rows)
        session.flush()
    elif session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.add_all(rows)
        session.flush()
        session.execute(text("SET LOCAL session_replication_role = origin"))
    else:
        walls = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%stays_insert'")
        ).all()
        for name, _ in walls:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.add_all(rows)
        session.flush()
        for _, statement in walls:
            session.execute(text(statement))


def plan_line(session: Session, version: PlanVersion, of: Activity, **values: Any) -> PlanLine:
    """1,000.00 in the first month of the plan's year."""
    if "period_id" not in values:
        values["period_id"] = session.scalars(
            select(FiscalPeriod.id)
            .where(
                FiscalPeriod.calendar_id == version.plan.calendar_id,
                FiscalPeriod.fiscal_year == version.plan.fiscal_year,
            )
            .order_by(FiscalPeriod.number)
            .limit(1)
        ).one()
    for name, build in (("gl_account_id", gl_account), ("cost_centre_id", cost_centre)):
        if name not in values:
            values[name] = build(session).id
    amount = values.pop("amount_minor", 100_000)
    row = PlanLine(
        **{
            "version_id": version.id,
            "activity_id": of.id,
            "amount_minor": amount,
            "currency": version.plan.currency,
            "base_minor": amount,
            **values,
        }
    )
    _in_version(session, version, row)
    return row


def expected_result(session: Session, version: PlanVersion, of: Campaign, **values: Any) -> ExpectedResult:
    """2 visits."""
    row = ExpectedResult(
        **{"version_id": version.id, "campaign_id": of.id, "kpi": "Visits", "thousandths": 2_000, **values}
    )
    _in_version(session, version, row)
    return row


def running_campaign(session: Session, owner: Actor, **values: Any) -> Activity:
    """An activity of a campaign in the active version of a plan: work may be given to people."""
    version = plan_version(session, plan(session, owner), "active", activated_at=clock.now())
    made = activity(session, campaign(session, version.plan, **values))
    planned(session, version, made)
    return made


def task(session: Session, of: Activity, **values: Any) -> Task:
    """Two weeks of work at the beginning of its activity."""
    start = values.pop("start", of.starts_on)
    finish = values.pop("finish", start + timedelta(days=13))
    row: Task = _kept(
        session,
        Task(
            **{
                "activity_id": of.id,
                "name": f"Task {uuid4().hex[:6]}",
                "baseline_start": start,
                "baseline_finish": finish,
                "forecast_start": start,
                "forecast_finish": finish,
                "created_at": clock.now(),
                **values,
            }
        ),
    )
    return row


def deliverable(session: Session, of: Task, *, items: int = 1, **values: Any) -> Deliverable:
    """A deliverable of a task with items, a draft unless `scope_state` says otherwise."""
    agency = values.pop("agency", None)
    owner_id = of.activity.owner_id
    row: Deliverable = _kept(
        session,
        Deliverable(
            **{
                "task_id": of.id,
                "name": f"Deliverable {uuid4().hex[:6]}",
                "owner_id": owner_id,
                "brief_by_id": owner_id,
                "agency_id": agency.id if isinstance(agency, Organisation) else of.agency_id,
                "due_at": clock.now() + timedelta(days=14),
                "created_by_id": owner_id,
                "created_at": clock.now(),
                **values,
            }
        ),
    )
    for number in range(items):
        _kept(session, DeliverableItem(deliverable_id=row.id, name=f"Item {number + 1}", position=number))
    return row


def due_in(days: int) -> datetime:
    return clock.now() + timedelta(days=days)
