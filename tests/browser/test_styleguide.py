"""Every component in every state, in development."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site

pytestmark = pytest.mark.browser

FONTS = """async () => {
    await document.fonts.ready;
    const loaded = [...document.fonts].filter(({status}) => status === "loaded");
    return loaded.map(({family}) => family.replaceAll('"', ""));
}"""


def test_the_style_guide_is_drawn_whole(
    page: Page, furnished: tuple[Site, Furniture], said: list[str]
) -> None:
    site, _ = furnished
    page.goto(site.url + "/styleguide")
    for heading in ("Notices", "Uploads", "Versions, tree", "List"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert "Hanken Grotesk Variable" in page.evaluate(FONTS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
