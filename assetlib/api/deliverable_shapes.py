"""Deliverables as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from assetlib.access.actor import Actor
from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.planning.models import Deliverable
from assetlib.planning.permissions.deliverables import DECIDE_DELIVERY
from assetlib.planning.queries.deliverables import Came
from assetlib.planning.rules.deliverables import ItemForm
from assetlib.words import recalled


class DeliverablesQuery(Query):
    campaign: RowId | None = None
    agency: RowId | None = None
    task: RowId | None = None
    scope: Literal["", "draft", "brief_submitted", "scope_approved", "rescoped", "dropped"] = ""
    state: Literal[
        "", "not_started", "in_work", "in_review", "changes_requested", "approved", "rejected", "published",
        "withdrawn",
    ] = ""  # fmt: skip
    due: Literal["", "late", "week"] = Field("", description="late, or due within a week")


class ItemIn(Shape):
    """One required file. `id` names one that is there already."""

    id: RowId | None = None
    name: Text
    width: int | None = None
    height: int | None = None
    unit: Literal["px", "mm"] = "px"
    locale: Text = ""


class DeliverableIn(Shape):
    task: RowId
    name: Text
    due_at: AwareDatetime
    brief: Text = ""
    brief_asset: RowId | None = None
    type: Text | None = Field(None, description="key of the sort of asset that it becomes")
    spec: RowId | None = Field(None, description="id of the delivery spec")
    agency: RowId | None = Field(None, description="who delivers; null: the house itself")
    items: list[ItemIn] = Field([], max_length=200)
    attachments: list[RowId] = Field([], max_length=200)

    def values(self) -> dict[str, Any]:
        """As the actions take them."""
        return {
            "name": self.name,
            "due_at": self.due_at,
            "brief": self.brief,
            "brief_asset_id": self.brief_asset,
            "type_key": self.type,
            "spec_id": self.spec,
            "agency_id": self.agency,
            "items": [ItemForm(**each.model_dump()) for each in self.items],
            "attachments": self.attachments,
        }


class DeliverableChange(DeliverableIn):
    """The whole of it. `revision` is the one that was read; the task stays."""

    task: RowId | None = None  # type: ignore[assignment]  # it is not asked for again
    revision: int


class SeenIn(Shape):
    revision: int = Field(description="the one that was read")


class ReasonIn(Shape):
    reason: Text


class SendBackIn(SeenIn):
    reason: Text


class NoteIn(Shape):
    note: Text = ""


class ReturnIn(Shape):
    """`sha256` is that of the file that was looked at."""

    sha256: Text
    reason: Text


class AcceptIn(Shape):
    """`sha256` is that of the file that was looked at, `seen` its `standing` at that moment."""

    sha256: Text
    seen: Text
    note: Text = ""


class CheckOut(Shape):
    name: str
    passed: bool
    found: str
    needed: str


class DeliveryOut(Shape):
    id: int
    state: str = Field(description="quarantined, passed, waived, sent, accepted, returned or replaced")
    file_name: str
    sha256: str
    at: datetime
    checks: list[CheckOut]
    note: str
    waived_reason: str
    returned_reason: str
    standing: str | None = Field(description="to send as `seen` with an acceptance, for those who decide")


class ItemOut(Shape):
    id: int
    name: str
    width: int | None
    height: int | None
    unit: str
    locale: str
    state: str
    asset: int | None
    accepted_sha256: str
    deliveries: list[DeliveryOut] = Field(description="the newest first")


class DeliverableOut(Shape):
    id: int
    ref: str
    task: int
    name: str
    brief: str
    brief_asset: int | None
    type: str | None
    spec: int | None
    agency: int | None
    owner: int
    due_at: datetime
    scope_state: str
    scope_note: str
    creative_state: str
    accepted_at: datetime | None
    attachments: list[int]
    items: list[ItemOut]
    revision: int


class DeliverablesOut(Shape):
    total: int
    page: int
    size: int
    deliverables: list[DeliverableOut]


class SentOut(Shape):
    files: int


def out(who: Actor, row: Deliverable, came: Mapping[int, Sequence[Came]]) -> DeliverableOut:
    """A deliverable with what came for it."""
    decides = DECIDE_DELIVERY.allows(who, row)
    return DeliverableOut(
        id=row.id,
        ref=row.ref,
        task=row.task_id,
        name=row.name,
        brief=row.brief,
        brief_asset=row.brief_asset_id,
        type=row.type_key,
        spec=row.spec_id,
        agency=row.agency_id,
        owner=row.owner_id,
        due_at=row.due_at,
        scope_state=row.scope_state,
        scope_note=row.scope_note,
        creative_state=row.creative_state,
        accepted_at=row.accepted_at,
        attachments=[each.asset_id for each in row.attachments],
        items=[
            ItemOut(
                id=item.id,
                name=item.name,
                width=item.width,
                height=item.height,
                unit=item.unit,
                locale=item.locale,
                state=item.state,
                asset=item.asset_id,
                accepted_sha256=item.accepted_sha256,
                deliveries=[_delivery(each, decides=decides) for each in came.get(item.id, ())],
            )
            for item in row.items
        ],
        revision=row.revision,
    )


def _delivery(came: Came, *, decides: bool) -> DeliveryOut:
    delivery, version = came.delivery, came.version
    return DeliveryOut(
        id=delivery.id,
        state=delivery.state,
        file_name=version.file_name if version is not None else "",
        sha256=delivery.sha256,
        at=delivery.at,
        checks=[
            CheckOut(
                name=each["name"],
                passed=each["passed"],
                found=recalled(each["found"]),
                needed=recalled(each["needed"]),
            )
            for each in delivery.checks
        ],
        note=delivery.note,
        waived_reason=delivery.waived_reason,
        returned_reason=delivery.returned_reason,
        standing=str(standing_of(version.asset, version)) if decides and version is not None else None,
    )
