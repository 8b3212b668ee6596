"""Versions of plans: send, take back, talk about, decide, and make active."""

from collections.abc import Callable

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.api.plan_shapes import AnswerIn, CommentIn, SendIn, VersionOut, version_out
from assetlib.current import actor, database
from assetlib.planning.actions import plan_comments as comments
from assetlib.planning.actions import plan_reviews as reviews
from assetlib.planning.models import PlanVersion
from assetlib.planning.permissions.plans import (
    ACTIVATE_PLAN,
    APPROVE_PLAN,
    COMMENT_ON_PLAN,
    EDIT_PLAN,
    TAKE_BACK_PLAN,
)
from assetlib.planning.queries.plans import get_version
from assetlib.policy import open_to

api = APIBlueprint("api_plan_reviews", __name__, tag="Plans", url_prefix="/plans/<int:plan_id>/versions")


@api.post("/<int:number>/send")
@api.input(SendIn)
@api.output(VersionOut)
@open_to(EDIT_PLAN)
def send(plan_id: int, number: int, json_data: SendIn) -> VersionOut:
    """Send a draft for review. What it says is sealed."""
    return _done(
        plan_id,
        number,
        lambda session, who, row: reviews.submit_version(session, who, row, revision=json_data.revision),
    )


@api.post("/<int:number>/take-back")
@api.output(VersionOut)
@open_to(TAKE_BACK_PLAN)
def take_back(plan_id: int, number: int) -> VersionOut:
    """Before it is decided; the answer is the next draft."""
    return _done(plan_id, number, reviews.take_back_version)


@api.post("/<int:number>/request-changes")
@api.input(AnswerIn)
@api.output(VersionOut)
@open_to(APPROVE_PLAN)
def request_changes(plan_id: int, number: int, json_data: AnswerIn) -> VersionOut:
    """Say what has to change; the answer is the next draft."""
    return _done(
        plan_id,
        number,
        lambda session, who, row: reviews.request_changes(session, who, row, answer=json_data.answer),
    )


@api.post("/<int:number>/reject")
@api.input(AnswerIn)
@api.output(VersionOut)
@open_to(APPROVE_PLAN)
def reject(plan_id: int, number: int, json_data: AnswerIn) -> VersionOut:
    """No, and why."""
    return _done(
        plan_id,
        number,
        lambda session, who, row: reviews.reject_version(session, who, row, answer=json_data.answer),
    )


@api.post("/<int:number>/approve")
@api.input(AnswerIn)
@api.output(VersionOut)
@open_to(APPROVE_PLAN)
def approve(plan_id: int, number: int, json_data: AnswerIn) -> VersionOut:
    """Yes. It is active at once, or `approved` with what is in the way."""
    return _done(
        plan_id,
        number,
        lambda session, who, row: reviews.approve_version(session, who, row, answer=json_data.answer),
    )


@api.post("/<int:number>/activate")
@api.output(VersionOut)
@open_to(ACTIVATE_PLAN)
def activate(plan_id: int, number: int) -> VersionOut:
    """Try again to make an approved version active."""
    return _done(plan_id, number, reviews.activate_version)


@api.post("/<int:number>/comments")
@api.input(CommentIn)
@api.output(VersionOut, status_code=201)
@open_to(COMMENT_ON_PLAN)
def comment(plan_id: int, number: int, json_data: CommentIn) -> VersionOut:
    """A remark at a field, or at the whole."""

    def add(session: Session, who: Actor, row: PlanVersion) -> None:
        comments.add_comment(session, who, row, text=json_data.text, field=json_data.field)

    return _done(plan_id, number, add)


@api.post("/<int:number>/comments/<int:comment_id>/settle")
@api.output(VersionOut)
@open_to(COMMENT_ON_PLAN)
def settle(plan_id: int, number: int, comment_id: int) -> VersionOut:
    """It was seen to."""
    return _done(
        plan_id,
        number,
        lambda session, who, row: comments.settle_comment(session, who, row, comment_id),
    )


def _done(plan_id: int, number: int, act: Callable[[Session, Actor, PlanVersion], object]) -> VersionOut:
    """Do it to a version, and show it, or the draft in which it goes on."""
    with database().transaction() as session:
        row = get_version(session, actor(), plan_id, number)
        went_on = act(session, actor(), row)
        return version_out(session, actor(), went_on if isinstance(went_on, PlanVersion) else row)
