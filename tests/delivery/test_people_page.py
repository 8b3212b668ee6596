"""Suspending asks first, and says on the page what stands in the way."""

import pytest

from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits


def people_page(visits: Visits, people: make.People) -> Page:
    return read_page(visits.of(people.administrator).get("/people"))


def test_nobody_is_suspended_by_one_click(visits: Visits, people: make.People) -> None:
    page = people_page(visits, people)
    for form in page.tree.xpath("//form[contains(@action, '/suspend')]"):
        assert form.xpath("ancestor::dialog"), form.get("action")
    person = people.field_marketer
    dialog = page.tree.xpath(f"//dialog[@id='suspend-person-{person.person_id}']")[0]
    said = dialog.text_content()
    assert "Suspend Finn Field?" in said
    assert "They are signed out everywhere at once" in said
    assert "What they sent and did stays." in said
    assert page.tree.xpath(f"//button[@data-dialog='{dialog.get('id')}'][@aria-label='Suspend Finn Field']")
    # Without scripts the dialog stands on the page, and a link leads there.
    assert page.tree.xpath(f"//noscript/a[@href='#{dialog.get('id')}']")
    organisation = page.tree.xpath(f"//dialog[@id='suspend-organisation-{people.agency.id}']")[0]
    assert "Suspend Halden & Frey?" in organisation.text_content()
    assert not page.tree.xpath(f"//dialog[@id='suspend-organisation-{people.own.id}']")


def test_who_is_about_to_lock_themselves_out_is_told(visits: Visits, people: make.People) -> None:
    mine = f"//dialog[@id='suspend-person-{people.administrator.person_id}']"
    assert "You are signed out everywhere" in people_page(visits, people).tree.xpath(f"string({mine})")


@pytest.mark.parametrize("path", ["suspend", "roles"])
def test_the_last_administrator_stays_and_the_page_says_so(
    visits: Visits, people: make.People, path: str
) -> None:
    me = people.administrator
    answer = visits.of(me).post(f"/people/{me.person_id}/{path}", {"roles": "librarian"})
    page = read_page(answer)
    assert answer.status_code == 422
    assert page.tree.xpath("string(//h1)") == "People"
    assert "Nothing was changed. This is the last administrator. Make somebody else one first." in (
        page.notices()
    )
    if path == "roles":
        kept = page.tree.xpath(f"//form[@action='/people/{me.person_id}/roles'][@data-reopen]")
        assert kept[0].xpath(".//input[@checked]/@value") == ["librarian"]
