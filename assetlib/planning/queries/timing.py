"""Tasks as the schedule reckons with them: what comes before what, on whose workdays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.planning.models import Activity, Task, TaskPredecessor
from assetlib.planning.rules.schedule import Move, Timed, pushed
from assetlib.planning.rules.tasks import CANCELLED
from assetlib.reference.models import CompanyDay
from assetlib.workdays import Workdays, workdays_of


def workdays_by_country(session: Session, countries: Iterable[str]) -> Mapping[str, Workdays]:
    """The workdays of several countries as the house keeps them, in one statement."""
    kept: defaultdict[str, list[tuple[date, bool]]] = defaultdict(list)
    wanted = set(countries)
    for country, day, works in session.execute(
        select(CompanyDay.country, CompanyDay.day, CompanyDay.works).where(CompanyDay.country.in_(wanted))
    ):
        kept[country].append((day, works))
    return {each: workdays_of(each, kept[each]) for each in wanted}


def needs_in(session: Session, campaign_id: int) -> dict[int, dict[int, int]]:
    """Task → what comes before it, with the workdays between. Cancelled tasks stand in nobody's way."""
    needs: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = session.execute(
        select(TaskPredecessor.task_id, TaskPredecessor.predecessor_id, TaskPredecessor.lag_days)
        .join(Task, Task.id == TaskPredecessor.task_id)
        .join(Activity, Activity.id == Task.activity_id)
        .where(Activity.campaign_id == campaign_id)
    )
    for task_id, predecessor_id, lag in rows:
        needs[task_id][predecessor_id] = lag
    return dict(needs)


def moves_after(session: Session, campaign_id: int, task_id: int) -> list[Move]:
    """What would move if all that follows a task began after what it waits for. Three statements."""
    rows = session.execute(
        select(
            Task.id,
            Task.kind,
            Task.forecast_start,
            Task.forecast_finish,
            Task.actual_start,
            Task.actual_finish,
            Activity.country,
        )
        .join(Activity, Activity.id == Task.activity_id)
        .where(Activity.campaign_id == campaign_id, Task.stage != CANCELLED)
        .order_by(Task.id)
    ).all()
    days = workdays_by_country(session, {row.country for row in rows})
    needs = needs_in(session, campaign_id)
    timed = [
        Timed(
            row.id,
            row.actual_start or row.forecast_start,
            row.actual_finish or row.forecast_finish,
            days[row.country],
            has_begun=row.actual_start is not None,
            is_milestone=row.kind == "milestone",
            before=needs.get(row.id, {}),
        )
        for row in rows
    ]
    return pushed(timed, task_id)
