"""Everybody reads in their own language and by their own clock."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.test import TestResponse

from assetlib import clock
from assetlib.accounts.models import Person
from assetlib.calendar import Day, Moment
from assetlib.catalog.models import UsageRight
from assetlib.house import House
from assetlib.language import in_language
from assetlib.measures import number_in_words
from assetlib.search.checking import rebuild
from assetlib.words import say, say_n
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
NOW = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)


def language_of(answer: TestResponse) -> str:
    written = str(read_page(answer).tree.get("lang"))
    assert answer.headers["Content-Language"] == written
    assert {"accept-language", "cookie"} <= {each.lower() for each in answer.vary}
    return written


def choose(house: House, person_id: int | None, language: str | None, zone: str | None = None) -> None:
    with house.database.transaction() as session:
        person = session.get_one(Person, person_id)
        person.locale, person.time_zone = language, zone


def test_the_page_is_in_the_language_of_the_browser_unless_somebody_chose(
    house: House, people: make.People, visits: Visits
) -> None:
    nobody = visits.nobody()
    assert language_of(nobody.get("/sign-in")) == "en"
    assert language_of(nobody.get("/sign-in", headers=GERMAN)) == "de"
    assert language_of(nobody.get("/sign-in", headers={"Accept-Language": "fr, ja"})) == "en"
    nobody.client.set_cookie("assetlib-language", "en")
    assert language_of(nobody.get("/sign-in", headers=GERMAN)) == "en"
    librarian = visits.of(people.librarian)
    librarian.client.set_cookie("assetlib-language", "en")
    choose(house, people.librarian.person_id, "de")
    assert language_of(librarian.get("/library")) == "de"
    librarian.client.set_cookie("assetlib-language", "tlh")
    choose(house, people.librarian.person_id, None)
    assert language_of(librarian.get("/library")) == "en"


def test_a_tile_that_was_drawn_for_one_reader_is_drawn_anew_in_another_language(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.published(session, people.own, people.librarian, title="Cabin & harbour")
        session.get_one(UsageRight, asset.id).ends_on = clock.today() + timedelta(days=3)
    rebuild(house.database, house.index)
    drawn = {
        "en": ("Select Cabin &amp; harbour", "3 days left"),
        "de": ("Cabin &amp; harbour auswählen", "noch 3 Tage"),
    }
    librarian = visits.of(people.librarian)
    for _ in range(2):
        for spoken, words in drawn.items():
            choose(house, people.librarian.person_id, spoken)
            tiles = librarian.get("/library").get_data(as_text=True)
            assert all(each in tiles for each in words)


def test_the_choice_holds_in_open_windows_at_once(visits: Visits, people: make.People) -> None:
    here, there = visits.of(people.librarian), visits.anew(people.librarian)
    assert language_of(there.get("/account")) == "en"
    answer = here.post("/account/language", {"language": "de", "time_zone": "Europe/Berlin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    page = read_page(there.get("/account"))
    assert page.tree.get("lang") == "de"
    assert page.typed("/account/language")["language"] == ["de"]
    assert page.typed("/account/language")["time_zone"] == ["Europe/Berlin"]
    assert "Passwort ändern" in page.text
    # The flash was kept as a pattern, and is said in the language of the page that shows it.
    assert "Seiten erscheinen von jetzt an in Ihrer Sprache" in read_page(here.get("/account")).text


def test_a_language_that_is_not_there_is_refused_in_the_form(visits: Visits, people: make.People) -> None:
    answer = visits.of(people.librarian).post("/account/language", {"language": "tlh", "time_zone": "Mars"})
    assert answer.status_code == 422
    assert "Choose a time zone from the list" in read_page(answer).text


def test_calls_are_answered_in_the_language_of_the_caller(
    house: House, people: make.People, visits: Visits
) -> None:
    visit = visits.of(people.field_marketer)

    def refused(**more: Any) -> dict[str, Any]:
        told = visit.send("POST", "/api/v1/packages", json={"assets": []}, **more)
        assert told.status_code == 422
        assert told.headers["Content-Language"] in ("en", "de")
        return dict(told.json or {})

    english, german = refused(), refused(headers=GERMAN)
    assert english["detail"] == english["fields"]["assets"] == "Choose at least one asset."
    assert german["detail"] == german["fields"]["assets"] == "Wählen Sie mindestens ein Asset."
    assert german["title"] == "Manches davon kann nicht übernommen werden"
    assert english["code"] == german["code"]
    answer = visit.send("PATCH", "/api/v1/me", json={"language": "de"})
    assert (answer.json or {})["language"] == "de"
    assert refused(headers={"Accept-Language": "en"})["detail"] == german["detail"]
    assert visit.send("PATCH", "/api/v1/me", json={"language": "tlh"}).status_code == 422


def test_who_may_not_reads_why_in_their_language(house: House, people: make.People, visits: Visits) -> None:
    choose(house, people.field_marketer.person_id, "de")
    page = read_page(visits.of(people.field_marketer).get("/trash"))
    assert "Der Papierkorb steht der Mediathek offen." in page.text
    assert "Mediathek öffnen" in page.text


def test_what_was_kept_of_an_upload_is_read_in_another_language(
    house: House, people: make.People, visits: Visits
) -> None:
    choose(house, people.librarian.person_id, "de")
    visit = visits.of(people.librarian)
    answer = visit.post("/collections", {"name": "Frühling"})
    assert answer.status_code == 303
    assert "Frühling ist da." in read_page(visit.get(answer.headers["Location"])).text


def test_numbers_days_and_moments_follow_the_customs_of_the_language() -> None:
    assert number_in_words(Decimal("1234.5"), "de") == "1.234,5"
    assert number_in_words(Decimal("1234.5"), "en") == "1,234.5"
    far, today = date(2026, 11, 27), date(2027, 11, 1)
    assert in_language(say("The rights ended on {day}.", day=Day(far, today)), "en").endswith("27 Nov 2026.")
    said = say("The rights ended on {day}.", day=Day(far, today))
    assert in_language(said, "de") == "Die Rechte endeten am 27. Nov. 2026."
    opens = say("It opens on {moment}.", moment=Moment(NOW, NOW.date()))
    assert in_language(opens, "de", ZoneInfo("Asia/Tokyo")) == "Es öffnet am 28. Nov., 07:30 JST."
    many = say_n("{count} day left", "{count} days left", 1_500)
    assert in_language(many, "de") == "noch 1.500 Tage"
    assert in_language(say_n("{count} day left", "{count} days left", 1), "de") == "noch 1 Tag"


@pytest.mark.parametrize(
    ("chosen", "browser", "words"),
    [
        (None, None, "Today 22:30 UTC"),
        (None, "Europe/Berlin", "Today 23:30"),
        ("America/New_York", "Europe/Berlin", "Today 17:30"),
        (None, "Mars/Olympus", "Today 22:30 UTC"),
    ],
)
def test_times_are_told_by_the_clock_of_the_reader(
    house: House, people: make.People, visits: Visits, chosen: str | None, browser: str | None, words: str
) -> None:
    with clock.held_at(NOW):
        with house.database.transaction() as session:
            asset_id = make.asset(session, people.agency).id
        choose(house, people.librarian.person_id, "en", chosen)
        visit = visits.of(people.librarian)
        if browser is not None:
            visit.client.set_cookie("assetlib-zone", browser)
        assert re.search(rf"{words}(?! UTC)", read_page(visit.get(f"/assets/{asset_id}")).text)


def test_a_moment_is_typed_by_the_clock_that_the_page_names(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.published(
            session, people.agency, people.librarian, embargo_until=datetime(2031, 1, 1, tzinfo=UTC)
        )
        address, revision = f"/assets/{asset.id}", asset.revision
    choose(house, people.librarian.person_id, "de", "Europe/Berlin")
    visit = visits.of(people.librarian)
    assert "Zeitzone: Mitteleuropäische Zeit." in read_page(visit.get(address)).text
    typed = {"revision": revision, "embargo_until": "2030-07-01T09:00"}
    assert visit.post(f"{address}/embargo", typed).status_code == 303
    assert "Es öffnet am 1. Juli 2030, 09:00 CEST." in read_page(visit.get(address)).text
    opens = (visit.get(f"/api/v1{address}").json or {})["embargo_until"]
    assert datetime.fromisoformat(opens) == datetime(2030, 7, 1, 7, tzinfo=UTC)
