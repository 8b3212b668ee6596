"""People ask marketing by a form; a planner makes a task or a deliverable of it, or says why not."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.accounts.holders import holders
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import names_of
from assetlib.accounts.sessions import must_still_be_here
from assetlib.audit import record
from assetlib.catalog.queries.actors import actors_of
from assetlib.notify.telling import tell
from assetlib.planning.errors import NoSuchTask, PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.models import Activity, IntakeForm, IntakeRequest
from assetlib.planning.permissions.intake import (
    ANSWER_INTAKE,
    ASK_MARKETING,
    SHAPE_INTAKE,
    WITHDRAW_INTAKE,
    answers,
)
from assetlib.planning.queries.intake import GONE, NO_FORM
from assetlib.planning.rules.intake import (
    NOT_SAVED,
    Question,
    must_be_asked,
    must_be_form,
    must_say_why,
    numbered,
    questions_in,
)
from assetlib.words import say

STANDS = {"approved": say("approved"), "declined": say("declined"), "withdrawn": say("withdrawn")}
OPEN = {"state": "open"}
AS_ASKER = say("You asked for it.")
AS_PLANNER = say("You answer requests of this form.")


def make_form(
    session: Session,
    actor: Actor,
    *,
    name: str,
    description: str,
    makes: str,
    questions: Sequence[Question],
    answered_by_id: int | None = None,
    activity_id: int | None = None,
) -> IntakeForm:
    """A form that people may ask by from now on."""
    SHAPE_INTAKE.require(actor)
    asked = numbered(questions, ())
    must_be_form(name=name, description=description, makes=makes, questions=asked)
    _must_be_free(session, name, None)
    _must_exist(session, answered_by_id, activity_id)
    form = IntakeForm(
        name=name.strip(),
        description=description.strip(),
        makes=makes,
        fields=[each.to_json() for each in asked],
        answered_by_id=answered_by_id,
        activity_id=activity_id,
        created_at=clock.now(),
    )
    session.add(form)
    session.flush()
    record(session, actor, "planning.form_made", form, after={"name": form.name, "makes": makes})
    return form


def change_form(
    session: Session,
    actor: Actor,
    form: IntakeForm,
    *,
    revision: int,
    name: str,
    description: str,
    makes: str,
    questions: Sequence[Question],
    answered_by_id: int | None = None,
    activity_id: int | None = None,
) -> None:
    """What it asks from now on; what was asked before keeps its own questions."""
    SHAPE_INTAKE.require(actor)
    held = _held_form(session, form)
    if held.revision != revision:
        raise PlanningChanged(
            say("Somebody changed this form while you were at it. Look at it again, then save once more."),
            current={"revision": held.revision, "name": held.name},
        )
    asked = numbered(questions, questions_in(held.fields))
    must_be_form(name=name, description=description, makes=makes, questions=asked)
    _must_be_free(session, name, held.id)
    _must_exist(session, answered_by_id, activity_id)
    before = {"name": held.name, "makes": held.makes, "questions": len(held.fields)}
    held.name, held.description, held.makes = name.strip(), description.strip(), makes
    held.fields = [each.to_json() for each in asked]
    held.answered_by_id, held.activity_id = answered_by_id, activity_id
    held.revision += 1
    session.flush()
    after = {"name": held.name, "makes": makes, "questions": len(asked)}
    record(session, actor, "planning.form_changed", held, before=before, after=after)


def retire_form(session: Session, actor: Actor, form: IntakeForm) -> None:
    """Offer it no more; what was asked by it is still answered."""
    SHAPE_INTAKE.require(actor)
    held = _held_form(session, form)
    if held.retired_at is not None:
        return
    held.retired_at = clock.now()
    session.flush()
    record(session, actor, "planning.form_retired", held)


def offer_form(session: Session, actor: Actor, form: IntakeForm) -> None:
    """Offer a retired form again."""
    SHAPE_INTAKE.require(actor)
    held = _held_form(session, form)
    if held.retired_at is None:
        return
    held.retired_at = None
    session.flush()
    record(session, actor, "planning.form_offered", held)


def ask_marketing(
    session: Session,
    actor: Actor,
    form: IntakeForm,
    *,
    title: str,
    needed_by: datetime | None,
    answers: Mapping[str, str],
) -> IntakeRequest:
    """A request by a form. Those who answer are told."""
    held = _held_form(session, form)
    if held.retired_at is not None:
        raise WrongPlanningState(say("{form} is not offered any more. Choose another form.", form=held.name))
    ASK_MARKETING.require(actor, held)
    must_still_be_here(session, actor)
    kept = must_be_asked(
        title=title,
        needed_by=needed_by,
        now=clock.now(),
        questions=questions_in(held.fields),
        answers=answers,
    )
    request = IntakeRequest(
        form_id=held.id,
        person_id=actor.person_id,
        title=title.strip(),
        answers=kept,
        needed_by=needed_by,
        created_at=clock.now(),
    )
    session.add(request)
    session.flush()
    session.refresh(request, ["form"])
    record(session, actor, "planning.marketing_asked", request, after={"form": held.name})
    tell(
        session,
        _who_answers(session, request),
        "intake.asked",
        say("{who} asks for “{title}”.", who=actor.name, title=request.title),
        AS_PLANNER,
        f"/intake/{request.id}",
        f"intake-{request.id}",
    )
    return request


def withdraw_intake(session: Session, actor: Actor, request: IntakeRequest) -> None:
    """The person does not need it any more."""
    WITHDRAW_INTAKE.require(actor, request)
    held = held_request(session, request)
    settle(held, "withdrawn", "", by=actor)
    record(session, actor, "planning.intake_withdrawn", held, before=OPEN, after={"state": held.state})


def decline_intake(session: Session, actor: Actor, request: IntakeRequest, *, reason: str) -> None:
    """Say why it is not done."""
    ANSWER_INTAKE.require(actor, request)
    held = held_request(session, request)
    must_say_why(reason)
    settle(held, "declined", reason.strip(), by=actor)
    after = {"state": held.state}
    record(session, actor, "planning.intake_declined", held, before=OPEN, after=after, reason=held.answer)
    tell_asker(
        session, held, say("“{title}” was declined: “{reason}”", title=held.title, reason=reason.strip())
    )


def withdraw_for_leaver(session: Session, actor: Actor, person: Person) -> None:
    """What somebody who leaves asked for is withdrawn; they are not told."""
    MANAGE_PEOPLE.require(actor)
    rows = session.scalars(
        select(IntakeRequest)
        .where(IntakeRequest.person_id == person.id, IntakeRequest.state == "open")
        .order_by(IntakeRequest.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        settle(row, "withdrawn", "", by=actor)
        record(session, actor, "planning.intake_withdrawn", row, before=OPEN, after={"state": row.state})


def tell_asker(session: Session, request: IntakeRequest, sentence: str) -> None:
    """Tell the person who asked how it was answered."""
    url, dedupe = f"/intake/{request.id}", f"intake-{request.id}-answered"
    tell(session, [request.person_id], "intake.answered", sentence, AS_ASKER, url, dedupe)


def settle(request: IntakeRequest, state: str, answer: str, *, by: Actor) -> None:
    """How it stands from now on; whoever settles it records that."""
    request.state, request.answer = state, answer
    request.answered_at, request.answered_by_id = clock.now(), by.person_id


def held_request(session: Session, request: IntakeRequest) -> IntakeRequest:
    """The request, held, if it is still open; two who answer at once go one after the other."""
    held = session.scalars(
        select(IntakeRequest)
        .join(IntakeRequest.form)
        .options(contains_eager(IntakeRequest.form))
        .where(IntakeRequest.id == request.id)
        .with_for_update(of=IntakeRequest)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        raise NoSuchTask(GONE)
    if held.state != "open":
        who = names_of(session, [held.answered_by_id]).get(held.answered_by_id or 0, "")
        raise WrongPlanningState(
            say("{who} answered this already: {how}.", who=who, how=STANDS[held.state])
            if who
            else say("This is not open any more: {how}.", how=STANDS[held.state]),
            state=held.state,
        )
    return held


def _held_form(session: Session, form: IntakeForm) -> IntakeForm:
    held = session.scalars(
        select(IntakeForm)
        .where(IntakeForm.id == form.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        raise NoSuchTask(NO_FORM)
    return held


def _must_be_free(session: Session, name: str, own_id: int | None) -> None:
    taken = session.scalars(select(IntakeForm.id).where(IntakeForm.name == name.strip())).one_or_none()
    if taken is not None and taken != own_id:
        raise WrongPlanning(
            NOT_SAVED, fields={"name": say("Another form is called that. Choose another name.")}
        )


def _must_exist(session: Session, answered_by_id: int | None, activity_id: int | None) -> None:
    faults = {}
    if answered_by_id is not None and answered_by_id not in holders(session, PLANNER):
        faults["answered_by"] = say("Choose a planner, or nobody in particular.")
    if activity_id is not None and session.get(Activity, activity_id) is None:
        faults["activity"] = say("There is no such activity. Choose another one.")
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=faults)


def _who_answers(session: Session, request: IntakeRequest) -> list[int]:
    planners = actors_of(session, holders(session, PLANNER))
    return [person_id for person_id, each in planners.items() if answers(each, request)]
