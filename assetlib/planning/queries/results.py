"""What came of a campaign, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts.models import Person
from assetlib.planning.models import (
    Activity,
    Campaign,
    ExpectedResult,
    MeasuredResult,
    PlanVersion,
)
from assetlib.planning.rules.results import Beside, Figure, beside

MOST_SHOWN = 200


@dataclass(frozen=True)
class Measured:
    """One figure as it was entered."""

    measured_on: date
    kpi: str
    thousandths: int
    unit: str
    activity: str
    """Its name; empty: of the whole campaign."""
    source: str
    person: str
    entered_at: datetime


@dataclass(frozen=True)
class Results:
    """The figures of a campaign, each beside what the active version of its plan expects."""

    figures: Sequence[Beside]
    entered: Sequence[Measured]
    """The latest first, as many as a page shows."""
    total: int
    """How many figures were entered in all."""


def results_of(session: Session, campaign: Campaign) -> Results:
    """Two statements. Whoever may see the campaign may see what came of it."""
    expected = session.execute(
        select(ExpectedResult.kpi, ExpectedResult.thousandths, ExpectedResult.unit)
        .join(PlanVersion, PlanVersion.id == ExpectedResult.version_id)
        .where(ExpectedResult.campaign_id == campaign.id, PlanVersion.state == "active")
        .order_by(ExpectedResult.position, ExpectedResult.id)
    )
    rows = session.execute(
        select(
            MeasuredResult.kpi,
            MeasuredResult.thousandths,
            MeasuredResult.unit,
            MeasuredResult.measured_on,
            MeasuredResult.activity_id,
            MeasuredResult.source,
            MeasuredResult.entered_at,
            Activity.name.label("activity"),
            Person.name.label("person"),
        )
        .outerjoin(Activity, Activity.id == MeasuredResult.activity_id)
        .outerjoin(Person, Person.id == MeasuredResult.entered_by_id)
        .where(MeasuredResult.campaign_id == campaign.id)
        .order_by(MeasuredResult.id)
    ).all()
    figures = beside(
        [(row.kpi, row.thousandths, row.unit) for row in expected],
        [Figure(row.kpi, row.thousandths, row.unit, row.measured_on, row.activity_id) for row in rows],
    )
    entered = [
        Measured(
            row.measured_on,
            row.kpi,
            row.thousandths,
            row.unit,
            row.activity or "",
            row.source,
            row.person or "",
            row.entered_at,
        )
        for row in reversed(rows[-MOST_SHOWN:])
    ]
    return Results(figures, entered, len(rows))


def activity_names(session: Session, campaign: Campaign) -> dict[str, int]:
    """Name of an activity in small letters → its id; of two that are called the same the first."""
    rows = session.execute(
        select(Activity.id, Activity.name)
        .where(Activity.campaign_id == campaign.id)
        .order_by(Activity.position.desc(), Activity.id.desc())
    )
    return {name.lower(): activity_id for activity_id, name in rows}
