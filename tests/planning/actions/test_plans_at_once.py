"""Two people at the same moment: one of them is first, and the other is told."""

from collections.abc import Callable

import pytest

from assetlib.database import Database
from assetlib.planning.actions.plan_drafts import write_lines
from assetlib.planning.actions.plan_reviews import (
    approve_version,
    reject_version,
    submit_version,
    take_back_version,
)
from assetlib.planning.models import PlanVersion
from assetlib.planning.queries.plans import content_of
from assetlib.planning.rules.plan_content import seal
from tests import make
from tests.catalog.at_once import at_once
from tests.planning.plan_scene import Scene, approver, lay_scene

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def people(database: Database) -> make.People:
    with database.transaction() as session:
        return make.people(session)


@pytest.fixture
def scene(database: Database, people: make.People) -> Scene:
    with database.transaction() as session:
        return lay_scene(session, people)


def act(database: Database, scene: Scene, does: Callable[..., object]) -> Callable[[], object]:
    """Something done to the first version, in a transaction of its own."""

    def doing() -> object:
        with database.transaction() as session:
            return does(session, scene.version(session))

    return doing


def ends(given: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in given if isinstance(each, Exception))


def test_of_two_who_decide_at_once_one_is_heard(
    database: Database, scene: Scene, people: make.People
) -> None:
    with database.transaction() as session:
        scene.send(session)
        other = approver(session, people)
    given = at_once(
        [
            act(database, scene, lambda session, row: approve_version(session, scene.approver, row)),
            act(database, scene, lambda session, row: reject_version(session, other, row, answer="No.")),
            act(database, scene, lambda session, row: approve_version(session, other, row)),
            act(database, scene, lambda session, row: take_back_version(session, scene.planner, row)),
        ]
    )
    assert ends(given) == ["WrongPlanningState"] * 3
    with database.reading() as session:
        version = scene.version(session)
        assert version.state in ("active", "rejected", "taken_back")
        assert (version.decided_by_id is None) is (version.state == "taken_back")


def test_what_is_sent_is_what_was_seen_while_somebody_writes(database: Database, scene: Scene) -> None:
    with database.reading() as session:
        seen = scene.version(session).revision
    given = at_once(
        [
            act(
                database,
                scene,
                lambda session, row: submit_version(session, scene.planner, row, revision=seen),
            ),
            act(
                database,
                scene,
                lambda session, row: write_lines(
                    session, scene.planner, row, revision=seen, lines=scene.lines[:1]
                ),
            ),
        ]
    )
    with database.reading() as session:
        version = session.get_one(PlanVersion, scene.version(session).id)
        said = content_of(version)
        if version.state == "draft":
            assert ends(given) == ["PlanningChanged"]
            assert len(said.lines) == 1
        else:
            assert ends(given) == ["WrongPlanningState"]
            assert len(said.lines) == 2
            assert version.content_sha256 == seal(
                said, plan_id=version.plan_id, number=1, currency=version.plan.currency
            )
