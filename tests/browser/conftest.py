"""A real server, a real worker and a real Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import templates
from tests.browser.furnishing import Furniture, copied, furnish
from tests.browser.site import Site, empty_site

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 45_000
"""Milliseconds that a page may take for what a test waits for: the machine may be busy."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all tests: each test has a site of its own."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    return context


@pytest.fixture
def site(tmp_path: Path, empty_database_file: Path) -> Iterator[Site]:
    """An installation with people of every role and nothing else, served until the test ends."""
    running = empty_site(tmp_path / "home", empty_database_file)
    try:
        running.start("serve")
        running.start("worker")
        yield running
    finally:
        running.stop_all()


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Path:
    """Made by the first process of this run and shared by all of them."""
    base = templates.shared_folder(tmp_path_factory)
    home = base / "furnished"
    with templates.alone(base / "furnished.lock"):
        if not home.exists():
            furnish(base / "unfinished" / "home", empty_database_file)
            (base / "unfinished" / "home").rename(home)
    return home


@pytest.fixture
def furnished(tmp_path: Path, furnished_home: Path) -> Iterator[tuple[Site, Furniture]]:
    """A site with assets in it and a web server before it; no worker until a test starts one."""
    running, furniture = copied(furnished_home, tmp_path / "home")
    try:
        running.start("serve")
        yield running, furniture
    finally:
        running.stop_all()


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the browser's console complains about; a test ends by finding it empty."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield complaints
    assert complaints == []
