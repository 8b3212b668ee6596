"""A campaign and its schedule, as the templates draw them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app

from assetlib import clock, language
from assetlib.access.actor import Actor
from assetlib.calendar import Day
from assetlib.money import amount_in_words
from assetlib.planning.models import Campaign
from assetlib.planning.permissions.work import DO_TASK, EDIT_CAMPAIGN
from assetlib.planning.queries.campaigns import Part, Schedule, Summary, approved_on
from assetlib.planning.queries.lines import Line
from assetlib.planning.queries.rights_ahead import Ending
from assetlib.planning.rules.schedule import AT_RISK, DONE, LATE, ON_TRACK
from assetlib.web.context import day, face
from assetlib.web.gantt import axis_over, bars_of
from assetlib.words import say, say_n, together

MOST_FACES = 5
STATES = {
    "planned": {"icon": "circle-dashed", "label": say("Planned"), "tone": "ink"},
    "running": {"icon": "play", "label": say("Running"), "tone": "info"},
    "done": {"icon": "circle-check", "label": say("Done"), "tone": "ok"},
    "cancelled": {"icon": "ban", "label": say("Cancelled"), "tone": "ink"},
}
STANDINGS = {
    DONE: {"icon": "circle-check", "label": say("Done"), "tone": "ok"},
    LATE: {"icon": "triangle-alert", "label": say("Late"), "tone": "bad"},
    AT_RISK: {"icon": "clock", "label": say("At risk"), "tone": "warn"},
    ON_TRACK: {"icon": "circle-dashed", "label": say("On track"), "tone": "ink"},
}


def days_in_words(first: date, last: date) -> str:
    """1 Sep 2026 to 15 Jan 2027."""
    if first == last:
        return day(first)
    return say("{first} to {last}", first=day(first), last=day(last))


def slip_in_words(slip: int | None) -> str:
    """+5 d or −2 d, in workdays; nothing for none."""
    if not slip:
        return ""
    return say("+{count} d", count=slip) if slip > 0 else say("−{count} d", count=-slip)


def came_view(
    finish: date | None, slip: int | None, *, is_done: bool, is_overdue: bool = False
) -> dict[str, Any]:
    """When it came or is expected, with the slip in words, and in which tone."""
    if finish is None:
        return {"text": "", "tone": "", "alert": False}
    text = day(finish)
    if moved := slip_in_words(slip):
        text = say("{day}, {slip}", day=text, slip=moved)
    alert = is_overdue and not is_done
    tone = "bad" if alert else "warn" if slip is not None and slip > 0 else "ok" if slip is not None else ""
    return {"text": text, "tone": tone, "alert": alert}


def head_view(campaign: Campaign, schedule: Schedule) -> dict[str, Any]:
    """What heads each page of a campaign."""
    plan = campaign.plan
    approved = approved_on(campaign)
    return {
        "id": campaign.id,
        "name": campaign.name,
        "url": f"/campaigns/{campaign.id}",
        "plan": {"name": plan.name, "url": plan_url(plan.id)},
        "approval": {
            "icon": "circle-check",
            "label": say("Plan approved {day}", day=Day(approved.date(), clock.today())),
            "tone": "ok",
        }
        if approved is not None
        else {"icon": "circle-dashed", "label": say("Plan not approved yet"), "tone": "warn"},
        "state": STATES[campaign.state],
        "state_key": campaign.state,
        "days": days_in_words(campaign.starts_on, campaign.ends_on),
        "alerts": alerts_of(schedule),
        "faces": _faces(schedule),
        "brief_url": f"/assets/{campaign.brief_asset_id}" if campaign.brief_asset_id else "",
        "theme": campaign.theme,
        "objective": campaign.objective,
        "percent": schedule.rolled.percent,
        "planned_percent": schedule.rolled.planned_percent,
        "library_url": library_url(campaign),
    }


def plan_url(plan_id: int) -> str:
    """Its page, where there is one."""
    return f"/plans/{plan_id}" if "plans.show" in current_app.view_functions else ""


def library_url(campaign: Campaign) -> str:
    """Its assets in the library; nothing for a campaign that the library does not know."""
    return f"/library?q=campaign%3A{campaign.choice_key}" if campaign.choice_key else ""


def alerts_of(schedule: Schedule) -> list[dict[str, str]]:
    """What somebody should know first, in words."""
    if schedule.campaign.state in ("done", "cancelled"):
        return []
    rolled, launch = schedule.rolled, schedule.launch_is_at_risk
    found = []
    if rolled.late:
        late = say_n("{count} task late", "{count} tasks late", rolled.late)
        if launch is not None:
            rest = say("launch at risk") if launch else say("launch not at risk")
            late = say("{late}, {launch}", late=late, launch=rest)
        found.append({"icon": "triangle-alert", "label": late, "tone": "bad" if launch else "warn"})
    if rolled.at_risk:
        found.append(
            {
                "icon": "clock",
                "label": say_n("{count} task at risk", "{count} tasks at risk", rolled.at_risk),
                "tone": "warn",
            }
        )
    return found


def rights_view(campaign: Campaign, endings: Sequence[Ending]) -> dict[str, Any] | None:
    """Rights that end before the campaign does; None where there are none."""
    if not endings:
        return None
    today = clock.today()
    return {
        "fact": say_n(
            "The rights of {count} asset end before the campaign does.",
            "The rights of {count} assets end before the campaign does.",
            len(endings),
        ),
        "text": say("It lasts until {day}.", day=Day(campaign.ends_on, today)),
        "assets": [
            {"url": f"/assets/{each.asset_id}", "title": each.title, "day": day(each.ends_on)}
            for each in endings[:10]
        ],
        "more": len(endings) - 10,
    }


def money_view(campaign: Campaign, minor: int | None) -> dict[str, str] | None:
    if minor is None:
        return None
    return {"amount": amount_in_words(minor, campaign.plan.currency, language.language())}


def schedule_view(who: Actor, schedule: Schedule, scale: str) -> dict[str, Any]:
    """The rows of the schedule, with the bars beside them."""
    edits = EDIT_CAMPAIGN.allows(who, schedule.campaign)
    days = [
        each
        for part in schedule.parts
        for span in (part.baseline, part.forecast)
        for each in (span.start, span.finish)
    ]
    axis = axis_over(days, scale)
    return {
        "axis": {
            "width": axis.width,
            "months": axis.months(),
            "weeks": axis.weeks(),
            "today": axis.today(schedule.today),
            "first": axis.first,
            "days": axis.days,
        }
        if axis is not None
        else None,
        "today": schedule.today,
        "parts": [_part_view(who, part, axis, edits=edits) for part in schedule.parts],
        "scale": scale,
    }


def _part_view(who: Actor, part: Part, axis: Any, *, edits: bool) -> dict[str, Any]:
    activity = part.activity
    return {
        "id": activity.id,
        "name": activity.name,
        "url": f"/activities/{activity.id}" if edits else "",
        "add_url": f"/activities/{activity.id}/tasks/new" if edits and activity.state != "done" else "",
        "owner": face(activity.owner_id, part.owner),
        "planned": day(part.baseline.finish),
        "came": came_view(part.forecast.finish, part.slip, is_done=part.is_done),
        "percent": part.rolled.percent,
        "bars": bars_of(
            axis,
            baseline=(part.baseline.start, part.baseline.finish),
            expected=(part.forecast.start, part.forecast.finish),
        )
        if axis is not None
        else None,
        "lines": [line_view(who, line, axis, edits=edits) for line in part.lines],
    }


def line_view(who: Actor, line: Line, axis: Any, *, edits: bool) -> dict[str, Any]:
    """A task in a schedule."""
    moves = line.is_open and (edits or (DO_TASK.allows(who) and line.assignee_id == who.person_id))
    return {
        "id": line.id,
        "name": line.name,
        "url": f"/tasks/{line.id}",
        "owner": doer_view(line),
        "planned": day(line.baseline_finish),
        "came": came_view(line.finish, line.slip, is_done=line.is_done, is_overdue=line.is_overdue),
        "is_milestone": line.kind == "milestone",
        "is_done": line.is_done,
        "percent": line.percent,
        "conflict": conflict_in_words(line),
        "bars": bars_of(
            axis,
            baseline=(line.baseline_start, line.baseline_finish),
            expected=(line.start, line.finish),
        )
        if axis is not None
        else None,
        "handle": {
            **axis.bar(line.forecast_start, line.forecast_finish),
            "label": say(
                "Forecast of “{task}”: {days}. Arrow keys move it, with Shift its end; Enter saves.",
                task=line.name,
                days=days_in_words(line.forecast_start, line.forecast_finish),
            ),
            "start": line.forecast_start.isoformat(),
            "finish": line.forecast_finish.isoformat(),
            "revision": line.revision,
        }
        if moves and axis is not None
        else None,
    }


def conflict_in_words(line: Line) -> str:
    """What is not finished early enough for it; nothing where all is."""
    if not line.in_the_way:
        return ""
    last = max(line.in_the_way, key=lambda each: (each.finish, each.id))
    begins = say(
        "It is to begin {day}, but “{task}” is not finished before {finish}.",
        day=day(line.forecast_start),
        task=last.name,
        finish=day(last.finish),
    )
    if line.earliest is None:
        return begins
    return together(begins, say("It can begin {day}.", day=day(line.earliest)))


def doer_view(line: Line) -> dict[str, Any] | None:
    """Who does it: a person, an agency, or nobody yet."""
    if line.assignee_id is not None and line.assignee:
        return {**face(line.assignee_id, line.assignee, line.agency or ""), "agency": line.agency or ""}
    if line.agency_id is not None and line.agency:
        return {**face(line.agency_id, line.agency), "agency": line.agency}
    return None


def _faces(schedule: Schedule) -> dict[str, Any]:
    """Who works on it, each once, the owner first."""
    people = {schedule.campaign.owner_id: schedule.owner}
    for part in schedule.parts:
        people.setdefault(part.activity.owner_id, part.owner)
    for line in schedule.lines:
        if line.assignee_id is not None:
            people.setdefault(line.assignee_id, line.assignee or "")
    shown = [face(number, name) for number, name in people.items() if name]
    return {"shown": shown[:MOST_FACES], "more": max(0, len(shown) - MOST_FACES)}


def summary_view(each: Summary) -> dict[str, Any]:
    """A campaign in a list."""
    row, rolled = each.campaign, each.rolled
    return {
        "url": f"/campaigns/{row.id}",
        "name": row.name,
        "plan": each.plan,
        "days": days_in_words(row.starts_on, row.ends_on),
        "owner": face(row.owner_id, each.owner) if each.owner else None,
        "state": STATES[row.state],
        "percent": rolled.percent if rolled.tasks else None,
        "slip": came_view(rolled.forecast.finish, each.slip, is_done=rolled.is_done),
        "late": say_n("{count} late", "{count} late", rolled.late)
        if rolled.late and row.state not in ("done", "cancelled")
        else "",
    }
