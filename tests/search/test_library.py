"""Looking for assets as pages do."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.catalog.models import Asset
from assetlib.search.documents import documents_of
from assetlib.search.index import SearchIndex
from assetlib.search.library import Relaxed, find_assets, suggestions
from tests import make
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def library(session: Session, people: make.People, either_index: SearchIndex) -> dict[str, int]:
    """Name → id of a few published assets, and one draft; all of them in the index."""
    make.asset_type(session, "photo", label="Photograph")
    make.attribute(session, "region", "tree", facet=True, choices=["asia", "japan", "europe"])
    made = {
        "night": make.published(
            session, people.own, people.librarian, title="Night sky", type_key="photo", tags=["Trail"],
            attributes={"region": ["japan"]}, created_at=clock.now() - timedelta(days=3),
        ),
        "day": make.published(
            session, people.own, people.librarian, title="Day at the lake", tags=["Trail"],
            attributes={"region": ["europe"]}, created_at=clock.now() - timedelta(days=2),
        ),
        "draft": make.asset(session, people.agency, title="Zephyrine secret"),
    }  # fmt: skip
    ids = {name: row.id for name, row in made.items()}
    either_index.replace(documents_of(session, list(ids.values())))
    return ids


def test_a_page_has_all_that_stands_around_it(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    found = find_assets(session, either_index, people.field_marketer, "nihgt #Trail sky:night")
    assert found.ids == [library["night"]]
    assert found.total == 1
    assert found.sort == "relevance"
    assert found.text == "nihgt #Trail sky:night"
    assert found.parsed.rest == "nihgt sky:night"
    assert [chip.label for chip in found.chips] == ["Trail"]
    assert found.notes == ("There is no field “sky”, so it was read as words.",)
    assert [why.field for why in found.page.rows[0].why] == ["title"]
    assert found.relaxed == ()


def test_facets_are_named_and_clicks_lead_on(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    found = find_assets(session, either_index, people.field_marketer, "")
    assert found.ids == [library["day"], library["night"]]
    assert found.sort == "newest"
    facets = {facet.name: facet for facet in found.facets}
    assert next(iter(facets)) == "use"
    assert [(v.label, v.count) for v in facets["region"].values] == [("Europe", 1), ("Japan", 1)]
    assert {(v.value, v.label, v.count) for v in facets["type"].values} == {
        ("photo", "Photograph", 1),
        ("photograph", "Photograph", 1),
    }
    query = found.toggled(facets["region"], facets["region"].values[1])
    assert query == "region:japan"
    narrowed = find_assets(session, either_index, people.field_marketer, query)
    assert narrowed.ids == [library["night"]]
    (region,) = [facet for facet in narrowed.facets if facet.name == "region"]
    assert [(v.label, v.count, v.selected) for v in region.values] == [
        ("Europe", 1, False),
        ("Japan", 1, True),
    ]
    assert narrowed.toggled(region, region.values[1]) == ""


def test_who_finds_nothing_is_shown_what_would(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    found = find_assets(session, either_index, people.field_marketer, "night region:europe")
    assert found.total == 0
    assert found.relaxed == (Relaxed("without", "Region Europe", 1, "night"),)
    found = find_assets(session, either_index, people.field_marketer, "nihgst sky")
    assert found.relaxed == (Relaxed("instead", "night", 1, "night sky"),)
    found = find_assets(session, either_index, people.field_marketer, "zephyrone")
    assert found.relaxed == ()
    found = find_assets(session, either_index, people.field_marketer, "night width:abc has:nonsense")
    assert found.relaxed == (Relaxed("without", "what could not be read", 1, "night"),)
    (alone,) = find_assets(session, either_index, people.field_marketer, "width:abc").relaxed
    assert (alone.label, alone.query) == ("width:abc", "")


def test_nothing_tells_of_what_is_not_open(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    assert find_assets(session, either_index, people.field_marketer, "zephyrine").total == 0
    assert find_assets(session, either_index, people.contributor, "zephyrine").ids == [library["draft"]]
    assert find_assets(session, either_index, people.without_role, "").total == 0
    assert suggestions(either_index, people.field_marketer, "zeph") == ()
    assert suggestions(either_index, people.librarian, "zeph")[0].text == "Zephyrine secret"


def test_collections_are_named_only_by_those_who_see_them(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    night = session.get_one(Asset, library["night"])
    mine = make.collection(session, people.field_marketer, night, name="Für später", audience="private")
    either_index.replace(documents_of(session, [night.id]))
    for text in ('~"fur spater"', f"~{mine.id}", f"~={mine.id}", f"collection:={mine.id}", f"in:={mine.id}"):
        assert find_assets(session, either_index, people.field_marketer, text).ids == [night.id]
        others = find_assets(session, either_index, people.librarian, text)
        assert others.notes
        assert others.parsed.filters == ()


def test_a_collection_is_found_with_those_below_that_one_sees(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    night, day = (session.get_one(Asset, library[name]) for name in ("night", "day"))
    press = make.collection(session, people.librarian, name="Press")
    kit = make.collection(session, people.librarian, night, name="Kit", inside=press)
    make.collection(
        session, people.field_marketer, day, name="Mine", inside=kit, audience="private",
    )  # fmt: skip
    either_index.replace(documents_of(session, [night.id, day.id]))
    for text in ("~press", "~kit", f"~={press.id}"):
        for who, expected in ((people.field_marketer, [day.id, night.id]), (people.librarian, [night.id])):
            found = find_assets(session, either_index, who, text)
            assert found.ids == expected
            assert found.total == len(expected)


def test_pages_and_statements(
    session: Session, people: make.People, either_index: SearchIndex, library: dict[str, int]
) -> None:
    with counted(session) as statements:
        found = find_assets(session, either_index, people.field_marketer, "", page=2, size=1)
    assert found.ids == [library["night"]]
    assert (found.page.number, found.page.size, found.page.total) == (2, 1, 2)
    assert len(statements) == 2
