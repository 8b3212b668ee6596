"""What a page shows when there is little room, or when much of it is scrolled away."""

from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.visiting import post, sign_in, visit

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]
PHONE = {"width": 390, "height": 844}
CUT = """() => [...document.querySelectorAll(".table-frame")].flatMap((frame) => {
    const edge = frame.getBoundingClientRect().right;
    return [...frame.querySelectorAll("tbody :is(th, td, a, button)")]
        .filter((node) => node.getClientRects().length && node.getBoundingClientRect().right > edge + 1)
        .map((node) => node.outerHTML.slice(0, 120));
})"""


def box(of: Locator) -> dict[str, Any]:
    found = of.bounding_box()
    assert found is not None
    return dict(found)


def apart(one: Locator, other: Locator) -> bool:
    """Whether two things do not cover each other."""
    a, b = box(one), box(other)
    return bool(a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def cut(page: Page, address: str) -> list[str]:
    page.goto(address)
    expect(page.locator(".table-frame tbody tr").first).to_be_visible()
    found: list[str] = page.evaluate(CUT)
    return [f"{address}: {each}" for each in found]


def test_no_table_is_cut_on_a_phone(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    found = []
    with visit(browser, site, "librarian") as page:
        page.set_viewport_size(PHONE)
        for place in ("/library?view=list", "/trash", "/attributes"):
            found += cut(page, site.url + place)
        form = {"asset": str(furniture.draft), "tags.add": "dawn, coast, first light, headland"}
        found += cut(page, site.url + post(page, site.url + "/bulk-edits", form).headers["location"])
    with visit(browser, site, "administrator") as page:
        page.set_viewport_size(PHONE)
        for place in ("/people", "/jobs?state=done"):
            found += cut(page, site.url + place)
    assert found == []


def test_the_selection_bar_of_a_phone_has_two_rows(page: Page, furnished: Furnished) -> None:
    """What is downloaded as what stands in one of them, also for somebody who can do nothing else."""
    site, _ = furnished
    for who in ("field_marketer", "librarian"):
        page.context.clear_cookies()
        sign_in(page, site, who)
        page.set_viewport_size(PHONE)
        page.goto(site.url + "/library?q=trail")
        page.locator("li.tile input[name=asset]").first.check()
        bar = page.get_by_role("region", name="Selection")
        preset, download = bar.get_by_label("Download as"), bar.locator("[data-download-all]")
        assert box(preset)["y"] == pytest.approx(box(download)["y"], abs=1)
        assert box(bar)["height"] < 140


def test_the_filters_stay_in_sight(page: Page, furnished: Furnished) -> None:
    site, _ = furnished
    sign_in(page, site, "field_marketer")
    page.goto(site.url + "/library")
    page.locator("li.tile").last.scroll_into_view_if_needed()
    page.mouse.move(800, 500)
    page.mouse.wheel(0, 3000)
    expect(page.get_by_role("button", name="Can I use it?")).to_be_in_viewport(ratio=1)


def test_what_is_said_of_a_selection_does_not_cover_its_bar(page: Page, furnished: Furnished) -> None:
    site, furniture = furnished
    sign_in(page, site, "librarian")
    for size in ({"width": 1440, "height": 900}, PHONE):
        page.set_viewport_size(size)
        page.goto(f"{site.url}/collections/{furniture.collection}")
        page.locator("li.tile input[name=asset]").first.check()
        bar = page.get_by_role("region", name="Selection")
        with page.expect_navigation():
            bar.get_by_role("button", name="Put first").click()
        toast = page.locator(".toast")
        expect(toast).to_contain_text("They stand first now.")
        expect(bar).to_contain_text("1 selected")
        assert apart(toast, page.locator(".selection-bar"))


def test_a_selection_belongs_to_its_place(page: Page, furnished: Furnished, said: list[str]) -> None:
    site, furniture = furnished
    sign_in(page, site, "librarian")
    page.goto(site.url + "/library?q=trail")
    page.locator("li.tile input[name=asset]").first.check()
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_contain_text("1 selected")
    expect(bar).not_to_contain_text("not on this page")
    page.goto(f"{site.url}/collections/{furniture.collection}")
    expect(page.locator("li.tile").first).to_be_visible()
    expect(bar.get_by_role("button", name="Clear")).to_be_hidden()
    page.goto(site.url + "/library?q=tag:coast")
    expect(bar).to_contain_text("1 selected")
    expect(bar).to_contain_text("1 not on this page")
    bar.get_by_role("button", name="Clear").click()
    expect(bar.get_by_role("button", name="Clear")).to_be_hidden()


def test_filling_a_field_of_a_bulk_edit_says_that_it_is_set(page: Page, furnished: Furnished) -> None:
    site, _ = furnished
    sign_in(page, site, "librarian")
    page.goto(site.url + "/library?q=trail")
    page.locator("li.tile input[name=asset]").first.check()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Edit").click()
    page.wait_for_url("**/bulk-edits/new")
    holder, region = page.locator("#op-right\\.holder"), page.locator("#op-attr\\.region")
    expect(holder).to_have_value("")
    page.locator("#right-holder").fill("Ana Ruiz")
    expect(holder).to_have_value("set")
    region.select_option("add")
    page.locator("#attribute-region").get_by_label("Japan").check()
    expect(region).to_have_value("add")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator(".changes").first).to_contain_text("Ana Ruiz")


def test_a_long_tag_without_blanks_makes_no_page_wider(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    with visit(browser, site, "librarian") as page:
        page.set_viewport_size(PHONE)
        page.goto(f"{site.url}/assets/{furniture.picture}")
        tags = page.locator("#fact-tags > span").nth(1)
        tags.evaluate("node => { node.textContent = 'y'.repeat(60); }")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_caption_that_is_too_narrow_leaves_the_size_out(page: Page, furnished: Furnished) -> None:
    site, furniture = furnished
    sign_in(page, site, "librarian")
    page.goto(site.url + "/library?q=id:" + str(furniture.picture))
    kind = page.locator(".tile__kind").first
    line, size = box(kind), box(kind.locator("span").last)
    assert size["y"] < line["y"] + line["height"]
    kind.evaluate("node => { node.style.width = '60px'; }")
    line, size = box(kind), box(kind.locator("span").last)
    assert size["y"] >= line["y"] + line["height"] - 1


def test_a_question_that_nobody_answered_has_no_full_circle(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    with visit(browser, site, "librarian") as page:
        page.goto(site.url + "/library?q=id:" + str(furniture.picture))
        page.locator(".tile__check").check()
        page.locator("[formaction='/bulk-edits/new']").click()
        answers = page.locator("#right-ask_first input")
        expect(answers).to_have_count(2)
        white = answers.first.evaluate("node => getComputedStyle(node).backgroundColor")
        assert white == answers.last.evaluate("node => getComputedStyle(node).backgroundColor")
        answers.first.check()
        assert answers.first.evaluate("node => getComputedStyle(node).backgroundColor") != white
        assert answers.last.evaluate("node => getComputedStyle(node).backgroundColor") == white


def test_why_a_search_found_nothing_is_seen(page: Page, furnished: Furnished) -> None:
    site, _ = furnished
    sign_in(page, site, "field_marketer")
    page.goto(site.url + "/library?q=width:abc")
    expect(page.get_by_text("“abc” is no value of width, so it was read as words.")).to_be_in_viewport()
    page.get_by_role("link", name="Without width:abc").click()
    expect(page.locator(".tile").first).to_be_visible()
    assert int(page.locator("#q").get_attribute("maxlength") or 0) < 8190 / len("%C3%A4")
