"""A version is sent for review, decided by another person, and becomes the one that people work by."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.plan_copies import copy_version
from assetlib.planning.actions.plan_rows import held_open
from assetlib.planning.actions.plan_telling import tell_decided, tell_sent
from assetlib.planning.models import Activity, Plan, PlannedActivity, PlanVersion, Task
from assetlib.planning.permissions.plans import ACTIVATE_PLAN, APPROVE_PLAN, EDIT_PLAN, TAKE_BACK_PLAN
from assetlib.planning.queries.gates import gate_for_activating
from assetlib.planning.queries.plan_books import books_of, rates_for
from assetlib.planning.queries.plans import content_of, expected_days
from assetlib.planning.rules.gates import Gate
from assetlib.planning.rules.plan_content import seal
from assetlib.planning.rules.plans import (
    converted,
    must_be_as_seen,
    must_be_lines,
    must_be_reason,
    must_be_sendable,
    must_follow,
)
from assetlib.words import say

WHY_CHANGES = say("Say what has to change.")
WHY_REJECTED = say("Say why, so that they know what to do next.")


def submit_version(session: Session, actor: Actor, version: PlanVersion, *, revision: int) -> None:
    """Send a draft for review. From here on what it says is sealed: words, days, money at the plan rate."""
    EDIT_PLAN.require(actor, version.plan)
    plan, row = held_open(session, version)
    must_follow(row.state, "in_review")
    must_be_as_seen(row.revision, revision)
    content = content_of(row)
    rates = rates_for(session, plan, (each.currency for each in content.lines))
    must_be_sendable(content, rates, plan.currency)
    taken = {each.activity_id for each in row.activities}
    must_be_lines(content.lines, taken, books_of(session, plan).rules)
    for line in row.lines:
        line.base_minor = converted(
            line.amount_minor, line.currency, plan.currency, rates[line.currency] or 0
        )
    days = expected_days(session, sorted(taken))
    for each in row.activities:
        each.tasks = [
            {"id": task.id, "start": task.start.isoformat(), "finish": task.finish.isoformat()}
            for task in days[each.activity_id]
        ]
    session.flush()  # the rows before the seal, after which they stay
    content = content_of(row)
    row.content_sha256 = seal(content, plan_id=plan.id, number=row.number, currency=plan.currency)
    row.total_minor = content.total_minor
    row.state, row.submitted_by_id, row.submitted_at = "in_review", actor.person_id, clock.now()
    session.flush()
    record(
        session, actor, "planning.version_sent", plan, version=row.number,
        after={"sha256": row.content_sha256, "total_minor": row.total_minor},
    )  # fmt: skip
    tell_sent(session, plan, row)


def take_back_version(session: Session, actor: Actor, version: PlanVersion) -> PlanVersion:
    """Whoever sent it takes it back before it is decided, and goes on writing in the next draft."""
    TAKE_BACK_PLAN.require(actor, version)
    plan, row = held_open(session, version)
    TAKE_BACK_PLAN.require(actor, row)
    must_follow(row.state, "taken_back")
    row.state, row.ended_at = "taken_back", clock.now()
    session.flush()
    record(session, actor, "planning.version_taken_back", plan, version=row.number)
    return copy_version(session, actor, plan, row, by=actor.person_id, reason=row.reason)


def request_changes(session: Session, actor: Actor, version: PlanVersion, *, answer: str) -> PlanVersion:
    """An approver says what has to change; the next draft begins with what was sent."""
    plan, row = _decidable(session, actor, version, "changes_requested")
    must_be_reason(answer, "answer", WHY_CHANGES)
    _decide(session, actor, plan, row, "changes_requested", answer)
    record(session, actor, "planning.changes_requested", plan, version=row.number, reason=row.answer)
    # Not the approver's: they are to decide it again.
    return copy_version(session, actor, plan, row, by=row.submitted_by_id, reason=row.answer)


def reject_version(session: Session, actor: Actor, version: PlanVersion, *, answer: str) -> None:
    """An approver says no, and why."""
    plan, row = _decidable(session, actor, version, "rejected")
    must_be_reason(answer, "answer", WHY_REJECTED)
    _decide(session, actor, plan, row, "rejected", answer)
    record(session, actor, "planning.version_rejected", plan, version=row.number, reason=row.answer)


def approve_version(session: Session, actor: Actor, version: PlanVersion, *, answer: str = "") -> Gate:
    """An approver says yes. It becomes active at once, or waits, approved, until the gate is open."""
    plan, row = _decidable(session, actor, version, "approved")
    if answer.strip():
        must_be_reason(answer, "answer", WHY_REJECTED)
    _decide(session, actor, plan, row, "approved", answer)
    record(session, actor, "planning.version_approved", plan, version=row.number, reason=row.answer)
    return _become_active(session, actor, plan, row)


def activate_version(session: Session, actor: Actor, version: PlanVersion) -> None:
    """Try again to make an approved version active; `GateClosed` says what is still in the way."""
    ACTIVATE_PLAN.require(actor, version)
    plan, row = held_open(session, version)
    ACTIVATE_PLAN.require(actor, row)
    must_follow(row.state, "active")
    _become_active(session, actor, plan, row).must_be_open()


def _decidable(session: Session, actor: Actor, version: PlanVersion, then: str) -> tuple[Plan, PlanVersion]:
    """A version in review that this person may decide, held: of two who decide at once one is first."""
    APPROVE_PLAN.require(actor, version)
    plan, row = held_open(session, version)
    APPROVE_PLAN.require(actor, row)
    must_follow(row.state, then)
    return plan, row


def _decide(session: Session, actor: Actor, plan: Plan, row: PlanVersion, state: str, answer: str) -> None:
    row.state, row.answer = state, answer.strip()
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    session.flush()
    tell_decided(session, plan, row)


def _become_active(session: Session, actor: Actor, plan: Plan, row: PlanVersion) -> Gate:
    """People work by this version from now on, and their baselines are its days, if the gate is open."""
    former = next((each for each in plan.versions if each.state == "active"), None)
    versions = [each.id for each in (former, row) if each is not None]
    concerned = select(PlannedActivity.activity_id).where(PlannedActivity.version_id.in_(versions))
    # Whoever writes down a hold holds the activity too: none comes in between.
    session.execute(
        select(Activity.id).where(Activity.id.in_(concerned)).order_by(Activity.id).with_for_update()
    )
    gate = gate_for_activating(session, row)
    if not gate.is_open:
        return gate
    if former is not None:
        must_follow(former.state, "superseded")
        former.state, former.ended_at = "superseded", clock.now()
        session.flush()  # a plan has one active version at most
    row.state, row.activated_at = "active", clock.now()
    _set_baselines(session, row)
    session.flush()
    session.expire(plan, ["active_version"])
    record(
        session, actor, "planning.version_activated", plan, version=row.number,
        before={"active": former.number if former is not None else None}, after={"active": row.number},
    )  # fmt: skip
    return gate


def _set_baselines(session: Session, row: PlanVersion) -> None:
    """The tasks that were there when the version was sent are measured by its days; others keep theirs."""
    days = {task.id: task for each in content_of(row).activities for task in each.tasks}
    for task in session.scalars(
        select(Task)
        .where(Task.id.in_(days))
        .order_by(Task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        task.baseline_start, task.baseline_finish = days[task.id].start, days[task.id].finish
