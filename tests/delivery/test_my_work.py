"""Everybody comes home to what waits for them, and to nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.accounts.models import OneTimeLink, Person, RoleGrant
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant, UsageEvent, Version
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.requests import requests_to_answer
from assetlib.dashboards.my_work import Waiting, count_for_header, what_waits
from assetlib.house import House
from assetlib.jobs.models import DEAD, Job
from assetlib.storage.models import Blob
from tests import make
from tests.delivery.visiting import Visits

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)
TODAY = NOON.date()
MOST_STATEMENTS = 12


def waits(house: House, actor: Actor, **asked: object) -> Waiting:
    with house.database.reading() as session:
        who = actor_of(session, actor.person_id or 0)
        found = what_waits(session, who, **asked)  # type: ignore[arg-type]  # as they are named there
        if not asked:
            assert count_for_header(session, who)[0] == found.total, "the navigation says the same"
    return found


def told(house: House, actor: Actor, **asked: object) -> list[tuple[str, str, str]]:
    """Verb, title and sentence of each thing, in order."""
    return [
        (group.verb, item.title, item.sentence)
        for group in waits(house, actor, **asked).groups
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
        for asker in (people.field_marketer.person_id, regional.id):
            session.add(AccessRequest(person_id=asker, query="kayak", purpose="x", created_at=clock.now()))
        session.flush()
        who = make.actor(regional, people.own)
    assert [(verb, title) for verb, title, _ in told(house, who)] == [
        ("decide", "Here"),
        ("answer", "Here too"),
        ("answer", "Something for “kayak”"),
    ]
    with house.database.reading() as session:
        acting = actor_of(session, who.person_id or 0)
        assert requests_to_answer(session, acting, number=1, size=10).total == 2, "/requests says the same"
    assert [title for verb, title, _ in told(house, people.librarian) if verb == "answer"] == [
        "Here too", "There too", "Something for “kayak”", "Something for “kayak”",
    ]  # fmt: skip


def test_an_agency_fixes_what_came_back_goes_on_with_uploads_and_sends_drafts(
    house: House, people: make.People, visits: Visits
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
        visit, other = visits.of(contributor), visits.of(people.other_contributor)
        left = [item.leave_url for item in fix.items if item.leave_url]
        assert len(left) == 2, "what did not arrive can be left be"
        for url in left:
            assert f'action="{url}"' in visit.get("/my-work").get_data(as_text=True)
            assert other.post(url, {"from": "my-work"}).status_code == 404
            assert visit.post(url, {"from": "my-work"}).headers["Location"] == "/my-work"
        assert [title for _, title, _ in told(house, contributor)] == ["Poster", "Flyer"]
        assert "refused.exe" not in visit.get("/uploads").get_data(as_text=True)
        assert [title for _, title, _ in told(house, people.other_contributor)] == ["Not theirs"]


def test_whoever_asked_is_told_how_it_stands_but_not_the_title_of_what_is_closed(
    house: House, people: make.People, visits: Visits
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
        ]
        assert told(house, finn, view="i_wait_for") == [
            ("asked", number, "You asked for it. Nobody answered yet."),
        ]
        assert told(house, finn, view="done") == [
            ("answered_to", "Something for “kayak”", "You asked for it, and it was not opened to you."),
        ]
        waiting = waits(house, finn)
        assert (waiting.total, waiting.shown, waiting.pressing) == (0, 2, 0), "none of it waits for him"
        text = visits.of(finn).get("/my-work").get_data(as_text=True)
        assert "Nothing waits for you" in text
        assert "Ends today" in text
        assert "Ends 3 Apr" in text
        assert "button--primary work" not in text
    with clock.held_at(NOON + timedelta(days=15)):
        assert told(house, finn, view="done") == [], "what was answered goes by itself"


def test_what_was_opened_says_until_when_and_when_it_is_over(
    house: House, people: make.People, visits: Visits
) -> None:
    finn = people.field_marketer
    with clock.held_at(NOON), house.database.transaction() as session:
        asset = make.published(session, people.own, people.librarian, title="Lodge")
        asked = AccessRequest(
            person_id=finn.person_id, asset_number=asset.id, purpose="x", created_at=NOON, state="granted",
            answered_at=NOON, answered_by_id=people.librarian.person_id, answer="For print",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        grant = AssetGrant(
            asset_id=asset.id, person_id=finn.person_id, granted_at=NOON, until=TODAY + timedelta(days=3),
            request_id=asked.id,
        )  # fmt: skip
        session.add(grant)
    with clock.held_at(NOON):
        (group,) = waits(house, finn, view="done").groups
        (item,) = group.items
        assert (item.sentence, item.words) == ("It is open to you up to 3 Apr.", "For print")
        assert item.url == f"/assets/{asset.id}"
        assert told(house, people.librarian, view="done") == [
            ("answered", "Lodge", "You opened it to Finn Field."),
            ("decided", "Lodge", "You approved version 1."),
        ]
        with house.database.transaction() as session:
            session.delete(session.get_one(AssetGrant, (asset.id, finn.person_id)))
        (group,) = waits(house, finn, view="done").groups
        assert group.items[0].sentence == "It was opened to you for a time, which is over."
        assert group.items[0].url == f"/requests/{asked.id}"


def test_a_librarian_reads_who_asks_but_not_their_own_request_nor_a_thing_twice(
    house: House, people: make.People
) -> None:
    lena = people.librarian
    with clock.held_at(NOON), house.database.transaction() as session:
        taken = make.published(session, people.own, lena, title="Plate")
        taken.right.ends_on = TODAY + timedelta(days=9)  # type: ignore[union-attr]  # `published` made one
        session.add_all(
            [
                AccessRequest(
                    person_id=people.field_marketer.person_id, query="kayak", purpose="x", created_at=NOON
                ),
                AccessRequest(person_id=lena.person_id, query="sledge", purpose="x", created_at=NOON),
                UsageEvent(
                    at=NOON, person_id=lena.person_id, organisation_id=people.own.id, asset_id=taken.id,
                    version_id=taken.current_version_id, form="original", size=1,
                ),
            ]
        )  # fmt: skip
    with clock.held_at(NOON):
        assert told(house, lena) == [
            ("answer", "Something for “kayak”", "Finn Field asks for it."),
            ("watch", "Plate", "The rights end in 9 days."),
        ]


def test_a_request_waits_for_administrators_where_there_is_no_librarian_and_for_those_of_a_part(
    house: House, people: make.People
) -> None:
    ida, finn = people.administrator, people.field_marketer
    with clock.held_at(NOON), house.database.transaction() as session:
        asset = make.published(session, people.own, people.librarian, title="Lodge")
        facts = {"person_id": finn.person_id, "purpose": "x", "created_at": NOON}
        session.add_all(
            [AccessRequest(asset_number=asset.id, **facts), AccessRequest(query="kayak", **facts)]
        )
    asks = [("answer", title, "Finn Field asks for it.") for title in ("Lodge", "Something for “kayak”")]
    with clock.held_at(NOON):
        assert told(house, ida) == []
        assert told(house, people.librarian) == asks
        with house.database.transaction() as session:
            for grant in session.scalars(select(RoleGrant).where(RoleGrant.role == LIBRARIAN)):
                grant.scope_kind, grant.scope_key = "organisation", str(people.agency.id)
        with house.database.reading() as session:
            of_a_part = actor_of(session, people.librarian.person_id or 0)
        assert told(house, of_a_part) == asks[1:], "a search is for every librarian"
        assert told(house, ida) == []
        with house.database.transaction() as session:
            session.get_one(Person, people.librarian.person_id).state = "suspended"
        assert told(house, ida) == asks


def test_an_agency_sees_what_it_waits_for(house: House, people: make.People) -> None:
    with house.database.transaction() as session:
        in_review(session, people, "Ridge")
    assert told(house, people.contributor) == []
    assert told(house, people.contributor, view="i_wait_for") == [
        ("sent", "Ridge", "Version 1 waits for a librarian.")
    ]


@pytest.mark.parametrize(
    ("view", "sentence"), [("i_wait_for", "You wait for nobody"), ("done", "Nothing was done lately")]
)
def test_every_view_says_when_it_is_empty(
    house: House, people: make.People, visits: Visits, view: str, sentence: str
) -> None:
    text = visits.of(people.field_marketer).get(f"/my-work?view={view}").get_data(as_text=True)
    assert sentence in text
    assert re.search(rf'href="/my-work\?view={view}" aria-current="page"', text)


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
        nora = make.person(session, people.agency, name="Nora New", state="invited")
        for name, days in (("Late", -1), ("Fresh", 14)):
            session.add(
                OneTimeLink(
                    person_id=make.person(session, people.agency, name=name, state="invited").id,
                    purpose="invitation",
                    token_hash=name,
                    created_at=NOON,
                    expires_at=NOON + timedelta(days=days),
                )
            )
    with clock.held_at(NOON):
        assert told(house, people.administrator) == [
            ("fix", "search.refresh", "2 jobs were given up."),
            ("fix", "storage.scrub", "1 job was given up."),
            ("watch", "Late", "Of Halden & Frey. The invitation ended on 30 Mar, 12:00 UTC."),
            ("watch", "Nora New", "Of Halden & Frey. Has no invitation that can be used."),
        ], "who was invited lately is nobody's work"
        watch = waits(house, people.administrator).groups[-1]
        assert watch.items[1].url == f"/people/{nora.id}"
        assert told(house, people.librarian) == []
