"""Values that the type of an asset does not ask for."""

from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


def test_what_is_not_asked_of_a_type_is_shown_but_not_edited(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        make.attribute(session, "paper", types=["layout"])
        make.attribute(session, "light")
        values = {"paper": "Matt", "light": "Dusk"}
        asset = make.asset(session, people.agency, type_key="photograph", attributes=values)
        address = f"/assets/{asset.id}"
    page = read_page(visits.of(people.librarian).get(address))
    assert "Matt" in page.text
    assert page.tree.xpath("//*[@name='attr.light']")
    assert not page.tree.xpath("//*[@name='attr.paper']")
