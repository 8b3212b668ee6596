"""Everybody comes home to what waits for them, and to nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FINANCE, LIBRARIAN, PLANNER, REVIEWER, Actor
from assetlib.accounts.models import RoleGrant
from assetlib.audit import record
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant, UsageEvent, Version
from assetlib.catalog.queries.actors import actor_of
from assetlib.dashboards.my_work import Waiting, count_waiting, what_waits
from assetlib.house import House
from assetlib.jobs.models import DEAD, Job
from assetlib.storage.models import Blob
from tests import make
from tests.delivery.test_statements import counted
from tests.delivery.visiting import Visits

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)
TODAY = NOON.date()
MOST_STATEMENTS = 12


def waits(house: House, actor: Actor, **asked: object) -> Waiting:
    with house.database.reading() as session:
        who = actor_of(session, actor.person_id or 0)
        found = what_waits(session, who, **asked)  # type: ignore[arg-type]  # as they are named there
        if not asked:
            assert count_waiting(session, who) == found.total, "the navigation says the same"
    return found


def told(house: House, actor: Actor) -> list[tuple[str, str, str]]:
    """Verb, title and sentence of each thing, in order."""
    return [
        (group.verb, item.title, item.sentence)
        for group in waits(house, actor).groups
        for item in group.items
    ]


def in_review(session: Session, people: make.People, title: str, **values: object) -> Asset:
    return make.asset(session, people.agency, title=title, state="in_review", **values)  # type: ignore[arg-type]


def test_a_librarian_decides_publishes_puts_back_and_watches_rights(
    house: House, people: make.People
) -> None:
    with clock.held_at(NOON), house.database.transaction() as session:
        in_review(session, people, "Ridge")
        newer = make.published(session, people.agency, people.librarian, title="Tarn")
        make.version(session, newer, current=False)
        make.asset(session, people.own, title="Flask", state="approved")
        make.asset(session, people.own, title="Sketch", state="draft")
        make.asset(session, people.own, title="Gone", state="approved", deleted_at=NOON)
        ending = make.published(session, people.own, people.librarian, title="Fjord")
        ending.right.ends_on = TODAY + timedelta(days=9)  # type: ignore[union-attr]  # `published` made one
        later = make.published(session, people.own, people.librarian, title="Lake")
        later.right.ends_on = TODAY + timedelta(days=91)  # type: ignore[union-attr]
        broken = make.published(session, people.own, people.librarian, title="Storm")
        session.get_one(Blob, session.get_one(Version, broken.current_version_id).blob_id).damaged_at = NOON
    with clock.held_at(NOON):
        assert told(house, people.librarian) == [
            ("decide", "Ridge", "Version 1 waits for your decision."),
            ("decide", "Tarn", "Version 2 came after the one that is in use."),
            ("fix", "Storm", "The file of version 1 is damaged; nobody is given it."),
            ("publish", "Flask", "Approved, and not published yet."),
            ("watch", "Fjord", "The rights end in 9 days."),
        ]
        assert told(house, people.field_marketer) == []
        assert told(house, people.contributor) == []
        assert told(house, people.without_role) == []


def test_a_librarian_of_one_region_is_asked_for_that_region_only(house: House, people: make.People) -> None:
    with house.database.transaction() as session:
        grant = RoleGrant(role=LIBRARIAN, scope_kind="region", scope_key="dach")
        regional = make.person(session, people.own, name="Rita Regional")
        regional.grants.append(grant)
        in_review(session, people, "Here", attributes={"region": ["dach"]})
        in_review(session, people, "There", attributes={"region": ["nordics"]})
        asked = [("dach", "Here"), ("nordics", "There")]
        for region, title in asked:
            closed = make.asset(session, people.own, title=f"{title} too", attributes={"region": [region]})
            session.add(
                AccessRequest(
                    person_id=people.field_marketer.person_id,
                    asset_number=closed.id,
                    purpose="A banner",
                    created_at=clock.now(),
                )
            )
        session.flush()
        who = make.actor(regional, people.own)
    assert [(verb, title) for verb, title, _ in told(house, who)] == [
        ("decide", "Here"),
        ("answer", "Here too"),
    ]
    assert [title for verb, title, _ in told(house, people.librarian) if verb == "answer"] == [
        "Here too", "There too",
    ]  # fmt: skip


def test_an_agency_fixes_what_came_back_goes_on_with_uploads_and_sends_drafts(
    house: House, people: make.People
) -> None:
    contributor = people.contributor
    with clock.held_at(NOON - timedelta(hours=2)), house.database.transaction() as session:
        returned = make.asset(session, people.agency, title="Poster")
        make.approval(
            session,
            session.get_one(Version, returned.current_version_id),
            people.librarian,
            verdict="returned",
            note="The logo is cut.",
        )
        make.asset(session, people.agency, title="Flyer")
        make.asset(session, people.other_agency, title="Not theirs")
        for name, values in (
            ("broken-off.psd", {"state": "open", "completed_at": None}),
            (
                "refused.exe",
                {"state": "refused", "refusal": "Programs are not taken.", "refusal_code": "kind"},
            ),
        ):
            make.upload(session, contributor, content=b"x", store=house.store, name=name, **values)
    with clock.held_at(NOON), house.database.transaction() as session:
        make.upload(
            session, contributor, content=b"x", store=house.store, name="on-its-way.psd", state="open",
            completed_at=None,
        )  # fmt: skip
    with clock.held_at(NOON):
        assert told(house, contributor) == [
            ("fix", "Poster", "Version 1 was returned."),
            ("fix", "broken-off.psd", "The upload of 1 byte broke off. It goes on where it stopped."),
            ("fix", "refused.exe", "Programs are not taken."),
            ("send", "Flyer", "A draft. Nobody looks at it before you send it."),
        ]
        (fix, *_) = waits(house, contributor).groups
        assert fix.items[0].words == "The logo is cut."
        assert [title for _, title, _ in told(house, people.other_contributor)] == ["Not theirs"]


def test_whoever_asked_is_told_how_it_stands_but_not_the_title_of_what_is_closed(
    house: House, people: make.People
) -> None:
    finn = people.field_marketer
    with clock.held_at(NOON), house.database.transaction() as session:
        closed = make.asset(session, people.own, title="Secret launch")
        opened = make.published(session, people.own, people.librarian, title="Lodge")
        taken = make.published(session, people.own, people.librarian, title="Canoe")
        taken.right.ends_on = TODAY  # type: ignore[union-attr]  # `published` made one
        session.add_all(
            [
                AccessRequest(person_id=finn.person_id, asset_number=closed.id, purpose="x", created_at=NOON),
                AccessRequest(
                    person_id=finn.person_id, query="kayak", purpose="x", created_at=NOON, state="refused",
                    answered_at=NOON, answer="We have none.",
                ),
                AssetGrant(
                    asset_id=opened.id, person_id=finn.person_id, granted_at=NOON,
                    until=TODAY + timedelta(days=3),
                ),
                UsageEvent(
                    at=NOON - timedelta(days=40), person_id=finn.person_id, organisation_id=people.own.id,
                    asset_id=taken.id, version_id=taken.current_version_id, form="original", size=1,
                ),
            ]
        )  # fmt: skip
        number = closed.ref
    with clock.held_at(NOON):
        found = told(house, finn)
        assert found == [
            ("watch", "Canoe", "You downloaded it. Today is the last day of its rights."),
            ("watch", "Lodge", "It is open to you up to 3 Apr."),
            ("watch", number, "You asked for it. Nobody answered yet."),
            ("watch", "Something for “kayak”", "You asked for it, and it was not opened to you."),
        ]
        waiting = waits(house, finn)
        assert [waiting.presses(item) for item in waiting.groups[0].items] == [True, False, False, False]
        assert waiting.pressing == 1


def test_an_administrator_hears_of_failed_work_people_who_did_not_come_and_a_broken_log(
    house: House, people: make.People
) -> None:
    with clock.held_at(NOON), house.database.transaction() as session:
        for kind in ("search.refresh", "search.refresh", "storage.scrub"):
            session.add(
                Job(
                    kind=kind,
                    arguments={},
                    state=DEAD,
                    run_at=NOON,
                    created_at=NOON,
                    finished_at=NOON,
                    error="x",
                )
            )
        make.person(session, people.agency, name="Nora New", state="invited")
    with clock.held_at(NOON):
        assert told(house, people.administrator) == [
            ("fix", "search.refresh", "2 jobs were given up."),
            ("fix", "storage.scrub", "1 job was given up."),
            ("watch", "Nora New", "Of Halden & Frey. Has no invitation that can be used."),
        ]
        assert told(house, people.librarian) == []


EMPTY: list[tuple[str, str]] = [
    (PLANNER, "Assets that you asked for"),
    (FINANCE, "Assets that you asked for"),
    (REVIEWER, "Assets that you asked for"),
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
    assert ["2 days late" in rows[0], "Today</time>" in rows[1], "5 Apr" in rows[2]] == [True, True, True]


def test_programs_read_the_same(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        asset = in_review(session, people, "Ridge")
    said = visits.of(people.librarian).get("/api/v1/my-work").get_json()
    assert (said["total"], [group["verb"] for group in said["groups"]]) == (1, ["decide"])
    (item,) = said["groups"][0]["items"]
    assert (item["title"], item["asset"], item["url"]) == ("Ridge", asset.id, f"/assets/{asset.id}?v=1")
    assert visits.of(people.librarian).get("/api/v1/my-work?verb=publish").get_json()["total"] == 0


@pytest.mark.parametrize("who", ["librarian", "contributor", "field_marketer", "administrator"])
def test_the_number_of_statements_is_small_whatever_waits(
    house: House, people: make.People, who: str
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
                waiting = what_waits(session, acting)
            sent.append(len(statements))
        assert waiting.total >= count
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
