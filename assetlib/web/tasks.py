"""Tasks: one's own, and one with all that can be done with it."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.planning.actions import progress, scheduling
from assetlib.planning.actions import tasks as actions
from assetlib.planning.models import Task
from assetlib.planning.permissions.work import DO_TASK, EDIT_CAMPAIGN, SEE_TASKS, of_an_agency
from assetlib.planning.queries.campaigns import get_activity
from assetlib.planning.queries.tasks import WantedTasks, agencies, doers, get_task, tasks_of
from assetlib.planning.rules.tasks import DONE
from assetlib.policy import open_to
from assetlib.web.asset_forms import day_typed
from assetlib.web.campaign_forms import doer_choices, doer_chosen, task_facts
from assetlib.web.changing import Changing, carried_out
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import last_page, pager_view
from assetlib.web.task_view import read_task, row_view
from assetlib.words import say

pages = Blueprint("tasks", __name__)


@pages.get("/tasks")
@open_to(SEE_TASKS)
def index() -> str | Response:
    """What is to be done, the soonest due first: one's own; of an agency that of all of it."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    asked, who = request.args, actor()
    plans = EDIT_CAMPAIGN.allows(who)
    wanted = WantedTasks(
        person_id=asked.get("person", type=row_number),
        agency_id=asked.get("agency", type=row_number),
        everybody="all" in asked and not of_an_agency(who, None),
        stage=DONE if "done" in asked else "",
    )
    with database().reading() as session:
        page = tasks_of(session, who, wanted, number=number, size=size)
        people = [(each.person_id, each.name) for each in doers(session)] if plans else []
        houses = list(agencies(session)) if plans else []
    if page.is_past_the_end:
        return last_page(page)
    return render_template(
        "tasks/index.html",
        rows=[row_view(who, each) for each in page.rows],
        pager=pager_view(page),
        total=page.total,
        wanted=wanted,
        people=people,
        agencies=houses,
        plans=plans,
        of_agency=of_an_agency(who, None),
    )


@pages.get("/activities/<int:activity_id>/tasks/new")
@open_to(EDIT_CAMPAIGN)
def new(activity_id: int) -> str:
    """The form for a new task of an activity."""
    return _form(activity_id)


@pages.post("/activities/<int:activity_id>/tasks")
@open_to(EDIT_CAMPAIGN)
def add(activity_id: int) -> Response | tuple[str, int]:
    campaign_id = 0

    def act(session: Session) -> None:
        nonlocal campaign_id
        activity = get_activity(session, actor(), activity_id)
        campaign_id = activity.campaign_id
        assignee_id, agency_id = doer_chosen()
        actions.add_task(
            session,
            actor(),
            activity,
            task_facts(),
            start=day_typed("start"),
            finish=day_typed("finish"),
            assignee_id=assignee_id,
            agency_id=agency_id,
        )

    answer = carried_out(
        act, said=say("Added."), to="/campaigns", refused=lambda refusal: _form(activity_id, problem=refusal)
    )
    return redirect(f"/campaigns/{campaign_id}", code=303) if isinstance(answer, Response) else answer


@pages.get("/tasks/<int:task_id>")
@open_to(SEE_TASKS)
def show(task_id: int) -> str:
    """One task, its history, and what can be done with it."""
    return _page(task_id)


changing: Changing[int, Task] = Changing(
    lambda session, task_id: get_task(session, actor(), task_id),
    "/tasks/{}",
    lambda task_id, refusal, form: _page(task_id, problem=refusal, sent=form),
)


def _back() -> str | None:
    """A board or a list that sent the form is gone back to."""
    back = request.form.get("back", "")
    return back if back.startswith(("/campaigns/", "/tasks", "/my-work")) and "//" not in back else None


@pages.post("/tasks/<int:task_id>")
@open_to(EDIT_CAMPAIGN)
def change(task_id: int) -> Response | tuple[str, int]:
    return changing(
        task_id,
        lambda session, who, row: actions.change_task(
            session, who, row, task_facts(), revision=revision_seen()
        ),
        say("Saved."),
        "edit",
    )


@pages.post("/tasks/<int:task_id>/assign")
@open_to(EDIT_CAMPAIGN)
def assign(task_id: int) -> Response | tuple[str, int]:
    """Give it to somebody, to an agency, or to nobody."""
    assignee_id, agency_id = doer_chosen()
    return changing(
        task_id,
        lambda session, who, row: actions.assign_task(
            session, who, row, assignee_id=assignee_id, agency_id=agency_id
        ),
        say("Saved. They are told.") if assignee_id is not None else say("Saved."),
        "assign",
    )


@pages.post("/tasks/<int:task_id>/forecast")
@open_to(SEE_TASKS)
def forecast(task_id: int) -> Response | tuple[str, int]:
    """When it is expected."""
    return changing(
        task_id,
        lambda session, who, row: scheduling.set_forecast(
            session,
            who,
            row,
            start=day_typed("start"),
            finish=day_typed("finish"),
            revision=revision_seen(),
        ),
        say("Saved. What follows stays where it is."),
        "forecast",
    )


@pages.post("/tasks/<int:task_id>/push")
@open_to(EDIT_CAMPAIGN)
def push(task_id: int) -> Response | tuple[str, int]:
    """Move what follows, as far as it has to."""
    return changing(task_id, scheduling.push_followers, say("Moved."), "push", to=_back())


@pages.post("/tasks/<int:task_id>/stage")
@open_to(SEE_TASKS)
def stage(task_id: int) -> Response | tuple[str, int]:
    """To another column of the board."""
    wanted = request.form.get("stage", "")
    return changing(
        task_id,
        lambda session, who, row: progress.put_in_stage(session, who, row, wanted),
        say("Saved."),
        "stage",
        to=_back(),
    )


@pages.post("/tasks/<int:task_id>/finish")
@open_to(SEE_TASKS)
def finish(task_id: int) -> Response | tuple[str, int]:
    return changing(
        task_id,
        lambda session, who, row: progress.finish_task(session, who, row, on=day_typed("on")),
        say("It is done."),
        "finish",
    )


@pages.post("/tasks/<int:task_id>/progress")
@open_to(SEE_TASKS)
def report(task_id: int) -> Response | tuple[str, int]:
    """How much of it is done."""
    return changing(
        task_id,
        lambda session, who, row: progress.report_progress(
            session, who, row, percent=request.form.get("percent", type=int)
        ),
        say("Saved."),
        "progress",
    )


@pages.post("/tasks/<int:task_id>/predecessors")
@open_to(EDIT_CAMPAIGN)
def add_predecessor(task_id: int) -> Response | tuple[str, int]:
    """It waits for another task."""

    def act(session: Session, who: Actor, row: Task) -> None:
        other = get_task(session, who, request.form.get("predecessor", 0, type=row_number))
        scheduling.add_predecessor(session, who, row, other, lag=request.form.get("lag", 0, type=int))

    return changing(task_id, act, say("Saved."), "predecessor")


@pages.post("/tasks/<int:task_id>/predecessors/<int:predecessor_id>/remove")
@open_to(EDIT_CAMPAIGN)
def remove_predecessor(task_id: int, predecessor_id: int) -> Response | tuple[str, int]:
    return changing(
        task_id,
        lambda session, who, row: scheduling.remove_predecessor(session, who, row, predecessor_id),
        say("Saved."),
        "predecessor",
    )


@pages.post("/tasks/<int:task_id>/move")
@open_to(EDIT_CAMPAIGN)
def move(task_id: int) -> Response | tuple[str, int]:
    """To another activity of its campaign."""

    def act(session: Session, who: Actor, row: Task) -> None:
        activity_id = request.form.get("activity", 0, type=row_number)
        actions.move_task(session, who, row, get_activity(session, who, activity_id))

    return changing(task_id, act, say("Moved."), "move")


@pages.post("/tasks/<int:task_id>/cancel")
@open_to(EDIT_CAMPAIGN)
def cancel(task_id: int) -> Response | tuple[str, int]:
    return changing(
        task_id,
        lambda session, who, row: actions.cancel_task(
            session, who, row, reason=request.form.get("reason", "")
        ),
        say("Cancelled."),
        "cancel",
    )


def _page(task_id: int, *, problem: Refusal | None = None, sent: str = "") -> str:
    who = actor()
    with database().reading() as session:
        task = get_task(session, who, task_id)
        view = read_task(session, who, task)
    typed: dict[str, Any] = {**view["typed"], **(request.form.to_dict() if sent else {})}
    return render_template(
        "tasks/page.html",
        **{**view, "typed": typed},
        problem=problem,
        sent=sent,
        does=DO_TASK.allows(who, task),
    )


def _form(activity_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        activity = get_activity(session, actor(), activity_id)
        EDIT_CAMPAIGN.require(actor(), activity.campaign)
        choices = doer_choices(session)
    first: date = activity.starts_on
    typed = {"kind": "work", "start": first.isoformat(), "finish": first.isoformat(), "effort_hours": "0"}
    return render_template(
        "tasks/form.html",
        activity=activity,
        campaign=activity.campaign,
        typed={**typed, **request.form.to_dict()},
        doers=choices,
        problem=problem,
    )
