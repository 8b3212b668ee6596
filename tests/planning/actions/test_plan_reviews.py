"""A version is sent, decided by somebody else, and becomes what people work by."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.access.permission import NotPermitted
from assetlib.catalog.queries.actors import actor_of
from assetlib.notify.models import Notice
from assetlib.planning.actions.plan_drafts import start_version, write_lines, write_words
from assetlib.planning.actions.plan_reviews import (
    activate_version,
    approve_version,
    reject_version,
    request_changes,
    submit_version,
    take_back_version,
)
from assetlib.planning.actions.plans import change_plan, close_plan
from assetlib.planning.errors import GateClosed, PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import PlanVersion
from assetlib.planning.queries.plans import content_of
from assetlib.planning.rules.plan_content import seal
from tests import make, make_plans
from tests.planning.plan_scene import Scene, approver, hold, lay_scene, plan_rate, planner

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def scene(session: Session, people: make.People) -> Scene:
    return lay_scene(session, people)


def sealed(version: PlanVersion) -> str:
    """The seal of what the version says now."""
    return seal(
        content_of(version), plan_id=version.plan_id, number=version.number, currency=version.plan.currency
    )


def told(session: Session, kind: str) -> list[int]:
    return sorted(session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_a_version_that_is_sent_is_sealed_with_its_sum_and_days(session: Session, scene: Scene) -> None:
    version = scene.send(session)
    assert (version.state, version.submitted_by_id) == ("in_review", scene.planner.person_id)
    assert version.total_minor == 1_250_000
    assert version.content_sha256 == sealed(version)
    task = scene.task
    assert version.activities[0].tasks == [
        {"id": task.id, "start": task.forecast_start.isoformat(), "finish": task.forecast_finish.isoformat()}
    ]


def test_money_of_other_currencies_is_told_at_the_plan_rate(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    swiss = scene.line(month=5, amount=100_000, currency="CHF")
    write_lines(session, scene.planner, version, revision=version.revision, lines=[*scene.lines, swiss])
    with pytest.raises(WrongPlanning) as refused:
        scene.send(session)
    assert refused.value.details["fields"]["lines"] == (
        "There is no plan rate from CHF to EUR. Have one entered."
    )
    plan_rate(session, "CHF", "EUR", 10_500_000_000)
    assert scene.send(session).total_minor == 1_250_000 + 105_000


def test_an_account_that_ended_since_is_found_when_it_is_sent(session: Session, scene: Scene) -> None:
    scene.account.valid_until = date(2027, 2, 1)
    session.flush()
    with pytest.raises(WrongPlanning) as refused:
        scene.send(session)
    assert set(refused.value.details["fields"]) == {"line-1"}


def test_what_was_changed_since_one_looked_is_not_sent(session: Session, scene: Scene) -> None:
    version = scene.version(session)
    seen = version.revision
    write_lines(session, scene.planner, version, revision=seen, lines=scene.lines[:1])
    with pytest.raises(PlanningChanged):
        submit_version(session, scene.planner, version, revision=seen)


def test_an_approver_makes_it_active_and_sets_the_baselines(session: Session, scene: Scene) -> None:
    version = scene.send(session)
    later = make_plans.task(session, scene.activity)
    days = scene.task.forecast_start, scene.task.forecast_finish
    kept_days = later.baseline_start, later.baseline_finish
    scene.task.baseline_start = scene.task.baseline_finish = date(2020, 1, 1)
    scene.task.forecast_finish += timedelta(days=30)
    session.flush()
    assert approve_version(session, scene.approver, version, answer="Good.").is_open
    assert (version.state, version.decided_by_id, version.answer) == (
        "active", scene.approver.person_id, "Good.",
    )  # fmt: skip
    assert (scene.task.baseline_start, scene.task.baseline_finish) == days
    assert (later.baseline_start, later.baseline_finish) == kept_days
    assert told(session, "plan.decided") == [scene.planner.person_id]


def test_changes_are_asked_for_with_words_and_the_next_draft_says_the_same(
    session: Session, scene: Scene
) -> None:
    version = scene.send(session)
    with pytest.raises(WrongPlanning):
        request_changes(session, scene.approver, version, answer=" ")
    draft = request_changes(session, scene.approver, version, answer="Less for the fair.")
    assert version.state == "changes_requested"
    assert (draft.number, draft.state, draft.reason) == (2, "draft", "Less for the fair.")
    assert draft.created_by_id == scene.planner.person_id
    before, after = content_of(version), content_of(draft)
    assert after == replace(before, activities=tuple(replace(each, tasks=()) for each in before.activities))
    scene.send(session, 2)
    assert approve_version(session, scene.approver, draft).is_open


def test_a_rejected_version_ends_and_the_next_one_is_started(session: Session, scene: Scene) -> None:
    version = scene.send(session)
    with pytest.raises(WrongPlanning):
        reject_version(session, scene.approver, version, answer="")
    reject_version(session, scene.approver, version, answer="Not this year.")
    assert version.state == "rejected"
    draft = start_version(session, scene.planner, scene.plan, reason="Half the money.")
    assert (draft.number, draft.reason) == (2, "Half the money.")
    with pytest.raises(WrongPlanningState):
        start_version(session, scene.planner, scene.plan, reason="Another one.")


def test_who_sent_it_takes_it_back_until_it_is_decided(
    session: Session, scene: Scene, people: make.People
) -> None:
    version = scene.send(session)
    with pytest.raises(NotPermitted):
        take_back_version(session, planner(session, people), version)
    draft = take_back_version(session, scene.planner, version)
    assert (version.state, draft.state, draft.number) == ("taken_back", "draft", 2)
    with pytest.raises(WrongPlanningState):
        approve_version(session, scene.approver, version)


def test_the_former_active_version_is_superseded(session: Session, scene: Scene) -> None:
    first = scene.send(session)
    approve_version(session, scene.approver, first)
    start_version(session, scene.planner, scene.plan, reason="More.")
    second = scene.send(session, 2)
    approve_version(session, scene.approver, second)
    assert (first.state, second.state) == ("superseded", "active")
    assert first.ended_at is not None
    assert first.content_sha256 == sealed(first)


def test_a_version_that_drops_what_is_held_waits_approved(
    session: Session, scene: Scene, people: make.People
) -> None:
    approve_version(session, scene.approver, scene.send(session))
    held = hold(session, scene.activity)
    other = make_plans.activity(session, scene.activity.campaign, name="Mailing")
    second = start_version(session, scene.planner, scene.plan, reason="Mailing instead.")
    write_lines(session, scene.planner, second, revision=second.revision, lines=[])
    scene.write(session, second, scene.line(other), activities=[other])
    scene.send(session, 2)
    gate = approve_version(session, scene.approver, second)
    assert second.state == "approved"
    [reason] = gate.reasons
    assert reason == (
        "This version drops Retail windows, but: PO-2071 is open. Take it in again, move what holds it "
        "to another activity, or have that ended."
    )
    with pytest.raises(GateClosed):
        activate_version(session, scene.planner, second)
    with pytest.raises(NotPermitted):
        activate_version(session, people.librarian, second)
    held.released_at = clock.now()
    session.flush()
    activate_version(session, scene.planner, second)
    assert (second.state, scene.version(session).state) == ("active", "superseded")


@pytest.mark.parametrize("hand", ["owner", "creator", "sender", "writer"])
def test_nobody_approves_what_they_had_a_hand_in(
    session: Session, scene: Scene, people: make.People, hand: str
) -> None:
    both = approver(session, people, PLANNER)
    version = scene.version(session)
    match hand:
        case "owner":
            change_plan(
                session, scene.planner, scene.plan, revision=scene.plan.revision, name="x", brand="",
                region="", owner_id=both.person_id or 0,
            )  # fmt: skip
        case "creator":
            version.created_by_id = both.person_id
        case "writer":
            write_lines(session, both, version, revision=version.revision, lines=scene.lines)
    session.flush()
    submit_version(session, both if hand == "sender" else scene.planner, version, revision=version.revision)
    for act in (approve_version, reject_version, request_changes):
        with pytest.raises(NotPermitted):
            act(session, both, version, answer="Yes.")  # type: ignore[operator]
    assert both.person_id not in told(session, "plan.submitted")
    assert approve_version(session, scene.approver, version).is_open


LIMITS = [
    ({}, True),
    ({"limit_minor": 1_250_000, "currency": "EUR"}, True),
    ({"limit_minor": 1_249_999, "currency": "EUR"}, False),
    ({"limit_minor": 9_999_999, "currency": "CHF"}, False),
    ({"scope_kind": "region", "scope_key": "dach"}, False),
]


@pytest.mark.parametrize(("duty", "may"), LIMITS)
def test_a_limit_and_a_scope_reach_so_far(
    session: Session, scene: Scene, people: make.People, duty: dict[str, object], may: bool
) -> None:
    who = approver(session, people, **duty)
    version = scene.send(session)
    assert (who.person_id in told(session, "plan.submitted")) is may
    if may:
        approve_version(session, who, version)
    else:
        with pytest.raises(NotPermitted):
            approve_version(session, who, version)


def test_who_sends_and_who_decides(session: Session, scene: Scene, people: make.People) -> None:
    version = scene.version(session)
    others: list[Actor] = [each for each in people.all() if each is not people.without_role]
    for who in [*others, people.without_role, scene.approver]:
        with pytest.raises(NotPermitted):
            submit_version(session, who, version, revision=version.revision)
    scene.send(session)
    for who in [*others, people.without_role, scene.planner, planner(session, people)]:
        with pytest.raises(NotPermitted):
            approve_version(session, who, version)


def test_what_waits_for_a_decision_keeps_owner_and_scope(
    session: Session, scene: Scene, people: make.People
) -> None:
    version = scene.send(session)
    plan, other = scene.plan, planner(session, people)
    values = {"revision": plan.revision, "brand": "", "region": ""}
    with pytest.raises(WrongPlanningState):
        change_plan(session, scene.planner, plan, name=plan.name, owner_id=other.person_id or 0, **values)  # type: ignore[arg-type]
    change_plan(session, scene.planner, plan, name="Better name", owner_id=plan.owner_id, **values)  # type: ignore[arg-type]
    with pytest.raises(WrongPlanningState):
        close_plan(session, scene.planner, plan, reason="Over.")
    approve_version(session, scene.approver, version)
    close_plan(session, scene.planner, plan, reason="Over.")
    assert (version.state, plan.closed_at is not None) == ("closed", True)
    with pytest.raises(WrongPlanningState):
        start_version(session, scene.planner, plan, reason="Again.")


def test_no_later_change_reaches_a_version_that_was_sent(session: Session, scene: Scene) -> None:
    version = scene.send(session)
    said, was = content_of(version), version.content_sha256
    approve_version(session, scene.approver, version)
    draft = start_version(session, scene.planner, scene.plan, reason="More.")
    write_words(
        session, scene.planner, draft, revision=draft.revision, objectives=["Other"], assumptions="",
        products=[], segments=[], channels=[],
    )  # fmt: skip
    write_lines(session, scene.planner, draft, revision=draft.revision, lines=[])
    scene.activity.name, scene.activity.ends_on = "Renamed", date(2027, 12, 31)
    scene.task.forecast_finish += timedelta(days=9)
    scene.account.name = scene.plan.name = "Renamed"
    actor = actor_of(session, scene.planner.person_id or 0)
    with pytest.raises(WrongPlanningState):
        write_lines(session, actor, version, revision=version.revision, lines=[])
    session.flush()
    session.expire_all()
    assert content_of(version) == said
    assert version.content_sha256 == was == sealed(version)
