"""Campaigns and tasks as pages: what is typed, what is refused where it was typed, what each may press."""

from datetime import timedelta
from typing import Any

import pytest

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.house import House
from assetlib.planning.models import Activity, Campaign, Task
from tests import make, make_plans
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits


@pytest.fixture
def planner(house: House, people: make.People) -> Actor:
    with house.database.transaction() as session:
        return make.actor(make.person(session, people.own, PLANNER, name="Mira Koch"), people.own)


@pytest.fixture
def activity(house: House, planner: Actor) -> Activity:
    with house.database.transaction() as session:
        starts_on = clock.today() + timedelta(days=7)
        row = make_plans.running_campaign(
            session,
            planner,
            name="Autumn Trails",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=60),
        )
        assert row.campaign.plan.active_version is not None
        make_plans.plan_line(session, row.campaign.plan.active_version, row, amount_minor=5_670_000)
        return row


def a_task(house: House, of: Activity, **values: Any) -> Task:
    with house.database.transaction() as session:
        return make_plans.task(session, session.get_one(Activity, of.id), **values)


def now(house: House, task: Task) -> Task:
    with house.database.reading() as session:
        return session.get_one(Task, task.id)


def test_a_planner_makes_a_campaign_with_an_activity_and_a_task(
    house: House, visits: Visits, planner: Actor, activity: Activity, people: make.People
) -> None:
    visit = visits.of(planner)
    assert "Make the campaign" in visit.get("/campaigns/new").get_data(as_text=True)
    days = {"starts_on": "2027-03-01", "ends_on": "2027-04-30"}
    facts = {"plan": activity.campaign.plan_id, "name": "Night walk", "owner_id": planner.person_id, **days}
    refused = visit.post("/campaigns", {**facts, "name": " ", "theme": "Out while it rains"})
    assert refused.status_code == 422
    assert "Give it a name." in refused.text
    assert "Out while it rains" in refused.text
    made = visit.post("/campaigns", facts)
    assert made.status_code == 303
    campaign = made.headers["Location"]
    refused = visit.post(f"{campaign}/activities", {"name": "Fair", "owner_id": planner.person_id, **days,
                                                    "ends_on": "2027-02-01", "kind": "event"})  # fmt: skip
    assert (refused.status_code, "lies before the first one" in refused.text) == (422, True)
    added = visit.post(
        f"{campaign}/activities",
        {"name": "Fair", "owner_id": planner.person_id, **days, "kind": "event", "country": "DE"},
    )
    assert added.headers["Location"] == campaign
    with house.database.reading() as session:
        fair = session.query(Activity).filter_by(name="Fair").one().id
    assert "New task of Fair" in visit.get(f"/activities/{fair}/tasks/new").text
    sent = {"name": "Build the stand", "start": "2027-03-01", "finish": "2027-03-05", "kind": "work"}
    closed = visit.post(
        f"/activities/{fair}/tasks", {**sent, "doer": f"person-{people.field_marketer.person_id}"}
    )
    assert closed.status_code == 409
    assert "does not stand in an approved version" in closed.text
    assert 'value="Build the stand"' in closed.text
    assert visit.post(f"/activities/{fair}/tasks", sent).headers["Location"] == campaign
    page = visit.get(campaign).text
    assert ("Build the stand" in page, "nobody yet" in page) == (True, True)


def test_two_who_change_a_campaign_do_not_overwrite_each_other(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    visit, path = visits.of(planner), f"/campaigns/{activity.campaign_id}"
    with house.database.reading() as session:
        row = session.get_one(Campaign, activity.campaign_id)
    facts = {
        "owner_id": planner.person_id, "starts_on": row.starts_on, "ends_on": row.ends_on, "revision": 1,
    }  # fmt: skip
    assert visit.post(f"{path}/edit", {**facts, "name": "Autumn Trails 2026"}).status_code == 303
    late = visit.post(f"{path}/edit", {**facts, "name": "My own name"})
    assert late.status_code == 409
    assert "My own name" in late.text
    assert "Autumn Trails 2026" in visit.get(path).text


def test_money_is_shown_to_those_who_see_it(
    visits: Visits, planner: Actor, activity: Activity, people: make.People
) -> None:
    path = f"/campaigns/{activity.campaign_id}"
    assert "€56,700.00" in visits.of(planner).get(path).text
    assert "56,700" not in visits.of(people.field_marketer).get(path).text


def test_a_page_offers_no_button_that_would_be_refused(
    house: House, visits: Visits, planner: Actor, activity: Activity, people: make.People
) -> None:
    task = a_task(house, activity, name="Key visual")
    path = f"/campaigns/{activity.campaign_id}"
    for where in (path, f"{path}/board", f"/tasks/{task.id}"):
        page = read_page(visits.of(people.field_marketer).get(where))
        sent = [each.get("action", "") for each in page.forms if each.get("method") == "post"]
        assert [each for each in sent if each != "/sign-out"] == [], where
        assert "gantt__handle" not in visits.of(people.field_marketer).get(where).text
    assert "gantt__handle" in visits.of(planner).get(path).text


def test_an_agency_sees_its_tasks_and_neither_campaign_nor_money(
    house: House, visits: Visits, activity: Activity, people: make.People
) -> None:
    theirs = a_task(
        house, activity, name="Copy", agency_id=people.agency.id, assignee_id=people.contributor.person_id
    )
    others = a_task(house, activity, name="Secret work")
    visit = visits.of(people.contributor)
    listed = visit.get("/tasks").text
    assert ("Copy" in listed, "Secret work" in listed) == (True, False)
    page = visit.get(f"/tasks/{theirs.id}").text
    assert "Save the forecast" in page
    assert f"/campaigns/{activity.campaign_id}" not in page
    assert "Give it to somebody" not in page
    assert visit.get(f"/tasks/{others.id}").status_code == 404
    assert visit.get(f"/campaigns/{activity.campaign_id}").status_code == 403
    assert visits.of(people.other_contributor).get(f"/tasks/{theirs.id}").status_code == 404


def test_a_loop_is_refused_with_its_path_where_it_was_typed(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    visit = visits.of(planner)
    brief, layout, press = (a_task(house, activity, name=name) for name in ("Brief", "Layout", "Press"))
    for task, before in ((layout, brief), (press, layout)):
        assert wait_for(visit, task, before).status_code == 303
    refused = wait_for(visit, brief, press)
    assert refused.status_code == 422
    assert "Nothing could begin: Brief → Layout → Press → Brief" in refused.text


def wait_for(visit: Visit, task: Task, before: Task, lag: int = 0) -> Any:
    return visit.post(f"/tasks/{task.id}/predecessors", {"predecessor": before.id, "lag": lag})


def test_what_follows_is_moved_only_when_somebody_asks(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    visit = visits.of(planner)
    monday = activity.starts_on - timedelta(days=activity.starts_on.weekday()) + timedelta(days=7)
    week = {"start": monday, "finish": monday + timedelta(days=4)}
    layout = a_task(house, activity, name="Layout", **week)
    press = a_task(
        house, activity, name="Press", start=monday + timedelta(days=7), finish=monday + timedelta(days=8)
    )
    wait_for(visit, press, layout)
    sent = {"start": monday, "finish": monday + timedelta(days=11), "revision": 1}
    assert visit.post(f"/tasks/{layout.id}/forecast", sent).status_code == 303
    assert now(house, press).forecast_start == monday + timedelta(days=7)
    page = visit.get(f"/tasks/{layout.id}").text
    assert ("Move what follows" in page, "+5 d" in page) == (True, True)
    assert "is not finished before" in visit.get(f"/tasks/{press.id}").text
    assert visit.post(f"/tasks/{layout.id}/push").status_code == 303
    assert now(house, press).forecast_start == monday + timedelta(days=14)
    assert "Move what follows" not in visit.get(f"/tasks/{layout.id}").text


def test_a_forecast_that_somebody_changed_meanwhile_is_not_overwritten(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    task, visit = a_task(house, activity), visits.of(planner)
    day = activity.starts_on
    sent = {"start": day.isoformat(), "finish": (day + timedelta(days=3)).isoformat(), "revision": 1}
    assert visit.send("PUT", f"/api/v1/tasks/{task.id}/forecast", json=sent).status_code == 200
    late = visit.send("PUT", f"/api/v1/tasks/{task.id}/forecast", json=sent)
    assert (late.status_code, late.json["code"]) == (409, "planning_changed")
    crossed = {**sent, "finish": (day - timedelta(days=3)).isoformat(), "revision": 2}
    refused = visit.send("PUT", f"/api/v1/tasks/{task.id}/forecast", json=crossed)
    assert refused.status_code == 422
    assert "lies before the first one" in refused.text


def test_a_board_moves_a_task_on_and_comes_back(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    task, visit = a_task(house, activity, name="Layout"), visits.of(planner)
    back = f"/campaigns/{activity.campaign_id}/board"
    moved = visit.post(f"/tasks/{task.id}/stage", {"stage": "doing", "back": back})
    assert moved.headers["Location"] == back
    elsewhere = visit.post(f"/tasks/{task.id}/stage", {"stage": "done", "back": "//evil.example/tasks"})
    assert elsewhere.headers["Location"] == f"/tasks/{task.id}"
    done = now(house, task)
    assert (done.stage, done.percent, done.actual_finish) == ("done", 100, clock.today())
    assert "2 tasks late" not in visit.get(f"/campaigns/{activity.campaign_id}").text


def test_rights_that_end_before_the_campaign_does_are_told_on_it(
    house: House, visits: Visits, planner: Actor, activity: Activity, people: make.People
) -> None:
    with house.database.transaction() as session:
        campaign = session.get_one(Campaign, activity.campaign_id)
        campaign.choice_key = "autumn"
        ends_on = campaign.ends_on
        for title, key, day in (
            ("Ends early", "autumn", ends_on - timedelta(days=1)),
            ("Ends with it", "autumn", ends_on),
            ("Of another", "autumn-2", ends_on - timedelta(days=1)),
        ):
            asset = make.asset(
                session, people.own, title=title, state="published", attributes={"campaign": [key]}
            )
            make.right(session, asset, ends_on=day)
    page = visits.of(planner).get(f"/campaigns/{activity.campaign_id}").text
    assert "The rights of 1 asset end before the campaign does." in page
    assert [title in page for title in ("Ends early", "Ends with it", "Of another")] == [True, False, False]


def test_what_happened_stands_as_sentences(
    house: House, visits: Visits, planner: Actor, activity: Activity
) -> None:
    visit, task = visits.of(planner), a_task(house, activity, name="Layout")
    visit.post(f"/tasks/{task.id}/progress", {"percent": 40})
    visit.post(f"/tasks/{task.id}/finish", {"on": clock.today()})
    page = visit.get(f"/campaigns/{activity.campaign_id}/activity").text
    assert "Mira Koch said that Layout is 40 percent done" in page
    assert "Mira Koch finished Layout" in page
