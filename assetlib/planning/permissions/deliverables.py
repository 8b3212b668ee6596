"""Who asks for files, who approves what is asked, who delivers, and who decides about what came."""

from assetlib.access.actor import ADMINISTRATOR, LIBRARIAN, PLANNER, Actor
from assetlib.access.permission import Permission, all_of, any_of, role, the_house
from assetlib.planning.models import Deliverable, Task
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import is_their_agencys, of_an_agency
from assetlib.words import say


def _plans(actor: Actor, deliverable: Deliverable | None) -> bool:
    thing = None if deliverable is None else deliverable.task.activity.campaign
    return of_the_house(actor, None) and role(PLANNER)(actor, thing)


def _plans_task(actor: Actor, task: Task | None) -> bool:
    return of_the_house(actor, None) and role(PLANNER)(actor, task.activity.campaign if task else None)


def _curates(actor: Actor, deliverable: Deliverable | None) -> bool:
    thing = None if deliverable is None else deliverable.task.activity.campaign
    return of_the_house(actor, None) and role(LIBRARIAN, ADMINISTRATOR)(actor, thing)


def _is_another(actor: Actor, deliverable: Deliverable | None) -> bool:
    """Nobody approves a brief that they sent themself."""
    return deliverable is None or actor.person_id != deliverable.brief_by_id


def is_asked(actor: Actor, deliverable: Deliverable | None) -> bool:
    """It was asked for from the actor's agency; from the house itself, where librarians hand files in."""
    if deliverable is None:
        return of_an_agency(actor, None) or _curates(actor, None)
    if deliverable.agency_id is None:
        return _curates(actor, deliverable)
    return is_their_agencys(actor, deliverable)


def _may_come_now(actor: Actor, deliverable: Deliverable | None) -> bool:  # noqa: ARG001
    return deliverable is None or deliverable.scope_state == "scope_approved"


SEE_DELIVERABLES = Permission(
    "planning.see_deliverables",
    any_of(of_the_house, of_an_agency),
    say("Deliverables are open to the people of the house and of its agencies."),
    token="read",
)
"""Of an agency only those that it was asked for; see `queries.visibility`."""
MAKE_DELIVERABLE = Permission(
    "planning.make_deliverable",
    _plans_task,
    say("Deliverables are written by the planners of the campaign."),
    token="edit",
)
EDIT_DELIVERABLE = Permission(
    "planning.edit_deliverable",
    _plans,
    say("Deliverables are written by the planners of the campaign."),
    token="edit",
)
APPROVE_SCOPE = Permission(
    "planning.approve_scope",
    all_of(_plans, _is_another),
    say("A brief is approved by a planner of the campaign who did not send it."),
)
"""Not with a token: it is the promise on which orders are written."""
DELIVER = Permission(
    "planning.deliver",
    all_of(is_asked, _may_come_now),
    say("Files are delivered by those who were asked for them, while the brief is approved."),
    token="upload",
)
DECIDE_DELIVERY = Permission(
    "planning.decide_delivery",
    any_of(_plans, _curates),
    say("Deliveries are decided by librarians and by planners of the campaign."),
    token="edit",
)
CHECK_DELIVERY = Permission(
    "planning.check_delivery", any_of(is_asked, _plans, _curates), DELIVER.refusal, token="upload"
)
TAKE_DELIVERY = Permission("planning.take_delivery", the_house, say("The house checks what arrives."))
PLACE_HOLD = Permission(
    "planning.place_hold",
    any_of(of_the_house, the_house),
    say("Holds are placed by the house."),
    token="edit",
)
