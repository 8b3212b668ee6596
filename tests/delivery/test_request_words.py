"""What a request says: what is asked for, how it stands, and what somebody wrote of it."""

from datetime import timedelta

from sqlalchemy import select

from assetlib import clock
from assetlib.catalog.models import UsageRight
from assetlib.notify.models import Notice
from assetlib.words import recalled
from tests.delivery.reading import read_page
from tests.delivery.test_requests import FORM, MORNING, Scene, ask, scene, told
from tests.delivery.visiting import Visits

__all__ = ["scene"]


def sentences(scene: Scene, person: int | None) -> list[str]:
    """What somebody was told, the last first."""
    with scene.house.database.reading() as session:
        rows = session.scalars(
            select(Notice.sentence).where(Notice.person_id == person).order_by(Notice.id.desc())
        )
        return [recalled(each) for each in rows]


def test_who_asked_is_told_with_the_librarians_words_what_was_answered_and_when_it_ends_early(
    scene: Scene,
) -> None:
    pia = scene.people.partner_marketer.person_id
    number = ask(scene, scene.partner, asset=scene.asset.id)
    form = {"until": "2026-12-30", "answer": "For print only"}
    scene.librarian.post(f"/requests/{number}/grant", form)
    assert sentences(scene, pia)[0] == (
        "“Zephyrine dawn” is open to you until the end of 30 Dec: “For print only”"
    )
    page = read_page(scene.partner.get(f"/requests/{number}"))
    assert "Granted until 30 Dec" in page.text
    assert "Open the asset" in page.text
    path = f"/assets/{scene.asset.id}/access/{pia}/end"
    with clock.held_at(MORNING + timedelta(days=2)):
        scene.librarian = Visits(scene.librarian.client.application, scene.house).of(scene.people.librarian)
        scene.partner = Visits(scene.partner.client.application, scene.house).of(
            scene.people.partner_marketer
        )
        assert scene.librarian.post(path, {"reason": "The model withdrew"}).status_code == 303
        ref = scene.asset.ref
        assert sentences(scene, pia)[0] == f"{ref} was closed to you again: “The model withdrew”"
        page = read_page(scene.partner.get(f"/requests/{number}"))
        assert "Ended on 26 Nov" in page.text
        assert "The model withdrew" in page.text
        assert "Open the asset" not in page.text
        assert "Ended on 26 Nov" in scene.partner.get("/requests").text
        assert "Granted" not in scene.partner.get("/requests").text
        assert (scene.partner.get(f"/api/v1/requests/{number}").json or {})["state"] == "ended"


def test_librarians_are_told_who_asks_for_what(scene: Scene) -> None:
    ask(scene, scene.partner, asset=scene.asset.id)
    ask(scene, scene.partner, q="kayak")
    told(scene)
    assert sentences(scene, scene.people.librarian.person_id) == [
        "Pia Partner asks for what a search did not find: “kayak”",
        "Pia Partner asks for “Zephyrine dawn”.",
    ]


def test_what_ends_by_its_day_has_ended_on_that_day(scene: Scene, visits: Visits) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-11-25"})
    with clock.held_at(MORNING + timedelta(days=9)):
        partner = Visits(scene.partner.client.application, scene.house).of(scene.people.partner_marketer)
        assert "Ended on 25 Nov" in partner.get(f"/requests/{number}").text


def test_a_refusal_names_what_was_asked_for_as_far_as_who_asked_may_know_it(
    scene: Scene, visits: Visits
) -> None:
    pia, finn = scene.people.partner_marketer, scene.people.field_marketer
    with scene.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == scene.asset.id)).one()
        right.ask_first = True
    for who, name in ((pia, scene.asset.ref), (finn, "“Zephyrine dawn”")):
        number = ask(scene, visits.of(who), asset=scene.asset.id)
        scene.librarian.post(f"/requests/{number}/refuse", {"answer": "Not for dealers"})
        told_last = sentences(scene, who.person_id)[0]
        assert told_last == f"Your request for {name} was not granted: “Not for dealers”"
    number = ask(scene, visits.of(pia), q="kayak")
    scene.librarian.post(f"/requests/{number}/refuse", {"answer": "We have none"})
    assert sentences(scene, pia.person_id)[0] == ("Your request for “kayak” was not granted: “We have none”")


def test_the_form_shows_what_is_asked_for_to_whoever_sees_it(scene: Scene, visits: Visits) -> None:
    path = f"/requests/new?asset={scene.asset.id}"
    page = read_page(visits.of(scene.people.field_marketer).get(path))
    assert "Ask for access to “Zephyrine dawn” (" in page.text
    assert page.tree.xpath("//img[@alt='Zephyrine dawn']")
    assert "If there is no such asset" not in page.text
    page = read_page(scene.partner.get(path))
    assert "Zephyrine" not in page.text
    assert "If there is no such asset, nobody answers." in page.text


def test_what_nobody_could_answer_is_not_sent(scene: Scene, visits: Visits) -> None:
    finn = visits.of(scene.people.field_marketer)
    answer = finn.post("/requests", {**FORM, "q": "  "})
    assert answer.status_code == 422
    assert "Write what you looked for." in answer.text
    both = {"asset": scene.asset.id, "query": "kayak", **FORM}
    refused = finn.send("POST", "/api/v1/requests", json=both)
    assert refused.status_code == 422
    assert "not for both" in refused.text
    answer = finn.post("/requests", {**FORM, "asset": scene.asset.id})
    assert (answer.status_code, "You can use this already." in answer.text) == (422, True)
    with scene.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == scene.asset.id)).one()
        right.ask_first = True
    number = ask(scene, finn, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": FORM["until"]})
    answer = finn.post("/requests", {**FORM, "asset": scene.asset.id})
    assert "It is open to you up to 30 Nov already." in answer.text
    ask(scene, finn, asset=scene.asset.id, until="2026-12-24")
    with scene.house.database.transaction() as session:
        right = session.scalars(select(UsageRight).where(UsageRight.asset_id == scene.asset.id)).one()
        right.ends_on = (MORNING - timedelta(days=1)).date()
    other = visits.of(scene.people.administrator).post("/requests", {**FORM, "asset": scene.asset.id})
    assert (other.status_code, "The rights ended on 23 Nov." in other.text) == (422, True)


def test_a_reason_that_cannot_be_kept_ends_nothing_and_is_said_on_a_page(scene: Scene) -> None:
    number = ask(scene, scene.partner, asset=scene.asset.id)
    scene.librarian.post(f"/requests/{number}/grant", {"until": "2026-12-30"})
    path = f"/assets/{scene.asset.id}/access/{scene.people.partner_marketer.person_id}/end"
    answer = scene.librarian.post(path, {"reason": "x" * 9_000})
    assert answer.status_code == 422
    assert "The reason cannot be kept." in read_page(answer).text
    assert answer.text.startswith("<!doctype html>")
    assert scene.partner.get(f"/assets/{scene.asset.id}").status_code == 200
