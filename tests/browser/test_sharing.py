"""A link's whole life in real browsers: made, opened by somebody without an account, taken back."""

import io
import re
import zipfile
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import listen, visit

pytestmark = pytest.mark.browser
Furnished: TypeAlias = tuple[Site, Furniture]


def make_from_selection(page: Page, site: Site, ids: list[int]) -> tuple[str, str]:
    """Select these in the library, share them with a password; the link and the password."""
    page.goto(site.url + "/library")
    for each in ids:
        page.locator(f'.tile__check[value="{each}"]').check(force=True)
    page.get_by_role("region", name="Selection").get_by_role("button", name="Share").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Share {len(ids)} assets")
    page.get_by_label("Name").fill("Autumn Trails press kit")
    page.get_by_label("Message").fill("For your November issue. Credit Ines Kvale for landscapes.")
    page.get_by_label("Ask for a password").check()
    assert faults(page) == []
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    password = page.get_by_label("The password", exact=True).input_value()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator('[data-copy="share-link"]')).to_have_text("Copied")
    assert faults(page) == []
    return link, password


def test_a_link_from_making_to_taking_back(browser: Browser, furnished: Furnished) -> None:
    site, there = furnished
    with visit(browser, site, "field_marketer") as owner:
        link, password = make_from_selection(owner, site, [there.picture, there.film])
        outside = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
        outside.set_default_timeout(PATIENCE)
        page = outside.new_page()
        complaints = listen(page)

        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r" shared files with you$"))
        expect(page.get_by_text("Northwind Outdoors")).to_be_visible()
        assert faults(page) == []
        assert outside.cookies() == [] or all("share" not in each["name"] for each in outside.cookies())

        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Open", exact=True).click()
        page.wait_for_url(re.compile(r"/shared/\d+$"))
        expect(page.locator(".tile")).to_have_count(2)
        expect(page.locator(".tile img").first).to_be_visible()
        assert page.locator("nav").count() == 0
        assert faults(page) == []

        page.locator(".shared__get").first.click()
        with page.expect_download() as one:
            page.get_by_role("menuitem", name=re.compile("Original file")).first.click()
        assert one.value.path().stat().st_size > 1_000
        page.keyboard.press("Escape")
        page.get_by_role("combobox", name="Download as").select_option("original")
        with page.expect_download() as all_of_it:
            page.get_by_role("button", name="Download all").click()
        with zipfile.ZipFile(io.BytesIO(all_of_it.value.path().read_bytes())) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == 3

        page.locator(".tile__title").first.click()
        expect(page.locator(".shared__stage img, .shared__stage video")).to_be_visible()
        assert faults(page) == []
        shared = page.url

        owner.get_by_role("link", name="See who opened it").click()
        rows = owner.get_by_role("table", name="What was done with it").locator("tbody tr")
        expect(rows).to_have_count(4)
        expect(rows.last).to_contain_text("Opened")
        assert faults(owner) == []
        owner.get_by_role("link", name="Links", exact=True).last.click()
        expect(owner.get_by_role("row", name=re.compile("Autumn Trails press kit"))).to_contain_text("1 time")
        assert faults(owner) == []
        owner.get_by_role("link", name="Autumn Trails press kit").click()
        owner.get_by_role("button", name="Take it back").first.click()
        owner.locator("#revoke").get_by_role("button", name="Take it back").click()
        expect(owner.locator(".tag")).to_have_text("Taken back")

        assert complaints == []
        page.reload()
        expect(page.get_by_text("took this link back")).to_be_visible()
        assert faults(page) == []
        page.goto(link)
        expect(page.get_by_text("Ask the person who sent it")).to_be_visible()
        assert page.goto(shared) is not None
        expect(page.locator("img")).to_have_count(0)
        outside.close()


def test_a_wrong_password_is_said_beside_its_field(browser: Browser, furnished: Furnished) -> None:
    site, there = furnished
    with visit(browser, site, "field_marketer") as owner:
        link, _ = make_from_selection(owner, site, [there.picture, there.film])
    outside = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = outside.new_page()
    page.goto(link)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("This is not the password.")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    outside.close()


def test_a_guest_reads_how_many_files_are_left_and_why_none_is_given(
    browser: Browser, furnished: Furnished
) -> None:
    site, there = furnished
    with visit(browser, site, "field_marketer") as owner:
        long = "Eyes " + "ö" * 190
        owner.goto(f"{site.url}/shares/new?asset={there.picture}&asset={there.film}")
        owner.get_by_label("Name").fill(long)
        owner.get_by_label("At most so many files").fill("1")
        expect(owner.get_by_label("The password", exact=True)).to_be_hidden()
        owner.get_by_role("button", name="Make the link").click()
        link = owner.get_by_label("The link", exact=True).input_value()
        assert fits(owner)
        owner.reload()
        expect(owner.get_by_role("heading", level=1)).to_have_text(long)
        assert fits(owner)
        owner.goto(f"{site.url}/shares")
        assert fits(owner)
    outside = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    outside.set_default_timeout(PATIENCE)
    page = outside.new_page()
    page.goto(link)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("1 file can still be downloaded")).to_be_visible()
    assert fits(page)
    original = page.get_by_role("menuitem", name=re.compile("Original file"))
    page.locator(".shared__get").first.click()
    with page.expect_download():
        original.first.click()
    expect(page.get_by_text("This link has given all the files it may.")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".shared__get").last.click()
    original.last.click()
    expect(page.get_by_role("alert")).to_contain_text("as many files as it may")
    expect(page.locator(".shared__get")).to_have_count(0)
    assert faults(page) == []
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(long)
    outside.close()


def fits(page: Page) -> bool:
    """Nothing reaches over the page's side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
