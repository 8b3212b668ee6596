"""Administration in a browser: invite, give roles, suspend; by mouse, by keyboard, and for everybody."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import sign_in, visit

pytestmark = pytest.mark.browser

PLACES = (
    "/people", "/people?q=nobody-of-that-name", "/people/invite", "/people/invite-many", "/people/2",
    "/people/2/close", "/people/2/erase", "/people/organisations", "/people/organisations/new",
    "/people/organisations/2", "/people/groups", "/people/groups/new",
)  # fmt: skip


def test_somebody_is_invited_given_a_role_and_shut_out_while_their_window_is_open(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site, "administrator") as page, visit(browser, site, "field_marketer") as window:
        window.goto(site.url + "/library")
        expect(window.get_by_role("heading", level=1)).to_be_visible()
        _invite(page, site)
        _make_librarian(page, site)
        window.goto(site.url + "/trash")
        expect(window.get_by_role("heading", level=1, name="Trash")).to_be_visible()
        _suspend(page)
        window.goto(site.url + "/library")
        expect(window).to_have_url(site.url + "/sign-in?next=/library")


def _invite(page: Page, site: Site) -> None:
    page.goto(site.url + "/people")
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Name", exact=True).fill("Ines Invited")
    page.get_by_label("E-mail").fill("ines@company.example")
    page.get_by_label("Reviewer").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("heading", level=1, name="Ines Invited")).to_be_visible()
    expect(page.locator(".tag")).to_have_text("Invited")


def _make_librarian(page: Page, site: Site) -> None:
    page.goto(site.url + "/people?q=finn")
    page.get_by_role("link", name="Finn Field").click()
    page.get_by_role("button", name="Change roles").click()
    page.get_by_role("dialog").get_by_label("Librarian", exact=True).check()
    page.get_by_role("button", name="Set the roles").click()
    expect(page.get_by_text("These roles hold from now on.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Librarian")).to_be_visible()


def _suspend(page: Page) -> None:
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_role("dialog", name="Suspend Finn Field?")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    expect(page.locator(".tag")).to_have_text("Suspended")


def test_a_person_is_found_and_given_a_role_by_keyboard_alone(browser: Browser, site: Site) -> None:
    with visit(browser, site, "administrator") as page:
        page.goto(site.url + "/people")
        page.get_by_label("Name or address").focus()
        page.keyboard.type("nils")
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Nils Nobody")
        expect(link).to_be_visible()
        link.focus()
        page.keyboard.press("Enter")
        opener = page.get_by_role("button", name="Change roles")
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        dialog.get_by_label("Planner", exact=True).focus()
        page.keyboard.press("Space")
        dialog.get_by_role("button", name="Set the roles").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("These roles hold from now on.")).to_be_visible()


def test_many_are_invited_by_a_file_that_is_pasted(browser: Browser, site: Site) -> None:
    with visit(browser, site, "administrator") as page:
        page.goto(site.url + "/people/invite-many")
        page.get_by_label("Or paste it here").fill(
            "name;email;roles\nAnna;anna@x.example;reviewer\nBo;not an address;reviewer\n"
        )
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("heading", name="1 row is not right yet")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Invite the 1 that is right").click()
        expect(page.get_by_text("1 person is invited. The mail is on its way.")).to_be_visible()
        expect(page.get_by_text("1 row was left out.")).to_be_visible()
        expect(page.get_by_role("cell", name="Bo")).to_be_visible()
        with page.expect_download() as rest:
            page.get_by_role("button", name="Download the 1 row that is not right").click()
        assert rest.value.suggested_filename == "people-left-out.csv"
        page.goto(site.url + "/people?q=anna")
        expect(page.get_by_role("link", name="Anna")).to_be_visible()


def test_a_dialog_that_came_back_gives_the_focus_to_its_button(browser: Browser, site: Site) -> None:
    # Chromium writes down every form that is refused (422), so nobody listens to what it writes.
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        sign_in(page, site, "administrator")
        page.goto(site.url + "/people/2")
        page.get_by_role("button", name="Edit name and address").click()
        page.get_by_role("dialog").get_by_label("Name").fill("")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_contain_text("Give the person's name.")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Edit name and address")).to_be_focused()


def test_the_pages_are_open_to_everybody(browser: Browser, site: Site) -> None:
    found = []
    with visit(browser, site, "administrator") as page:
        for place in PLACES:
            page.goto(site.url + place)
            found += faults(page)
        page.goto(site.url + "/people/2")
        for opener in ("Change roles", "Add a duty", "Edit name and address"):
            page.get_by_role("button", name=opener).click()
            found += faults(page)
            page.keyboard.press("Escape")
    assert found == [], "\n".join(found)
