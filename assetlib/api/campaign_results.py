"""What came of a campaign, beside what was expected of it."""

from datetime import date, datetime

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from assetlib.api.shapes import Shape, Text
from assetlib.current import actor, database
from assetlib.planning.actions.results import enter_results
from assetlib.planning.models import Campaign
from assetlib.planning.permissions.work import EDIT_CAMPAIGN, SEE_CAMPAIGNS
from assetlib.planning.queries.campaigns import get_campaign
from assetlib.planning.queries.results import results_of
from assetlib.planning.rules.results import Typed
from assetlib.policy import open_to

api = APIBlueprint("api_campaign_results", __name__, tag="Campaigns")


class FigureIn(Shape):
    day: date
    kpi: Text
    value: str = Field(description="a number with a point before at most three digits", max_length=40)
    unit: Text = ""
    activity: Text = Field("", description="name of the activity; empty: of the whole campaign")


class FiguresIn(Shape):
    figures: list[FigureIn] = Field(min_length=1, max_length=1_000)


class BesideOut(Shape):
    kpi: str
    unit: str
    expected: int | None = Field(description="thousandths")
    measured: int | None = Field(description="thousandths")
    measured_on: date | None
    percent: int | None


class MeasuredOut(Shape):
    measured_on: date
    kpi: str
    value: int = Field(description="thousandths")
    unit: str
    activity: str
    entered_at: datetime


class ResultsOut(Shape):
    figures: list[BesideOut]
    entered: list[MeasuredOut] = Field(description="the latest first")
    total: int


@api.get("/campaigns/<int:campaign_id>/results")
@api.output(ResultsOut)
@open_to(SEE_CAMPAIGNS)
def show(campaign_id: int) -> ResultsOut:
    """Expected and measured, and the figures as they were entered."""
    with database().reading() as session:
        return _out(session, get_campaign(session, actor(), campaign_id))


@api.post("/campaigns/<int:campaign_id>/results")
@api.input(FiguresIn)
@api.output(ResultsOut, status_code=201)
@open_to(EDIT_CAMPAIGN)
def enter(campaign_id: int, json_data: FiguresIn) -> ResultsOut:
    """Enter figures: all of them, or none with a sentence for each."""
    typed = [
        Typed(each.day.isoformat(), each.kpi, each.value, each.unit, each.activity, number)
        for number, each in enumerate(json_data.figures, 1)
    ]
    with database().transaction() as session:
        campaign = get_campaign(session, actor(), campaign_id)
        enter_results(session, actor(), campaign, typed, language="en", source="csv")
        return _out(session, campaign)


def _out(session: Session, campaign: Campaign) -> ResultsOut:
    found = results_of(session, campaign)
    return ResultsOut(
        figures=[
            BesideOut(
                kpi=each.kpi,
                unit=each.unit,
                expected=each.expected,
                measured=each.measured,
                measured_on=each.measured_on,
                percent=each.percent,
            )
            for each in found.figures
        ],
        entered=[
            MeasuredOut(
                measured_on=each.measured_on,
                kpi=each.kpi,
                value=each.thousandths,
                unit=each.unit,
                activity=each.activity,
                entered_at=each.entered_at,
            )
            for each in found.entered
        ],
        total=found.total,
    )
