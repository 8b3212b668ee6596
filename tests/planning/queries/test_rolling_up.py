"""The figures of a year are those of its tasks and lines, counted one by one, at every level."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.planning.models import Activity, Campaign, PlanLine, PlanVersion, Task
from assetlib.planning.queries.rolling_up import By, Row, roll_up, years_planned
from assetlib.reference.models import CompanyDay, FiscalPeriod
from assetlib.workdays import workdays_of
from tests import make, make_plans

ENGINES = ("sqlite", "postgresql")
TODAY = date(2027, 4, 1)
NOON = datetime(2027, 4, 1, 12, tzinfo=UTC)
RESTS = date(2027, 3, 15)
"""A Monday on which the house rests in Germany."""


@pytest.fixture
def planner(session: Session, people: make.People) -> Actor:
    session.add(CompanyDay(country="DE", day=RESTS, works=False, name="Company outing"))
    return make.actor(make.person(session, people.own, PLANNER, name="Petra Planner"), people.own)


def finish_of(task: Task) -> date:
    return task.actual_finish or max(task.forecast_finish, TODAY)


def naive(session: Session, activities: Sequence[Activity]) -> dict[str, Any]:
    """The same figures, task by task."""
    kept = {"DE": workdays_of("DE", [(RESTS, False)]), "": workdays_of("")}
    tasks = [
        (task, kept[each.country])
        for each in activities
        for task in session.scalars(
            select(Task).where(Task.activity_id == each.id, Task.stage != "cancelled")
        )
    ]
    weights = [
        max(
            1,
            days.count(
                each.baseline_start or each.forecast_start, each.baseline_finish or each.forecast_finish
            ),
        )
        for each, days in tasks
    ]
    planned = [each.baseline_finish for each, _ in tasks if each.baseline_finish is not None]
    done = sum(each.stage == "done" for each, _ in tasks)
    hundredths = sum(weight * each.percent for weight, (each, _) in zip(weights, tasks, strict=True))
    return {
        "baseline_start": min(
            (each.baseline_start for each, _ in tasks if each.baseline_start), default=None
        ),
        "baseline_finish": max(planned, default=None),
        "forecast_start": min((each.actual_start or each.forecast_start for each, _ in tasks), default=None),
        "forecast_finish": max((finish_of(each) for each, _ in tasks), default=None),
        "tasks": len(tasks),
        "done": done,
        "late": sum(
            each.stage != "done"
            and each.baseline_finish is not None
            and days.slip(each.baseline_finish, finish_of(each)) > 0
            for each, days in tasks
        ),
        "percent": hundredths // sum(weights) if tasks else None,
    }


def told(row: Row) -> dict[str, Any]:
    names = (
        "baseline_start",
        "baseline_finish",
        "forecast_start",
        "forecast_finish",
        "tasks",
        "done",
        "late",
    )
    return {name: getattr(row.figures, name) for name in (*names, "percent")}


STAGES = st.sampled_from(["to_do", "doing", "done", "cancelled"])
TASKS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 60), st.integers(0, 15), st.integers(0, 9), st.booleans(), STAGES,
        st.integers(0, 99),
    ),
    max_size=12,
)  # fmt: skip
LINES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 12), st.integers(0, 1), st.integers(0, 10**9)), max_size=8
)


@given(TASKS, LINES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_those_of_every_task_and_line(
    session: Session, planner: Actor, tasks: list[Any], lines: list[Any]
) -> None:
    with session.begin_nested() as all_of_it:
        plan = make_plans.plan(session, planner)
        version = make_plans.plan_version(session, plan, "active", activated_at=NOON)
        campaigns = [make_plans.campaign(session, plan) for _ in range(2)]
        activities = [
            make_plans.activity(
                session, campaigns[number // 2], country=("DE", "")[number % 2], position=number
            )
            for number in range(4)
        ]
        accounts = [make_plans.gl_account(session, code=code) for code in ("6600", "6610")]
        for number, start, length, slip, is_planned, stage, percent in tasks:
            first = date(2027, 3, 1) + timedelta(days=start)
            last = first + timedelta(days=length)
            make_plans.task(
                session,
                activities[number],
                baseline_start=first if is_planned else None,
                baseline_finish=last if is_planned else None,
                forecast_start=first,
                forecast_finish=last + timedelta(days=slip),
                actual_start=first if stage == "done" else None,
                actual_finish=last + timedelta(days=slip) if stage == "done" else None,
                stage=stage,
                percent=100 if stage == "done" else percent,
            )
        periods = make_periods(session, version)
        for number, month, account, amount in lines:
            make_plans.plan_line(
                session, version, activities[number], amount_minor=amount,
                period_id=periods[month].id, gl_account_id=accounts[account].id,
            )  # fmt: skip
        with clock.held_at(NOON):
            (row,) = roll_up(session, planner, 2027).plans
            for by, key in BUCKETS.items():
                (again,) = roll_up(session, planner, 2027, by).plans
                expected = Counter[str]()
                for _, month, account, amount in lines:
                    expected[key(month, accounts[account].code)] += amount
                assert +again.figures.money == +expected
        with_tasks = {each.activity_id for each in session.scalars(select(Task)) if each.stage != "cancelled"}
        for campaign, below in zip(row.below, (activities[:2], activities[2:]), strict=True):
            for one, activity in zip(campaign.below, below, strict=True):
                if activity.id in with_tasks:
                    assert told(one) == naive(session, [activity])
                assert one.figures.total == sum(
                    line.base_minor
                    for line in session.scalars(select(PlanLine).where(PlanLine.activity_id == activity.id))
                )
            assert campaign.figures.money == sum((each.figures.money for each in campaign.below), Counter())
            if all(each.id in with_tasks for each in below):
                assert told(campaign) == naive(session, below)
        if len(with_tasks) == len(activities):
            assert told(row) == naive(session, activities)
        assert row.figures.total == sum(amount for *_, amount in lines)
        all_of_it.rollback()


BUCKETS: dict[By, Any] = {
    "month": lambda month, _: str(month),
    "quarter": lambda month, _: str((month + 2) // 3),
    "year": lambda *_: "2027",
    "account": lambda _, code: code,
}


def make_periods(session: Session, version: PlanVersion) -> dict[int, FiscalPeriod]:
    rows = session.scalars(select(FiscalPeriod).where(FiscalPeriod.calendar_id == version.plan.calendar_id))
    return {each.number: each for each in rows}


def year_of(session: Session, planner: Actor) -> tuple[Campaign, Activity, PlanVersion]:
    plan = make_plans.plan(session, planner, name="DACH")
    version = make_plans.plan_version(session, plan, "active", activated_at=NOON)
    campaign = make_plans.campaign(session, plan, name="Spring")
    activity = make_plans.activity(session, campaign, name="Mailing", country="DE")
    make_plans.planned(session, version, activity)
    make_plans.plan_line(session, version, activity, amount_minor=500)
    return campaign, activity, version


def test_slip_is_counted_in_the_workdays_of_the_house(session: Session, planner: Actor) -> None:
    _, activity, _ = year_of(session, planner)
    make_plans.task(
        session, activity, start=date(2027, 3, 1), finish=date(2027, 3, 12), forecast_finish=date(2027, 3, 16)
    )
    with clock.held_at(datetime(2027, 3, 2, 12, tzinfo=UTC)):
        (plan,) = roll_up(session, planner, 2027).plans
    assert [each.slip for each in (plan, plan.below[0], plan.below[0].below[0])] == [1, 1, 1]


def test_an_activity_without_tasks_has_the_days_of_its_own(session: Session, planner: Actor) -> None:
    _, activity, _ = year_of(session, planner)
    planned_until = activity.ends_on
    activity.ends_on = planned_until + timedelta(days=7)
    (plan,) = roll_up(session, planner, 2027).plans
    figures = plan.below[0].below[0].figures
    assert (figures.baseline_finish, figures.forecast_finish) == (planned_until, activity.ends_on)
    assert (figures.tasks, figures.percent, plan.figures.percent) == (0, None, None)


def test_money_is_of_the_active_version_and_for_those_who_see_it(
    session: Session, planner: Actor, people: make.People
) -> None:
    _, activity, version = year_of(session, planner)
    make_plans.plan_line(
        session, make_plans.plan_version(session, version.plan), activity, amount_minor=9_000
    )
    assert roll_up(session, planner, 2027).plans[0].figures.total == 500
    shown = roll_up(session, people.librarian, 2027)
    assert (shown.with_money, shown.buckets, shown.plans[0].figures.total) == (False, [], 0)
    assert roll_up(session, people.contributor, 2027).plans == []


def test_other_years_and_what_was_cancelled_are_left_out(session: Session, planner: Actor) -> None:
    campaign, activity, _ = year_of(session, planner)
    make_plans.campaign(session, campaign.plan, name="Off", state="cancelled")
    make_plans.activity(session, campaign, name="Off", state="cancelled")
    make_plans.plan(session, planner, name="Later", fiscal_year=2028)
    (plan,) = roll_up(session, planner, 2027).plans
    assert [each.id for each in plan.below] == [campaign.id]
    assert [each.id for each in plan.below[0].below] == [activity.id]
    assert list(years_planned(session, planner)) == [2028, 2027]
