"""The places in the header: none is cut off, and those that do not stand in the bar are in “More”."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.visiting import send, visit

pytestmark = pytest.mark.browser

WIDTHS = (1440, 1280, 1024)
PARTS = (
    ".header__mark, .header__space, .header__nav li > :is(a, button), .header__find, .header__upload, "
    ".header__bell, .header__person"
)
CUT = """(names) => {
    const header = document.querySelector(".header"), nav = header.querySelector(".header__nav");
    const space = header.querySelector(".header__space"), bottom = header.getBoundingClientRect().bottom;
    const parts = [...header.querySelectorAll(names)].filter((part) => part.getClientRects().length);
    const boxes = parts.map((part) => ({ name: part.textContent.trim(), box: part.getBoundingClientRect() }));
    boxes.sort((one, other) => one.box.left - other.box.left);
    return [
        ...(nav.scrollWidth > nav.clientWidth ? ["the places"] : []),
        ...(space && space.scrollWidth > space.clientWidth ? ["whose house it is"] : []),
        ...boxes.filter(({ box }) => box.right > innerWidth || box.bottom > bottom).map(({ name }) => name),
        ...boxes.filter(({ box }, at) => at && box.left < boxes[at - 1].box.right - 0.5)
            .map(({ name }) => name),
    ];
}"""


@pytest.mark.parametrize(
    "who", ["administrator", "librarian", "field_marketer", "contributor", "partner_marketer"]
)
def test_nothing_of_the_header_is_cut_off(
    browser: Browser, furnished: tuple[Site, Furniture], who: str
) -> None:
    site, _ = furnished
    found = []
    with visit(browser, site, who) as page:
        for language in ("en", "de"):
            assert send(page, "PATCH", f"{site.url}/api/v1/me", {"language": language}).ok
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                for place in ("/my-work", "/library"):
                    page.goto(site.url + place)
                    expect(page.locator("html")).to_have_attribute("lang", language)
                    found += [f"{each}, {place}, {language} at {width}" for each in page.evaluate(CUT, PARTS)]
    assert found == []


def test_seldom_places_are_opened_from_more_by_keyboard(browser: Browser, site: Site) -> None:
    with visit(browser, site, "administrator") as page:
        page.set_viewport_size({"width": 1024, "height": 800})
        page.goto(site.url + "/library")
        more = _more(page)
        expect(more).not_to_have_attribute("aria-current", "true")
        more.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Links")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("menuitem", name="Audit log")).to_be_focused()
        page.keyboard.press("j")
        expect(page.get_by_role("menuitem", name="Jobs")).to_be_focused()
        page.keyboard.press("Escape")
        expect(more).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Links")).to_be_focused()
        page.keyboard.press("j")
        expect(page.get_by_role("menuitem", name="Jobs")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/jobs")


def test_more_says_that_the_place_is_inside(browser: Browser, site: Site) -> None:
    with visit(browser, site, "librarian") as page:
        page.goto(site.url + "/trash")
        expect(_more(page)).to_have_attribute("aria-current", "true")
        _more(page).click()
        expect(page.get_by_role("menuitem", name="Trash")).to_have_attribute("aria-current", "true")
        expect(page.get_by_role("menuitem", name="Trash")).to_be_focused()
        expect(page.get_by_role("menuitem", name="People")).to_have_count(0)


def test_who_has_nothing_seldom_has_no_more(browser: Browser, site: Site) -> None:
    with visit(browser, site, "partner_marketer") as page:
        page.goto(site.url + "/library")
        expect(
            page.get_by_role("navigation", name="Main").get_by_role("link", name="Requests")
        ).to_be_visible()
        expect(_more(page)).to_have_count(0)


def _more(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main").get_by_role("button", name="More")
