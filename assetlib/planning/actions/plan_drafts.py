"""Planners write drafts, field by field, and start the next version of what was sent."""

from collections.abc import Sequence

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.actions.plan_copies import copy_version
from assetlib.planning.actions.plan_rows import held_open, held_plan
from assetlib.planning.errors import WrongPlanningState
from assetlib.planning.models import (
    ExpectedResult,
    Plan,
    PlanLine,
    PlannedActivity,
    PlanVersion,
    PlanWriter,
)
from assetlib.planning.permissions.plans import EDIT_PLAN
from assetlib.planning.queries.plan_books import books_of, rates_for
from assetlib.planning.queries.plans import activities_of, campaigns_of, words_known
from assetlib.planning.rules.plan_content import ActivitySaid, Content, LineSaid, ResultSaid
from assetlib.planning.rules.plans import (
    converted,
    must_be_activities,
    must_be_as_seen,
    must_be_draft,
    must_be_lines,
    must_be_open,
    must_be_reason,
    must_be_results,
    must_be_words,
)
from assetlib.words import say


def write_words(
    session: Session,
    actor: Actor,
    version: PlanVersion,
    *,
    revision: int,
    objectives: Sequence[str],
    assumptions: str,
    products: Sequence[str],
    segments: Sequence[str],
    channels: Sequence[str],
) -> None:
    """What the plan is for, for whom, and what it takes for granted."""
    plan, row = _writable(session, actor, version, revision)
    said = Content(
        objectives=_once(objectives),
        assumptions=assumptions.strip(),
        products=_once(products),
        segments=_once(segments),
        channels=_once(channels),
    )
    must_be_words(said, words_known(session).known)
    row.objectives, row.assumptions = list(said.objectives), said.assumptions
    row.products, row.segments, row.channels = list(said.products), list(said.segments), list(said.channels)
    _wrote(session, actor, plan, row, "words")


def write_results(
    session: Session, actor: Actor, version: PlanVersion, *, revision: int, results: Sequence[ResultSaid]
) -> None:
    """What the plan, or campaigns of it, are to bring."""
    plan, row = _writable(session, actor, version, revision)
    must_be_results(results, {each.id for each in campaigns_of(session, plan)})
    row.expected = [
        ExpectedResult(
            campaign_id=each.campaign_id,
            kpi=each.kpi,
            thousandths=each.thousandths,
            unit=each.unit,
            position=place,
        )
        for place, each in enumerate(results, start=1)
    ]
    _wrote(session, actor, plan, row, "expected")


def write_activities(
    session: Session, actor: Actor, version: PlanVersion, *, revision: int, activities: Sequence[ActivitySaid]
) -> None:
    """Which activities of the plan's campaigns the version takes in, and on which days."""
    plan, row = _writable(session, actor, version, revision)
    names = {each.id: each.name for each in activities_of(session, plan)}
    chosen = {each.activity_id: each for each in activities}
    must_be_activities(list(chosen.values()), names, {each.activity_id for each in row.lines})
    there = {each.activity_id: each for each in row.activities}
    taken = []
    for said in chosen.values():
        planned = there.get(said.activity_id) or PlannedActivity(activity_id=said.activity_id)
        planned.starts_on, planned.ends_on = said.starts_on, said.ends_on
        taken.append(planned)
    row.activities = taken
    _wrote(session, actor, plan, row, "activities")


def write_lines(
    session: Session, actor: Actor, version: PlanVersion, *, revision: int, lines: Sequence[LineSaid]
) -> None:
    """The money of the version. What has no plan rate yet counts nothing; to be sent it needs one."""
    plan, row = _writable(session, actor, version, revision)
    must_be_lines(lines, {each.activity_id for each in row.activities}, books_of(session, plan).rules)
    rates = rates_for(session, plan, (each.currency for each in lines))
    row.lines = [
        PlanLine(
            activity_id=each.activity_id,
            period_id=each.period_id,
            gl_account_id=each.gl_account_id,
            cost_centre_id=each.cost_centre_id,
            amount_minor=each.amount_minor,
            currency=each.currency,
            base_minor=converted(each.amount_minor, each.currency, plan.currency, rates[each.currency] or 0),
            certainty=each.certainty,
            is_fixed=each.is_fixed,
            note=each.note.strip(),
            position=place,
        )
        for place, each in enumerate(lines, start=1)
    ]
    _wrote(session, actor, plan, row, "lines")


def start_version(session: Session, actor: Actor, plan: Plan, *, reason: str) -> PlanVersion:
    """The next draft, which says what was sent last; why it is made is told."""
    EDIT_PLAN.require(actor, plan)
    row = held_plan(session, plan)
    must_be_open(row.name, is_closed=row.closed_at is not None)
    must_be_reason(reason, "reason", say("Say why there is to be a new version."))
    open_one = next((each for each in row.versions if each.state in ("draft", "in_review", "approved")), None)
    if open_one is not None:
        raise WrongPlanningState(
            say("Version {number} is not settled yet. Go on with that one.", number=open_one.number)
        )
    return copy_version(session, actor, row, row.versions[0], by=actor.person_id, reason=reason.strip())


def _writable(
    session: Session, actor: Actor, version: PlanVersion, revision: int
) -> tuple[Plan, PlanVersion]:
    """A draft that this person may write, held, as they saw it."""
    EDIT_PLAN.require(actor, version.plan)
    plan, row = held_open(session, version)
    must_be_draft(row.state)
    must_be_as_seen(row.revision, revision)
    return plan, row


def _wrote(session: Session, actor: Actor, plan: Plan, row: PlanVersion, part: str) -> None:
    flag_modified(row, "objectives")  # so that the revision goes on, whatever part was written
    session.flush()
    if actor.person_id is not None:
        session.merge(PlanWriter(version_id=row.id, person_id=actor.person_id))
        session.flush()
    record(session, actor, "planning.draft_written", plan, version=row.number, part=part)


def _once(words: Sequence[str]) -> tuple[str, ...]:
    """Without empty ones, and each once."""
    return tuple(dict.fromkeys(stripped for each in words if (stripped := each.strip())))
