"""What plans look like in JSON. Money is in the smallest unit of its currency."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.database import LARGEST_ID
from assetlib.planning.models import Plan, PlanVersion
from assetlib.planning.permissions.plans import SEE_MONEY
from assetlib.planning.queries.gates import gate_for_activating
from assetlib.planning.queries.plans import content_of
from assetlib.planning.rules.plan_content import SAME, Difference
from assetlib.words import recalled

MONEY = ("lines", "line-")


class PlanQuery(Query):
    year: int | None = None
    state: str = Field("", description="draft, in_review, approved, active or closed")
    brand: str = ""
    region: str = ""


class DifferenceQuery(BaseModel):
    before: int = Field(ge=1, le=LARGEST_ID, description="number of the earlier version")
    after: int = Field(ge=1, le=LARGEST_ID, description="number of the later version")


class PlanIn(Shape):
    name: Text
    calendar: RowId = Field(description="a fiscal calendar")
    fiscal_year: int
    currency: Text
    brand: Text = ""
    region: Text = ""
    owner: RowId | None = Field(None, description="a person of the house; null: you")


class PlanChange(Shape):
    revision: int = Field(description="the one that was read")
    name: Text
    brand: Text = ""
    region: Text = ""
    owner: RowId


class ReasonIn(Shape):
    reason: Text


class AnswerIn(Shape):
    answer: Text = ""


class SendIn(Shape):
    revision: int = Field(description="the version's, as it was read")


class CommentIn(Shape):
    text: Text
    field: Text = Field("", description="such as objectives, lines, line-3 or activity-7; empty: the whole")


class WordsIn(Shape):
    revision: int
    objectives: list[Text] = Field(max_length=1_000)
    assumptions: Text = ""
    products: list[Text] = Field(default=[], max_length=1_000)
    segments: list[Text] = Field(default=[], max_length=1_000)
    channels: list[Text] = Field(default=[], max_length=1_000)


class ResultShape(Shape):
    kpi: Text
    thousandths: int = Field(ge=-(10**18), le=10**18, description="the value, times a thousand")
    unit: Text = ""
    campaign: RowId | None = None


class ExpectedIn(Shape):
    revision: int
    expected: list[ResultShape] = Field(max_length=10_000)


class ActivityShape(Shape):
    activity: RowId
    starts_on: date
    ends_on: date


class ActivitiesIn(Shape):
    revision: int
    activities: list[ActivityShape] = Field(max_length=100_000)


class LineShape(Shape):
    activity: RowId
    period: RowId
    account: RowId
    cost_centre: RowId
    amount_minor: int = Field(ge=-(10**18), le=10**18)
    currency: Text
    certainty: Text = Field("likely", description="committed, likely or optional")
    fixed: bool = False
    note: Text = ""


class LinesIn(Shape):
    revision: int
    lines: list[LineShape] = Field(max_length=100_000)


class LineOut(LineShape):
    base_minor: int = Field(description="in the plan's currency")


class CommentOut(Shape):
    id: int
    field: str
    text: str
    author: int
    at: datetime
    settled_at: datetime | None


class PlanOut(Shape):
    id: int
    ref: str
    name: str
    calendar: int
    fiscal_year: int
    brand: str
    region: str
    currency: str
    owner: int
    active: int | None = Field(description="number of the version by which people work")
    newest: int = Field(description="number of the newest version")
    state: str = Field(description="of the newest version; closed when the plan is")
    closed_at: datetime | None
    revision: int


class PlansOut(Shape):
    total: int
    page: int
    size: int
    plans: list[PlanOut]


class VersionOut(Shape):
    plan: int
    number: int
    state: str
    reason: str
    objectives: list[str]
    assumptions: str
    products: list[str]
    segments: list[str]
    channels: list[str]
    expected: list[ResultShape]
    activities: list[ActivityShape]
    lines: list[LineOut] | None = Field(description="null to whoever sees no money")
    total_minor: int | None
    content_sha256: str
    submitted_at: datetime | None
    decided_at: datetime | None
    answer: str
    in_the_way: list[str] = Field(description="why an approved version is not active")
    comments: list[CommentOut]
    revision: int


class PairOut(Shape):
    field: str
    what: str = Field(description="added, removed or changed")
    before: Any
    after: Any


class DifferenceOut(Shape):
    pairs: list[PairOut]


def plan_out(plan: Plan, active: PlanVersion | None, newest: PlanVersion | None) -> PlanOut:
    return PlanOut(
        id=plan.id,
        ref=plan.ref,
        name=plan.name,
        calendar=plan.calendar_id,
        fiscal_year=plan.fiscal_year,
        brand=plan.brand,
        region=plan.region,
        currency=plan.currency,
        owner=plan.owner_id,
        active=active.number if active is not None else None,
        newest=newest.number if newest is not None else 1,
        state="closed" if plan.closed_at is not None else newest.state if newest is not None else "draft",
        closed_at=plan.closed_at,
        revision=plan.revision,
    )


def version_out(session: Session, who: Actor, row: PlanVersion) -> VersionOut:
    said, sees_money = content_of(row), SEE_MONEY.allows(who)
    waits = row.state == "approved" and row.plan.closed_at is None
    return VersionOut(
        plan=row.plan_id,
        number=row.number,
        state=row.state,
        reason=row.reason,
        objectives=list(said.objectives),
        assumptions=said.assumptions,
        products=list(said.products),
        segments=list(said.segments),
        channels=list(said.channels),
        expected=[
            ResultShape(kpi=each.kpi, thousandths=each.thousandths, unit=each.unit, campaign=each.campaign_id)
            for each in said.expected
        ],
        activities=[
            ActivityShape(activity=each.activity_id, starts_on=each.starts_on, ends_on=each.ends_on)
            for each in said.activities
        ],
        lines=_lines(row) if sees_money else None,
        total_minor=said.total_minor if sees_money else None,
        content_sha256=row.content_sha256,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        answer=recalled(row.answer),
        in_the_way=list(gate_for_activating(session, row).reasons) if waits else [],
        comments=[
            CommentOut(
                id=each.id,
                field=each.field,
                text=each.text,
                author=each.author_id,
                at=each.at,
                settled_at=each.settled_at,
            )
            for each in row.comments
            if sees_money or not each.field.startswith(MONEY)
        ],
        revision=row.revision,
    )


def _lines(row: PlanVersion) -> list[LineOut]:
    return [
        LineOut(
            activity=each.activity_id,
            period=each.period_id,
            account=each.gl_account_id,
            cost_centre=each.cost_centre_id,
            amount_minor=each.amount_minor,
            currency=each.currency,
            certainty=each.certainty,
            fixed=each.is_fixed,
            note=each.note,
            base_minor=each.base_minor,
        )
        for each in content_of(row).lines
    ]


def difference_out(who: Actor, found: Difference) -> DifferenceOut:
    """The pairs that are not the same; money only to whoever may see it."""
    pairs = {
        name: [each] if name == "assumptions" else each
        for name, each in vars(found).items()
        if name != "lines" or SEE_MONEY.allows(who)
    }
    return DifferenceOut(
        pairs=[
            PairOut(field=name, what=pair.what, before=_said(pair.before), after=_said(pair.after))
            for name, each in pairs.items()
            for pair in each
            if pair.what != SAME
        ]
    )


def _said(value: Any) -> Any:
    """In values that JSON knows."""
    if value is None or isinstance(value, str):
        return value
    return {
        key: each.isoformat() if isinstance(each, date) else each
        for key, each in asdict(value).items()
        if key != "tasks"
    }
