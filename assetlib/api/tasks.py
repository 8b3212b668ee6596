"""Tasks: look, add, change, give to people, move in time, move on."""

from collections.abc import Sequence
from datetime import date

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from assetlib.api.campaign_shapes import TaskLineOut, line_out
from assetlib.api.changing import Changing
from assetlib.api.shapes import Query, Reason, RowId, Shape, Text
from assetlib.current import actor, database
from assetlib.planning.actions import progress, scheduling
from assetlib.planning.actions import tasks as actions
from assetlib.planning.models import Task
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_TASKS
from assetlib.planning.queries.campaigns import get_activity
from assetlib.planning.queries.tasks import WantedTasks, get_task, line_of, needs_seen_by, tasks_of
from assetlib.planning.queries.timing import moves_after
from assetlib.planning.rules.schedule import Move
from assetlib.planning.rules.tasks import TaskFacts
from assetlib.policy import open_to

api = APIBlueprint("api_tasks", __name__, tag="Tasks")


class TaskIn(Shape):
    name: Text
    kind: Text = Field("work", description="work, planning or milestone")
    role: Text = ""
    effort_hours: int = 0
    note: Text = ""


class NewTask(TaskIn):
    start: date
    finish: date
    assignee: RowId | None = None
    agency: RowId | None = None


class TaskChange(TaskIn):
    revision: int = Field(description="the one that was read")


class AssignIn(Shape):
    """Nobody: give neither."""

    assignee: RowId | None = None
    agency: RowId | None = None


class ForecastIn(Shape):
    start: date
    finish: date
    revision: int = Field(description="the one that was read")


class TaskStageIn(Shape):
    stage: Text = Field(description="to_do, doing, waiting or done")


class TaskFinishIn(Shape):
    on: date | None = Field(None, description="the day; today, if none is said")


class ProgressIn(Shape):
    percent: int


class PredecessorIn(Shape):
    lag: int = Field(0, description="workdays between")


class ActivityChoice(Shape):
    activity: RowId


class NeedOut(Shape):
    task: int | None = Field(description="null: one of others")
    lag: int
    finish: date | None


class TaskOut(TaskLineOut):
    note: str
    needs: list[NeedOut]


class TasksOut(Shape):
    total: int
    page: int
    size: int
    tasks: list[TaskLineOut]


class TaskMoveOut(Shape):
    task: int
    start: date
    finish: date
    by: int = Field(description="workdays")


class TaskMovesOut(Shape):
    moves: list[TaskMoveOut]


class TaskQuery(Query):
    person: int | None = None
    agency: int | None = None
    everybody: bool = False
    stage: str = Field("", description="none: what is not over")


@api.get("/tasks")
@api.input(TaskQuery, location="query")
@api.output(TasksOut)
@open_to(SEE_TASKS)
def index(query_data: TaskQuery) -> TasksOut:
    """Your own tasks, of an agency all of the agency's; the soonest due first."""
    asked = query_data
    wanted = WantedTasks(asked.person, asked.agency, asked.everybody, asked.stage)
    with database().reading() as session:
        page = tasks_of(session, actor(), wanted, number=asked.page, size=asked.size)
        return TasksOut(
            total=page.total,
            page=page.number,
            size=page.size,
            tasks=[line_out(each) for each in page.rows],
        )


@api.post("/activities/<int:activity_id>/tasks")
@api.input(NewTask)
@api.output(TaskOut, status_code=201)
@open_to(EDIT_CAMPAIGN)
def add(activity_id: int, json_data: NewTask) -> TaskOut:
    """A task of an activity."""
    with database().transaction() as session:
        activity = get_activity(session, actor(), activity_id)
        row = actions.add_task(
            session,
            actor(),
            activity,
            _facts(json_data),
            start=json_data.start,
            finish=json_data.finish,
            assignee_id=json_data.assignee,
            agency_id=json_data.agency,
        )
        return _out(session, row)


@api.get("/tasks/<int:task_id>")
@api.output(TaskOut)
@open_to(SEE_TASKS)
def show(task_id: int) -> TaskOut:
    """One task, and how it stands."""
    with database().reading() as session:
        return _out(session, get_task(session, actor(), task_id))


def _out(session: Session, row: Task) -> TaskOut:
    line = line_of(session, actor(), row)
    return TaskOut(
        **line_out(line).model_dump(),
        note=row.note,
        needs=[
            NeedOut(task=None, lag=0, finish=None)
            if each is None
            else NeedOut(task=each.id, lag=each.lag, finish=each.finish)
            for each in needs_seen_by(actor(), line)
        ],
    )


changing: Changing[Task, TaskOut] = Changing(lambda session, number: get_task(session, actor(), number), _out)


@api.put("/tasks/<int:task_id>")
@api.input(TaskChange)
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def change(task_id: int, json_data: TaskChange) -> TaskOut:
    """What it says."""
    return changing(
        task_id,
        lambda session, who, row: actions.change_task(
            session, who, row, _facts(json_data), revision=json_data.revision
        ),
    )


@api.put("/tasks/<int:task_id>/assignee")
@api.input(AssignIn)
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def assign(task_id: int, json_data: AssignIn) -> TaskOut:
    """Give it to somebody, to an agency, or to nobody. Open under an approved plan (gate `people`)."""
    return changing(
        task_id,
        lambda session, who, row: actions.assign_task(
            session, who, row, assignee_id=json_data.assignee, agency_id=json_data.agency
        ),
    )


@api.put("/tasks/<int:task_id>/forecast")
@api.input(ForecastIn)
@api.output(TaskOut)
@open_to(SEE_TASKS)
def forecast(task_id: int, json_data: ForecastIn) -> TaskOut:
    """When it is expected. What follows stays where it is."""
    return changing(
        task_id,
        lambda session, who, row: scheduling.set_forecast(
            session, who, row, start=json_data.start, finish=json_data.finish, revision=json_data.revision
        ),
    )


@api.get("/tasks/<int:task_id>/followers")
@api.output(TaskMovesOut)
@open_to(EDIT_CAMPAIGN)
def preview(task_id: int) -> TaskMovesOut:
    """What would move, so that all that follows begins after what it waits for."""
    with database().reading() as session:
        row = get_task(session, actor(), task_id)
        return _moves(moves_after(session, row.activity.campaign_id, row.id))


@api.post("/tasks/<int:task_id>/followers/push")
@api.output(TaskMovesOut)
@open_to(EDIT_CAMPAIGN)
def push(task_id: int) -> TaskMovesOut:
    """Move it; what moved."""
    with database().transaction() as session:
        row = get_task(session, actor(), task_id)
        return _moves(scheduling.push_followers(session, actor(), row))


@api.post("/tasks/<int:task_id>/stage")
@api.input(TaskStageIn)
@api.output(TaskOut)
@open_to(SEE_TASKS)
def stage(task_id: int, json_data: TaskStageIn) -> TaskOut:
    """Begun, waiting, done, or to do again."""
    return changing(
        task_id, lambda session, who, row: progress.put_in_stage(session, who, row, json_data.stage)
    )


@api.post("/tasks/<int:task_id>/finish")
@api.input(TaskFinishIn)
@api.output(TaskOut)
@open_to(SEE_TASKS)
def finish(task_id: int, json_data: TaskFinishIn) -> TaskOut:
    """It is done."""
    return changing(
        task_id, lambda session, who, row: progress.finish_task(session, who, row, on=json_data.on)
    )


@api.post("/tasks/<int:task_id>/progress")
@api.input(ProgressIn)
@api.output(TaskOut)
@open_to(SEE_TASKS)
def report(task_id: int, json_data: ProgressIn) -> TaskOut:
    """How much of it is done."""
    return changing(
        task_id,
        lambda session, who, row: progress.report_progress(session, who, row, percent=json_data.percent),
    )


@api.put("/tasks/<int:task_id>/predecessors/<int:predecessor_id>")
@api.input(PredecessorIn)
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def add_predecessor(task_id: int, predecessor_id: int, json_data: PredecessorIn) -> TaskOut:
    """It waits for another task; a loop is refused with its path."""
    return changing(
        task_id,
        lambda session, who, row: scheduling.add_predecessor(
            session, who, row, get_task(session, who, predecessor_id), lag=json_data.lag
        ),
    )


@api.delete("/tasks/<int:task_id>/predecessors/<int:predecessor_id>")
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def remove_predecessor(task_id: int, predecessor_id: int) -> TaskOut:
    """It need not wait for that one any more."""
    return changing(
        task_id,
        lambda session, who, row: scheduling.remove_predecessor(session, who, row, predecessor_id),
    )


@api.post("/tasks/<int:task_id>/move")
@api.input(ActivityChoice)
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def move(task_id: int, json_data: ActivityChoice) -> TaskOut:
    """To another activity of its campaign."""
    return changing(
        task_id,
        lambda session, who, row: actions.move_task(
            session, who, row, get_activity(session, who, json_data.activity)
        ),
    )


@api.post("/tasks/<int:task_id>/cancel")
@api.input(Reason)
@api.output(TaskOut)
@open_to(EDIT_CAMPAIGN)
def cancel(task_id: int, json_data: Reason) -> TaskOut:
    """It is not done."""
    return changing(
        task_id,
        lambda session, who, row: actions.cancel_task(session, who, row, reason=json_data.reason),
    )


def _facts(given: TaskIn) -> TaskFacts:
    return TaskFacts(given.name, given.kind, given.role, given.effort_hours, given.note)


def _moves(moves: Sequence[Move]) -> TaskMovesOut:
    return TaskMovesOut(
        moves=[TaskMoveOut(task=each.id, start=each.start, finish=each.finish, by=each.by) for each in moves]
    )
