"""The page of what waits: what stands on it, in which order, and how it is asked for."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FINANCE, LIBRARIAN, PLANNER, REVIEWER, Actor
from assetlib.audit import record
from assetlib.catalog.models import AccessRequest, AssetGrant, UsageEvent, Version
from assetlib.catalog.queries.actors import actor_of
from assetlib.dashboards.my_work import what_waits
from assetlib.house import House
from assetlib.jobs.models import DEAD, Job
from assetlib.storage.models import Blob
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.test_my_work import NOON, TODAY, in_review
from tests.delivery.test_statements import counted
from tests.delivery.visiting import Visits

MOST_STATEMENTS = 12


EMPTY: list[tuple[str, str]] = [
    (PLANNER, "Briefs to approve and deliveries to decide"),
    (FINANCE, "Budgets and orders are not in assetlib yet."),
    (REVIEWER, "What you asked for stands under"),
    (LIBRARIAN, "Versions to decide on"),
]


@pytest.mark.parametrize(("role", "sentence"), EMPTY)
def test_an_empty_page_says_what_will_stand_there_and_where_to_go(
    house: House, people: make.People, visits: Visits, role: str, sentence: str
) -> None:
    with house.database.transaction() as session:
        who = make.actor(make.person(session, people.own, role), people.own)
    text = visits.of(who).get("/my-work").get_data(as_text=True)
    assert "<h1" in text
    assert "Nothing waits for you" in text
    assert sentence in text
    assert 'href="/library"' in text


def test_home_is_my_work_and_the_navigation_counts_it_on_every_page(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        for number in range(3):
            in_review(session, people, f"Ridge {number}")
    visit = visits.of(people.librarian)
    answer = visit.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my-work")
    for path in ("/my-work", "/library", "/trash"):
        text = visit.get(path).get_data(as_text=True)
        assert re.search(r'href="/my-work"[^>]*>My work <span class="count">3</span>', text), path


def test_a_long_group_shows_twenty_and_the_rest_by_pages(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        for number in range(57):
            in_review(session, people, f"Ridge {number:02}")
    visit = visits.of(people.librarian)
    text = visit.get("/my-work").get_data(as_text=True)
    assert "57 things wait for you" in text
    assert "Show all 57" in text
    assert len(re.findall(r'class="work__item"', text)) == 20
    seen = [
        title
        for page in (1, 2)
        for title in re.findall(
            r"<h3[^>]*>(Ridge \d\d)", visit.get(f"/my-work?verb=decide&page={page}").get_data(as_text=True)
        )
    ]
    assert sorted(seen) == [f"Ridge {number:02}" for number in range(57)]


def test_the_button_is_black_only_for_what_is_due_today_or_late(
    house: House, people: make.People, visits: Visits
) -> None:
    with clock.held_at(NOON), house.database.transaction() as session:
        for title, ends in (("Late", -2), ("Today", 0), ("Soon", 5)):
            asset = make.published(session, people.own, people.librarian, title=title)
            asset.right.ends_on = TODAY + timedelta(days=ends)  # type: ignore[union-attr]
    with clock.held_at(NOON):
        text = visits.of(people.librarian).get("/my-work").get_data(as_text=True)
    rows = re.findall(r'<li class="work__item">.*?</li>', text, re.DOTALL)
    assert ["button--primary" in row for row in rows] == [True, True, False]
    assert ["2 days late" in rows[0], "Due today</time>" in rows[1], "Due 5 Apr" in rows[2]] == [True] * 3


def test_what_is_late_stands_first_and_a_day_says_what_it_is(
    house: House, people: make.People, visits: Visits
) -> None:
    with clock.held_at(NOON - timedelta(days=4)), house.database.transaction() as session:
        in_review(session, people, "Ridge")
    with clock.held_at(NOON), house.database.transaction() as session:
        for title, ends in (("Soon", 5), ("Today", 0), ("Late", -2)):
            asset = make.published(session, people.own, people.librarian, title=title)
            asset.right.ends_on = TODAY + timedelta(days=ends)  # type: ignore[union-attr]
    with clock.held_at(NOON):
        page = read_page(visits.of(people.librarian).get("/my-work"))
    groups = page.tree.xpath("//section[contains(@class, 'work__group')]")
    assert [
        (group.xpath("string(h2)").split()[0], [each.text_content() for each in group.xpath(".//h3")])
        for group in groups
    ] == [("Due", ["Late", "Today"]), ("Decide", ["Ridge"]), ("Watch", ["Soon"])]
    assert [group.xpath("string(h2/span)") for group in groups] == ["2 things", "1 thing", "1 thing"]
    assert "4 things wait for you" in page.text
    assert "Since 27 Mar" in groups[1].text_content()


def test_programs_read_the_same(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        asset = in_review(session, people, "Ridge")
    said = visits.of(people.librarian).get("/api/v1/my-work").get_json()
    assert (said["total"], [group["verb"] for group in said["groups"]]) == (1, ["decide"])
    (item,) = said["groups"][0]["items"]
    assert (item["title"], item["asset"], item["url"]) == ("Ridge", asset.id, f"/assets/{asset.id}?v=1")
    assert visits.of(people.librarian).get("/api/v1/my-work?verb=publish").get_json()["total"] == 0


@pytest.mark.parametrize(
    ("who", "view"),
    [
        *((who, "for_me") for who in ("librarian", "contributor", "field_marketer", "administrator")),
        ("field_marketer", "i_wait_for"),
        ("contributor", "i_wait_for"),
    ],
)
def test_the_number_of_statements_is_small_whatever_waits(
    house: House, people: make.People, who: str, view: str
) -> None:
    actor: Actor = getattr(people, who)
    sent = []
    for count in (3, 30):
        with house.database.transaction() as session:
            for number in range(count):
                _one_of_each(session, house, people, number)
        with house.database.reading() as session:
            acting = actor_of(session, actor.person_id or 0)
            with counted(house.database) as statements:
                waiting = what_waits(session, acting, view=view)
            sent.append(len(statements))
        assert waiting.shown >= count
    assert sent[0] == sent[1] <= MOST_STATEMENTS, sent


def _one_of_each(session: Session, house: House, people: make.People, number: int) -> None:
    finn, moment = people.field_marketer, clock.now()
    in_review(session, people, f"Ridge {number}")
    make.asset(session, people.own, state="approved")
    made = make.published(session, people.own, people.librarian)
    made.right.ends_on = clock.today() + timedelta(days=8)  # type: ignore[union-attr]  # `published` made one
    session.get_one(Blob, session.get_one(Version, made.current_version_id).blob_id).damaged_at = moment
    back = make.asset(session, people.agency)
    version = session.get_one(Version, back.current_version_id)
    make.approval(session, version, people.librarian, verdict="returned", note="No.")
    make.asset(session, people.agency)
    make.upload(
        session, people.contributor, content=b"x", store=house.store, state="refused", refusal="No.",
        refusal_code="no",
    )  # fmt: skip
    for asker in (finn, people.librarian, people.contributor, people.administrator):
        session.add_all(
            [
                AccessRequest(
                    person_id=asker.person_id, asset_number=made.id, purpose="x", created_at=moment
                ),
                AssetGrant(
                    asset_id=made.id, person_id=asker.person_id, until=clock.today(), granted_at=moment
                ),
                UsageEvent(
                    at=moment, person_id=asker.person_id, organisation_id=people.own.id, asset_id=made.id,
                    version_id=made.current_version_id, form="original", size=1,
                ),
            ]
        )  # fmt: skip
    session.add(
        Job(
            kind=f"kind.{number}",
            arguments={},
            state=DEAD,
            run_at=moment,
            created_at=moment,
            finished_at=moment,
        )
    )
    make.person(session, people.own, state="invited")
    session.flush()


def test_beside_it_stands_what_is_new_in_their_collections(
    house: House, people: make.People, visits: Visits
) -> None:
    with clock.held_at(NOON - timedelta(days=2)), house.database.transaction() as session:
        shown = make.published(session, people.own, people.librarian, title="Fresh fjord")
        closed = make.asset(session, people.own, title="Closed canyon")
        make.collection(
            session, people.librarian, shown, closed, name="Press kit", granted_to=[people.partner]
        )
    with clock.held_at(NOON):
        pia = visits.of(people.partner_marketer).get("/my-work").get_data(as_text=True)
        nils = visits.of(people.without_role).get("/my-work").get_data(as_text=True)
    assert "New in your collections" in pia
    assert 'title="Fresh fjord"' in pia
    assert "1 new since" in pia
    assert "in Press kit." in pia
    assert "Closed canyon" not in pia
    assert "New in your collections" not in nils


def test_an_agency_sees_what_was_published_of_theirs_lately(
    house: House, people: make.People, visits: Visits
) -> None:
    with clock.held_at(NOON - timedelta(days=2)), house.database.transaction() as session:
        theirs = make.published(session, people.agency, people.librarian, title="Fresh fjord")
        others = make.published(session, people.other_agency, people.librarian, title="Other ocean")
        for asset in (theirs, others):
            record(session, people.librarian, "catalog.asset_published", asset)
    with clock.held_at(NOON):
        text = visits.of(people.contributor).get("/my-work").get_data(as_text=True)
    assert "Published lately" in text
    assert 'title="Fresh fjord"' in text
    assert "Other ocean" not in text
