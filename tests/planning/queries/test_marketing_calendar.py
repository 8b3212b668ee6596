"""The calendar shows what people see on some days, by region, channel and brand, and what clashes there."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assetlib.access.actor import PLANNER, Actor
from assetlib.catalog.schema import lay_schema
from assetlib.planning.models import Activity, Campaign
from assetlib.planning.queries.marketing_calendar import Wanted, calendar_between
from tests import make, make_plans

ENGINES = ("sqlite", "postgresql")
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)


@pytest.fixture
def planner(session: Session, people: make.People) -> Actor:
    lay_schema(session)
    return make.actor(make.person(session, people.own, PLANNER, name="Petra Planner"), people.own)


def campaign(session: Session, planner: Actor, name: str, **values: Any) -> Campaign:
    made = {"starts_on": date(2027, 2, 1), "ends_on": date(2027, 6, 30), **values}
    return make_plans.campaign(session, make_plans.plan(session, planner), name=name, **made)


def activity(session: Session, of: Campaign, name: str, **values: Any) -> Activity:
    made = {"channel": "Newsletter", "starts_on": date(2027, 3, 8), "ends_on": date(2027, 3, 12), **values}
    return make_plans.activity(session, of, name=name, **made)


def names(session: Session, actor: Actor, **wanted: Any) -> list[str]:
    return [each.name for each in calendar_between(session, actor, FIRST, LAST, Wanted(**wanted)).entries]


def test_what_is_seen_on_one_of_the_days_is_shown(session: Session, planner: Actor) -> None:
    spring = campaign(session, planner, "Spring")
    activity(session, spring, "first day", starts_on=date(2027, 2, 20), ends_on=FIRST)
    activity(session, spring, "last day", starts_on=LAST, ends_on=date(2027, 5, 1))
    activity(session, spring, "before", starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28))
    activity(session, spring, "after", starts_on=date(2027, 4, 1), ends_on=date(2027, 4, 2))
    activity(session, spring, "called off", state="cancelled")
    activity(session, campaign(session, planner, "Off", state="cancelled"), "of one that was called off")
    campaign(session, planner, "Not filled yet")
    campaign(session, planner, "Not filled, later", starts_on=date(2027, 4, 1))
    assert names(session, planner) == ["Not filled yet", "first day", "last day"]


def test_only_people_of_the_house_see_it(session: Session, planner: Actor, people: make.People) -> None:
    activity(session, campaign(session, planner, "Spring"), "mailing")
    assert names(session, people.librarian) == ["mailing"]
    for outside in (people.contributor, people.partner_marketer, people.without_role):
        assert names(session, outside) == []


def test_a_region_stands_for_all_below_it_and_for_what_is_for_all(session: Session, planner: Actor) -> None:
    activity(session, campaign(session, planner, "A", regions=["europe"]), "of Europe")
    activity(session, campaign(session, planner, "B"), "of all")
    activity(session, campaign(session, planner, "C", regions=["japan"]), "of Norway", region="norway")
    activity(session, campaign(session, planner, "D", regions=["japan"]), "of Japan")
    assert set(names(session, planner, region="nordics")) == {"of Europe", "of all", "of Norway"}
    assert set(names(session, planner, region="asia")) == {"of all", "of Japan"}
    assert set(names(session, planner, region="austria")) == {"of Europe", "of all"}


def test_a_channel_and_a_brand_leave_what_is_theirs(session: Session, planner: Actor) -> None:
    activity(session, campaign(session, planner, "A", brand="kids", channels=["Print"]), "its", channel="")
    activity(session, campaign(session, planner, "B", brand="outdoor"), "own channel", channel="Print")
    activity(session, campaign(session, planner, "C"), "for all brands")
    assert set(names(session, planner, channel="Print")) == {"its", "own channel"}
    assert set(names(session, planner, brand="kids")) == {"its", "for all brands"}
    assert names(session, planner, brand="kids", channel="Print") == ["its"]


def test_clashes_are_told_with_their_days_also_where_a_filter_hides_one_side(
    session: Session, planner: Actor
) -> None:
    one = activity(session, campaign(session, planner, "A", regions=["europe"]), "to Europe")
    other = activity(
        session,
        campaign(session, planner, "B", regions=["germany", "japan"], channels=["Newsletter", "Print"]),
        "to Germany",
        channel="",
        starts_on=date(2027, 3, 10),
        ends_on=date(2027, 4, 10),
    )
    activity(session, campaign(session, planner, "C", regions=["united-states"]), "elsewhere")
    (clash,) = calendar_between(session, planner, FIRST, LAST).clashes
    assert (clash.first, clash.second) == (one.id, other.id)
    assert (clash.starts_on, clash.days) == (date(2027, 3, 10), 3)
    assert (set(clash.regions), set(clash.channels)) == ({"germany"}, {"Newsletter"})
    filtered = calendar_between(session, planner, FIRST, LAST, Wanted(channel="Print"))
    assert [each.name for each in filtered.entries] == ["to Germany"]
    assert filtered.clashes == [clash]
    assert filtered.by_activity[clash.first].name == "to Europe"
    assert set(names(session, planner, clashes_only=True)) == {"to Europe", "to Germany"}
