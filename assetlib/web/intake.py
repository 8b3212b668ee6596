"""Asking marketing for something by a form, and answering."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.planning.actions import intake as actions
from assetlib.planning.actions.granting import approve_intake
from assetlib.planning.models import Activity, IntakeForm
from assetlib.planning.permissions.intake import ANSWER_INTAKE, ASK_MARKETING, SEE_INTAKE, SHAPE_INTAKE
from assetlib.planning.queries.intake import (
    Wanted,
    forms,
    get_form,
    get_request,
    places_for,
    requests_of,
    requests_to_answer,
)
from assetlib.planning.rules.intake import KINDS, MAKES, Question, questions_in
from assetlib.policy import open_to
from assetlib.web.changing import carried_out, made
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import pager_view
from assetlib.words import say

pages = Blueprint("intake", __name__)

STATES = {
    "open": {"icon": "clock", "label": say("Waits for an answer"), "tone": "warn"},
    "approved": {"icon": "circle-check", "label": say("Approved"), "tone": "ok"},
    "declined": {"icon": "circle-x", "label": say("Declined"), "tone": "bad"},
    "withdrawn": {"icon": "undo-2", "label": say("Withdrawn"), "tone": "ink"},
}
BLANKS = 3
"""Empty questions below those of a form; saving gives as many again."""


@pages.get("/intake")
@open_to(SEE_INTAKE)
def index() -> str:
    """What can be asked for, what one asked for, and what waits for one's answer."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    with database().reading() as session:
        offered = forms(session)
        mine = requests_of(session, actor(), number=number, size=size)
        waiting = requests_to_answer(session, actor(), number=1, size=96)
        shapes = SHAPE_INTAKE.allows(actor())
        retired = forms(session, retired=True) if shapes else []
    return render_template(
        "intake/index.html",
        offered=[_form_view(each) for each in offered],
        retired=[_form_view(each) for each in retired],
        mine=[_view(each) for each in mine.rows],
        waiting=[_view(each) for each in waiting.rows],
        pager=pager_view(mine),
        answers=ANSWER_INTAKE.allows(actor()),
        shapes=shapes,
    )


@pages.get("/intake/forms/new")
@open_to(SHAPE_INTAKE)
def new_form() -> str:
    return _form_page(None)


@pages.post("/intake/forms")
@open_to(SHAPE_INTAKE)
def make_form() -> Response | tuple[str, int]:
    return made(
        lambda session: actions.make_form(session, actor(), **_typed_form()),
        said=lambda form: say("“{name}” can be asked by now.", name=form.name),
        to=lambda form: f"/intake/forms/{form.id}",
        refused=lambda refusal: _form_page(None, problem=refusal),
    )


@pages.get("/intake/forms/<int:form_id>")
@open_to(SHAPE_INTAKE)
def edit_form(form_id: int) -> str:
    return _form_page(form_id)


@pages.post("/intake/forms/<int:form_id>")
@open_to(SHAPE_INTAKE)
def change_form(form_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.change_form(
            session, actor(), get_form(session, actor(), form_id), revision=revision_seen(), **_typed_form()
        ),
        said=say("Saved."),
        to=f"/intake/forms/{form_id}",
        refused=lambda refusal: _form_page(form_id, problem=refusal),
    )


@pages.post("/intake/forms/<int:form_id>/retire")
@open_to(SHAPE_INTAKE)
def retire_form(form_id: int) -> Response:
    with database().transaction() as session:
        actions.retire_form(session, actor(), get_form(session, actor(), form_id))
    flash(say("It is not offered any more. What was asked by it is still answered."), "ok")
    return redirect("/intake", code=303)


@pages.post("/intake/forms/<int:form_id>/offer")
@open_to(SHAPE_INTAKE)
def offer_form(form_id: int) -> Response:
    with database().transaction() as session:
        actions.offer_form(session, actor(), get_form(session, actor(), form_id))
    flash(say("It is offered again."), "ok")
    return redirect("/intake", code=303)


@pages.get("/intake/forms/<int:form_id>/ask")
@open_to(ASK_MARKETING)
def new(form_id: int) -> str:
    return _ask_page(form_id)


@pages.post("/intake/forms/<int:form_id>/ask")
@open_to(ASK_MARKETING)
def ask(form_id: int) -> Response | tuple[str, int]:
    return made(
        lambda session: actions.ask_marketing(
            session,
            actor(),
            get_form(session, actor(), form_id),
            title=request.form.get("title", ""),
            needed_by=_end_of_day("needed_by"),
            answers=_answers(),
        ),
        said=lambda _: say("Sent. You are told when it is answered."),
        to=lambda asked: f"/intake/{asked.id}",
        refused=lambda refusal: _ask_page(form_id, problem=refusal),
    )


@pages.get("/intake/<int:request_id>")
@open_to(SEE_INTAKE)
def show(request_id: int) -> str:
    """To the person who asked, how it stands; to those who answer, with the answer's form."""
    return _page(request_id)


@pages.post("/intake/<int:request_id>/withdraw")
@open_to(SEE_INTAKE)
def withdraw(request_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.withdraw_intake(
            session, actor(), get_request(session, actor(), request_id).request
        ),
        said=say("Withdrawn."),
        to="/intake",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


@pages.post("/intake/<int:request_id>/approve")
@open_to(ANSWER_INTAKE)
def approve(request_id: int) -> Response | tuple[str, int]:
    """It becomes a task, and a deliverable if its form says so; the planner goes on there."""
    return made(
        lambda session: approve_intake(
            session,
            actor(),
            get_request(session, actor(), request_id).request,
            activity=session.get(Activity, request.form.get("activity", type=row_number) or 0),
            answer=request.form.get("answer", ""),
        ),
        said=lambda _: say("Approved. They are told; now give it to somebody."),
        to=lambda task: f"/tasks/{task.id}",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


@pages.post("/intake/<int:request_id>/decline")
@open_to(ANSWER_INTAKE)
def decline(request_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.decline_intake(
            session,
            actor(),
            get_request(session, actor(), request_id).request,
            reason=request.form.get("answer", ""),
        ),
        said=say("Declined. They are told why."),
        to="/intake",
        refused=lambda refusal: _page(request_id, problem=refusal),
    )


def _typed_form() -> dict[str, Any]:
    """The form as it was typed: one row per question, also of those that stay empty."""
    typed = request.form
    keys, labels, kinds, choices = (typed.getlist(name) for name in ("key", "label", "kind", "choices"))
    required = set(typed.getlist("required"))
    rows = zip(keys, labels, kinds, choices, strict=False)
    return {
        "name": typed.get("name", ""),
        "description": typed.get("description", ""),
        "makes": typed.get("makes", ""),
        "questions": [
            Question(key, label, kind, key in required, tuple(answers.splitlines()))
            for key, label, kind, answers in rows
        ],
    }


def _answers() -> dict[str, str]:
    return {
        name.removeprefix("answer-"): text
        for name, text in request.form.items()
        if name.startswith("answer-")
    }


def _end_of_day(name: str) -> datetime | None:
    """The last moment of a day in the reader's time zone."""
    try:
        day = date.fromisoformat(request.form.get(name, ""))
        return datetime.combine(day, time(23, 59), language.zone())
    except (ValueError, OverflowError):
        return None


def _form_page(form_id: int | None, *, problem: Refusal | None = None) -> str:
    form = None
    if form_id is not None:
        with database().reading() as session:
            form = get_form(session, actor(), form_id)
    typed = _typed_form() if problem is not None else _kept_form(form)
    questions = [each for each in typed["questions"] if each.label.strip() or each.choices]
    return render_template(
        "intake/form.html",
        form=_form_view(form) if form is not None else None,
        name=typed["name"],
        description=typed["description"],
        makes=typed["makes"],
        rows=[
            *questions,
            *(Question(f"new-{number}", "") for number in range(BLANKS)),
        ],
        revision=form.revision if form is not None else 0,
        kinds=list(KINDS.items()),
        ways=list(MAKES.items()),
        problem=problem,
    )


def _kept_form(form: IntakeForm | None) -> dict[str, Any]:
    if form is None:
        return {"name": "", "description": "", "makes": "task", "questions": []}
    return {
        "name": form.name,
        "description": form.description,
        "makes": form.makes,
        "questions": questions_in(form.fields),
    }


def _ask_page(form_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        form = get_form(session, actor(), form_id)
    typed: Mapping[str, str] = request.form if problem is not None else {}
    return render_template(
        "intake/new.html",
        form=_form_view(form),
        questions=questions_in(form.fields),
        typed=typed,
        offered=form.retired_at is None,
        problem=problem,
    )


def _page(request_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        wanted = get_request(session, actor(), request_id)
        answerable = wanted.answerable and wanted.request.state == "open"
        places = places_for(session, actor()) if answerable else []
    is_open = wanted.request.state == "open"
    return render_template(
        "intake/page.html",
        wanted=_view(wanted),
        answerable=answerable,
        places=places,
        place=request.form.get("activity", wanted.request.form.activity_id, type=row_number),
        may_withdraw=wanted.mine and is_open,
        answer=request.form.get("answer", ""),
        problem=problem,
    )


def _form_view(form: IntakeForm) -> dict[str, Any]:
    return {
        "id": form.id,
        "name": form.name,
        "description": form.description,
        "makes": MAKES[form.makes],
        "questions": len(form.fields),
        "url": f"/intake/forms/{form.id}",
        "is_retired": form.retired_at is not None,
    }


def _view(wanted: Wanted) -> dict[str, Any]:
    row = wanted.request
    return {
        "id": row.id,
        "url": f"/intake/{row.id}",
        "title": row.title,
        "form": row.form.name,
        "makes": MAKES[row.form.makes],
        "person": wanted.person,
        "needed_by": row.needed_by,
        "answers": [
            {"label": each["label"], "answer": each["answer"], "is_day": each["kind"] == "date"}
            for each in row.answers.values()
        ],
        "asked_at": row.created_at,
        "answered_at": row.answered_at,
        "answered_by": wanted.answered_by,
        "answer": row.answer,
        "state": STATES[row.state],
        "mine": wanted.mine,
        "task_url": f"/tasks/{row.task_id}" if row.task_id else "",
        "deliverable_url": f"/deliverables/{row.deliverable_id}" if row.deliverable_id else "",
    }
