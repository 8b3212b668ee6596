"""What planning stores, one noun per file."""

from assetlib.planning.models.campaign import Activity, Campaign, CampaignTemplate, MeasuredResult
from assetlib.planning.models.deliverable import (
    Deliverable,
    DeliverableAttachment,
    DeliverableItem,
    Delivery,
    Hold,
)
from assetlib.planning.models.feed import CalendarFeed
from assetlib.planning.models.intake import IntakeForm, IntakeRequest
from assetlib.planning.models.plan import (
    ExpectedResult,
    Plan,
    PlanComment,
    PlanLine,
    PlannedActivity,
    PlanVersion,
    PlanWriter,
)
from assetlib.planning.models.task import Task, TaskPredecessor

__all__ = [
    "Activity",
    "CalendarFeed",
    "Campaign",
    "CampaignTemplate",
    "Deliverable",
    "DeliverableAttachment",
    "DeliverableItem",
    "Delivery",
    "ExpectedResult",
    "Hold",
    "IntakeForm",
    "IntakeRequest",
    "MeasuredResult",
    "Plan",
    "PlanComment",
    "PlanLine",
    "PlanVersion",
    "PlanWriter",
    "PlannedActivity",
    "Task",
    "TaskPredecessor",
]
