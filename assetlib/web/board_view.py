"""A board: tasks in columns by how far they are."""

from collections.abc import Iterable
from typing import Any

from assetlib.access.actor import Actor
from assetlib.planning.models import Campaign
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.lines import Line
from assetlib.planning.rules.tasks import COLUMNS, DOING, DONE, TO_DO, WAITING
from assetlib.web.campaign_view import STANDINGS, came_view, conflict_in_words, doer_view
from assetlib.web.context import day
from assetlib.words import say

LABELS = {
    TO_DO: say("To do"),
    DOING: say("In work"),
    WAITING: say("Waiting"),
    DONE: say("Done"),
}
MOVES: dict[str, tuple[tuple[str, str], ...]] = {
    TO_DO: ((DOING, say("Begin")), (WAITING, say("Let it wait")), (DONE, say("Finish"))),
    DOING: ((DONE, say("Finish")), (WAITING, say("Let it wait")), (TO_DO, say("Put it back"))),
    WAITING: ((DOING, say("Go on")), (DONE, say("Finish")), (TO_DO, say("Put it back"))),
    DONE: ((DOING, say("Take it up again")),),
}
"""Column → where its tasks can go, and what that is called."""
MOST_DONE = 30
"""What was done longest ago is left out of its column; the schedule shows it."""


def columns_of(who: Actor, lines: Iterable[Line], *, campaign: Campaign) -> list[dict[str, Any]]:
    """The columns in their order, in each the soonest due first; of what is done the latest first."""
    edits = EDIT_CAMPAIGN.allows(who, campaign)
    by_stage: dict[str, list[Line]] = {stage: [] for stage in COLUMNS}
    for line in lines:
        if line.stage in by_stage:
            by_stage[line.stage].append(line)
    columns = []
    for stage, rows in by_stage.items():
        rows.sort(key=lambda each: (each.finish, each.id), reverse=stage == DONE)
        shown = rows[:MOST_DONE] if stage == DONE else rows
        columns.append(
            {
                "stage": stage,
                "label": LABELS[stage],
                "count": len(rows),
                "left_out": len(rows) - len(shown),
                "cards": [card_view(who, each, edits=edits) for each in shown],
            }
        )
    return columns


def card_view(who: Actor, line: Line, *, edits: bool) -> dict[str, Any]:
    """A task on a board."""
    may_move = edits or line.assignee_id == who.person_id
    return {
        "id": line.id,
        "url": f"/tasks/{line.id}",
        "name": line.name,
        "activity": line.activity,
        "doer": doer_view(line),
        "came": came_view(line.finish, line.slip, is_done=line.is_done, is_overdue=line.is_overdue),
        "due": day(line.finish),
        "standing": STANDINGS[line.standing] if line.standing in ("late", "at_risk") else None,
        "conflict": conflict_in_words(line),
        "percent": line.percent if line.is_open and line.percent else None,
        "is_milestone": line.kind == "milestone",
        "moves": MOVES[line.stage] if may_move else (),
    }
