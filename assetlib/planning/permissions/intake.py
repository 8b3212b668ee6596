"""Who asks marketing for something, who shapes the forms, and who answers."""

from assetlib.access.actor import PLANNER, Actor
from assetlib.access.permission import Permission, all_of, role
from assetlib.planning.models import IntakeForm, IntakeRequest
from assetlib.planning.permissions.plans import of_the_house
from assetlib.words import say


def asked_it(actor: Actor, request: IntakeRequest | None) -> bool:
    return request is None or request.person_id == actor.person_id


def answers(actor: Actor, request: IntakeRequest | None) -> bool:
    """Whoever the form names, or every planner; nobody their own.

    `queries.intake.answerable_by` says the same in SQL, a test holds them together.
    """
    if not (of_the_house(actor, None) and actor.has_role(PLANNER)):
        return False
    if request is None:
        return True
    return request.person_id != actor.person_id and request.form.answered_by_id in (None, actor.person_id)


def offered(actor: Actor, form: IntakeForm | None) -> bool:  # noqa: ARG001
    return form is None or form.retired_at is None


ASK_MARKETING = Permission(
    "planning.ask_marketing",
    all_of(of_the_house, offered),
    say("The people of the house ask marketing, by a form that is still offered."),
    token="edit",
)
SEE_INTAKE = Permission(
    "planning.see_intake", of_the_house, say("Requests are open to the people of the house."), token="read"
)
"""Whose requests: one's own, and those that one answers."""
WITHDRAW_INTAKE = Permission(
    "planning.withdraw_intake",
    all_of(of_the_house, asked_it),
    say("A request is withdrawn by the person who asked."),
    token="edit",
)
ANSWER_INTAKE = Permission(
    "planning.answer_intake",
    answers,
    say("Requests are answered by planners, never one's own."),
    token="edit",
)
SHAPE_INTAKE = Permission(
    "planning.shape_intake",
    all_of(of_the_house, role(PLANNER)),
    say("Forms are made by planners."),
    token="edit",
)
