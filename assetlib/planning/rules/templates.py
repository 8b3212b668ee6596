"""Campaigns as they usually go: shapes without days, and the days they get when one begins.

An activity begins so many days after the campaign, as people see it on weekends too. A task begins so many
workdays after its activity, before it where the number is negative: most work is done before anybody sees it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from assetlib.catalog.rules.texts import LONGEST_NOTE, name_fault, text_fault
from assetlib.planning.errors import WrongPlanning
from assetlib.words import say
from assetlib.workdays import Workdays

LONGEST_NAME = 200
MOST_ACTIVITIES, MOST_TASKS = 50, 200
NOT_KEPT = say("The template was not kept. Look at the marked fields.")


@dataclass(frozen=True)
class TaskShape:
    """Work as it usually is. `after`: places among the tasks of the whole template that come before it."""

    name: str
    start: int
    """Workdays from the first workday of its activity."""
    length: int
    """Workdays, 1 or more."""
    kind: str = "work"
    role: str = ""
    effort_hours: int = 0
    after: Sequence[tuple[int, int]] = ()
    """Place of the task before it, and the workdays between them."""


@dataclass(frozen=True)
class ActivityShape:
    """A part of a campaign as it usually is."""

    name: str
    start: int
    """Days from the first day of the campaign."""
    length: int
    """Days, 1 or more."""
    kind: str = "activity"
    channel: str = ""
    tasks: Sequence[TaskShape] = ()


@dataclass(frozen=True)
class Span:
    """From the first day to the last one."""

    first: date
    last: date


@dataclass(frozen=True)
class LaidOut:
    """An activity with days, and those of its tasks in their order."""

    shape: ActivityShape
    span: Span
    tasks: Sequence[Span]


def to_body(activities: Sequence[ActivityShape]) -> dict[str, Any]:
    """What a template keeps."""
    return {"activities": [asdict(each) for each in activities]}


def shapes_in(body: Mapping[str, Any]) -> list[ActivityShape]:
    """The activities that a template keeps."""
    return [
        ActivityShape(
            **{
                **each,
                "tasks": tuple(
                    TaskShape(**{**task, "after": tuple((place, lag) for place, lag in task["after"])})
                    for task in each["tasks"]
                ),
            }
        )
        for each in body.get("activities", [])
    ]


def must_be_template(*, name: str, description: str, activities: Sequence[ActivityShape]) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field."""
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault if name.strip() else say("Give the template a name.")
    if fault := text_fault(description, LONGEST_NOTE):
        faults["description"] = fault
    tasks = sum(len(each.tasks) for each in activities)
    if not activities:
        faults["campaign"] = say("This campaign has no activity yet. Add what usually belongs to it first.")
    elif len(activities) > MOST_ACTIVITIES or tasks > MOST_TASKS:
        faults["campaign"] = say(
            "A template holds at most {activities} activities and {tasks} tasks.",
            activities=MOST_ACTIVITIES,
            tasks=MOST_TASKS,
        )
    if faults:
        raise WrongPlanning(NOT_KEPT, fields=faults)


def laid_out(activities: Sequence[ActivityShape], first: date, days: Workdays) -> list[LaidOut]:
    """The days that everything gets when the campaign begins on a day."""
    found = []
    for each in activities:
        begins = first + timedelta(days=each.start)
        span = Span(begins, begins + timedelta(days=each.length - 1))
        found.append(LaidOut(each, span, [_task_span(task, begins, days) for task in each.tasks]))
    return found


def _task_span(task: TaskShape, begins: date, days: Workdays) -> Span:
    start = days.moved(days.first_from(begins), task.start)
    if task.kind == "milestone":
        return Span(start, start)
    return Span(start, days.finish_of(start, task.length))


def shape_of_task(start: date, finish: date, begins: date, days: Workdays) -> tuple[int, int]:
    """How far a task lies from the beginning of its activity, and how long it is, in workdays."""
    offset = days.slip(days.first_from(begins), days.first_from(start))
    return offset, max(days.count(start, finish), 1)


def last_day(laid: Sequence[LaidOut]) -> date:
    """The last day on which people see something of it."""
    return max(each.span.last for each in laid)
