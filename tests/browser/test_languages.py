"""The browser says which language and which clock its person reads by."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.visiting import send, visit

PLACES = (
    "/my-work", "/library", "/library?view=list", "/assets/1", "/collections", "/uploads", "/attributes",
    "/bulk-edits", "/trash", "/people", "/jobs", "/account", "/notices", "/shares", "/audit",
)  # fmt: skip


def test_times_are_told_by_the_clock_of_the_browser(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, _ = furnished
    for zone, hours in (("Asia/Tokyo", 9), ("UTC", 0)):
        with visit(browser, site, "librarian", timezone_id=zone) as page:
            page.goto(f"{site.url}/assets/1")
            told = page.get_by_text(re.compile(r"\d\d:\d\d")).first.inner_text()
            moment = page.locator("time[datetime]").first.get_attribute("datetime") or ""
            there = datetime.fromisoformat(moment).astimezone(UTC).hour + hours
            assert f"{there % 24:02}:" in told
            assert "UTC" not in told


def test_the_door_speaks_the_language_of_the_browser_and_of_the_switch(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 844})
    page: Page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    context.close()


def test_an_account_is_switched_by_keyboard_and_stays_so(browser: Browser, site: Site) -> None:
    with visit(browser, site, "librarian") as page:
        page.goto(f"{site.url}/account")
        page.get_by_label("Language", exact=True).focus()
        page.keyboard.type("Deutsch")
        page.get_by_label("Time zone", exact=True).focus()
        page.keyboard.type("Asia/Tokyo")
        page.get_by_role("button", name="Keep this").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Ihr Konto")).to_be_visible()
        expect(page.get_by_label("Zeitzone", exact=True)).to_have_value("Asia/Tokyo")
        page.goto(f"{site.url}/library")
        expect(page.get_by_role("link", name="Mediathek").first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width == 0


def test_german_words_are_longer_and_no_page_scrolls_sideways(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, _ = furnished
    wide = []
    with visit(browser, site, "administrator") as page:
        assert send(page, "PATCH", f"{site.url}/api/v1/me", {"language": "de"}).ok
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            for path in PLACES:
                page.goto(site.url + path)
                expect(page.locator("html")).to_have_attribute("lang", "de")
                if page.evaluate(
                    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                ):
                    wide.append(f"{path} at {width}")
    assert wide == []
