"""How many assets a collection says it holds, and what its page offers when none lies in it directly."""

from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


def test_what_lies_here_and_what_lies_below_are_counted_apart(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        assets = [make.published(session, people.own, people.librarian) for _ in range(3)]
        outer = make.collection(session, people.librarian, assets[0], name="For dealers")
        inner = make.collection(session, people.librarian, *assets[1:], inside=outer, name="Shops")
        addresses = f"/collections/{outer.id}", f"/collections/{inner.id}"
    librarian = visits.of(people.librarian)
    page = read_page(librarian.get(addresses[0]))
    assert "1 asset here, 3 with the collections inside" in page.text
    assert "/library?q=~%22For+dealers%22" in page.links
    assert "2 assets" in (inside := read_page(librarian.get(addresses[1])).text)
    assert "with the collections inside" not in inside


def test_a_collection_of_collections_leads_on_to_them(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.published(session, people.own, people.librarian)
        outer = make.collection(session, people.librarian, name="Autumn")
        inner = make.collection(session, people.librarian, asset, inside=outer, name="Key visuals")
        address, below = f"/collections/{outer.id}", f"/collections/{inner.id}"
    page = read_page(visits.of(people.librarian).get(address))
    assert "Nothing lies directly in here" in page.text
    (empty,) = page.tree.xpath("//div[@class='empty']")
    assert empty.xpath(".//a/@href") == [below]


def test_restoring_nothing_says_so(people: make.People, visits: Visits) -> None:
    librarian = visits.of(people.librarian)
    answer = librarian.post("/trash/restore")
    assert answer.status_code == 303
    assert "Nothing was selected. Tick what is to come back." in read_page(librarian.get("/trash")).notices()
