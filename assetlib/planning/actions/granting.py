"""What somebody asked marketing for is approved: it becomes a task, and a deliverable if its form says so."""

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.planning.actions.deliverables import make_deliverable
from assetlib.planning.actions.intake import OPEN, held_request, settle, tell_asker
from assetlib.planning.actions.tasks import add_task
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, IntakeRequest, Task
from assetlib.planning.permissions.intake import ANSWER_INTAKE
from assetlib.planning.rules.intake import NOT_SENT
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.reference.queries import workdays_in
from assetlib.words import say


def approve_intake(
    session: Session,
    actor: Actor,
    request: IntakeRequest,
    *,
    activity: Activity | None,
    answer: str = "",
) -> Task:
    """A task under the activity from today to the day by which it is needed, given to nobody yet.

    What was answered stands in its note, or in the brief of its deliverable. Whoever asked is told.
    """
    ANSWER_INTAKE.require(actor, request)
    held = held_request(session, request)
    faults = {}
    if activity is None:
        faults["activity"] = say("Choose the activity that it belongs to.")
    if fault := text_fault(answer, LONGEST_NOTE):
        faults["answer"] = fault
    if faults or activity is None:
        raise WrongPlanning(NOT_SENT, fields=faults)
    days = workdays_in(session, activity.country)
    finish = max(days.last_until(held.needed_by.date()), days.first_from(clock.today()))
    words = "\n".join(f"{each['label']}: {each['answer']}" for each in held.answers.values())
    task = add_task(
        session,
        actor,
        activity,
        TaskFacts(name=held.title, note=words),
        start=min(days.first_from(clock.today()), finish),
        finish=finish,
    )
    held.task_id = task.id
    if held.form.makes == "deliverable":
        made = make_deliverable(
            session, actor, task, name=held.title, due_at=max(held.needed_by, clock.now()), brief=words
        )
        held.deliverable_id = made.id
    settle(held, "approved", answer.strip(), by=actor)
    after = {"state": held.state, "task": task.id}
    record(session, actor, "planning.intake_approved", held, before=OPEN, after=after, reason=held.answer)
    sentence = (
        say("“{title}” was approved: “{answer}”", title=held.title, answer=answer.strip())
        if answer.strip()
        else say("“{title}” was approved and is worked on.", title=held.title)
    )
    tell_asker(session, held, sentence)
    return task
