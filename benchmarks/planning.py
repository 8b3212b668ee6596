"""What a year of 5,000 tasks in 200 campaigns costs: its roll-up, and the statements of its pages.

    .venv/bin/python benchmarks/planning.py [tasks]

The roll-up is measured against the plainest statement that sums up the same tasks and money by activity: both
in processor time of one run, the best of several. Pages are judged by what they ask, not by their time.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))
from _figures import end, figure
from alembic import command
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.models import Organisation, Person, RoleGrant
from assetlib.accounts.sessions import open_session
from assetlib.app import create_app
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from assetlib.house import House, open_house
from assetlib.migrating import alembic_config
from assetlib.planning.models import (
    Activity,
    Campaign,
    Plan,
    PlanLine,
    PlannedActivity,
    PlanVersion,
    Task,
)
from assetlib.planning.queries.rolling_up import roll_up
from assetlib.reference.models import CostCentre, FiscalCalendar, FiscalPeriod, GlAccount
from assetlib.settings import Settings

TASKS, CAMPAIGNS, PLANS, ACTIVITIES = 5_000, 200, 4, 1_000
YEAR = 2027
RUNS = 7
MOST_STATEMENTS = 15
PAGES = {
    "calendar_month": f"/calendar?on={YEAR}-03-01",
    "calendar_year": f"/calendar?view=year&on={YEAR}-03-01",
    "roll_up": f"/plans/roll-up?year={YEAR}&depth=activity",
    "campaigns": "/campaigns",
    "campaign": "/campaigns/1",
    "gantt": "/campaigns/1",
    "board": "/campaigns/1/board",
    "tasks": "/tasks",
}


def main(tasks: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with redirect_stdout(sys.stderr):
            command.upgrade(alembic_config(f"sqlite:///{home / 'assetlib.sqlite'}"), "head")
        house = open_house(
            Settings(home=home, search_kind="memory", development=True, secret_key="benchmark" * 5)
        )
        person_id = _fill(house.database, tasks)
        print(f"{tasks:,} tasks in {CAMPAIGNS} campaigns, {os.cpu_count()} cores")
        _roll_up(house.database, person_id)
        _pages(house, person_id)
        house.database.close()
    end()


def _roll_up(database: Database, person_id: int) -> None:
    with database.reading() as session:
        actor = actor_of(session, person_id)
        plain = _best(lambda: session.execute(_plain()).all())
        rolled = _best(lambda: roll_up(session, actor, YEAR))
    print(f"roll-up {rolled * 1e3:.1f} ms, one grouped query {plain * 1e3:.1f} ms")
    figure("roll_up", rolled / plain, 2)


def _plain() -> Any:
    """Tasks and money of a year by activity, with names: first and last days, counts and sums."""
    money = (
        select(PlanLine.activity_id, func.sum(PlanLine.base_minor).label("planned"))
        .join(PlanVersion, PlanVersion.id == PlanLine.version_id)
        .where(PlanVersion.state == "active")
        .group_by(PlanLine.activity_id)
        .subquery()
    )
    return (
        select(
            Plan.name,
            Campaign.name,
            Activity.id,
            Activity.name,
            func.min(Task.baseline_start),
            func.max(Task.baseline_finish),
            func.min(Task.forecast_start),
            func.max(Task.forecast_finish),
            func.count(),
            func.count(Task.actual_finish),
            func.sum(Task.percent),
            func.max(money.c.planned),
        )
        .join(Activity, Activity.id == Task.activity_id)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .join(Plan, Plan.id == Campaign.plan_id)
        .outerjoin(money, money.c.activity_id == Activity.id)
        .where(Plan.fiscal_year == YEAR, Task.stage != "cancelled")
        .group_by(Plan.name, Campaign.name, Activity.id, Activity.name)
    )


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def _pages(house: House, person_id: int) -> None:
    app = create_app(house.settings, house=house)
    client = app.test_client()
    with house.database.transaction() as session:
        token = open_session(
            session, session.get_one(Person, person_id), address="127.0.0.1", browser="benchmark"
        )
    client.set_cookie("assetlib", token)
    for name, path in PAGES.items():
        with redirect_stdout(sys.stderr):
            client.get(path)
            with _counted(house.database) as sent:
                began = time.perf_counter()
                answer = client.get(path)
                seconds = time.perf_counter() - began
        if answer.status_code == 404:
            print(f"{name}: no such page")
            continue
        print(f"{name}: {len(sent)} statements, {seconds * 1e3:.0f} ms, {len(answer.get_data()) // 1000} kB")
        figure(f"statements_{name}", len(sent) / MOST_STATEMENTS, 1)


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _fill(database: Database, tasks: int) -> int:
    """The year, and the id of a planner."""
    moment = clock.now()
    with database.transaction() as session:
        lay_schema(session)
        own = Organisation(name="Northwind", kind="own", created_at=moment)
        planner = Person(organisation=own, name="Petra", email="petra@company.example", created_at=moment)
        planner.grants = [RoleGrant(role="planner")]
        calendar = FiscalCalendar(name="Year")
        session.add_all([own, planner, calendar])
        account = GlAccount(code="6600", name="Advertising", valid_from=date(2020, 1, 1))
        centre = CostCentre(code="100", name="Marketing", valid_from=date(2020, 1, 1))
        session.add_all([account, centre])
        session.flush()
        _rows(session, tasks, planner.id, calendar.id, account.id, centre.id)
        return planner.id


def _rows(
    session: Session, tasks: int, person_id: int, calendar_id: int, account_id: int, centre_id: int
) -> None:
    moment, first = clock.now(), date(YEAR, 1, 1)
    made = {"created_at": moment, "revision": 1}

    def put(model: Any, rows: list[dict[str, Any]]) -> None:
        session.execute(insert(model), rows)

    quarters = range(1, 5)
    put(FiscalPeriod, [
        {"id": n, "calendar_id": calendar_id, "fiscal_year": YEAR, "number": n, "quarter": n,
         "starts_on": first + timedelta(days=30 * n), "ends_on": first + timedelta(days=30 * n + 29)}
        for n in quarters
    ])  # fmt: skip
    put(Plan, [
        {"id": n, "name": f"Plan {n}", "calendar_id": calendar_id, "fiscal_year": YEAR, "currency": "EUR",
         "owner_id": person_id, **made}
        for n in range(1, PLANS + 1)
    ])  # fmt: skip
    put(PlanVersion, [
        {"id": n, "plan_id": n, "number": 1, "state": "active", "submitted_at": moment,
         "content_sha256": "0" * 64, **made}
        for n in range(1, PLANS + 1)
    ])  # fmt: skip
    put(Campaign, [
        {"id": n, "plan_id": n % PLANS + 1, "name": f"Campaign {n}", "owner_id": person_id,
         "starts_on": first + timedelta(days=n), "ends_on": first + timedelta(days=n + 60),
         "state": "planned", **made}
        for n in range(1, CAMPAIGNS + 1)
    ])  # fmt: skip
    channels = ("Newsletter", "Social media", "Point of sale", "Print", "Fair")
    put(Activity, [
        {"id": n, "campaign_id": n % CAMPAIGNS + 1, "name": f"Activity {n}", "owner_id": person_id,
         "country": "DE", "channel": channels[n % len(channels)], "region": f"region-{n % 17}",
         "starts_on": first + timedelta(days=n % 300), "ends_on": first + timedelta(days=n % 300 + 20),
         **made}
        for n in range(1, ACTIVITIES + 1)
    ])  # fmt: skip
    put(PlannedActivity, [
        {"version_id": n % CAMPAIGNS % PLANS + 1, "activity_id": n,
         "starts_on": first + timedelta(days=n % 300), "ends_on": first + timedelta(days=n % 300 + 20)}
        for n in range(1, ACTIVITIES + 1)
    ])  # fmt: skip
    put(PlanLine, [
        {"version_id": n % CAMPAIGNS % PLANS + 1, "activity_id": n, "period_id": n % 4 + 1,
         "gl_account_id": account_id, "cost_centre_id": centre_id, "amount_minor": n, "base_minor": n,
         "currency": "EUR"}
        for n in range(1, ACTIVITIES + 1)
    ])  # fmt: skip
    days = [first + timedelta(days=n % 310) for n in range(tasks)]
    put(Task, [
        {"activity_id": n % ACTIVITIES + 1, "name": f"Task {n}", "assignee_id": person_id,
         "baseline_start": days[n], "baseline_finish": days[n] + timedelta(days=9),
         "forecast_start": days[n], "forecast_finish": days[n] + timedelta(days=9 + n % 3),
         "percent": n % 100, "stage": "to_do", "position": n, **made}
        for n in range(tasks)
    ])  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TASKS)
