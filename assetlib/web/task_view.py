"""A task, as its page and the lists draw it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.dashboards.campaign_past import past_of_task
from assetlib.planning.models import Activity, Task
from assetlib.planning.permissions.work import DO_TASK, EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.lines import Line, lines_of
from assetlib.planning.queries.tasks import followers_of, line_of, needs_seen_by
from assetlib.planning.queries.timing import moves_after
from assetlib.planning.rules.tasks import CANCELLED, DONE, TO_DO
from assetlib.web.board_view import LABELS, MOVES
from assetlib.web.campaign_forms import doer_choices, doer_key, task_typed
from assetlib.web.campaign_view import (
    STANDINGS,
    came_view,
    conflict_in_words,
    days_in_words,
    doer_view,
    slip_in_words,
)
from assetlib.web.context import day, face, moment
from assetlib.words import say, say_n

KINDS = {"work": say("Work"), "planning": say("Planning"), "milestone": say("Milestone")}
STAGES = {**LABELS, CANCELLED: say("Cancelled")}
ICONS = {"to_do": "circle", "doing": "play", "waiting": "pause", "done": "circle-check", "cancelled": "ban"}


def row_view(who: Actor, line: Line) -> dict[str, Any]:
    """A task in a list."""
    sees = SEE_CAMPAIGNS.allows(who)
    return {
        "url": f"/tasks/{line.id}",
        "name": line.name,
        "campaign": line.campaign,
        "campaign_url": f"/campaigns/{line.campaign_id}" if sees else "",
        "activity": line.activity,
        "doer": doer_view(line),
        "stage": stage_view(line.stage),
        "standing": STANDINGS[line.standing] if line.standing in ("late", "at_risk") else None,
        "came": came_view(line.finish, line.slip, is_done=line.is_done, is_overdue=line.is_overdue),
        "planned": day(line.baseline_finish),
        "percent": line.percent,
    }


def stage_view(stage: str) -> dict[str, str]:
    tone = {"done": "ok", "doing": "info", "waiting": "warn"}.get(stage, "ink")
    return {"icon": ICONS[stage], "label": STAGES[stage], "tone": tone}


def read_task(session: Session, who: Actor, task: Task) -> dict[str, Any]:
    """All that its page shows, in a fixed number of statements."""
    line = line_of(session, who, task)
    campaign = task.activity.campaign
    edits = EDIT_CAMPAIGN.allows(who, campaign) and campaign.state in ("planned", "running")
    is_open = task.stage not in (DONE, CANCELLED)
    others = _others(session, task) if edits and is_open else {"tasks": [], "activities": []}
    return {
        "task": _facts(who, task, line),
        "moves": MOVES.get(task.stage, ()) if DO_TASK.allows(who, task) else (),
        "edits": edits,
        "is_open": is_open,
        "needs": [
            {
                "name": each.name if each is not None else say("A task of others"),
                "url": f"/tasks/{each.id}" if each is not None else "",
                "id": each.id if each is not None else 0,
                "lag": _lag(each.lag) if each is not None else "",
                "finish": day(each.finish) if each is not None else "",
                "is_done": each is not None and each.is_done,
            }
            for each in needs_seen_by(who, line)
        ],
        "followers": [
            {"name": each.name, "url": f"/tasks/{each.id}", "lag": _lag(each.lag)}
            for each in followers_of(session, who, task)
        ],
        "would_move": _would_move(session, task) if edits else [],
        "other_tasks": others["tasks"],
        "other_activities": others["activities"],
        "doers": doer_choices(session) if edits and is_open else [],
        "past": _past(session, who, task),
        "kinds": list(KINDS.items()),
        "typed": {
            **task_typed(task),
            "start": task.forecast_start.isoformat(),
            "finish": task.forecast_finish.isoformat(),
            "percent": task.percent,
            "on": clock.today().isoformat(),
            "doer": doer_key(task),
            "lag": 0,
        },
    }


def _facts(who: Actor, task: Task, line: Line) -> dict[str, Any]:
    sees = SEE_CAMPAIGNS.allows(who)
    campaign = task.activity.campaign
    return {
        "id": task.id,
        "url": f"/tasks/{task.id}",
        "name": task.name,
        "kind": KINDS[task.kind],
        "is_milestone": task.kind == "milestone",
        "stage": stage_view(task.stage),
        "stage_key": task.stage,
        "standing": STANDINGS[line.standing]
        if line.standing in ("late", "at_risk") and line.is_open
        else None,
        "campaign": campaign.name,
        "campaign_url": f"/campaigns/{campaign.id}" if sees else "",
        "activity": task.activity.name,
        "doer": doer_view(line),
        "role": task.role,
        "effort": say_n("{count} hour", "{count} hours", task.effort_hours) if task.effort_hours else "",
        "note": task.note,
        "planned": days_in_words(task.baseline_start, task.baseline_finish)
        if task.baseline_start is not None and task.baseline_finish is not None
        else "",
        "expected": days_in_words(task.forecast_start, task.forecast_finish),
        "came": came_view(line.finish, line.slip, is_done=line.is_done, is_overdue=line.is_overdue),
        "began": day(task.actual_start),
        "finished": day(task.actual_finish),
        "percent": task.percent,
        "slip": slip_in_words(line.slip),
        "conflict": conflict_in_words(line),
        "revision": task.revision,
        "has_begun": task.stage != TO_DO,
    }


def _lag(days: int) -> str:
    return say_n("{count} workday between", "{count} workdays between", days) if days else ""


def _would_move(session: Session, task: Task) -> list[dict[str, str]]:
    """What “Move what follows” would do."""
    moves = moves_after(session, task.activity.campaign_id, task.id)
    if not moves:
        return []
    found = session.execute(select(Task.id, Task.name).where(Task.id.in_([each.id for each in moves])))
    names = {row.id: row.name for row in found}
    return [
        {
            "name": names.get(each.id, ""),
            "days": days_in_words(each.start, each.finish),
            "by": slip_in_words(each.by),
        }
        for each in moves
    ]


def _others(session: Session, task: Task) -> dict[str, list[tuple[int, str]]]:
    """The other tasks and activities of the campaign, to choose from."""
    lines = lines_of(session, Activity.campaign_id == task.activity.campaign_id, today=clock.today())
    activities = session.execute(
        select(Activity.id, Activity.name)
        .where(
            Activity.campaign_id == task.activity.campaign_id,
            Activity.state.in_(("planned", "running")),
            Activity.id != task.activity_id,
        )
        .order_by(Activity.position, Activity.id)
    )
    return {
        "tasks": [(each.id, f"{each.name} ({each.activity})") for each in lines if each.id != task.id],
        "activities": [(row.id, row.name) for row in activities],
    }


def _past(session: Session, who: Actor, task: Task) -> list[dict[str, Any]]:
    return [
        {
            "person": face(each.person_id or 0, each.who),
            "sentence": each.sentence,
            "reason": each.reason,
            "changed": each.changed if SEE_CAMPAIGNS.allows(who) else (),
            "at": moment(each.at),
            "iso": each.at.isoformat(),
        }
        for each in past_of_task(session, who, task)
    ]
