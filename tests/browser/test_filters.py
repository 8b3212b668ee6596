"""Filters are added from the list behind "+", and on a page of their own by who has no scripts."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser


def test_a_filter_is_found_by_its_name_and_taken_by_keyboard(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, _ = furnished
    with visit(browser, site, "librarian") as page:
        page.goto(site.url + "/library")
        expect(page.get_by_role("link", name="Add a filter")).to_have_count(0)
        page.get_by_label("Find in the library").press("+")
        page.get_by_role("combobox", name="Find a filter").fill("kind of")
        page.keyboard.press("Enter")
        page.keyboard.type("pict")
        page.keyboard.press("Enter")
        page.wait_for_url("**/library?q=kind%3Aimage")
        expect(page.get_by_role("group", name="kind of file Picture")).to_be_visible()
        page.get_by_label("Find in the library").press("+")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_label("Find in the library")).to_be_focused()


def test_what_is_typed_before_the_list_has_come_is_typed_into_it(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, _ = furnished
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with visit(browser, site, "librarian") as page:
        page.route("**/library/filters*", hold)
        page.goto(site.url + "/library")
        page.get_by_label("Find in the library").press("+")
        page.keyboard.type("kind of")
        page.keyboard.press("Enter")
        expect(page.get_by_role("combobox", name="Find a filter")).to_have_value("kind of")
        held[0].continue_()
        expect(page.get_by_role("option")).to_have_text(["Kind of file"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("option", name="Picture")).to_be_visible()
        assert len(held) == 1


def test_a_list_that_does_not_come_leads_to_the_page(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, _ = furnished
    with visit(browser, site, "librarian") as page:
        page.route("**/library/filters*", lambda route: route.fulfill(body="no list"), times=1)
        page.goto(site.url + "/library?q=sort")
        page.get_by_role("button", name="adds a filter").click()
        page.wait_for_url("**/library/filters?q=sort")
        expect(page.get_by_role("heading", name="Add a filter")).to_be_visible()


def test_a_filter_is_added_without_scripts(browser: Browser, furnished: tuple[Site, Furniture]) -> None:
    site, _ = furnished
    with visit(browser, site, "librarian", java_script_enabled=False) as page:
        page.goto(site.url + "/library?view=list")
        page.get_by_role("link", name="Add a filter").click()
        page.get_by_label("Kind of file").select_option("Picture")
        page.get_by_label("Width").fill(">=1")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("group", name="kind of file Picture")).to_be_visible()
        expect(page.get_by_role("table")).to_be_visible()
