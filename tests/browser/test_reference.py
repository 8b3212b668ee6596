"""Reference data in real browsers, by keyboard: one person proposes, a second lets it through."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from assetlib.accounts.models import Organisation
from assetlib.accounts.passwords import hash_password
from assetlib.database import Database
from tests import make
from tests.browser.site import PASSWORD, Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser


def add_finance(site: Site) -> None:
    """Two people of finance, who can sign in."""
    database = Database(f"sqlite:///{site.home / 'assetlib.sqlite'}")
    with database.transaction() as session:
        own = session.scalars(select(Organisation).where(Organisation.kind == "own")).first()
        assert own is not None
        for name in ("Fred", "Frida"):
            email = f"{name.lower()}@company.example"
            make.person(
                session, own, "finance", name=name, email=email, password_hash=hash_password(PASSWORD)
            )
            site.emails[name] = email
    database.close()


def press(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.press("Enter")  # type: ignore[arg-type]  # a role


def test_an_account_is_proposed_by_one_and_approved_by_another(browser: Browser, site: Site) -> None:
    add_finance(site)
    with visit(browser, site, "Fred") as fred, visit(browser, site, "Frida") as frida:
        fred.goto(site.url + "/reference/accounts")
        expect(fred.get_by_text("No account yet")).to_be_visible()
        assert faults(fred) == []
        press(fred, "Propose an account", "link")
        fred.get_by_label("Code").fill("006010")
        fred.get_by_label("Name").fill("Advertising")
        fred.get_by_label("Valid from").fill("2026-01-01")
        fred.get_by_label("Why").fill("For the plan of 2027")
        assert faults(fred) == []
        press(fred, "Propose it")
        expect(fred.get_by_role("heading", level=1)).to_have_text("006010 Advertising")
        expect(fred.get_by_role("button", name="Approve")).to_have_count(0)
        assert faults(fred) == []

        frida.goto(site.url + "/my-work")
        press(frida, "Look at the change", "link")
        expect(frida.get_by_text("For the plan of 2027")).to_be_visible()
        assert faults(frida) == []
        press(frida, "Approve")
        expect(frida.get_by_text("In effect")).to_be_visible()
        fred.goto(site.url + "/reference/accounts")
        expect(fred.get_by_role("cell", name="006010", exact=True)).to_be_visible()
        assert faults(fred) == []


def test_a_year_by_weeks_is_looked_at_and_opened(browser: Browser, site: Site) -> None:
    add_finance(site)
    with visit(browser, site, "Fred") as page:
        page.goto(site.url + "/reference")
        press(page, "Add a calendar", "link")
        page.get_by_label("Name").fill("Stores")
        page.get_by_label("Periods").select_option("454")
        page.get_by_label("The year begins in").select_option("2")
        page.get_by_label("which is").select_option("nearest")
        page.get_by_label("A year is called by").select_option("start")
        assert faults(page) == []
        press(page, "Save")
        page.get_by_label("First year").fill("2023")
        assert faults(page) == []
        press(page, "Open the year")
        expect(page.get_by_text("53 weeks")).to_be_visible()
        assert faults(page) == []
        page.goto(site.url + "/reference/holidays?country=NO&year=2026")
        expect(page.get_by_role("rowheader", name="Constitution Day")).to_be_visible()
        assert faults(page) == []
