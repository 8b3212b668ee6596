"""Every page, wide and narrow: no serious finding of axe-core, no sideways scroll, a silent console."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import media
from tests.browser.furnishing import Furniture
from tests.browser.gate import PART, part_of
from tests.browser.site import Site
from tests.browser.visiting import listen, post, visit

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]
ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1440, 390)
NARROWEST = (360, 320)
"""A small phone, and a wide window at 400 per cent."""
AT_REST = """async () => {
    await document.fonts.ready;
    const short = document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity);
    await Promise.allSettled(short.map((each) => each.finished));
}"""
"""A dialog that is still coming up is paler than the one that people read."""
RUN = """async () => {
    const found = await axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    const where = (nodes) => nodes.map((node) => node.html.slice(0, 200));
    return found.violations.map(({id, impact, nodes}) => ({id, impact, where: where(nodes)}));
}"""
SIDEWAYS = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
        .filter((node) => node.getBoundingClientRect().right > room + 1)
        .map((node) => node.outerHTML.slice(0, 120)).slice(-3);
}"""


def serious(page: Page) -> list[dict[str, Any]]:
    """What axe-core holds against this page, serious or worse."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    findings: list[dict[str, Any]] = page.evaluate(RUN)
    return [each for each in findings if each["impact"] in ("serious", "critical")]


def faults(page: Page) -> list[str]:
    """What is wrong with the page that stands there, at every width; empty when nothing is."""
    page.evaluate(AT_REST)
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.url} at {width}: {json.dumps(each)}" for each in serious(page)]
        found += [f"{page.url} at {width} is too wide: {each}" for each in page.evaluate(SIDEWAYS)]
    for width in NARROWEST:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{page.url} at {width} is too wide: {each}" for each in page.evaluate(SIDEWAYS)]
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def test_what_is_wrong_is_found(page: Page, furnished: Furnished) -> None:
    site, _ = furnished
    page.goto(site.url + "/sign-in")
    assert faults(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.evaluate("document.querySelector('h1').style.width = '2000px'")
    found = faults(page)
    assert any("button-name" in each for each in found)
    assert any("at 320 is too wide" in each for each in found)


def test_the_pages_of_a_librarian_are_open_to_everybody(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    places = [
        "/library?size=12",
        "/library?view=list&size=12",
        "/library?q=nothingatallofthis",
        f"/assets/{furniture.picture}",
        f"/assets/{furniture.in_review}",
        "/collections",
        f"/collections/{furniture.collection}",
        "/trash",
        "/attributes",
        "/attributes/region",
        "/bulk-edits",
    ]
    found = []
    with visit(browser, site, "librarian") as page:
        for place in places:
            page.goto(site.url + place)
            found += faults(page)
        page.goto(site.url + "/library?size=12")
        page.locator("li.tile input[name=asset]").first.check()
        found += faults(page)
        page.get_by_role("region", name="Selection").get_by_role("button", name="Edit").click()
        page.wait_for_url("**/bulk-edits/new")
        found += faults(page)
    assert found == []


def test_the_pages_of_an_administrator_are_open_to_everybody(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    found = []
    with visit(browser, site, "administrator") as page:
        for place in ("/people", "/jobs", "/jobs?state=done"):
            page.goto(site.url + place)
            found += faults(page)
    assert found == []


def test_the_pages_of_outsiders_are_open_to_everybody(
    browser: Browser, page: Page, furnished: Furnished
) -> None:
    site, furniture = furnished
    complaints = listen(page)
    page.goto(site.url + "/sign-in")
    found = faults(page)
    assert complaints == []
    page.get_by_label("E-mail").fill("nobody@company.example")
    page.get_by_label("Password", exact=True).fill("not the right words")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field__error")).to_be_visible()
    found += faults(page)
    with visit(browser, site, "partner_marketer") as partner:
        partner.goto(site.url + "/library")
        expect(partner.locator(".empty")).to_be_visible()
        found += faults(partner)
    with visit(browser, site, "contributor") as agency:
        agency.goto(f"{site.url}/assets/{furniture.draft}")
        found += faults(agency)
    assert found == []


def test_error_pages_are_open_to_everybody(page: Page, furnished: Furnished) -> None:
    site, _ = furnished
    page.goto(site.url + "/no-such-page")
    found = faults(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert found == []


def test_an_upload_in_every_state_is_open_to_everybody(browser: Browser, site: Site, tmp_path: Path) -> None:
    names = (
        "ready.jpg",
        "pausing.jpg",
        "moving-1.jpg",
        "moving-2.jpg",
        "moving-3.jpg",
        "paused.jpg",
        "waiting.jpg",
    )
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(media.jpeg(200, 100, hue=20 * number))
    (tmp_path / "refused.exe").write_bytes(b"MZ" + bytes(500))
    with visit(browser, site, "contributor") as page:
        page.goto(site.url + "/uploads")
        page.locator("upload-queue[data-ready]").wait_for()
        empty = faults(page)
        choose = page.locator('input[type="file"][multiple]')
        choose.set_input_files([tmp_path / "ready.jpg", tmp_path / "refused.exe"])
        expect(page.locator("[data-sum]")).to_have_text("1 ready, 1 not taken")

        def hold(route: Route) -> None:
            assert part_of(route.request) is not None

        page.route(PART, hold)
        choose.set_input_files([tmp_path / name for name in names[1:]])
        expect(page.locator('[data-state="uploading"]')).to_have_count(4)
        for name in ("pausing", "paused"):
            row = page.locator(".upload-row").filter(has_text=f"{name}.jpg")
            row.locator("[data-act=pause]").click()
            expect(row).to_have_attribute("data-state", name)
        found = faults(page)
    assert empty + found == []


def test_a_bulk_edit_is_open_to_everybody(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    with visit(browser, site, "librarian") as page:
        form = {"asset": str(furniture.draft), "tags.add": "dawn"}
        answer = post(page, site.url + "/bulk-edits", form)
        assert answer.status == 303
        page.goto(site.url + answer.headers["location"])
        expect(page.get_by_role("button", name="Change 1 asset")).to_be_visible()
        found = faults(page)
    assert found == []
