"""People ask marketing; planners answer, once, and never themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.notify.models import Notice
from assetlib.planning.actions.intake import (
    ask_marketing,
    change_form,
    decline_intake,
    make_form,
    offer_form,
    retire_form,
    withdraw_intake,
)
from assetlib.planning.errors import NoSuchTask, PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import IntakeForm, IntakeRequest
from assetlib.planning.permissions.intake import answers
from assetlib.planning.queries.intake import (
    answerable_by,
    forms,
    get_request,
    requests_of,
    requests_to_answer,
)
from assetlib.planning.rules.intake import Question
from tests import make

ENGINES = ("sqlite", "postgresql")
MARKET = Question("", "Market", "text", required=True)


def stickers(session: Session, planner: Actor, **values: Any) -> IntakeForm:
    said = {"name": "Window stickers", "description": "", "makes": "task", "questions": [MARKET], **values}
    return make_form(session, planner, **said)


def asked_for(
    session: Session, actor: Actor, form: IntakeForm, *, title: str = "For Oslo", by: datetime | None = None
) -> IntakeRequest:
    return ask_marketing(
        session,
        actor,
        form,
        title=title,
        needed_by=by or clock.now() + timedelta(days=9),
        answers={"q1": "Norway"},
    )


def told(session: Session, kind: str) -> dict[int, str]:
    session.flush()
    return {row.person_id: row.sentence for row in session.scalars(select(Notice).where(Notice.kind == kind))}


def test_a_request_waits_for_every_planner_and_tells_them(
    session: Session, people: make.People, planner: Actor, other_planner: Actor
) -> None:
    form = stickers(session, planner)
    stickers(session, planner, name="Another form")
    request = asked_for(session, people.field_marketer, form)
    assert request.answers == {"q1": {"label": "Market", "kind": "text", "answer": "Norway"}}
    assert set(told(session, "intake.asked")) == {planner.person_id, other_planner.person_id}
    for each in (planner, other_planner):
        assert [row.request.id for row in requests_to_answer(session, each, number=1, size=9).rows] == [
            request.id
        ]
    mine = requests_of(session, people.field_marketer, number=1, size=9)
    assert [(row.request.id, row.mine, row.answerable) for row in mine.rows] == [(request.id, True, False)]
    assert requests_of(session, planner, number=1, size=9).total == 0


def test_a_form_may_name_who_answers(
    session: Session, people: make.People, planner: Actor, other_planner: Actor
) -> None:
    form = stickers(session, planner, answered_by_id=other_planner.person_id)
    request = asked_for(session, people.field_marketer, form)
    assert set(told(session, "intake.asked")) == {other_planner.person_id}
    with pytest.raises(NoSuchTask):
        get_request(session, planner, request.id)
    assert get_request(session, other_planner, request.id).answerable
    with pytest.raises(WrongPlanning) as refused:
        stickers(session, planner, name="Third", answered_by_id=people.field_marketer.person_id)
    assert set(refused.value.details["fields"]) == {"answered_by"}


def test_nobody_answers_their_own(session: Session, planner: Actor, other_planner: Actor) -> None:
    request = asked_for(session, planner, stickers(session, planner))
    assert not get_request(session, planner, request.id).answerable
    with pytest.raises(NotPermitted):
        decline_intake(session, planner, request, reason="No.")
    decline_intake(session, other_planner, request, reason="We have some.")
    assert request.state == "declined"


def test_a_declined_request_says_why_and_cannot_be_answered_again(
    session: Session, people: make.People, planner: Actor, other_planner: Actor
) -> None:
    request = asked_for(session, people.field_marketer, stickers(session, planner))
    with pytest.raises(WrongPlanning):
        decline_intake(session, planner, request, reason=" ")
    decline_intake(session, planner, request, reason="There are some left.")
    sentence = told(session, "intake.answered")[people.field_marketer.person_id or 0]
    assert "There are some left." in sentence
    with pytest.raises(WrongPlanningState, match="answered this already"):
        decline_intake(session, other_planner, request, reason="Also no.")
    with pytest.raises(WrongPlanningState):
        withdraw_intake(session, people.field_marketer, request)


def test_only_the_person_who_asked_withdraws(session: Session, people: make.People, planner: Actor) -> None:
    request = asked_for(session, people.field_marketer, stickers(session, planner))
    with pytest.raises(NotPermitted):
        withdraw_intake(session, people.librarian, request)
    withdraw_intake(session, people.field_marketer, request)
    assert request.state == "withdrawn"


@pytest.mark.parametrize("who", ["contributor", "partner_marketer", "without_role"])
def test_others_than_the_house_neither_ask_nor_see(
    session: Session, people: make.People, planner: Actor, who: str
) -> None:
    form = stickers(session, planner)
    stranger = getattr(people, who)
    with pytest.raises(NotPermitted):
        asked_for(session, stranger, form)
    request = asked_for(session, people.field_marketer, form)
    with pytest.raises(NotPermitted):
        get_request(session, stranger, request.id)


def test_a_retired_form_is_asked_by_no_more_until_it_is_offered_again(
    session: Session, people: make.People, planner: Actor
) -> None:
    form = stickers(session, planner)
    retire_form(session, planner, form)
    assert form not in forms(session)
    assert form in forms(session, retired=True)
    with pytest.raises(WrongPlanningState, match="not offered any more"):
        asked_for(session, people.field_marketer, form)
    offer_form(session, planner, form)
    assert asked_for(session, people.field_marketer, form).state == "open"


def test_what_was_asked_keeps_its_questions_when_the_form_changes(
    session: Session, people: make.People, planner: Actor
) -> None:
    form = stickers(session, planner)
    request = asked_for(session, people.field_marketer, form)
    change_form(
        session, planner, form, revision=1, name="Stickers", description="", makes="deliverable",
        questions=[Question("q1", "Country", "text"), Question("", "Size", "number")],
    )  # fmt: skip
    assert [each["key"] for each in form.fields] == ["q1", "q2"]
    assert request.answers["q1"]["label"] == "Market"
    with pytest.raises(PlanningChanged):
        change_form(
            session, planner, form, revision=1, name="Mine", description="", makes="task", questions=[]
        )
    assert form.name == "Stickers"


def test_two_forms_are_not_called_the_same(session: Session, planner: Actor) -> None:
    stickers(session, planner)
    with pytest.raises(WrongPlanning, match="not saved"):
        stickers(session, planner, name=" Window stickers ")


def test_the_database_and_the_permission_agree_on_who_answers(
    session: Session, people: make.People, planner: Actor, other_planner: Actor
) -> None:
    everybody = [*people.all(), planner, other_planner]
    forms_ = [
        stickers(session, planner),
        stickers(session, planner, name="Named", answered_by_id=other_planner.person_id),
    ]
    rows = [
        asked_for(session, who, form)
        for who in (people.field_marketer, planner, other_planner)
        for form in forms_
    ]
    for who in everybody:
        found = set(
            session.scalars(select(IntakeRequest.id).join(IntakeRequest.form).where(answerable_by(who)))
        )
        assert found == {row.id for row in rows if answers(who, row)}
