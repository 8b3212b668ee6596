"""Asking marketing by forms, and answering."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field

from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.current import actor, database
from assetlib.paging import Page
from assetlib.planning.actions import intake as actions
from assetlib.planning.actions.granting import approve_intake
from assetlib.planning.models import Activity, IntakeForm
from assetlib.planning.permissions.intake import ANSWER_INTAKE, ASK_MARKETING, SEE_INTAKE, SHAPE_INTAKE
from assetlib.planning.queries.intake import (
    Wanted,
    forms,
    get_form,
    get_request,
    requests_of,
    requests_to_answer,
)
from assetlib.planning.rules.intake import Question
from assetlib.policy import open_to

api = APIBlueprint("api_intake", __name__, tag="Asking marketing")


class QuestionIn(Shape):
    key: str = Field("", description="of a question that the form has already; empty of a new one")
    label: Text
    kind: str = Field("text", description="text, long_text, number, date or choice")
    required: bool = False
    choices: list[Text] = []


class FormIn(Shape):
    name: Text
    description: Text = ""
    makes: str = Field(description="task or deliverable: what an approved request becomes")
    questions: list[QuestionIn] = []
    answered_by: RowId | None = Field(None, description="the planner who is asked; none: every planner")
    activity: RowId | None = Field(None, description="where its work goes, unless the answer says otherwise")


class FormChangeIn(FormIn):
    revision: int = Field(description="the one that you read")


class FormOut(Shape):
    id: int
    name: str
    description: str
    makes: str
    questions: list[QuestionIn]
    answered_by: int | None
    activity: int | None
    is_offered: bool
    revision: int


class FormsOut(Shape):
    forms: list[FormOut]


class AskIn(Shape):
    title: Text
    needed_by: AwareDatetime
    answers: dict[str, Text] = Field(default={}, description="key of a question → answer")


class ApproveIn(Shape):
    activity: RowId
    answer: Text = ""


class DeclineIn(Shape):
    reason: Text


class AnswerOut(Shape):
    key: str
    label: str
    answer: str


class WantedOut(Shape):
    id: int
    form: int
    title: str
    person: str
    needed_by: datetime
    state: str = Field(description="open, approved, declined or withdrawn")
    answers: list[AnswerOut]
    answer: str
    asked_at: datetime
    answered_at: datetime | None
    task: int | None
    deliverable: int | None


class WantedsOut(Shape):
    total: int
    page: int
    size: int
    requests: list[WantedOut]


@api.get("/intake/forms")
@api.output(FormsOut)
@open_to(ASK_MARKETING)
def index_forms() -> FormsOut:
    """The forms that are offered."""
    with database().reading() as session:
        return FormsOut(forms=[_form_out(each) for each in forms(session)])


@api.post("/intake/forms")
@api.input(FormIn)
@api.output(FormOut, status_code=201)
@open_to(SHAPE_INTAKE)
def make_form(json_data: FormIn) -> FormOut:
    """A form that people may ask by from now on."""
    with database().transaction() as session:
        return _form_out(actions.make_form(session, actor(), **_said(json_data)))


@api.get("/intake/forms/<int:form_id>")
@api.output(FormOut)
@open_to(ASK_MARKETING)
def show_form(form_id: int) -> FormOut:
    """One form with its questions."""
    with database().reading() as session:
        return _form_out(get_form(session, actor(), form_id))


@api.put("/intake/forms/<int:form_id>")
@api.input(FormChangeIn)
@api.output(FormOut)
@open_to(SHAPE_INTAKE)
def change_form(form_id: int, json_data: FormChangeIn) -> FormOut:
    """What it asks from now on."""
    with database().transaction() as session:
        form = get_form(session, actor(), form_id)
        actions.change_form(session, actor(), form, revision=json_data.revision, **_said(json_data))
        return _form_out(form)


@api.post("/intake/forms/<int:form_id>/retire")
@api.output(FormOut)
@open_to(SHAPE_INTAKE)
def retire_form(form_id: int) -> FormOut:
    """Offer it no more."""
    with database().transaction() as session:
        form = get_form(session, actor(), form_id)
        actions.retire_form(session, actor(), form)
        return _form_out(form)


@api.post("/intake/forms/<int:form_id>/offer")
@api.output(FormOut)
@open_to(SHAPE_INTAKE)
def offer_form(form_id: int) -> FormOut:
    """Offer it again."""
    with database().transaction() as session:
        form = get_form(session, actor(), form_id)
        actions.offer_form(session, actor(), form)
        return _form_out(form)


@api.post("/intake/forms/<int:form_id>/requests")
@api.input(AskIn)
@api.output(WantedOut, status_code=201)
@open_to(ASK_MARKETING)
def ask(form_id: int, json_data: AskIn) -> WantedOut:
    """Ask for something by a form."""
    with database().transaction() as session:
        request = actions.ask_marketing(
            session,
            actor(),
            get_form(session, actor(), form_id),
            title=json_data.title,
            needed_by=json_data.needed_by,
            answers=json_data.answers,
        )
        return _out(get_request(session, actor(), request.id))


@api.get("/intake")
@api.input(Query, location="query")
@api.output(WantedsOut)
@open_to(SEE_INTAKE)
def index(query_data: Query) -> WantedsOut:
    """What you asked for, the latest first."""
    with database().reading() as session:
        return _page(requests_of(session, actor(), number=query_data.page, size=query_data.size))


@api.get("/intake/waiting")
@api.input(Query, location="query")
@api.output(WantedsOut)
@open_to(ANSWER_INTAKE)
def waiting(query_data: Query) -> WantedsOut:
    """What waits for your answer, what is needed soonest first."""
    with database().reading() as session:
        return _page(requests_to_answer(session, actor(), number=query_data.page, size=query_data.size))


@api.get("/intake/<int:request_id>")
@api.output(WantedOut)
@open_to(SEE_INTAKE)
def show(request_id: int) -> WantedOut:
    """One request, to the person who asked and to those who answer."""
    with database().reading() as session:
        return _out(get_request(session, actor(), request_id))


@api.post("/intake/<int:request_id>/withdraw")
@api.output(WantedOut)
@open_to(SEE_INTAKE)
def withdraw(request_id: int) -> WantedOut:
    """You do not need it any more."""
    with database().transaction() as session:
        wanted = get_request(session, actor(), request_id)
        actions.withdraw_intake(session, actor(), wanted.request)
        return _out(wanted)


@api.post("/intake/<int:request_id>/approve")
@api.input(ApproveIn)
@api.output(WantedOut)
@open_to(ANSWER_INTAKE)
def approve(request_id: int, json_data: ApproveIn) -> WantedOut:
    """It becomes a task of the activity, and a deliverable if its form says so."""
    with database().transaction() as session:
        wanted = get_request(session, actor(), request_id)
        activity = session.get(Activity, json_data.activity)
        approve_intake(session, actor(), wanted.request, activity=activity, answer=json_data.answer)
        return _out(wanted)


@api.post("/intake/<int:request_id>/decline")
@api.input(DeclineIn)
@api.output(WantedOut)
@open_to(ANSWER_INTAKE)
def decline(request_id: int, json_data: DeclineIn) -> WantedOut:
    """Say why it is not done."""
    with database().transaction() as session:
        wanted = get_request(session, actor(), request_id)
        actions.decline_intake(session, actor(), wanted.request, reason=json_data.reason)
        return _out(wanted)


def _said(form: FormIn) -> dict[str, Any]:
    return {
        "name": form.name,
        "description": form.description,
        "makes": form.makes,
        "questions": [
            Question(each.key, each.label, each.kind, each.required, tuple(each.choices))
            for each in form.questions
        ],
        "answered_by_id": form.answered_by,
        "activity_id": form.activity,
    }


def _form_out(form: IntakeForm) -> FormOut:
    return FormOut(
        id=form.id,
        name=form.name,
        description=form.description,
        makes=form.makes,
        questions=[QuestionIn(**each) for each in form.fields],
        answered_by=form.answered_by_id,
        activity=form.activity_id,
        is_offered=form.retired_at is None,
        revision=form.revision,
    )


def _page(found: Page[Wanted]) -> WantedsOut:
    return WantedsOut(
        total=found.total, page=found.number, size=found.size, requests=[_out(each) for each in found.rows]
    )


def _out(wanted: Wanted) -> WantedOut:
    row = wanted.request
    return WantedOut(
        id=row.id,
        form=row.form_id,
        title=row.title,
        person=wanted.person,
        needed_by=row.needed_by,
        state=row.state,
        answers=[
            AnswerOut(key=key, label=each["label"], answer=each["answer"])
            for key, each in row.answers.items()
        ],
        answer=row.answer,
        asked_at=row.created_at,
        answered_at=row.answered_at,
        task=row.task_id,
        deliverable=row.deliverable_id,
    )
