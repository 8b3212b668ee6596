"""Nobody is given work at the moment in which the version that allows it is superseded."""

import pytest

from assetlib import clock
from assetlib.access.actor import PLANNER
from assetlib.database import Database
from assetlib.planning.models import Task
from tests import make, make_plans
from tests.planning.actions.giving_out import give, supersede
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")


@pytest.mark.parametrize("turn", range(3))
def test_work_is_given_before_the_version_is_superseded_or_not_at_all(
    database: Database, database_url: str, turn: int
) -> None:
    with database.transaction() as session:
        people = make.people(session)
        planner = make.actor(make.person(session, people.own, PLANNER), people.own)
        activity = make_plans.running_campaign(session, planner)
        plan = activity.campaign.plan
        version = plan.active_version
        assert version is not None
        following = make_plans.plan_version(session, plan, "approved")
        task = make_plans.task(session, activity)
        ids = (planner.person_id, task.id, version.id, following.id)
    planner_id, task_id, version_id, next_id = ids
    assert planner_id is not None
    giving, superseding = at_once(
        _either,
        [("give", (database_url, planner_id, task_id)),
         ("supersede", (database_url, version_id, next_id, clock.now()))],
    )  # fmt: skip
    with database.reading() as session:
        assert (session.get_one(Task, task_id).assignee_id == planner_id) == (giving == "given")
    assert (giving, superseding) in {("given", "given"), ("closed", "free")}


def _either(what: str, arguments: tuple[object, ...]) -> str:
    act = give if what == "give" else supersede
    return act(*arguments)  # type: ignore[arg-type]  # each with its own
