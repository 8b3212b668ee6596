"""Drafts are written field by field; what was sent does not change, whoever asks the database."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from assetlib.access.permission import NotPermitted
from assetlib.accounts.models import RoleGrant
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.planning.actions.plan_comments import add_comment, settle_comment
from assetlib.planning.actions.plan_drafts import (
    start_version,
    write_activities,
    write_lines,
    write_results,
    write_words,
)
from assetlib.planning.actions.plan_reviews import approve_version
from assetlib.planning.actions.plans import change_plan, make_plan
from assetlib.planning.errors import NoSuchPlan, PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import PlanVersion
from assetlib.planning.queries.plans import content_of
from assetlib.planning.rules.plan_content import ActivitySaid, ResultSaid
from tests import make, make_plans
from tests.planning.plan_scene import Scene, lay_scene, planner

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def scene(session: Session, people: make.People) -> Scene:
    return lay_scene(session, people)


def test_each_part_is_written_for_itself_and_the_revision_goes_on(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    before, seen = content_of(version), version.revision
    leads = ResultSaid("Leads", 0, "", scene.activity.campaign_id)
    results = [ResultSaid("Reach", 4_500_000, "people"), leads]
    write_results(session, scene.planner, version, revision=seen, results=results)
    assert version.revision == seen + 1
    session.expire(version)
    after = content_of(version)
    assert [each.kpi for each in after.expected] == ["Reach", "Leads"]
    assert replace(after, expected=()) == before
    moved = ActivitySaid(scene.activity.id, date(2027, 4, 1), date(2027, 4, 30))
    write_activities(session, scene.planner, version, revision=version.revision, activities=[moved])
    session.expire(version)
    assert content_of(version).activities == (moved,)


def test_two_who_write_at_once_do_not_overwrite_each_other(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    seen = version.revision
    write_lines(session, scene.planner, version, revision=seen, lines=[])
    with pytest.raises(PlanningChanged):
        write_lines(session, scene.planner, version, revision=seen, lines=scene.lines)
    assert content_of(version).lines == ()


def test_an_activity_with_money_stays(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    with pytest.raises(WrongPlanning) as refused:
        write_activities(session, scene.planner, version, revision=version.revision, activities=[])
    assert refused.value.details["fields"] == {
        f"activity-{scene.activity.id}": (
            "Money is planned for Retail windows. Remove its lines first, or keep it."
        )
    }


def test_what_belongs_to_another_plan_is_not_taken_in(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    other = make_plans.running_campaign(session, scene.planner)
    said = ActivitySaid(other.id, other.starts_on, other.ends_on)
    with pytest.raises(WrongPlanning):
        write_activities(session, scene.planner, version, revision=version.revision, activities=[said])
    with pytest.raises(WrongPlanning):
        write_lines(session, scene.planner, version, revision=version.revision, lines=[scene.line(other)])


def test_plans_are_made_by_planners_for_their_own_region(
    session: Session, scene: Scene, people: make.People
) -> None:
    values = {"calendar_id": scene.plan.calendar_id, "fiscal_year": make_plans.YEAR, "currency": "EUR"}
    for who in [*people.all(), scene.approver]:
        with pytest.raises(NotPermitted):
            make_plan(session, who, name="Mine", **values)  # type: ignore[arg-type]
    person = make.person(session, people.own, name="Rita Regional")
    session.add(RoleGrant(person_id=person.id, role="planner", scope_kind="region", scope_key="dach"))
    session.flush()
    regional = actor_of(session, person.id)
    with pytest.raises(NotPermitted):
        make_plan(session, regional, name="Mine", **values)  # type: ignore[arg-type]
    version = scene.version(session)
    with pytest.raises(NotPermitted):
        write_lines(session, regional, version, revision=version.revision, lines=[])
    with pytest.raises(NotPermitted):
        start_version(session, regional, scene.plan, reason="x")


def test_a_plan_is_owned_by_somebody_of_the_house(
    session: Session, scene: Scene, people: make.People
) -> None:
    plan = scene.plan
    for owner in (people.contributor.person_id, 9_999):
        with pytest.raises(WrongPlanning) as refused:
            change_plan(
                session, scene.planner, plan, revision=plan.revision, name="x", brand="", region="",
                owner_id=owner or 0,
            )  # fmt: skip
        assert set(refused.value.details["fields"]) == {"owner"}
    with pytest.raises(PlanningChanged):
        change_plan(
            session, scene.planner, plan, revision=plan.revision - 1, name="x", brand="", region="",
            owner_id=plan.owner_id,
        )  # fmt: skip


def test_comments_stand_at_fields_and_change_nothing_that_was_said(
    session: Session, scene: Scene, people: make.People
) -> None:
    version = scene.version(session)
    with pytest.raises(WrongPlanningState):
        add_comment(session, scene.approver, version, text="Too early.")
    scene.send(session)
    said, seal = content_of(version), version.content_sha256
    for field in ("", "objectives", "lines", "line-2", f"activity-{scene.activity.id}"):
        add_comment(session, scene.approver, version, text="Why?", field=field)
    for field in ("line-3", "activity-0", "total"):
        with pytest.raises(WrongPlanning):
            add_comment(session, scene.approver, version, text="Why?", field=field)
    for who in (people.field_marketer, people.contributor, people.without_role):
        with pytest.raises(NotPermitted):
            add_comment(session, who, version, text="Why?")
    first = version.comments[0]
    settle_comment(session, scene.planner, version, first.id)
    settle_comment(session, scene.approver, version, first.id)
    assert (first.settled_by_id, first.settled_at is not None) == (scene.planner.person_id, True)
    with pytest.raises(NoSuchPlan):
        settle_comment(session, scene.planner, version, 9_999)
    session.expire(version)
    assert (content_of(version), version.content_sha256) == (said, seal)


ANOTHER_LINE = (
    "INSERT INTO plan_line (version_id, activity_id, period_id, gl_account_id, cost_centre_id, amount_minor,"
    " currency, base_minor, certainty, is_fixed, note, position) SELECT version_id, activity_id, period_id,"
    " gl_account_id, cost_centre_id, 1, 'EUR', 1, 'likely', is_fixed, '', 9 FROM plan_line"
)
CHANGES = [
    "UPDATE plan_version SET objectives = '[]'",
    "UPDATE plan_version SET assumptions = 'Other'",
    "UPDATE plan_version SET total_minor = 1",
    "UPDATE plan_version SET content_sha256 = 'x'",
    "UPDATE plan_version SET state = 'draft', submitted_at = NULL, content_sha256 = ''",
    "UPDATE plan_line SET amount_minor = 1",
    "DELETE FROM plan_line",
    ANOTHER_LINE,
    "UPDATE planned_activity SET ends_on = starts_on",
    "DELETE FROM planned_activity",
    "UPDATE expected_result SET thousandths = 1",
    "DELETE FROM plan_writer",
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_keeps_what_was_sent(database: Database, change: str) -> None:
    with database.transaction() as session:
        scene = lay_scene(session, make.people(session))
        version = scene.version(session)
        results = [ResultSaid("Reach", 5)]
        write_results(session, scene.planner, version, revision=version.revision, results=results)
        scene.send(session)
        approve_version(session, scene.approver, version)
        number = version.id
    column = "id" if change.startswith("UPDATE plan_version") else "version_id"
    with pytest.raises(DatabaseError, match="does not change"), database.engine.begin() as connection:
        connection.execute(text(f"{change} WHERE {column} = {number}"))
    with database.reading() as session:
        assert len(session.get_one(PlanVersion, number).lines) == 2


def test_whoever_wrote_in_a_draft_is_remembered(session: Session, scene: Scene, people: make.People) -> None:
    version, other = scene.version(session), planner(session, people)
    write_words(
        session, other, version, revision=version.revision, objectives=["x"], assumptions="", products=[],
        segments=[], channels=[],
    )  # fmt: skip
    session.expire(version)
    assert version.written_by == {scene.planner.person_id, other.person_id}
