"""Two administrators look at the same person, group or organisation, and both send their form."""

from typing import Any

import pytest

from assetlib.accounts.queries import get_organisation, get_person
from assetlib.house import House
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visit, Visits


@pytest.fixture
def second(house: House, visits: Visits, people: make.People) -> Visit:
    with house.database.transaction() as session:
        person = make.person(session, people.own, "administrator", name="Sven Second")
        actor = make.actor(person, people.own)
    return visits.of(actor)


def carried(page: Page, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes there."""
    (form,) = page.tree.xpath(f"//form[@action='{action}'][.//input[@name='began']]")
    return {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}


def ticked(page: Page, dialog: str, name: str) -> set[str]:
    return set(page.tree.xpath(f"//dialog[@id='{dialog}']//input[@name='{name}'][@checked]/@value"))


def test_a_role_that_was_taken_away_meanwhile_does_not_come_back(
    house: House, visits: Visits, second: Visit, people: make.People
) -> None:
    path = f"/people/{people.field_marketer.person_id}"
    late = visits.of(people.administrator)
    form = carried(read_page(late.get(path)), f"{path}/roles")
    assert second.post(f"{path}/roles", {"roles": "planner"}).status_code == 303
    refused = late.post(f"{path}/roles", {**form, "roles": ["field_marketer", "reviewer"]})
    assert refused.status_code == 409
    assert "Sven Second changed this while you were looking at it." in refused.text
    page = read_page(refused)
    assert ticked(page, "roles", "roles") == {"planner", "reviewer"}
    assert page.tree.xpath("//form[@data-reopen]/@action") == [f"{path}/roles"]
    again = {**carried(page, f"{path}/roles"), "roles": ["planner", "reviewer"]}
    assert late.post(f"{path}/roles", again).status_code == 303
    with house.database.reading() as session:
        held = get_person(session, people.field_marketer.person_id or 0).roles
        assert held == {"planner", "reviewer"}


def test_a_group_that_was_given_meanwhile_is_not_taken_away(
    visits: Visits, second: Visit, people: make.People
) -> None:
    kids, legal = (
        second.post("/people/groups", {"name": name}).headers["Location"].rpartition("/")[2]
        for name in ("Kids", "Legal")
    )
    path = f"/people/{people.librarian.person_id}"
    late = visits.of(people.administrator)
    form = carried(read_page(late.get(path)), f"{path}/groups")
    assert second.post(f"{path}/groups", {"groups": legal}).status_code == 303
    refused = late.post(f"{path}/groups", {**form, "groups": kids})
    assert refused.status_code == 409
    assert ticked(read_page(refused), "groups", "groups") == {kids, legal}


def test_name_and_address_are_kept_apart(
    house: House, visits: Visits, second: Visit, people: make.People
) -> None:
    path = f"/people/{people.librarian.person_id}"
    late = visits.of(people.administrator)
    page = read_page(late.get(path))
    form = carried(page, path)
    (address,) = page.tree.xpath("//input[@name='email']/@value")
    assert second.post(path, {"name": "Lena A. Librarian", "email": "lena@new.example"}).status_code == 303
    refused = late.post(path, {**form, "name": "Lena Moser", "email": address})
    assert refused.status_code == 409
    assert "Now it says: Lena A. Librarian" in refused.text
    again = read_page(refused).tree
    # What was not touched shows what was written meanwhile; what was typed stays.
    assert again.xpath("//dialog[@id='person']//input[@name='email']/@value") == ["lena@new.example"]
    assert again.xpath("//dialog[@id='person']//input[@name='name']/@value") == ["Lena Moser"]
    with house.database.reading() as session:
        assert get_person(session, people.librarian.person_id or 0).name == "Lena A. Librarian"


def test_roles_of_a_group_and_names_of_organisations_too(
    house: House, visits: Visits, second: Visit, people: make.People
) -> None:
    group = second.post("/people/groups", {"name": "Kids"}).headers["Location"]
    late = visits.of(people.administrator)
    form = carried(read_page(late.get(group)), f"{group}/roles")
    assert second.post(f"{group}/roles", {"roles": "planner"}).status_code == 303
    refused = late.post(f"{group}/roles", {**form, "roles": "reviewer"})
    assert refused.status_code == 409
    assert ticked(read_page(refused), "roles", "roles") == {"planner", "reviewer"}

    place = f"/people/organisations/{people.agency.id}"
    form = carried(read_page(late.get(place)), place)
    assert second.post(place, {"name": "Halden Frey"}).status_code == 303
    refused = late.post(place, {**form, "name": "Halden"})
    assert refused.status_code == 409
    assert "Now it says: Halden Frey" in refused.text
    assert read_page(refused).tree.xpath("//input[@name='name']/@value") == ["Halden"]
    with house.database.reading() as session:
        assert get_organisation(session, people.agency.id).name == "Halden Frey"


def test_programs_say_what_they_read(visits: Visits, people: make.People) -> None:
    visit = visits.of(people.administrator)
    api = f"/api/v1/people/{people.field_marketer.person_id}"

    def put(what: str, body: dict[str, Any]) -> tuple[int, str]:
        answer = visit.send("PUT" if what else "PATCH", f"{api}{what}", json=body)
        return answer.status_code, (answer.json or {}).get("code", "")

    assert put("/roles", {"roles": ["planner"], "seen": ["field_marketer"]}) == (200, "")
    assert put("/roles", {"roles": ["reviewer"], "seen": ["field_marketer"]}) == (409, "person_changed")
    assert put("/groups", {"groups": [], "seen": [7]}) == (200, ""), "it is so already"
    seen = {"name": "Somebody", "email": "finn@x.example"}
    assert put("", {"name": "Finn", "seen": seen}) == (409, "person_changed")
