"""The demo company's plans: written, sent back, approved; the work in them begun, late, or done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Organisation
from assetlib.demo.books import year_of
from assetlib.demo.library import Act, Library
from assetlib.demo.plans import KIDS, LAST_YEAR, THIS_YEAR, YEAR_NAME, Part, Run, Work
from assetlib.planning.actions.activities import add_activity
from assetlib.planning.actions.campaigns import end_campaign, make_campaign
from assetlib.planning.actions.plan_comments import add_comment
from assetlib.planning.actions.plan_drafts import (
    write_activities,
    write_lines,
    write_results,
    write_words,
)
from assetlib.planning.actions.plan_reviews import approve_version, request_changes, submit_version
from assetlib.planning.actions.plans import make_plan
from assetlib.planning.actions.progress import begin_task, finish_task, report_progress
from assetlib.planning.actions.results import enter_results
from assetlib.planning.actions.scheduling import add_predecessor, set_forecast
from assetlib.planning.actions.tasks import add_task, assign_task
from assetlib.planning.models import Activity, Campaign, Plan, PlanVersion, Task
from assetlib.planning.rules.campaigns import ActivityFacts, CampaignFacts
from assetlib.planning.rules.plan_content import ActivitySaid, LineSaid, ResultSaid
from assetlib.planning.rules.results import Typed
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.reference.models import CostCentre, FiscalCalendar, FiscalPeriod, GlAccount

_CENTS, _THOUSAND = 100, 1_000
CHANGES = "The retail windows have no money for the second print run. Add it, or say where it comes from."


@dataclass
class Plans:
    """What the demo has planned by now; the ids that later acts need."""

    library: Library
    tasks: dict[tuple[str, str], int] = field(default_factory=dict)
    """Name of the activity and of the task → id."""

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.library.today + timedelta(days=days)


def plan(library: Library) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minutes after the morning, and what is planned, decided or done then."""
    plans = Plans(library)
    year = year_of(library.today)
    yield (
        350,
        0,
        partial(_write, plans, f"FY {year - 1} Brand plan", year - 1, "dario", LAST_YEAR, "northwind"),
    )
    yield 338, 30, partial(_send, plans, f"FY {year - 1} Brand plan", "dario")
    yield 337, 60, partial(_approve, plans, f"FY {year - 1} Brand plan")
    yield 150, 0, partial(_write, plans, f"FY {year} Brand plan", year, "dario", THIS_YEAR, "northwind")
    yield 148, 30, partial(_send, plans, f"FY {year} Brand plan", "dario")
    yield 146, 90, partial(_ask_for_changes, plans, f"FY {year} Brand plan")
    yield 145, 40, partial(_mend, plans, f"FY {year} Brand plan")
    yield 144, 50, partial(_approve, plans, f"FY {year} Brand plan")
    yield 9, 20, partial(_write, plans, f"FY {year} Northwind Kids", year, "sofie", (KIDS,), "northwind-kids")
    yield 3, 40, partial(_send, plans, f"FY {year} Northwind Kids", "sofie")
    for runs, given in ((LAST_YEAR, 336), (THIS_YEAR, 143)):
        yield given, 30, partial(_give, plans, runs)
        for run in runs:
            yield from _life_of(plans, run)
    yield 150, 300, partial(_end, plans, LAST_YEAR)


def _life_of(plans: Plans, run: Run) -> Iterator[tuple[int, int, Act]]:
    """What becomes of the work of a campaign."""
    for part in run.parts:
        for number, work in enumerate(part.tasks):
            key, minutes = (part.name, work.name), 100 + 7 * number
            begun = work.expected[0] if work.expected else work.first
            if work.kind != "milestone" and begun < 0 and (work.done is not None or work.percent):
                yield -begun, minutes, partial(_begin, plans, key, work)
            if work.expected:
                yield min(4, -work.first), minutes + 2, partial(_expect, plans, key, work)
            if work.done is not None:
                yield -work.done, minutes + 200, partial(_finish, plans, key, work)
            elif work.percent:
                yield 1, minutes + 3, partial(_report, plans, key, work)
    for figure, value, days in run.measured:
        yield days, 140, partial(_measure, plans, run, figure, value, days)


def _write(plans: Plans, name: str, year: int, owner: str, runs: Sequence[Run], brand: str) -> None:
    """A plan with its campaigns, activities and tasks, and a draft that says what they are to cost."""
    library = plans.library
    with library.house.database.transaction() as session:
        me = library.acting(session, owner)
        calendar = session.scalars(select(FiscalCalendar).where(FiscalCalendar.name == YEAR_NAME)).one()
        made = make_plan(
            session, me, name=name, calendar_id=calendar.id, fiscal_year=year, currency="EUR", brand=brand
        )
        version = _newest(session, name)
        activities, results, lines = [], [], []
        for run in runs:
            campaign = make_campaign(session, me, made, _campaign_facts(plans, run, brand))
            results += [
                ResultSaid(kpi, value * _THOUSAND, unit, campaign.id) for kpi, value, unit in run.expected
            ]
            for part in run.parts:
                activity = add_activity(session, me, campaign, _activity_facts(session, plans, part))
                _add_tasks(session, plans, me, activity, part)
                activities.append(ActivitySaid(activity.id, activity.starts_on, activity.ends_on))
                lines += _lines(session, made, activity, part)
        _say_all(session, me, version, runs, activities, results, lines)


def _say_all(
    session: Session,
    me: Actor,
    version: PlanVersion,
    runs: Sequence[Run],
    activities: Sequence[ActivitySaid],
    results: Sequence[ResultSaid],
    lines: Sequence[LineSaid],
) -> None:
    write_words(
        session,
        me,
        version,
        revision=version.revision,
        objectives=[run.objective for run in runs],
        assumptions="Prices of paper and media as in the frame contracts. No new shops beside Lyon.",
        products=[],
        segments=["Families near cities", "Walkers who go alone"],
        channels=sorted({each for run in runs for each in run.channels}),
    )
    write_activities(session, me, version, revision=version.revision, activities=activities)
    write_results(session, me, version, revision=version.revision, results=results)
    write_lines(session, me, version, revision=version.revision, lines=lines)


def _campaign_facts(plans: Plans, run: Run, brand: str) -> CampaignFacts:
    return CampaignFacts(
        run.name,
        plans.day(min(part.first for part in run.parts)),
        plans.day(max(part.last for part in run.parts)),
        plans.library.id_of(run.owner),
        theme=run.theme,
        objective=run.objective,
        brand=brand,
        regions=list(run.regions),
        channels=list(run.channels),
        choice_key=run.key,
    )


def _activity_facts(session: Session, plans: Plans, part: Part) -> ActivityFacts:
    account = next(iter(part.monthly), "6400")
    return ActivityFacts(
        part.name,
        plans.day(part.first),
        plans.day(part.last),
        plans.library.id_of(part.owner),
        kind=part.kind,
        channel=part.channel,
        region=part.region,
        country=part.country,
        venue=part.venue,
        gl_account_id=_account(session, account),
        cost_centre_id=_cost_centre(session, part.cost_centre),
    )


def _add_tasks(session: Session, plans: Plans, me: Actor, activity: Activity, part: Part) -> None:
    for work in part.tasks:
        task = add_task(
            session,
            me,
            activity,
            TaskFacts(work.name, kind=work.kind, role=work.role, effort_hours=work.hours),
            start=plans.day(work.first),
            finish=plans.day(work.last),
        )
        plans.tasks[part.name, work.name] = task.id
        for name in work.after:
            before = session.get_one(Task, plans.tasks[part.name, name])
            add_predecessor(session, me, task, before)


def _lines(session: Session, made: Plan, activity: Activity, part: Part) -> list[LineSaid]:
    """The money of each month in which the activity lasts, as far as the plan's year knows it."""
    periods = session.scalars(
        select(FiscalPeriod)
        .where(FiscalPeriod.calendar_id == made.calendar_id, FiscalPeriod.fiscal_year == made.fiscal_year)
        .order_by(FiscalPeriod.number)
    ).all()
    during = [
        each for each in periods
        if each.starts_on <= activity.ends_on and each.ends_on >= activity.starts_on
    ] or list(periods[-1:])  # fmt: skip
    return [
        LineSaid(
            activity.id,
            period.id,
            _account(session, code),
            _cost_centre(session, part.cost_centre),
            euros * _CENTS,
            "EUR",
            certainty=part.certainty,
        )
        for period in during
        for code, euros in part.monthly.items()
    ]


def _send(plans: Plans, name: str, who: str) -> None:
    with plans.library.house.database.transaction() as session:
        version = _newest(session, name)
        submit_version(session, plans.library.acting(session, who), version, revision=version.revision)


def _approve(plans: Plans, name: str) -> None:
    with plans.library.house.database.transaction() as session:
        approve_version(session, plans.library.acting(session, "ida"), _newest(session, name))


def _ask_for_changes(plans: Plans, name: str) -> None:
    with plans.library.house.database.transaction() as session:
        ida, version = plans.library.acting(session, "ida"), _newest(session, name)
        add_comment(session, ida, version, field="lines", text=CHANGES)
        request_changes(session, ida, version, answer="One thing about the windows, see the comment.")


def _mend(plans: Plans, name: str) -> None:
    """The money for the second print run is added, and the next version sent."""
    with plans.library.house.database.transaction() as session:
        dario, version = plans.library.acting(session, "dario"), _newest(session, name)
        windows = session.scalars(select(Activity.id).where(Activity.name == "Retail windows")).one()
        said = [
            LineSaid(
                line.activity_id, line.period_id, line.gl_account_id, line.cost_centre_id,
                line.amount_minor + (450_000 if line.activity_id == windows else 0), line.currency,
                certainty=line.certainty, is_fixed=line.is_fixed, note=line.note,
            )
            for line in version.lines
        ]  # fmt: skip
        write_lines(session, dario, version, revision=version.revision, lines=said)
        submit_version(session, dario, version, revision=version.revision)


def _give(plans: Plans, runs: Sequence[Run]) -> None:
    """The work is given to those who do it, now that the plan is approved."""
    with plans.library.house.database.transaction() as session:
        for run in runs:
            me = plans.library.acting(session, "dario")
            for part in run.parts:
                for work in part.tasks:
                    agency = session.scalars(
                        select(Organisation.id).where(Organisation.name == work.who)
                    ).one_or_none()
                    assign_task(
                        session,
                        me,
                        session.get_one(Task, plans.tasks[part.name, work.name]),
                        assignee_id=None if agency else plans.library.id_of(work.who),
                        agency_id=agency,
                    )


def _do(plans: Plans, key: tuple[str, str], act: Callable[[Session, Actor, Task], object]) -> None:
    with plans.library.house.database.transaction() as session:
        act(session, plans.library.acting(session, "dario"), session.get_one(Task, plans.tasks[key]))


def _begin(plans: Plans, key: tuple[str, str], work: Work) -> None:
    first = work.expected[0] if work.expected else work.first
    _do(plans, key, lambda session, me, task: begin_task(session, me, task, on=plans.day(first)))


def _expect(plans: Plans, key: tuple[str, str], work: Work) -> None:
    first, last = work.expected or (work.first, work.last)
    _do(
        plans,
        key,
        lambda session, me, task: set_forecast(
            session, me, task, start=plans.day(first), finish=plans.day(last)
        ),
    )


def _finish(plans: Plans, key: tuple[str, str], work: Work) -> None:
    done = plans.day(work.done or 0)
    _do(plans, key, lambda session, me, task: finish_task(session, me, task, on=done))


def _report(plans: Plans, key: tuple[str, str], work: Work) -> None:
    _do(plans, key, lambda session, me, task: report_progress(session, me, task, percent=work.percent))


def _measure(plans: Plans, run: Run, figure: str, value: str, days: int) -> None:
    unit = next((unit for kpi, _, unit in run.expected if kpi == figure), "")
    with plans.library.house.database.transaction() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.name == run.name)).one()
        typed = Typed(plans.day(-days).isoformat(), figure, value, unit)
        enter_results(session, plans.library.acting(session, "dario"), campaign, [typed], language="en")


def _end(plans: Plans, runs: Sequence[Run]) -> None:
    with plans.library.house.database.transaction() as session:
        for run in runs:
            campaign = session.scalars(select(Campaign).where(Campaign.name == run.name)).one()
            end_campaign(session, plans.library.acting(session, "dario"), campaign)


def _newest(session: Session, name: str) -> PlanVersion:
    return session.scalars(
        select(PlanVersion)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.name == name)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    ).one()


def _account(session: Session, code: str) -> int:
    return session.scalars(select(GlAccount.id).where(GlAccount.code == code)).one()


def _cost_centre(session: Session, code: str) -> int:
    return session.scalars(select(CostCentre.id).where(CostCentre.code == code)).one()
