"""Calendar feeds: a secret address that shows somebody's days, as they may know of them at this moment."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import PLANNER, Actor
from assetlib.accounts.models import Person
from assetlib.accounts.throttling import FEED_ADDRESS
from assetlib.audit.models import AuditEntry
from assetlib.house import House
from assetlib.planning.actions.feeds import MOST_FEEDS
from assetlib.planning.models import CalendarFeed, Campaign, Deliverable, Task
from tests import make, make_plans
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

MORNING = datetime(2027, 2, 15, 9, tzinfo=UTC)


@dataclass
class Scene:
    house: House
    people: make.People
    planner: Actor
    visits: Visits
    campaign: Campaign
    task: Task
    given: Task
    deliverable: Deliverable
    clock: ExitStack

    def make(self, who: Actor, name: str = "Phone") -> str:
        """A feed of theirs, and the path that reads it."""
        return make_feed(self.visits.of(who), name)

    def events(self, path: str) -> dict[str, Any]:
        """What stands there, by uid."""
        answer = self.visits.nobody().get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return {str(each["uid"]): each for each in Calendar.from_ical(answer.get_data()).events}


def make_feed(visit: Visit, name: str = "Phone") -> str:
    assert visit.post("/account/feeds", {"name": name}).status_code == 303
    page = read_page(visit.get("/account/feeds"))
    (address,) = page.tree.xpath("//code[contains(@class,'secret')]/text()")
    return str(address).removeprefix("http://localhost")


@pytest.fixture
def scene(house: House, people: make.People, visits: Visits) -> Iterator[Scene]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(MORNING))
        with house.database.transaction() as session:
            planner = make.actor(make.person(session, people.own, PLANNER, name="Petra"), people.own)
            activity = make_plans.running_campaign(session, planner, name="Spring; light, and paths")
            campaign = session.get_one(Campaign, activity.campaign_id)
            task = make_plans.task(session, activity, name="Write", assignee_id=planner.person_id)
            given = make_plans.task(session, activity, name="Draw", agency_id=people.agency.id)
            deliverable = make_plans.deliverable(
                session, given, name="Banners", due_at=datetime(2027, 3, 20, 23, 30, tzinfo=UTC),
                scope_state="scope_approved", scope_decided_by_id=people.librarian.person_id,
            )  # fmt: skip
            make_plans.activity(
                session, campaign, name="ISPO", kind="event", venue="Munich",
                starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 10),
            )  # fmt: skip
            make_plans.activity(session, campaign, name="ISPO, not held", kind="event", state="cancelled")
            make_plans.task(
                session,
                activity,
                name="Press",
                kind="milestone",
                start=date(2027, 4, 1),
                finish=date(2027, 4, 1),
            )
            make_plans.task(session, activity, name="Of another", assignee_id=people.librarian.person_id)
            make_plans.task(session, activity, name="Off", assignee_id=planner.person_id, stage="cancelled")
            make_plans.running_campaign(session, people.librarian, name="Of somebody else")
        yield Scene(house, people, planner, visits, campaign, task, given, deliverable, stack)


def test_it_holds_what_is_due_and_what_is_theirs(scene: Scene) -> None:
    events = scene.events(scene.make(scene.planner))
    assert {str(each["summary"]) for each in events.values()} == {
        "Due: Write", "Milestone: Press", f"Due: Banners ({scene.deliverable.ref})", "ISPO",
        "Spring; light, and paths",
    }  # fmt: skip
    task = events[f"task-{scene.task.id}@assetlib"]
    assert (task["dtstart"].dt, task["dtend"].dt) == (date(2027, 3, 14), date(2027, 3, 15))
    assert str(task["description"]) == "Spring; light, and paths"
    campaign = events[f"campaign-{scene.campaign.id}@assetlib"]
    assert (campaign["dtstart"].dt, campaign["dtend"].dt) == (date(2027, 3, 1), date(2027, 6, 1))
    assert str(next(each for each in events.values() if each["summary"] == "ISPO")["location"]) == "Munich"
    assert all("dtstamp" in each for each in events.values())


def test_an_agency_reads_what_was_given_to_it_alone(scene: Scene) -> None:
    events = scene.events(scene.make(scene.people.contributor))
    assert set(events) == {f"task-{scene.given.id}@assetlib", f"deliverable-{scene.deliverable.id}@assetlib"}
    assert scene.events(scene.make(scene.people.other_contributor)) == {}


def test_days_are_those_of_the_readers_zone_and_words_of_their_language(scene: Scene) -> None:
    path = scene.make(scene.planner)
    uid = f"deliverable-{scene.deliverable.id}@assetlib"
    assert scene.events(path)[uid]["dtstart"].dt == date(2027, 3, 20)
    with scene.house.database.transaction() as session:
        person = session.get_one(Person, scene.planner.person_id)
        person.time_zone, person.locale = "Europe/Berlin", "de"
    event = scene.events(path)[uid]
    assert event["dtstart"].dt == date(2027, 3, 21)
    assert str(event["summary"]).startswith("Fällig: Banners")


def test_a_moved_task_keeps_its_name_in_the_calendar(scene: Scene) -> None:
    path = scene.make(scene.planner)
    before = scene.events(path)
    with scene.house.database.transaction() as session:
        session.get_one(Task, scene.task.id).forecast_finish = date(2027, 3, 19)
    after = scene.events(path)
    assert set(after) == set(before)
    uid = f"task-{scene.task.id}@assetlib"
    assert after[uid]["dtstart"].dt == date(2027, 3, 19)
    assert int(after[uid]["sequence"]) > int(before[uid]["sequence"])


def test_the_text_is_folded_and_escaped(scene: Scene) -> None:
    path = scene.make(scene.planner, "x" * 90)
    text = scene.visits.nobody().get(path).get_data()
    assert b"Spring\\; light\\, and paths" in text
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


def test_what_did_not_change_is_not_sent_again(scene: Scene) -> None:
    path = scene.make(scene.planner)
    first = scene.visits.nobody().get(path)
    again = scene.visits.nobody().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    with scene.house.database.transaction() as session:
        session.get_one(Task, scene.task.id).forecast_finish = date(2027, 3, 19)
    changed = scene.visits.nobody().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_its_address_is_shown_once_and_kept_as_a_hash_alone(scene: Scene) -> None:
    visit = scene.visits.of(scene.planner)
    secret = scene.make(scene.planner).removeprefix("/feeds/").removesuffix(".ics")
    assert len(secret) >= 43
    assert secret not in visit.get("/account/feeds").text
    with scene.house.database.reading() as session:
        (row,) = session.scalars(select(CalendarFeed))
        assert secret not in (row.token_hash, row.name)
        recorded = session.scalars(select(AuditEntry).where(AuditEntry.action == "planning.feed_made")).all()
        assert [(each.object_id, secret in str(each.changes)) for each in recorded] == [(str(row.id), False)]


def test_the_page_says_when_it_was_last_read_and_revokes_it(scene: Scene) -> None:
    visit, path = scene.visits.of(scene.planner), scene.make(scene.planner)
    assert "not read yet" in visit.get("/account/feeds").text
    scene.events(path)
    assert "last read Today 09:00" in visit.get("/account/feeds").text
    (action,) = read_page(visit.get("/account/feeds")).tree.xpath("//dialog//form[@method='post']/@action")
    assert scene.visits.of(scene.people.librarian).post(str(action)).status_code == 404
    assert visit.post(str(action)).status_code == 303
    assert "leads nowhere any more" in visit.get("/account/feeds").text
    assert "There is no feed yet" in visit.get("/account/feeds").text
    with scene.house.database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("planning.")))
        assert list(actions) == ["planning.feed_made", "planning.feed_revoked"]


def test_a_feed_without_a_name_and_one_too_many_are_refused(scene: Scene) -> None:
    visit = scene.visits.of(scene.planner)
    for name in ("", "x" * 101):
        answer = visit.post("/account/feeds", {"name": name})
        assert (answer.status_code, "Give it a name" in answer.text) == (422, True)
    for number in range(MOST_FEEDS):
        assert visit.post("/account/feeds", {"name": f"Phone {number}"}).status_code == 303
    refused = visit.post("/account/feeds", {"name": "One more"})
    assert (refused.status_code, "One more" in refused.text) == (422, True)


def test_guessing_is_slowed_down_and_reading_is_not(scene: Scene) -> None:
    path, visit = scene.make(scene.planner), scene.visits.nobody()
    for number in range(FEED_ADDRESS.times):
        assert visit.get(f"/feeds/{number}.ics").status_code == 404
    assert visit.get("/feeds/one-more.ics").status_code == 429
    assert visit.get(path).status_code == 200
    scene.clock.enter_context(clock.held_at(MORNING + timedelta(hours=1)))
    assert visit.get("/feeds/one-more.ics").status_code == 404


def test_partners_and_people_without_a_role_have_none(scene: Scene) -> None:
    for who in (scene.people.partner_marketer, scene.people.without_role):
        assert scene.visits.of(who).get("/account/feeds").status_code == 403
        assert "/account/feeds" not in scene.visits.of(who).get("/account").text
    assert "/account/feeds" in scene.visits.of(scene.planner).get("/account").text
