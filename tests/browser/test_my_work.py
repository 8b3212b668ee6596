"""Home is what waits: seen, walked by keyboard, and gone once it is done, for four roles."""

import re
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]
DECIDED = re.compile("Decide")


def test_a_librarian_goes_from_home_to_the_decision_by_keyboard(
    browser: Browser, furnished: Furnished
) -> None:
    site, furniture = furnished
    with visit(browser, site, "librarian") as page:
        expect(page).to_have_url(f"{site.url}/my-work")
        expect(page.get_by_role("heading", level=1)).to_contain_text("for you")
        expect(page.get_by_role("heading", level=2, name=DECIDED)).to_be_visible()
        row = page.locator(".work__item").filter(
            has=page.locator(f'a[href^="/assets/{furniture.in_review}?"]')
        )
        picture = row.locator("img")
        expect(picture).to_be_visible()
        assert picture.evaluate("node => getComputedStyle(node).objectFit") == "contain"
        found = faults(page)
        button = row.get_by_role("link", name="Decide")
        page.get_by_role("heading", level=1).click()
        for _ in range(80):
            page.keyboard.press("Tab")
            if button.evaluate("node => node === document.activeElement"):
                break
        expect(button).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"/assets/{furniture.in_review}"))
    assert found == []


@pytest.mark.parametrize(
    ("who", "heading"),
    [("contributor", "Send"), ("field_marketer", None), ("administrator", None)],
)
def test_home_is_open_to_everybody(
    browser: Browser, furnished: Furnished, who: str, heading: str | None
) -> None:
    site, _ = furnished
    with visit(browser, site, who) as page:
        expect(page).to_have_url(f"{site.url}/my-work")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if heading is not None:
            expect(page.get_by_role("heading", level=2, name=re.compile(heading))).to_be_visible()
        found = faults(page)
        page.set_viewport_size({"width": 390, "height": 844})
        expect(
            page.get_by_role("navigation", name="Places").get_by_role("link", name="My work")
        ).to_be_visible()
    assert found == []


def test_the_log_is_open_to_every_administrator(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    with visit(browser, site, "administrator") as page:
        page.goto(f"{site.url}/audit?action=catalog.")
        expect(page.get_by_role("table").first).to_be_visible()
        first = page.locator(".log__more").first
        first.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(first.get_by_text("Action")).to_be_visible()
        found = faults(page)
        page.get_by_label("Who").fill("nobody of this name")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Nothing of this kind")).to_be_visible()
        found += faults(page)
        page.goto(f"{site.url}/jobs?state=done")
        found += faults(page)
    assert found == []
