"""In by a mail, by a code, and by the company's own sign-in: as a person does it, in a real browser."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from assetlib.accounts.actions.links import send_invitation
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.queries import get_person
from assetlib.audit import append_chain
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.notify.models import OutgoingMail
from tests import make
from tests.browser.conftest import PATIENCE
from tests.browser.furnishing import Furniture
from tests.browser.site import PASSWORD, Site
from tests.browser.test_accessibility import faults
from tests.browser.visiting import listen, sign_in
from tests.delivery.provider import CLIENT, SECRET, served_provider

pytestmark = pytest.mark.browser

NEW = "nine dry socks by the stove"
WITHIN = 60


@contextmanager
def quiet(page: Page) -> Iterator[None]:
    """Nothing but refusals, which the browser counts as faults, is complained about."""
    page.set_default_timeout(PATIENCE)
    complaints = listen(page)
    yield
    assert [each for each in complaints if "the server responded with a status of 4" not in each] == []


def opened(site: Site) -> Database:
    return Database(f"sqlite:///{site.home / 'assetlib.sqlite'}", before_commit=[append_chain])


def mailed(site: Site, recipient: str) -> str:
    """The address in the last mail to this recipient, once there is one."""
    database, deadline = opened(site), time.monotonic() + WITHIN
    try:
        while time.monotonic() < deadline:
            with database.reading() as session:
                mail = session.scalars(
                    select(OutgoingMail)
                    .where(OutgoingMail.recipient == recipient)
                    .order_by(OutgoingMail.id.desc())
                ).first()
            if mail is not None:
                return site.url + str(mail.letter["button_url"])
            time.sleep(0.2)
    finally:
        database.close()
    raise AssertionError(f"no mail to {recipient} within {WITHIN} seconds")


def test_from_the_invitation_to_the_first_download(
    browser: Browser, furnished: tuple[Site, Furniture]
) -> None:
    site, furniture = furnished
    database = opened(site)
    with database.transaction() as session:
        own = session.scalars(select(Organisation).where(Organisation.kind == "own")).one()
        person = make.person(
            session, own, "field_marketer", email="nora@northwind.example", name="Nora", state="invited"
        )
        administrator = session.scalars(
            select(Person).where(Person.email == site.emails["administrator"])
        ).one()
        send_invitation(session, actor_of(session, administrator.id), get_person(session, person.id))
    database.close()
    page = browser.new_page()
    with quiet(page):
        page.goto(mailed(site, "nora@northwind.example"))
        expect(page).to_have_url(re.compile(r"/welcome$"))
        assert faults(page) == []
        page.get_by_label("Your name").fill("Nora Falk")
        page.get_by_label("Password", exact=True).fill("passwordpassword")
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_text("too easy to guess")).to_be_visible()
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_role("button", name="Come in").click()
        page.wait_for_url(lambda url: "/welcome" not in url)
        page.goto(f"{site.url}/assets/{furniture.picture}")
        with page.expect_download() as downloading:
            page.get_by_role("link", name=re.compile("Original|Download")).first.click()
        assert downloading.value.failure() is None
    page.close()


def test_a_forgotten_password_and_a_second_factor(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    with quiet(page):
        page.goto(site.url + "/sign-in")
        page.get_by_role("link", name="Forgotten?").click()
        assert faults(page) == []
        page.get_by_label("E-mail").fill(site.emails["librarian"])
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        assert faults(page) == []
        address = mailed(site, site.emails["librarian"])
        page.goto(address)
        assert faults(page) == []
        page.get_by_label("New password", exact=True).fill(NEW)
        page.get_by_role("button", name="Save and sign in").click()
        page.wait_for_url(lambda url: "/new-password" not in url)

        page.goto(site.url + "/account")
        assert faults(page) == []
        page.get_by_role("link", name="Set it up").click()
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("img", name="Drawing for the authenticator app")).to_be_visible()
        assert faults(page) == []
        phone = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
        page.get_by_label("Write the six digits").fill(phone.now())
        page.get_by_role("button", name="Switch it on").click()
        expect(page.get_by_text("They are shown this once.")).to_be_visible()
        assert faults(page) == []
        code = page.locator("ol.codes li").first.inner_text()

        page.goto(site.url + "/account/tokens")
        assert faults(page) == []
    comer = browser.new_page()
    comer.goto(site.url + "/sign-in")
    comer.get_by_label("E-mail").fill(site.emails["librarian"])
    comer.get_by_label("Password", exact=True).fill(NEW)
    comer.get_by_role("button", name="Sign in").click()
    expect(comer).to_have_url(re.compile(r"/sign-in/code$"))
    assert faults(comer) == []
    comer.get_by_label("Code").fill(code)
    comer.get_by_role("button", name="Sign in").click()
    expect(comer.get_by_role("link", name="Library").first).to_be_visible()
    comer.goto(address)
    expect(comer.get_by_role("heading", name="This link is over")).to_be_visible()
    assert faults(comer) == []
    comer.close()
    page.close()


def test_the_company_s_own_sign_in(browser: Browser, site: Site) -> None:
    with served_provider() as provider:
        site.stop("serve")
        site.settings = {
            "ASSETLIB_PUBLIC_URL": site.url,
            "ASSETLIB_OIDC_ISSUER": provider.issuer,
            "ASSETLIB_OIDC_CLIENT_ID": CLIENT,
            "ASSETLIB_OIDC_CLIENT_SECRET": SECRET,
        }
        site.start("serve")
        provider.claims = {"email": site.emails["field_marketer"]}
        page = browser.new_page()
        with quiet(page):
            page.goto(site.url + "/collections")
            assert faults(page) == []
            page.get_by_role("link", name="Continue with single sign-on").click()
            expect(page).to_have_url(re.compile(r"/collections$"))
        page.close()


def test_a_form_goes_on_after_a_fresh_proof(page: Page, site: Site) -> None:
    sign_in(page, site, "field_marketer")
    database = opened(site)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE person_session SET confirmed_at = '2020-01-01 00:00:00'")
    database.close()
    page.goto(site.url + "/account/tokens")
    page.get_by_label("Name").fill("Press tool")
    page.get_by_label("Last day").fill(time.strftime("%Y-%m-%d"))
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The token Press tool is made.")).to_be_visible()
