"""Asking for what is not open: the same for any number; opened for a time, and closed again at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from csv import DictReader
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.accounts.models import RoleGrant
from assetlib.catalog.actions.requests import close_unanswered
from assetlib.catalog.jobs import tell_request
from assetlib.catalog.models import AccessRequest, Asset, UsageRight, Version
from assetlib.house import House
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.notify.models import Notice
from assetlib.search.documents import documents_of
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visit, Visits

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NOWHERE = 4_711
FORM = {"purpose": "Autumn flyer, print, Austria", "until": "2026-11-30"}


@dataclass
class Scene:
    house: House
    people: make.People
    partner: Visit
    librarian: Visit
    asset: Asset
    version: Version
    clock: ExitStack


@pytest.fixture
def scene(house: House, people: make.People, visits: Visits) -> Iterator[Scene]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(MORNING))
        with house.database.transaction() as session:
            asset = make.asset(session, people.own, title="Zephyrine dawn", state="published", versions=0)
            version = make.version(session, asset, content=b"the bytes", store=house.store)
            make.approval(session, version, people.librarian)
            make.right(session, asset)
            make.rendition(session, version, "thumb", content=b"the thumb", store=house.store)
            house.index.replace(documents_of(session, [asset.id]))
        yield Scene(
            house,
            people,
            visits.of(people.partner_marketer),
            visits.of(people.librarian),
            asset,
            version,
            stack,
        )


def ask(scene: Scene, who: Visit, **form: str | int) -> int:
    """Ask, and the number of the request."""
    answer = who.post("/requests", {**FORM, **form})
    assert answer.status_code == 303, answer.text[:2000]
    with scene.house.database.reading() as session:
        (number,) = session.scalars(select(AccessRequest.id).order_by(AccessRequest.id.desc()).limit(1))
        return number


def told(scene: Scene) -> list[tuple[int, str]]:
    """Do what was promised, and who is told of what kind of thing."""
    with scene.house.database.reading() as session:
        jobs = session.scalars(select(Job.arguments).where(Job.kind == "catalog.tell_request")).all()
    for arguments in jobs:
        tell_request(Work(scene.house.database, scene.house.settings), **arguments)
    with scene.house.database.reading() as session:
        rows = session.execute(select(Notice.person_id, Notice.kind).order_by(Notice.id)).all()
        return [(row.person_id, row.kind) for row in rows]


def download(scene: Scene) -> int:
    return status(scene.partner, f"/assets/{scene.asset.id}/download")


def status(who: Visit, path: str, **headers: str) -> int:
    """What an address answers; its bytes are read to their end."""
    with who.get(path, headers=headers) as answer:
        answer.get_data()
        return answer.status_code


def test_what_is_there_and_what_is_not_are_told_alike(scene: Scene) -> None:
    pages = []
    for number in (scene.asset.id, NOWHERE):
        seen = [
            scene.partner.get(f"/assets/{number}"),
            scene.partner.get(f"/requests/new?asset={number}"),
            scene.partner.post("/requests", {**FORM, "asset": number}),
            scene.partner.post("/requests", {**FORM, "asset": number}),
        ]
        pages.append(
            [
                (each.status_code, re.sub(rf"(AST-|assets/|asset=|value=\")0*{number}\b", r"\1N", each.text))
                for each in seen
            ]
        )
        assert f'href="/requests/new?asset={number}"' in seen[0].text
        mine = scene.partner.get("/api/v1/requests").json or {}
        scene.partner.post(f"/requests/{mine['requests'][0]['id']}/take-back")
        scene.partner.get("/requests")  # what was said there is said once
    assert [status for status, _ in pages[0]] == [404, 200, 303, 409]
    for (_, there), (_, not_there) in zip(*pages, strict=True):
        assert without_tokens(there) == without_tokens(not_there)
    assert "Zephyrine" not in scene.partner.get("/requests").text


def without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def test_it_is_opened_downloaded_and_closed_with_the_day(scene: Scene) -> None:
    assert download(scene) == 404
    number = ask(scene, scene.partner, asset=scene.asset.id)
    librarians = {scene.people.librarian.person_id}
    assert {who for who, kind in told(scene) if kind == "request.asked"} == librarians
    page = read_page(scene.librarian.get(f"/requests/{number}"))
    assert "Zephyrine dawn" in page.tree.text_content()
    assert scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-11-26"}).status_code == 303
    assert (scene.people.partner_marketer.person_id, "request.answered") in told(scene)
    assert scene.partner.get(f"/assets/{scene.asset.id}").status_code == 200
    assert download(scene) == 200
    found = scene.partner.get("/api/v1/library?q=zephyrine").json or {}
    assert found["total"] == 1
    with clock.held_at(datetime(2026, 11, 26, 23, 59, tzinfo=UTC)):
        # Signed in anew: it is the right that ends, not the session.
        scene.partner = Visits(scene.partner.client.application, scene.house).of(
            scene.people.partner_marketer
        )
        assert download(scene) == 200
    with clock.held_at(datetime(2026, 11, 27, 0, 0, tzinfo=UTC)):
        assert_closed(scene)


def assert_closed(scene: Scene) -> None:
    assert scene.partner.get(f"/assets/{scene.asset.id}").status_code == 404
    assert download(scene) == 404
    assert scene.partner.get(f"/api/v1/assets/{scene.asset.id}").status_code == 404
    assert (scene.partner.get("/api/v1/library?q=zephyrine").json or {})["total"] == 0


def ended(scene: Scene) -> None:
    person = scene.people.partner_marketer.person_id
    assert scene.librarian.post(f"/assets/{scene.asset.id}/access/{person}/end").status_code == 303


def withdrawn(scene: Scene) -> None:
    assert scene.librarian.post(f"/assets/{scene.asset.id}/withdraw", {"reason": "Early"}).status_code == 303


def in_the_trash(scene: Scene) -> None:
    assert scene.librarian.post(f"/assets/{scene.asset.id}/delete").status_code == 303


def under_embargo(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        session.get_one(Asset, scene.asset.id).embargo_until = MORNING + timedelta(hours=1)


def without_role(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        person = scene.people.partner_marketer.person_id
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == person)):
            session.delete(grant)


@pytest.mark.parametrize("close", [ended, withdrawn, in_the_trash, under_embargo])
def test_it_closes_at_once(scene: Scene, close: Callable[[Scene], None]) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30"})
    again = f"/renditions/{scene.version.id}/thumb"
    with scene.partner.get(again) as thumb:
        assert thumb.get_data() == b"the thumb"
        etag = thumb.headers["ETag"]
    assert download(scene) == 200
    assert status(scene.partner, again, **{"If-None-Match": etag}) == 304
    close(scene)
    with scene.house.database.reading() as session:
        scene.house.index.replace(documents_of(session, [scene.asset.id]))
        if close is in_the_trash:
            scene.house.index.remove([scene.asset.id])
    assert status(scene.partner, again, **{"If-None-Match": etag}) == 404
    assert_closed(scene)


def test_nothing_is_opened_to_who_lost_every_role(scene: Scene) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30"})
    without_role(scene)
    assert scene.partner.get(f"/assets/{scene.asset.id}").status_code in (403, 404)
    assert download(scene) in (403, 404)


def test_where_one_must_ask_first_the_grant_opens_the_download_and_the_end_of_rights_closes_it(
    scene: Scene, visits: Visits
) -> None:
    with scene.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == scene.asset.id)).one()
        right.ask_first = True
    field = visits.of(scene.people.field_marketer)
    path = f"/assets/{scene.asset.id}/download"
    assert status(field, path) == 403
    page = field.get(f"/assets/{scene.asset.id}").text
    assert f"/requests/new?asset={scene.asset.id}" in page
    number = ask(scene, field, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30"})
    assert status(field, path) == 200
    page = read_page(field.get(f"/assets/{scene.asset.id}"))
    assert "Ask for access" not in page.text
    assert page.text.count("Open to you until 30 Dec") == 2, "the heading, and the end of the bar"
    assert "No end" not in page.text
    (tile,) = read_page(field.get("/library?q=zephyrine")).tree.xpath(
        "//*[contains(@class, 'tile__caption')]"
    )
    assert "Open to you until 30 Dec" in tile.text_content()
    assert "Ask first" not in tile.text_content()
    package = field.send("POST", "/api/v1/packages", json={"assets": [scene.asset.id], "form": "original"})
    with field.get((package.json or {})["url"]) as answer, ZipFile(BytesIO(answer.get_data())) as archive:
        manifest = archive.read("manifest.csv").decode("utf-8-sig")
    assert [row["Rights end"] for row in DictReader(StringIO(manifest))] == ["2026-12-30"]
    with scene.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == scene.asset.id)).one()
        right.ends_on = (MORNING - timedelta(days=1)).date()
    assert status(field, path) == 403


def test_a_search_is_answered_with_what_the_librarian_picks(scene: Scene) -> None:
    assert "/requests/new?q=zephyrin" in scene.partner.get("/library?q=zephyrin").text
    number = ask(scene, scene.partner, q="zephyrine")
    wrong = scene.librarian.post(
        f"/requests/{number}/grant", {"until": "2026-12-30", "assets": "AST-9, tent"}
    )
    assert wrong.status_code == 422
    page = read_page(wrong)
    assert "AST-9, tent" in wrong.text
    assert page.text.count("“tent” is no number of an asset. Write one such as AST-00042.") == 1
    assert "AST-00000" not in wrong.text
    wrong = scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30", "assets": "AST-9"})
    assert read_page(wrong).text.count("There is no AST-00009, or you are not its librarian.") == 1
    right = {"until": "2026-12-30", "assets": scene.asset.ref}
    assert scene.librarian.post(f"/requests/{number}/grant", right).status_code == 303
    assert download(scene) == 200


def test_what_is_not_out_is_not_granted_and_a_refusal_has_a_reason(scene: Scene) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    assert not read_page(scene.librarian.get(f"/requests/{number}")).tree.xpath("//*[@id='why-not-open']")
    withdrawn(scene)
    page = read_page(scene.librarian.get(f"/requests/{number}"))
    (why,) = page.tree.xpath("//*[@id='why-not-open']")
    assert "It is not published. Publish it first" in why.text_content()
    assert why.xpath(f".//a[@href='/assets/{scene.asset.id}']")
    (off,) = page.tree.xpath("//button[@aria-describedby='why-not-open']")
    assert (off.text_content(), off.get("aria-disabled")) == ("Open it to them", "true")
    answer = scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30", "answer": "With joy"})
    assert answer.status_code == 422
    assert "With joy" in answer.text
    assert scene.librarian.post(f"/requests/{number}/refuse", {"answer": " "}).status_code == 422
    assert scene.librarian.post(f"/requests/{number}/refuse", {"answer": "Not yet"}).status_code == 303
    assert "Not yet" in scene.partner.get("/requests").text


def test_who_comes_second_is_told_who_answered(scene: Scene, visits: Visits) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/refuse", {"answer": "No"})
    other = visits.of(scene.people.administrator)
    late = other.post(f"/requests/{number}/grant", {"until": "2026-12-30"})
    assert late.status_code == 409
    assert "Lena Librarian answered this already" in late.text
    assert download(scene) == 404


def test_only_librarians_for_the_asset_answer_and_others_do_not_see_it(scene: Scene, visits: Visits) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    nowhere = ask(scene, scene.partner, asset=NOWHERE)
    for who in (scene.people.contributor, scene.people.field_marketer):
        assert visits.of(who).get(f"/requests/{number}").status_code == 404
        assert visits.of(who).post(f"/requests/{number}/grant", {"until": "2026-12-30"}).status_code == 403
    assert scene.librarian.get(f"/requests/{nowhere}").status_code == 404
    assert scene.librarian.post(f"/requests/{nowhere}/refuse", {"answer": "x"}).status_code == 404
    with scene.house.database.transaction() as session:
        person = make.person(session, session.merge(scene.people.own))
        session.add(RoleGrant(person_id=person.id, role="librarian", scope_kind="brand", scope_key="kids"))
        session.flush()
        kids = make.actor(person, scene.people.own)
    assert visits.of(kids).get(f"/requests/{number}").status_code == 404
    assert visits.of(kids).post(f"/requests/{number}/refuse", {"answer": "x"}).status_code == 404


def test_what_nobody_answers_closes_itself(scene: Scene) -> None:
    number = ask(scene, scene.partner, asset=NOWHERE)
    assert told(scene) == []
    for days, count in ((29, 0), (30, 1), (31, 0)):
        later = clock.held_at(MORNING + timedelta(days=days))
        with later, scene.house.database.transaction() as session:
            assert close_unanswered(session, SYSTEM) == count
    assert told(scene) == [(scene.people.partner_marketer.person_id, "request.answered")]
    assert "Nobody answered" in scene.partner.get(f"/requests/{number}").text


def test_a_form_comes_back_with_its_words_and_a_request_is_taken_back(scene: Scene) -> None:
    bad = scene.partner.post(
        "/requests", {"asset": scene.asset.id, "purpose": "Flyer", "until": "2020-01-01"}
    )
    assert bad.status_code == 422
    assert "Flyer" in bad.text
    assert f'name="asset" value="{scene.asset.id}"' in bad.text
    number = ask(scene, scene.partner, asset=scene.asset.id)
    assert scene.partner.post(f"/requests/{number}/take-back").status_code == 303
    assert scene.librarian.post(f"/requests/{number}/refuse", {"answer": "x"}).status_code == 409
    ask(scene, scene.partner, asset=scene.asset.id)


def test_programs_ask_answer_and_end(scene: Scene) -> None:
    asked = scene.partner.send("POST", "/api/v1/requests", json={"asset": scene.asset.id, **FORM})
    assert asked.status_code == 201, asked.text
    number = (asked.json or {})["id"]
    waiting = scene.librarian.get("/api/v1/requests/waiting").json or {}
    assert [each["id"] for each in waiting["requests"]] == [number]
    granted = scene.librarian.send("POST", f"/api/v1/requests/{number}/grant", json={"until": "2026-12-24"})
    assert (granted.json or {})["state"] == "granted"
    path = f"/api/v1/assets/{scene.asset.id}/access"
    (one,) = (scene.librarian.get(path).json or {})["access"]
    assert (one["person"], one["until"]) == ("Pia Partner", "2026-12-24")
    assert scene.partner.get(path).status_code == 403
    assert scene.librarian.send("DELETE", f"{path}/{one['person_id']}").status_code == 204
    assert download(scene) == 404
