"""Figures are entered beside what the active version expects, and never overwritten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.permission import NotPermitted
from assetlib.planning.actions.results import enter_results
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Activity, MeasuredResult
from assetlib.planning.queries.results import results_of
from assetlib.planning.rules.results import Typed
from tests import make, make_plans

YESTERDAY = (clock.today() - timedelta(days=1)).isoformat()


@pytest.fixture
def activity(session: Session, planner: Actor) -> Activity:
    noise = make_plans.running_campaign(session, planner)
    session.add(
        MeasuredResult(
            campaign_id=noise.campaign_id, kpi="Visits", thousandths=1, measured_on=clock.today(),
            entered_at=clock.now(),
        )
    )  # fmt: skip
    made = make_plans.running_campaign(session, planner)
    version = made.campaign.plan.active_version
    assert version is not None
    draft = make_plans.plan_version(session, version.plan)
    make_plans.expected_result(session, version, made.campaign)
    make_plans.expected_result(session, draft, made.campaign, thousandths=4_000)
    return made


def test_what_came_stands_beside_what_the_active_version_expects(
    session: Session, planner: Actor, activity: Activity
) -> None:
    typed = [
        Typed(YESTERDAY, "Visits", "1", activity=activity.name),
        Typed(YESTERDAY, "Leads", "1.250,5", "Leute", number=2),
    ]
    assert enter_results(session, planner, activity.campaign, typed, language="de", source="csv") == 2
    found = results_of(session, activity.campaign)
    assert [(each.kpi, each.expected, each.measured, each.percent) for each in found.figures] == [
        ("Visits", 2_000, 1_000, 50),
        ("Leads", None, 1_250_500, None),
    ]
    assert [(each.kpi, each.activity, each.person, each.source) for each in found.entered] == [
        ("Leads", "", "Paula Planner", "csv"),
        ("Visits", activity.name, "Paula Planner", "csv"),
    ]


def test_a_later_figure_counts_and_the_earlier_one_stays(
    session: Session, planner: Actor, activity: Activity
) -> None:
    for value in ("1", "3"):
        enter_results(session, planner, activity.campaign, [Typed(YESTERDAY, "Visits", value)], language="en")
    found = results_of(session, activity.campaign)
    assert found.figures[0].measured == 3_000
    assert found.total == 2


def test_of_a_table_with_a_wrong_row_nothing_is_kept(
    session: Session, planner: Actor, activity: Activity
) -> None:
    typed = [Typed(YESTERDAY, "Visits", "1", number=2), Typed(YESTERDAY, "Visits", "many", number=3)]
    before = session.scalar(select(func.count(MeasuredResult.id)))
    with pytest.raises(WrongPlanning) as refused:
        enter_results(session, planner, activity.campaign, typed, language="en", source="csv")
    assert set(refused.value.details["fields"]) == {"row-3"}
    assert session.scalar(select(func.count(MeasuredResult.id))) == before


@pytest.mark.parametrize("who", ["field_marketer", "librarian", "contributor"])
def test_only_planners_enter_figures(
    session: Session, people: make.People, activity: Activity, who: str
) -> None:
    with pytest.raises(NotPermitted):
        enter_results(
            session,
            getattr(people, who),
            activity.campaign,
            [Typed(YESTERDAY, "Visits", "1")],
            language="en",
        )
