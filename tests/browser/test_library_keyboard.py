"""The library without a mouse: finding, selecting, opening, downloading, and where the focus is meanwhile."""

import re
import zipfile
from typing import TypeAlias

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.furnishing import PUBLISHED, Furniture
from tests.browser.site import Site
from tests.browser.visiting import sign_in

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]
WITH_FILES = 4
"""Published assets beside the light ones: a picture, a film, a layout, and one whose rights are over."""
TO_THE_END = "window.scrollTo(0, document.body.scrollHeight)"
OUTLINED = """async () => {
    // Styles follow the focus in the next frame; a smooth scroll may take a few.
    for (let frame = 0; frame < 60 && !shown(); frame += 1) await new Promise(requestAnimationFrame);
    return shown();

    function shown() {
        const node = document.activeElement;
        if (!node || node === document.body) return false;
        const box = node.getBoundingClientRect();
        const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
        const beside = [node.closest(".search__frame"), node.closest("label"), node.closest("tr")];
        beside.push(node.closest(".tile")?.querySelector(".tile__picture"));
        const marked = [node, ...beside].some((one) => {
            if (!one) return false;
            return [getComputedStyle(one), getComputedStyle(one, "::after")].some((style) =>
                (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                    || style.boxShadow !== "none");
        });
        return inSight && marked;
    }
}"""


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def focus_is_visible(page: Page) -> None:
    assert page.evaluate(OUTLINED)


def count_is(page: Page, count: int) -> None:
    expect(page.locator("#results-count")).to_have_attribute("data-total", str(count))


def open_library(page: Page, site: Site, query: str = "") -> None:
    sign_in(page, site, "field_marketer")
    page.goto(site.url + "/library" + query)
    page.locator("picture-grid").wait_for()


def test_the_main_job_of_a_field_marketer_by_keyboard(
    page: Page, furnished: Furnished, said: list[str]
) -> None:
    site, _ = furnished
    open_library(page, site)
    keys = page.keyboard
    count_is(page, PUBLISHED + WITH_FILES)

    keys.press("/")
    expect(focused(page)).to_have_attribute("id", "q")
    focus_is_visible(page)
    keys.type("trail #odd")
    keys.press("Enter")
    count_is(page, PUBLISHED // 2)
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator("#live")).to_have_text(f"{PUBLISHED // 2} assets")
    expect(focused(page)).to_have_attribute("id", "q")

    keys.press("Home")
    keys.press("Backspace")
    expect(focused(page)).to_have_class(re.compile("chip__off"))
    focus_is_visible(page)
    keys.press("Backspace")
    count_is(page, PUBLISHED)
    expect(page.locator(".chip")).to_have_count(0)
    expect(focused(page)).to_have_attribute("id", "q")

    box = page.locator('[data-facet="type"] input').first
    tab_to(page, box)
    focus_is_visible(page)
    keys.press("Space")
    expect(page.locator(".chip")).to_have_count(1)
    expect(focused(page)).to_be_checked()
    assert focused(page).evaluate("node => node.closest('[data-facet]').dataset.facet") == "type"
    keys.press("Space")
    expect(page.locator(".chip")).to_have_count(0)
    count_is(page, PUBLISHED)

    links = page.locator(".tile__title")
    tab_to(page, links.first)
    focus_is_visible(page)
    keys.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    keys.press("ArrowDown")
    focus_is_visible(page)
    below = focused(page).bounding_box()
    above = links.nth(1).bounding_box()
    assert below is not None
    assert above is not None
    assert below["y"] > above["y"]
    keys.press("ArrowUp")
    keys.press("Home")
    expect(links.first).to_be_focused()

    bar = page.get_by_role("region", name="Selection")
    keys.press("Space")
    expect(bar).to_contain_text("1 selected")
    keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowRight")
    expect(bar).to_contain_text("3 selected")
    expect(page.locator("#live")).to_have_text("3 selected")
    keys.press("Escape")
    expect(page.locator("li.tile input:checked")).to_have_count(0)
    expect(links.nth(2)).to_be_focused()
    keys.press("Home")
    keys.press("Enter")
    page.wait_for_url("**/assets/*")
    page.go_back()
    expect(links.first).to_be_focused()
    expect(page.locator("#q")).to_have_value("trail")


def tab_to(page: Page, wanted: Locator) -> None:
    """As somebody does who presses Tab until they are there."""
    for _ in range(120):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def test_a_picture_and_a_selection_are_downloaded_by_keyboard(
    page: Page, furnished: Furnished, said: list[str]
) -> None:
    site, furniture = furnished
    open_library(page, site, "?q=tag:coast")
    page.locator(f'li.tile[data-id="{furniture.picture}"] .tile__title').focus()
    with page.expect_download() as had:
        page.keyboard.press("d")
    assert had.value.suggested_filename.endswith(".jpg")
    page.keyboard.press("Space")
    page.locator(f'li.tile[data-id="{furniture.film}"] .tile__title').focus()
    page.keyboard.press("Space")
    page.locator(f'li.tile[data-id="{furniture.ended}"] .tile__title').focus()
    page.keyboard.press("Space")
    which = page.get_by_role("button", name="1 of 3 not cleared, see which")
    which.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="These are not cleared for you")
    expect(dialog).to_contain_text("Old campaign")
    dialog.get_by_role("button", name="Take them out of the selection").press("Enter")
    expect(page.get_by_role("region", name="Selection")).to_contain_text("2 selected")
    with page.expect_download() as had:
        page.locator("[data-download-all]").press("Enter")
    with zipfile.ZipFile(had.value.path()) as archive:
        assert len(archive.namelist()) == 3
    page.locator(f'li.tile[data-id="{furniture.film}"] .tile__title').focus()
    with page.expect_download() as had:
        page.keyboard.press("d")
    with zipfile.ZipFile(had.value.path()) as archive:
        assert len(archive.namelist()) == 3


def test_one_stop_of_tab_for_all_pictures(page: Page, furnished: Furnished, said: list[str]) -> None:
    """From the top of the page two keys lead to them, and one more past them."""
    site, _ = furnished
    open_library(page, site, "?size=12")
    links = page.locator(".tile__title")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the results")
    expect(focused(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("picture-grid")).to_be_focused()
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    # Past them stands what comes next, or nothing of the page.
    assert page.evaluate("() => !document.activeElement.closest('picture-grid')")
    page.keyboard.press("Shift+Tab")
    expect(links.nth(2)).to_be_focused()


def test_arrows_from_nowhere_and_from_the_search_lead_to_the_pictures(
    page: Page, furnished: Furnished, said: list[str]
) -> None:
    site, _ = furnished
    open_library(page, site)
    links = page.locator(".tile__title")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    focus_is_visible(page)
    box = page.locator('[data-facet="type"] input').first
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()


def test_back_from_an_asset_leads_to_its_picture(page: Page, furnished: Furnished, said: list[str]) -> None:
    """Also when somebody walked on from there, and when the picture had been appended."""
    site, _ = furnished
    open_library(page, site, "?q=trail&size=10&sort=name")
    links = page.locator(".tile__title")
    links.nth(3).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets/*")
    page.go_back()
    expect(links.nth(3)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets/*")
    expect(page.locator(".asset__place")).to_have_text(f"4 of {PUBLISHED}")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trail 05")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trail 06")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trail 05")
    page.locator("[data-back]").press("Enter")
    expect(page.get_by_role("link", name="Trail 05")).to_be_focused()

    page.evaluate(TO_THE_END)
    expect(links.nth(19)).to_be_attached()
    page.get_by_role("link", name="Trail 17").press("Enter")
    page.wait_for_url("**/assets/*")
    page.go_back()
    expect(page.get_by_role("link", name="Trail 17")).to_be_focused()

    page.goto(site.url + '/library?q=title:"Trail 17"')
    links.first.press("Enter")
    expect(page.locator("[data-back]")).to_have_text("1 result")


def test_elsewhere_the_first_tab_skips_to_the_content_and_the_keys_are_listed(
    page: Page, furnished: Furnished, said: list[str]
) -> None:
    site, _ = furnished
    open_library(page, site)
    page.goto(site.url + "/collections")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page).evaluate("node => Boolean(node.closest('main'))")
    page.goto(site.url + "/library")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    expect(dialog).to_contain_text("Select from the last one to here")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator("#facets")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator("#facets")).to_be_visible()


def test_the_list_is_sorted_and_paged(page: Page, furnished: Furnished, said: list[str]) -> None:
    site, _ = furnished
    open_library(page, site, "?q=trail&size=20&sort=name")
    page.get_by_role("link", name="List").press("Enter")
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("Trail 01")
    expect(page.get_by_role("link", name="List")).to_be_focused()
    expect(page.get_by_role("columnheader", name="Asset")).to_have_attribute("aria-sort", "ascending")
    rows.first.locator(".list__title").focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator(".list__title")).to_be_focused()
    page.keyboard.press("]")
    expect(rows.first).to_contain_text("Trail 21")
    page.keyboard.press("[")
    expect(rows.first).to_contain_text("Trail 01")
    page.get_by_role("link", name="Uses").click()
    expect(page.get_by_role("columnheader", name="Uses")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Sort: Most used").click()
    page.get_by_role("menuitem", name="Name").click()
    expect(rows.first).to_contain_text("Trail 01")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(page.get_by_role("region", name="Selection")).to_contain_text(re.compile(r"\d+ selected"))


def test_the_next_page_comes_by_itself(page: Page, furnished: Furnished, said: list[str]) -> None:
    site, _ = furnished
    open_library(page, site, "?q=trail&size=10&sort=name")
    tiles = page.locator("li.tile")
    page.evaluate(TO_THE_END)
    expect(tiles.nth(19)).to_be_attached()
    page.evaluate(TO_THE_END)
    expect(tiles).to_have_count(PUBLISHED)
    expect(tiles.last).to_contain_text(f"Trail {PUBLISHED}")
    expect(page.locator("#pager")).to_contain_text(f"1 to {PUBLISHED} of {PUBLISHED}")
