"""A real server, a real worker and a real Chromium, on loopback, with a home of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import get_person
from assetlib.audit import append_chain
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from tests import make

PASSWORD = "four words in a row"
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": CHROMIUM_FLAGS}


@dataclass
class Site:
    """A running installation: where it answers, and who can sign in with PASSWORD."""

    url: str
    home: Path
    people: make.People
    emails: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str) -> None:
        """Start `serve` or `worker` (again)."""
        more = ["--port", self.url.rsplit(":", 1)[1], "--processes", "1"] if name == "serve" else []
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "assetlib.cli", name, *more],
            env={**_clean_environment(), "ASSETLIB_HOME": str(self.home)},
            stdout=(self.home / f"{name}.log").open("ab"),
            stderr=subprocess.STDOUT,
        )
        if name == "serve":
            _wait_for(self.url + "/healthz", self.processes[name])

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        process.wait(timeout=30)

    def database(self) -> Database:
        return Database(f"sqlite:///{self.home / 'assetlib.sqlite'}", before_commit=[append_chain])


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within 30 seconds")


@pytest.fixture
def site(tmp_path: Path, empty_database_file: Path) -> Iterator[Site]:
    """An installation with people of every role, served until the test ends."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    running = Site(f"http://127.0.0.1:{_free_port()}", home, None, {}, {})  # type: ignore[arg-type]
    database = running.database()
    hashed = hash_password(PASSWORD)
    with database.transaction() as session:
        lay_schema(session)
        running.people = make.people(session)
        for name in (
            "administrator",
            "librarian",
            "field_marketer",
            "contributor",
            "other_contributor",
            "partner_marketer",
        ):
            actor = getattr(running.people, name)
            person = get_person(session, actor.person_id)
            person.password_hash = hashed
            running.emails[name] = person.email
    database.close()
    running.start("serve")
    running.start("worker")
    try:
        yield running
    finally:
        for name in list(running.processes):
            running.stop(name)


@pytest.fixture
def said(page: Page) -> Iterator[list[str]]:
    """What the browser's console complains about; a test ends by finding it empty."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield complaints
    assert complaints == []


def sign_in(page: Page, site: Site, who: str) -> None:
    """Through the form, as a person does."""
    page.goto(site.url + "/sign-in")
    page.get_by_label("E-mail").fill(site.emails[who])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def fresh_page(context: BrowserContext, site: Site, who: str) -> Page:
    """A new page in which this person is signed in and nobody was before."""
    context.clear_cookies()
    page = context.new_page()
    sign_in(page, site, who)
    return page
