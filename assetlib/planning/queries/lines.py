"""Tasks as schedules, boards and lists show them, with how they stand: four statements for any number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from assetlib.accounts.models import Organisation, Person
from assetlib.planning.models import Activity, Campaign, Task, TaskPredecessor
from assetlib.planning.queries.timing import workdays_by_country
from assetlib.planning.rules.schedule import (
    LATE,
    Rolled,
    Span,
    Timed,
    earliest_start,
    expected_finish,
    planned_by,
    slip_of,
    standing_of,
    weight_of,
)
from assetlib.planning.rules.tasks import CANCELLED, DONE
from assetlib.workdays import Workdays

COLUMNS = (
    Task.id,
    Task.activity_id,
    Task.name,
    Task.kind,
    Task.role,
    Task.stage,
    Task.percent,
    Task.assignee_id,
    Task.agency_id,
    Task.effort_hours,
    Task.baseline_start,
    Task.baseline_finish,
    Task.forecast_start,
    Task.forecast_finish,
    Task.actual_start,
    Task.actual_finish,
    Task.revision,
    Activity.country,
    Activity.name.label("activity"),
    Campaign.id.label("campaign_id"),
    Campaign.name.label("campaign"),
    Campaign.brand,
    Campaign.regions,
    Person.name.label("assignee"),
    Organisation.name.label("agency"),
)


@dataclass(frozen=True)
class Need:
    """What comes before a task."""

    id: int
    name: str
    lag: int
    finish: date
    is_done: bool
    agency_id: int | None
    assignee_id: int | None


@dataclass(frozen=True)
class Line:
    """A task with what follows from its days."""

    id: int
    activity_id: int
    name: str
    kind: str
    role: str
    stage: str
    percent: int
    assignee_id: int | None
    agency_id: int | None
    effort_hours: int
    baseline_start: date | None
    baseline_finish: date | None
    forecast_start: date
    forecast_finish: date
    actual_start: date | None
    actual_finish: date | None
    revision: int
    country: str
    activity: str
    campaign_id: int
    campaign: str
    brand: str
    regions: list[str]
    assignee: str | None
    agency: str | None
    today: date
    days: Workdays
    needs: Sequence[Need] = field(default=())

    @property
    def is_done(self) -> bool:
        return self.stage == DONE

    @property
    def is_open(self) -> bool:
        return self.stage not in (DONE, CANCELLED)

    @property
    def start(self) -> date:
        """When it began, or is expected to."""
        return self.actual_start or self.forecast_start

    @property
    def finish(self) -> date:
        """When it was finished, or is expected to be at the earliest."""
        return expected_finish(forecast=self.forecast_finish, actual=self.actual_finish, today=self.today)

    @cached_property
    def slip(self) -> int | None:
        """Workdays later than planned; None: it was not planned."""
        return slip_of(self.days, self.baseline_finish, self.finish)

    @cached_property
    def in_the_way(self) -> Sequence[Need]:
        """What is not finished early enough for the day on which it is to begin."""
        if self.actual_start is not None or not self.is_open:
            return ()
        return [
            each for each in self.needs if self.days.after(each.finish, 1 + each.lag) > self.forecast_start
        ]

    @property
    def earliest(self) -> date | None:
        """The first day on which it can begin after what comes before it."""
        timed = Timed(
            self.id, self.start, self.finish, self.days, before={each.id: each.lag for each in self.needs}
        )
        return earliest_start(timed, {each.id: each.finish for each in self.needs})

    @property
    def is_overdue(self) -> bool:
        """The day on which it was to be finished has passed."""
        return self.is_open and (self.baseline_finish or self.forecast_finish) < self.today

    @cached_property
    def standing(self) -> str:
        return standing_of(
            is_done=self.is_done,
            slip=self.slip,
            should_have_begun=self.actual_start is None and self.forecast_start < self.today,
            predecessor_is_late=bool(self.in_the_way),
        )

    @cached_property
    def rolled(self) -> Rolled:
        """What it brings to its activity, its campaign and its plan; nothing once it is cancelled."""
        if self.stage == CANCELLED:
            return Rolled()
        start = self.baseline_start or self.forecast_start
        finish = self.baseline_finish or self.forecast_finish
        weight = weight_of(self.days, start, finish)
        return Rolled(
            Span(self.baseline_start, self.baseline_finish),
            Span(self.start, self.finish),
            Span(self.actual_start, self.actual_finish),
            tasks=1,
            done=int(self.is_done),
            late=int(self.standing == LATE),
            at_risk=int(self.standing == "at_risk"),
            weight=weight,
            hundredths=weight * self.percent,
            planned=planned_by(self.days, start, finish, self.today),
        )


def lines_of(
    session: Session,
    *where: ColumnElement[bool],
    today: date,
    with_cancelled: bool = False,
    most: int | None = None,
    offset: int = 0,
    order: Sequence[Any] = (),
) -> list[Line]:
    """The tasks of which this is true, in the order of their activities unless another one is said."""
    asked = (
        select(*COLUMNS)
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .outerjoin(Organisation, Organisation.id == Task.agency_id)
        .where(*where)
        .order_by(*(order or (Activity.position, Activity.id, Task.position, Task.id)))
    )
    if not with_cancelled:
        asked = asked.where(Task.stage != CANCELLED)
    if most is not None:
        asked = asked.limit(most).offset(offset)
    rows = session.execute(asked).mappings().all()
    days = workdays_by_country(session, {row["country"] for row in rows}) if rows else {}
    which = where if most is None else (Task.id.in_([row["id"] for row in rows]),)
    needs = _needs_of(session, which, today) if rows else {}
    return [
        Line(**row, today=today, days=days[row["country"]], needs=needs.get(row["id"], ())) for row in rows
    ]


def _needs_of(
    session: Session, where: Sequence[ColumnElement[bool]], today: date
) -> Mapping[int, Sequence[Need]]:
    """Task → what comes before it and is not cancelled."""
    before = aliased(Task)
    found: defaultdict[int, list[Need]] = defaultdict(list)
    for row in session.execute(
        select(
            TaskPredecessor.task_id,
            TaskPredecessor.lag_days,
            before.id,
            before.name,
            before.forecast_finish,
            before.actual_finish,
            before.stage,
            before.agency_id,
            before.assignee_id,
        )
        .join(Task, Task.id == TaskPredecessor.task_id)
        .join(before, before.id == TaskPredecessor.predecessor_id)
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(*where, before.stage != CANCELLED)
        .order_by(before.forecast_finish, before.id)
    ):
        found[row.task_id].append(
            Need(
                row.id,
                row.name,
                row.lag_days,
                expected_finish(forecast=row.forecast_finish, actual=row.actual_finish, today=today),
                row.stage == DONE,
                row.agency_id,
                row.assignee_id,
            )
        )
    return found
