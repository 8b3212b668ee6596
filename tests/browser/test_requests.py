"""Asking for access in real browsers: from a link that leads nowhere to the file, and closed again."""

from datetime import timedelta
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, expect

from assetlib import clock
from tests.browser.conftest import PATIENCE
from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import listen, sign_in, visit

pytestmark = pytest.mark.browser
Furnished: TypeAlias = tuple[Site, Furniture]


def test_a_partner_asks_gets_the_file_and_loses_it_again(browser: Browser, furnished: Furnished) -> None:
    site, there = furnished
    address = f"{site.url}/assets/{there.film}"
    outside = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    outside.set_default_timeout(PATIENCE)
    page = outside.new_page()
    complaints = listen(page)
    sign_in(page, site, "partner_marketer")
    with visit(browser, site, "librarian") as librarian:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
        assert faults(page) == []
        page.get_by_role("link", name="Ask for access").press("Enter")
        expect(page.get_by_label("What you want it for")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Send the request").press("Enter")
        expect(page.get_by_label("What you want it for")).to_have_attribute("aria-invalid", "true")
        assert faults(page) == []
        page.get_by_label("What you want it for").fill("Shop window film, Austria")
        page.get_by_role("button", name="Send the request").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Requests")
        expect(page.get_by_text("Waits for an answer")).to_be_visible()
        assert faults(page) == []

        librarian.goto(site.url + "/requests")
        assert faults(librarian) == []
        librarian.get_by_role("table").get_by_role("link").first.press("Enter")
        expect(librarian.get_by_text("Shop window film, Austria")).to_be_visible()
        assert faults(librarian) == []
        last = clock.today() + timedelta(days=3)
        librarian.get_by_label("Open until the end of").fill(last.isoformat())
        librarian.get_by_role("button", name="Open it to them").press("Enter")
        expect(librarian.get_by_text("Opened. They are told.")).to_be_visible()

        page.goto(address)
        expect(page.get_by_role("link", name="Download").first).to_be_visible()
        assert page.request.get(address + "/download").status == 200
        page.goto(site.url + "/requests")
        expect(page.get_by_text("Granted")).to_be_visible()
        assert faults(page) == []

        librarian.goto(address)
        assert faults(librarian) == []
        librarian.get_by_role("button", name="End the access of").press("Enter")
        expect(librarian.get_by_text("Closed to them, from this moment on.")).to_be_visible()
        assert page.request.get(address + "/download").status == 404
    outside.close()
    # Chromium writes down every page that is not there (404) and every form that is refused (422).
    assert [each for each in complaints if "404" not in each and "422" not in each] == []


def test_a_search_that_finds_nothing_leads_to_asking(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    with visit(browser, site, "partner_marketer") as page:
        page.goto(site.url + "/library?q=zephyrine+glacier")
        page.get_by_role("link", name="Missing something? Ask for access").press("Enter")
        expect(page.get_by_label("What you looked for")).to_have_value("zephyrine glacier")
        assert faults(page) == []
