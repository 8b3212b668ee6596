"""The main job without a mouse: from signing in to a file on the disk, by keys that are pressed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import media
from tests.browser.conftest import PATIENCE
from tests.browser.site import PASSWORD, Site
from tests.browser.visiting import listen

pytestmark = pytest.mark.browser

FAR = 60
"""Tabs after which somebody gives up."""
FOCUSED = "node => node === document.activeElement"


def test_from_a_file_to_a_download_by_keys_alone(browser: Browser, site: Site, tmp_path: Path) -> None:
    picture = tmp_path / "lighthouse-dawn.jpg"
    picture.write_bytes(media.jpeg())
    with signed_in(browser, site, "contributor") as agency:
        send_and_submit(agency, picture)
        sign_out(agency)
    with signed_in(browser, site, "librarian") as librarian:
        approve_and_publish(librarian)
    with signed_in(browser, site, "field_marketer") as marketer:
        find_and_download(marketer)


@contextmanager
def signed_in(browser: Browser, site: Site, who: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    # The picker of its own that Chromium has cannot be answered from here; other browsers have this one.
    context.add_init_script("delete window.showOpenFilePicker")
    page = context.new_page()
    complaints = listen(page)
    page.goto(site.url + "/")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(site.emails[who])
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    press(page, "Enter", leads_to="**/my-work")
    yield page
    context.close()
    assert complaints == []


def tab_to(page: Page, wanted: Locator) -> None:
    expect(wanted).to_be_visible()
    for _ in range(FAR):
        if wanted.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{FAR} Tabs do not lead there")


def press(page: Page, key: str, *, leads_to: str) -> None:
    with page.expect_navigation(url=leads_to):
        page.keyboard.press(key)


def send_and_submit(page: Page, picture: Path) -> None:
    # Listened for from the beginning: a picker that opens while listening begins is sometimes missed.
    page.on("filechooser", lambda chooser: chooser.set_files(picture))
    tab_to(page, page.get_by_role("link", name="Upload").first)
    press(page, "Enter", leads_to="**/uploads")
    page.locator("upload-queue[data-ready]").wait_for()
    tab_to(page, page.get_by_label("Choose files"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=picture.name))
    press(page, "Enter", leads_to="**/assets/*")

    tab_to(page, page.get_by_label("Edit title and description", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Lighthouse at dawn")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lighthouse at dawn")
    expect(page.get_by_label("Edit title and description", exact=True)).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Send for approval"))
    press(page, "Enter", leads_to="**/assets/*")
    expect(page.locator(".asset__top")).to_contain_text("In review")


def sign_out(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name=re.compile("Your menu")))
    go_down_to(page, "Sign out")
    press(page, "Enter", leads_to="**/sign-in")


def go_down_to(page: Page, item: str | re.Pattern[str]) -> None:
    """Open the menu of the button that has the focus, and go down in it."""
    page.keyboard.press("Enter")
    items = page.locator(":popover-open").get_by_role("menuitem")
    expect(items.first).to_be_focused()
    for _ in range(items.count()):
        if items.and_(page.get_by_role("menuitem", name=item)).evaluate(FOCUSED):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{item} is not in the menu")


def find(page: Page, query: str) -> None:
    """Type it where / leads, and go down to the first picture that it finds."""
    page.keyboard.press("/")
    expect(page.get_by_label("Find in the library")).to_be_focused()
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"q=[^&]*{query.rsplit(maxsplit=1)[-1]}"))
    expect(page.locator("#live")).to_have_text("1 asset")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Lighthouse at dawn")).to_be_focused()


def approve_and_publish(page: Page) -> None:
    find(page, 'state:"in review" dawn')
    press(page, "Enter", leads_to="**/assets/*")
    decide(page, "approve", re.compile("Approve"))
    tab_to(page, page.get_by_label("Edit rights", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Holder"))
    page.keyboard.type("Halden & Frey")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#fact-rights")).to_contain_text("Halden & Frey")
    decide(page, "publish", "Publish")
    expect(page.locator(".asset__top")).to_contain_text("Published, v1")


def decide(page: Page, key: str, button: str | re.Pattern[str]) -> None:
    tab_to(page, page.locator(f'.asset__downloads [data-dialog="act-{key}"]'))
    page.keyboard.press("Enter")
    tab_to(page, page.locator(f"#act-{key}").get_by_role("button", name=button))
    press(page, "Enter", leads_to="**/assets/*")


def find_and_download(page: Page) -> None:
    tab_to(page, page.get_by_role("link", name="Library", exact=True))
    press(page, "Enter", leads_to="**/library")
    box = page.locator('[data-facet="format"]').get_by_label(re.compile("JPEG"))
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_text(re.compile("JPEG"))
    expect(box).to_be_focused()
    find(page, "lighthouse")
    press(page, "Enter", leads_to="**/assets/*")
    tab_to(page, page.get_by_role("button", name="Other formats"))
    go_down_to(page, re.compile("Web 2048 px"))
    with page.expect_download() as had:
        page.keyboard.press("Enter")
    with Image.open(had.value.path()) as preset:
        assert (preset.format, max(preset.size)) == ("JPEG", 2048)
