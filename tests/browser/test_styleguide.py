"""Every component in every state, in development."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_the_style_guide_is_drawn_whole(
    page: Page, furnished: tuple[Site, Furniture], said: list[str]
) -> None:
    site, _ = furnished
    page.goto(site.url + "/styleguide")
    for heading in ("Notices", "Uploads", "Versions, tree", "List"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    page.wait_for_function(
        "document.fonts.ready.then(() => document.fonts.check('16px \"Hanken Grotesk Variable\"'))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
