"""What people do in a browser, in a few words."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import APIResponse, Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.site import PASSWORD, Site


def sign_in(page: Page, site: Site, who: str) -> None:
    """Through the form, as a person does."""
    page.goto(site.url + "/sign-in")
    page.get_by_label("E-mail").fill(site.emails[who])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@contextmanager
def visit(browser: Browser, site: Site, who: str, **more: Any) -> Iterator[Page]:
    """A browser of this person alone, signed in; what its console complains about fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", **more)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints = listen(page)
    sign_in(page, site, who)
    yield page
    context.close()
    assert complaints == []


def listen(page: Page) -> list[str]:
    """What the console of this page complains about from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def send(page: Page, method: str, url: str, data: Mapping[str, Any] | None = None) -> APIResponse:
    """A JSON call as the scripts of this page make it, with its cookie and its token."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    return page.request.fetch(url, method=method, headers={"X-CSRF-Token": token}, data=data)


def post(page: Page, url: str, form: Mapping[str, str]) -> APIResponse:
    """A form as this page would send it."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    return page.request.post(url, form={**form, "csrf_token": token}, max_redirects=0)


def reload_until(page: Page, wanted: Locator) -> None:
    """Look again, as somebody does whose browser runs no scripts, until it is there."""
    last = time.monotonic() + PATIENCE / 1000
    while not wanted.count():
        assert time.monotonic() < last, "it did not appear"
        page.reload()


def edit(page: Page, label: str) -> Locator:
    """Open what stands behind "Edit <label>"; the form."""
    summary = page.get_by_label(f"Edit {label}", exact=True)
    summary.click()
    return page.locator("edit-in-place").filter(has=summary).locator("form")


def save(form: Locator) -> None:
    """Send a form in place, and wait until its answer stands there."""
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()


def act(page: Page, key: str, button: str | re.Pattern[str]) -> None:
    """Choose what the asset page offers first, and confirm it in its dialog."""
    page.locator(f'.asset__downloads [data-dialog="act-{key}"]').click()
    confirm(page, key, button)


def confirm(page: Page, key: str, button: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.locator(f"#act-{key}").get_by_role("button", name=button).click()
