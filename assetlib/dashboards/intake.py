"""What people asked marketing for: what waits for planners, and how one's own requests stand."""

from typing import Any

from sqlalchemy import select

from assetlib.access.actor import PLANNER, Actor
from assetlib.access.prepared import moment, person_of
from assetlib.accounts.models import Person
from assetlib.dashboards.work import DONE_SINCE, Item, Rows, Source
from assetlib.planning.models import IntakeForm, IntakeRequest
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.queries.intake import answerable_by
from assetlib.words import say


def _answers(actor: Actor) -> bool:
    return of_the_house(actor, None) and actor.has_role(PLANNER)


def _asks(actor: Actor) -> bool:
    return of_the_house(actor, None)


def _to_answer(actor: Actor) -> Rows:
    return (
        select(
            IntakeRequest.id.label("request_id"),
            IntakeRequest.title.label("title"),
            IntakeRequest.needed_by.label("needed_by"),
            IntakeForm.name.label("form"),
            Person.name.label("person"),
        )
        .join(IntakeForm, IntakeForm.id == IntakeRequest.form_id)
        .join(Person, Person.id == IntakeRequest.person_id)
        .where(IntakeRequest.state == "open", answerable_by(actor))
        .order_by(IntakeRequest.needed_by, IntakeRequest.id)
    )


def _answer(row: Any) -> Item:
    return Item(
        row.title,
        say("{who} asks for it by “{form}”.", who=row.person or say("Somebody who is gone"), form=row.form),
        f"/intake/{row.request_id}",
        say("Answer"),
        icon="clipboard-list",
        due=row.needed_by,
    )


def _mine(actor: Actor, *states: str) -> Rows:
    return select(
        IntakeRequest.id.label("request_id"),
        IntakeRequest.title.label("title"),
        IntakeRequest.state.label("state"),
        IntakeRequest.answer.label("answer"),
        IntakeRequest.created_at.label("asked_at"),
        IntakeRequest.answered_at.label("answered_at"),
    ).where(IntakeRequest.person_id == person_of(actor), IntakeRequest.state.in_(states))


def _unanswered(actor: Actor) -> Rows:
    return _mine(actor, "open").order_by(IntakeRequest.created_at, IntakeRequest.id)


def _wait(row: Any) -> Item:
    return Item(
        row.title,
        say("You asked marketing for it. Nobody answered yet."),
        f"/intake/{row.request_id}",
        say("Look at the request"),
        icon="clipboard-list",
        at=row.asked_at,
    )


def _answered(actor: Actor) -> Rows:
    return (
        _mine(actor, "approved", "declined")
        .where(IntakeRequest.answered_at > moment(DONE_SINCE))
        .order_by(IntakeRequest.answered_at.desc(), IntakeRequest.id)
    )


def _read(row: Any) -> Item:
    approved = row.state == "approved"
    return Item(
        row.title,
        say("It was approved and is worked on.") if approved else say("It was declined."),
        f"/intake/{row.request_id}",
        say("Look at the request"),
        icon="clipboard-list",
        at=row.answered_at,
        words=row.answer,
    )


SOURCES = (
    Source("answer", _answers, _to_answer, _answer),
    Source("asked", _asks, _unanswered, _wait),
    Source("answered_to", _asks, _answered, _read),
)
