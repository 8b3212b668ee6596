"""Who sees and does the work: campaigns, activities, tasks."""

from typing import Any

from assetlib.access.actor import AGENCY_CONTRIBUTOR, PLANNER, Actor
from assetlib.access.permission import Permission, all_of, any_of, role
from assetlib.planning.models import Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.words import say


def of_an_agency(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """Somebody of an agency who does work for the house."""
    return (
        actor.kind == "person" and actor.organisation_kind == "agency" and actor.has_role(AGENCY_CONTRIBUTOR)
    )


def is_their_agencys(actor: Actor, thing: Any) -> bool:
    """The work was given to the actor's own agency."""
    return of_an_agency(actor, thing) and thing.agency_id == actor.organisation_id


def is_their_task(actor: Actor, task: Task | None) -> bool:
    """The task was given to the actor, or to their agency."""
    if task is None:
        return of_the_house(actor, None) or of_an_agency(actor, None)
    return task.assignee_id == actor.person_id or is_their_agencys(actor, task)


def _plans(actor: Actor, task: Task | None) -> bool:
    thing = None if task is None else task.activity.campaign
    return of_the_house(actor, None) and role(PLANNER)(actor, thing)


SEE_CAMPAIGNS = Permission(
    "planning.see_campaigns",
    of_the_house,
    say("Campaigns are open to the people of the house."),
    token="read",
)
EDIT_CAMPAIGN = Permission(
    "planning.edit_campaign",
    all_of(of_the_house, role(PLANNER)),
    say("This campaign is written by the planners of its brand and region."),
    token="edit",
)
"""Asked for a campaign, also by what is done to its activities, tasks and deliverables."""
SEE_TASKS = Permission(
    "planning.see_tasks",
    any_of(of_the_house, of_an_agency),
    say("Tasks are open to the people of the house and of its agencies."),
    token="read",
)
"""Of an agency only those that were given to it; see `queries.visibility`."""
DO_TASK = Permission(
    "planning.do_task",
    any_of(is_their_task, _plans),
    say("A task is moved on by those who do it and by planners."),
    token="edit",
)
