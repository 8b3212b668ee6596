"""An agency sends something for approval: the librarian reads of it behind the bell and by mail."""

import re
import time
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from assetlib.accounts.models import Person
from assetlib.database import Database
from assetlib.language import in_language
from assetlib.notify.models import Notice
from assetlib.notify.telling import tell
from assetlib.words import say
from tests.browser.conftest import PATIENCE
from tests.browser.furnishing import Furniture
from tests.browser.site import Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import post, reload_until, sign_in, visit

pytestmark = pytest.mark.browser

Furnished: TypeAlias = tuple[Site, Furniture]


def database_of(site: Site) -> Database:
    return Database(f"sqlite:///{site.home / 'assetlib.sqlite'}")


def choose_german(site: Site, who: str) -> None:
    database = database_of(site)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.email == site.emails[who]).values(locale="de"))
    database.close()


def told(site: Site, who: str, count: int) -> None:
    """As many notices for this person."""
    database = database_of(site)
    with database.transaction() as session:
        person = session.query(Person).filter_by(email=site.emails[who]).one()
        for number in range(count):
            sentence = say("“{title}” was published.", title=f"Lighthouse {number}")
            tell(session, [person.id], "asset.published", sentence, say("Your agency made this."), "/library")
    database.close()


def bell(page: Page) -> str:
    """What the bell says to somebody who sees it; empty when there is no number."""
    count = page.locator(".header__bell [data-count]")
    return count.inner_text() if count.is_visible() else ""


def test_a_librarian_hears_of_what_an_agency_sent(browser: Browser, furnished: Furnished) -> None:
    site, furniture = furnished
    choose_german(site, "librarian")
    site.start("worker")
    with visit(browser, site, "librarian") as librarian:
        assert bell(librarian) == ""
        with visit(browser, site, "contributor") as agency:
            agency.goto(f"{site.url}/assets/{furniture.draft}")
            title = agency.get_by_role("heading", level=1).inner_text()
            assert post(agency, f"{site.url}/assets/{furniture.draft}/submit", {}).status == 303
            assert bell(agency) == "", "who did it is not told"
        librarian.reload()
        assert bell(librarian) == "1"
        sentence = in_language(
            say("“{title}”, version {number}, waits for your verdict.", title=title, number=1), "de"
        )
        # Who has read it is sent no mail: it has to be on its way before.
        with visit(browser, site, "administrator") as administrator:
            administrator.goto(site.url + "/outbox")
            reload_until(administrator, administrator.get_by_role("link", name=sentence))
        librarian.locator(".header__bell").click()
        panel = librarian.locator("#notices-panel")
        expect(panel).to_be_visible()
        panel.get_by_role("link", name=sentence).click()
        librarian.wait_for_url(re.compile(rf"/assets/{furniture.draft}\?v=1$"))
        # The call that marks it read outlives the page that made it.
        last = time.monotonic() + PATIENCE / 1000
        while bell(librarian) and time.monotonic() < last:
            librarian.reload()
        assert bell(librarian) == ""
    with visit(browser, site, "administrator") as administrator:
        administrator.goto(site.url + "/outbox")
        administrator.get_by_role("link", name=sentence).click()
        expect(administrator.locator(".facts")).to_contain_text("Deutsch")
        expect(administrator.locator(".facts")).to_contain_text(site.emails["librarian"])
        frame = administrator.frame_locator(".mail-frame")
        expect(frame.locator("html")).to_have_attribute("lang", "de")
        expect(frame.get_by_role("heading", level=1)).to_have_text(sentence)
        assert faults(administrator) == []
        frame.get_by_role("link", name=in_language(say("Go on"), "de"), exact=True).click()
        administrator.wait_for_url(re.compile(rf"/assets/{furniture.draft}\?v=1$"))


def test_the_bell_is_reached_and_left_by_keyboard(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    told(site, "contributor", 3)
    with visit(browser, site, "contributor") as page:
        page.locator(".header__bell").focus()
        page.keyboard.press("Enter")
        panel = page.locator("#notices-panel")
        expect(panel).to_be_visible()
        expect(panel).to_be_focused()
        assert faults(page) == []
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.locator(".header__bell")).to_be_focused()
        page.locator(".header__bell").click()
        expect(panel).to_be_visible()
        page.locator(".header__bell").click()
        expect(panel).to_be_hidden()


def test_the_pages_of_notices_are_open_to_everybody(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    found = []
    with visit(browser, site, "contributor") as page:
        page.goto(site.url + "/notices")
        expect(page.locator(".empty")).to_be_visible()
        found += faults(page)
        told(site, "contributor", 120)
        page.goto(site.url + "/notices")
        assert bell(page) == "99+"
        found += faults(page)
        page.get_by_role("button", name="Mark as read: “Lighthouse 119” was published.").click()
        expect(page.locator(".told--unread")).to_have_count(40)
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.locator(".told--unread")).to_have_count(0)
        assert bell(page) == ""
        page.goto(site.url + "/account/notices")
        found += faults(page)
        page.get_by_label("No mail from").fill("22:00")
        page.get_by_label("until").fill("07:00")
        page.get_by_label("A version was approved").select_option("Once a week")
        page.get_by_role("button", name="Keep this").click()
        expect(page.locator(".toast")).to_be_visible()
        expect(page.get_by_label("A version was approved")).to_have_value("weekly")
    with visit(browser, site, "administrator") as page:
        page.goto(site.url + "/outbox")
        found += faults(page)
    assert found == []


def test_a_choice_that_cannot_be_says_so_at_its_field(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    # The console tells of every answer that is a refusal, so nobody listens to it here.
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sign_in(page, site, "contributor")
    page.goto(site.url + "/account/notices")
    page.get_by_label("No mail from").fill("22:00")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator(".field__error")).to_contain_text("when they end")
    expect(page.get_by_label("No mail from")).to_have_value("22:00")
    assert faults(page) == []
    page.close()


def test_without_a_script_the_bell_leads_to_the_page(browser: Browser, furnished: Furnished) -> None:
    site, _ = furnished
    told(site, "contributor", 1)
    with visit(browser, site, "contributor", java_script_enabled=False) as page:
        page.locator(".header__bell").click()
        page.wait_for_url("**/notices")
        page.get_by_role("link", name="“Lighthouse 0” was published.").click()
        page.wait_for_url("**/library")
        page.goto(site.url + "/notices")
        assert bell(page) == "1", "following a link changes nothing by itself"
        page.get_by_role("button", name="Mark as read: “Lighthouse 0” was published.").click()
        page.wait_for_url("**/notices")
        assert bell(page) == ""
    database = database_of(site)
    with database.reading() as session:
        assert session.query(Notice).filter(Notice.read_at.is_(None)).count() == 0
    database.close()
