"""The wheel is all that an installation needs: built here, installed elsewhere, and used there."""

import http.client
import os
import re
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conventions.sources import ROOT
from tests.proof.served import free_port

PASSWORD = "four words in a row"
MOST_SECONDS = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run([ROOT / "scripts" / "wheel", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("assetlib-*.whl")
    return built


class Installed:
    """The wheel in an environment of its own, far from the checkout; libraries are those of the tests."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        environment = folder / "environment"
        venv.create(environment, with_pip=False)
        (site,) = environment.glob("lib/python*/site-packages")
        # A line of a .pth file leads to their folder, but does not follow the .pth files that lie there: so
        # the checkout, which the tests' own environment knows by one, is out of sight.
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install = ["install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
        python = str(environment / "bin" / "python")
        subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
        self.program = environment / "bin" / "assetlib"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("ASSETLIB", "PYTHON"))
        }
        return {**kept, "ASSETLIB_HOME": str(self.home), **more}

    def run(self, *words: str, **more: str) -> str:
        done = subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    @contextmanager
    def running(self, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [self.program, *words], cwd=self.folder, env=self.environment(), stdout=log, stderr=log
            )
        try:
            yield process
            process.terminate()
            assert process.wait(MOST_SECONDS) == 0
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    return Installed(tmp_path_factory.mktemp("elsewhere"), wheel)


def test_all_that_lies_in_the_package_lies_in_the_wheel(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "assetlib", "templates", "migrations"], cwd=ROOT, capture_output=True, text=True
    )
    if tracked.returncode:
        pytest.skip("this is no git checkout")
    wanted = {
        name if name.startswith("assetlib/") else f"assetlib/carried/{name}"
        for name in tracked.stdout.splitlines()
        if (ROOT / name).exists()
    }
    with zipfile.ZipFile(wheel) as carried:
        names = set(carried.namelist())
    assert "assetlib/carried/static/manifest.json" in names
    assert wanted - names == set()
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_a_person_signs_in_to_what_was_installed(installed: Installed) -> None:
    assert "The tables are made." in installed.run("migrate")
    add = ("user", "add", "ada@trial.example", "--name", "Ada", "--role", "administrator")
    installed.run(*add, NEW_PASSWORD=PASSWORD)
    port = free_port()
    with installed.running("serve", "--port", str(port)) as web, installed.running("worker") as worker:
        page = _ask_until_answered(port, web)
        (style,) = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
        assert b"{" in _ask(port, "GET", style).body
        (token,) = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.text))
        form = {"email": "ada@trial.example", "password": PASSWORD, "csrf_token": token}
        entered = _ask(port, "POST", "/sign-in", page.cookies, urlencode(form))
        assert entered.status in (302, 303), entered.text
        library = _ask(port, "GET", "/library", {**page.cookies, **entered.cookies})
        assert library.status == 200, library.text
        assert worker.poll() is None


class _Answer:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.body = answer.status, answer.read()
        cookies = SimpleCookie[str]()
        for given in answer.headers.get_all("Set-Cookie", []):
            cookies.load(given)
        self.cookies = {name: each.value for name, each in cookies.items()}

    @property
    def text(self) -> str:
        return self.body.decode()


def _ask(port: int, method: str, path: str, cookies: dict[str, str] | None = None, body: str = "") -> _Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        return _Answer(connection.getresponse())
    finally:
        connection.close()


def _ask_until_answered(port: int, web: "subprocess.Popen[bytes]") -> _Answer:
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        assert web.poll() is None, "the web server ended by itself"
        try:
            return _ask(port, "GET", "/sign-in")
        except ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the web server did not answer")
