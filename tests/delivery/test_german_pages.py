"""No page that is read in German says anything in English but what people wrote."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from assetlib.accounts.models import Person
from assetlib.app import create_app
from assetlib.catalog.schema import ATTRIBUTES, TYPES
from assetlib.house import open_house
from assetlib.settings import Settings
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits
from tests.delivery.world import World, make_world

# Words that English sentences are made with, and that are none in German.
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|you|your|this|that|with|from|for|to|by|it|its|has|have|been|they|who|which|yet|"
    r"before|no|nothing|somebody|added|choose|there|select|more|back|next|none|page|file)\b",
    re.IGNORECASE,
)
WRITTEN_BY_PEOPLE = (
    *TYPES.values(),
    *(text for each in ATTRIBUTES.values() for text in (each.label, each.hint) if text),
    *("It was approved.", "In the trash", "Isle of Man", "Port of Spain", "Fairs are booked apart"),
)
"""What librarians called types and attributes, and what stands in the world of the tests."""
READERS = "ALCEGX"
TEXTS = (
    "//text()[not(ancestor::script or ancestor::style)] | //@aria-label | //@title | //@placeholder | //@alt"
)


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path
) -> Iterator[tuple[World, Visits]]:
    home = tmp_path_factory.mktemp("german")
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    house = open_house(Settings(home=home, search_kind="memory", development=True, secret_key="s" * 40))
    world = make_world(house)
    with house.database.transaction() as session:
        for person in session.query(Person):
            person.locale = "de"
    yield world, Visits(create_app(house.settings, house=house), house)
    house.database.close()


def all_texts(page: Page) -> Iterator[str]:
    """Whatever a person reads or hears of a page, and the sentences that its scripts say."""
    for each in page.tree.xpath(TEXTS):
        yield " ".join(str(each).split())
    for source in page.tree.xpath("//script[@type='application/json' and starts-with(@id, 'texts')]/text()"):
        yield from json.loads(str(source)).values()


def english_in(text: str) -> bool:
    for each in WRITTEN_BY_PEOPLE:
        text = text.replace(each, "")
    return ENGLISH.search(text) is not None


def pages_of(world: World, visits: Visits) -> Iterator[tuple[str, str]]:
    """Every address that gives a page, for each of these people."""
    for rule in sorted(visits.app.url_map.iter_rules(), key=lambda each: each.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "styleguide.index"):
            for letter in READERS:
                with visits.app.test_request_context():
                    path = visits.app.url_for(rule.endpoint, **values_for(world, rule))
                yield letter, path


def values_for(world: World, rule: Rule) -> dict[str, object]:
    known: dict[str, object] = {}
    for values in (*world.ids.values(), world.ids["any"], world.ids["published"], world.ids["shared"]):
        known |= values
    return {name: known[name] for name in rule.arguments}


def test_every_page_is_german_all_through(place: tuple[World, Visits]) -> None:
    world, visits = place
    found, count = [], 0
    for letter, path in pages_of(world, visits):
        visit = visits.nobody() if letter == "X" else visits.of(world.actors[letter])
        answer = visit.get(path, headers={"Accept-Language": "de"})
        if answer.mimetype != "text/html" or "Location" in answer.headers:
            answer.close()
            continue
        count += 1
        page = read_page(answer)
        assert answer.headers["Content-Language"] == "de", path
        found += [f"{letter} {path}: {text}" for text in all_texts(page) if english_in(text)]
    assert found == [], found
    assert count > 80


def test_an_english_sentence_would_be_found() -> None:
    assert english_in("Nothing is in here yet")
    assert not english_in("Hier ist noch nichts, Layout and print, Releases are on file")
