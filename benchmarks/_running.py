"""A served installation for benchmarks: a home of its own, one web process, somebody signed in."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from assetlib.access.actor import LIBRARIAN, SYSTEM
from assetlib.accounts.actions import add_organisation, add_person
from assetlib.accounts.sessions import open_session
from assetlib.cli import main as assetlib
from assetlib.house import House, open_house
from assetlib.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Running:
    port: int
    home: Path
    token: str
    csrf: str
    process: subprocess.Popen[bytes]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A JSON call as the signed-in person."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        sent = json.dumps(body).encode() if body is not None and not hasattr(body, "read") else body
        connection.request(
            method, path, sent, {**self.headers(), "Content-Type": "application/json", **headers}
        )
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status < 300, (answer.status, text[:500])
        return json.loads(text) if text else None

    def headers(self) -> dict[str, str]:
        return {"Cookie": f"assetlib={self.token}; {self._form_cookie}", "X-CSRF-Token": self.csrf}

    _form_cookie: str = ""

    def memory_peak(self) -> int:
        """Bytes that the largest web process had at its largest."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        pids = [int(each) for each in listed.stdout.split()] or [self.process.pid]
        return max(_peak(pid) for pid in pids)


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def served(home: Path) -> Iterator[Running]:
    """The product on a free port, with one librarian signed in."""
    os.environ["ASSETLIB_HOME"] = str(home)
    assert assetlib(["migrate"]) == 0
    house = open_house(Settings.from_env(os.environ))
    token = librarian_token(house)
    house.database.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "assetlib.cli", "serve", "--port", str(port), "--processes", "1"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        csrf, cookie = form_token(port, token)
        yield Running(port, home, token, csrf, process, cookie)
    finally:
        process.terminate()
        process.wait(30)


def librarian_token(house: House) -> str:
    with house.database.transaction() as session:
        own = add_organisation(session, SYSTEM, name="Northwind Outdoors", kind="own")
        person = add_person(
            session, SYSTEM, own, name="Lena Example", email="lena@northwind.example", roles=[LIBRARIAN]
        )
        return open_session(session, person, address="127.0.0.1", browser="benchmark")


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not answer")


def form_token(port: int, token: str) -> tuple[str, str]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/uploads", headers={"Cookie": f"assetlib={token}"})
    answer = connection.getresponse()
    html = answer.read().decode()
    marker = 'name="csrf-token" content="'
    start = html.index(marker) + len(marker)
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    return html[start : html.index('"', start)], cookie
