"""How planning says no."""

from assetlib.errors import Conflict, Invalid, NotFound


class NoSuchPlan(NotFound):
    """No such plan or version, or it is not this actor's to see."""

    code = "plan_not_found"


class NoSuchCampaign(NotFound):
    """No such campaign, activity or template, or it is not this actor's to see."""

    code = "campaign_not_found"


class NoSuchTask(NotFound):
    """No such task, or it is not this actor's to see."""

    code = "task_not_found"


class NoSuchDeliverable(NotFound):
    """No such deliverable, item or delivery, or it is not this actor's to see."""

    code = "deliverable_not_found"


class NoSuchFeed(NotFound):
    """No such feed, it was revoked, or its person may know nothing any more."""

    code = "feed_not_found"


class WrongPlanning(Invalid):
    """A field cannot hold what was sent; `details["fields"]` says which and why."""

    code = "wrong_planning_value"


class GateClosed(Conflict):
    """Something has to be so before this can be done; `details["gate"]` names it, `details["open"]` lists
    what is missing."""

    code = "gate_closed"


class WrongPlanningState(Conflict):
    """It is not in a state from which this can be done."""

    code = "wrong_planning_state"


class PlanningChanged(Conflict):
    """Somebody else changed it since it was read; `details["current"]` holds what it says now."""

    code = "planning_changed"
