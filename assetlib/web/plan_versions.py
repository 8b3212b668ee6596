"""A version of a plan: read, written while it is a draft, sent, talked about, decided, compared."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.planning.actions import plan_comments as comments
from assetlib.planning.actions import plan_drafts as drafts
from assetlib.planning.actions import plan_reviews as reviews
from assetlib.planning.models import PlanVersion
from assetlib.planning.permissions.plans import (
    ACTIVATE_PLAN,
    APPROVE_PLAN,
    COMMENT_ON_PLAN,
    EDIT_PLAN,
    SEE_PLANS,
    TAKE_BACK_PLAN,
)
from assetlib.planning.queries.plans import activities_of, get_version
from assetlib.policy import open_to
from assetlib.web.changing import carried_out, made
from assetlib.web.forms import revision_seen
from assetlib.web.plan_compare import compare_page
from assetlib.web.plan_draft import draft_view
from assetlib.web.plan_form import (
    LINE,
    RESULT,
    asks_for_rows,
    lines_typed,
    read_activities,
    read_lines,
    read_results,
    rows_typed,
)
from assetlib.web.plan_view import (
    comments_view,
    fields_for_comment,
    look_at,
    money_view,
    plan_view,
    version_view,
)
from assetlib.words import say

pages = Blueprint("plan_versions", __name__, url_prefix="/plans/<int:plan_id>")
Answer = Response | tuple[str, int]


@pages.get("/versions/<int:number>")
@open_to(SEE_PLANS)
def show(plan_id: int, number: int) -> str:
    """What it says; a draft with its forms, for whoever may write it."""
    return version_page(plan_id, number)


@pages.get("/compare")
@open_to(SEE_PLANS)
def compare(plan_id: int) -> str:
    """Two versions side by side."""
    return compare_page(plan_id)


@pages.post("/versions/<int:number>/words")
@open_to(EDIT_PLAN)
def write_words(plan_id: int, number: int) -> Answer:
    """What it is for, for whom, and what it takes for granted."""
    form = request.form
    return _written(
        plan_id,
        number,
        "words",
        lambda session, who, version: drafts.write_words(
            session,
            who,
            version,
            revision=revision_seen(),
            objectives=lines_typed("objectives"),
            assumptions=form.get("assumptions", ""),
            products=form.getlist("products"),
            segments=lines_typed("segments"),
            channels=lines_typed("channels"),
        ),
    )


@pages.post("/versions/<int:number>/expected")
@open_to(EDIT_PLAN)
def write_results(plan_id: int, number: int) -> Answer | str:
    """What is expected; with “More rows” or “Remove” the form comes back and nothing is saved."""
    rows = rows_typed(RESULT, by=("kpi", "value"))
    if asks_for_rows():
        return version_page(plan_id, number, None, "expected")
    return _written(
        plan_id,
        number,
        "expected",
        lambda session, who, version: drafts.write_results(
            session, who, version, revision=revision_seen(), results=read_results(rows)
        ),
    )


@pages.post("/versions/<int:number>/activities")
@open_to(EDIT_PLAN)
def write_activities(plan_id: int, number: int) -> Answer:
    """Which activities it takes in, and on which days."""
    return _written(
        plan_id,
        number,
        "activities",
        lambda session, who, version: drafts.write_activities(
            session, who, version, revision=revision_seen(), activities=read_activities()
        ),
    )


@pages.post("/versions/<int:number>/lines")
@open_to(EDIT_PLAN)
def write_lines(plan_id: int, number: int) -> Answer | str:
    """Its money; with “More rows” or “Remove” the form comes back and nothing is saved."""
    rows = rows_typed(LINE, by=("activity", "amount"))
    if asks_for_rows():
        return version_page(plan_id, number, None, "lines")

    def write(session: Session, who: Actor, version: PlanVersion) -> None:
        usual = {
            each.id: (each.gl_account_id, each.cost_centre_id)
            for each in activities_of(session, version.plan)
        }
        drafts.write_lines(session, who, version, revision=revision_seen(), lines=read_lines(rows, usual))

    return _written(plan_id, number, "lines", write)


@pages.post("/versions/<int:number>/send")
@open_to(EDIT_PLAN)
def send(plan_id: int, number: int) -> Answer:
    """It goes to review, and changes no more."""
    return _done(
        plan_id,
        number,
        "send",
        lambda session, who, version: reviews.submit_version(session, who, version, revision=revision_seen()),
        say("Sent for review. You are told when it is decided."),
    )


@pages.post("/versions/<int:number>/take-back")
@open_to(TAKE_BACK_PLAN)
def take_back(plan_id: int, number: int) -> Answer:
    """Go on writing, in the next draft."""
    return _onward(
        plan_id,
        number,
        reviews.take_back_version,
        say("Taken back. Go on in this draft."),
    )


@pages.post("/versions/<int:number>/approve")
@open_to(APPROVE_PLAN)
def approve(plan_id: int, number: int) -> Answer:
    """Yes: people work by it, at once if nothing is in the way."""
    return made(
        lambda session: reviews.approve_version(
            session, actor(), _version(session, plan_id, number), answer=_answer()
        ),
        said=lambda gate: (
            say("Approved. People work by this version now.")
            if gate.is_open
            else say("Approved. It is not active yet: see below what is in the way.")
        ),
        to=lambda _: _address(plan_id, number),
        refused=lambda refusal: version_page(plan_id, number, refusal, "decide"),
    )


@pages.post("/versions/<int:number>/request-changes")
@open_to(APPROVE_PLAN)
def request_changes(plan_id: int, number: int) -> Answer:
    """Not yet: say what has to change."""
    return _done(
        plan_id,
        number,
        "decide",
        lambda session, who, version: reviews.request_changes(session, who, version, answer=_answer()),
        say("They are told what to change. The next draft begins with what this version says."),
    )


@pages.post("/versions/<int:number>/reject")
@open_to(APPROVE_PLAN)
def reject(plan_id: int, number: int) -> Answer:
    """No, and why."""
    return _done(
        plan_id,
        number,
        "decide",
        lambda session, who, version: reviews.reject_version(session, who, version, answer=_answer()),
        say("Rejected. They are told why."),
    )


@pages.post("/versions/<int:number>/activate")
@open_to(ACTIVATE_PLAN)
def activate(plan_id: int, number: int) -> Answer:
    """Try again whether people can work by it."""
    return _done(
        plan_id, number, "activate", reviews.activate_version, say("People work by this version now.")
    )


@pages.post("/versions/<int:number>/comments")
@open_to(COMMENT_ON_PLAN)
def comment(plan_id: int, number: int) -> Answer:
    form = request.form
    return carried_out(
        lambda session: comments.add_comment(
            session,
            actor(),
            _version(session, plan_id, number),
            text=form.get("text", ""),
            field=form.get("field", ""),
        ),
        said=say("Your comment is there."),
        to=_address(plan_id, number) + "#comments",
        refused=lambda refusal: version_page(plan_id, number, refusal, "comment"),
    )


@pages.post("/versions/<int:number>/comments/<int:comment_id>/settle")
@open_to(COMMENT_ON_PLAN)
def settle(plan_id: int, number: int, comment_id: int) -> Answer:
    return _done(
        plan_id,
        number,
        "comment",
        lambda session, who, version: comments.settle_comment(session, who, version, comment_id),
        say("Settled."),
    )


def version_page(plan_id: int, number: int | None, problem: Refusal | None = None, form: str = "") -> str:
    """The page of a version. `form`: which form was sent; what was typed in it is shown again."""
    who = actor()
    with database().reading() as session:
        look = look_at(session, who, plan_id, number)
        draft = draft_view(session, look, problem, form) if look.may["write"] else None
    typed = request.form if problem is not None else {}
    return render_template(
        "plans/page.html",
        plan=plan_view(look),
        version=version_view(look),
        money=money_view(look),
        comments=comments_view(look),
        fields=fields_for_comment(look),
        about=typed.get("field", request.args.get("about", "")),
        text=typed.get("text", ""),
        answer=typed.get("answer", ""),
        why=typed.get("reason", ""),
        reasons=look.reasons,
        may=look.may,
        draft=draft,
        problem=problem,
        sent_form=form,
    )


def _version(session: Session, plan_id: int, number: int) -> PlanVersion:
    return get_version(session, actor(), plan_id, number)


def _address(plan_id: int, number: int) -> str:
    return f"/plans/{plan_id}/versions/{number}"


def _answer() -> str:
    return request.form.get("answer", "")


def _written(
    plan_id: int, number: int, form: str, act: Callable[[Session, Actor, PlanVersion], object]
) -> Answer:
    """A part of a draft is saved, and the page comes back at it."""
    return _done(plan_id, number, form, act, say("Saved."), at=f"#{form}")


def _done(
    plan_id: int,
    number: int,
    form: str,
    act: Callable[[Session, Actor, PlanVersion], object],
    said: str,
    *,
    at: str = "",
) -> Answer:
    return carried_out(
        lambda session: act(session, actor(), _version(session, plan_id, number)),
        said=said,
        to=_address(plan_id, number) + at,
        refused=lambda refusal: version_page(plan_id, number, refusal, form),
    )


def _onward(
    plan_id: int, number: int, act: Callable[[Session, Actor, PlanVersion], PlanVersion], said: str
) -> Answer:
    """The same where it goes on in the next draft."""
    return made(
        lambda session: act(session, actor(), _version(session, plan_id, number)).number,
        said=lambda _: said,
        to=lambda next_number: _address(plan_id, next_number),
        refused=lambda refusal: version_page(plan_id, number, refusal, "take-back"),
    )
