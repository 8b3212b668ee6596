"""A web server of its own for a place that was put back, and somebody who signs in to it and downloads."""

import hashlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from assetlib.errors import Unavailable
from assetlib.settings import Settings, variable
from assetlib.storage.blobs import CHUNK

HOST = "127.0.0.1"
_MOST_TO_START = 60.0
_MOST_TO_ANSWER = 120.0
_TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class NotServed(Unavailable):
    """The web server did not come up, or let nobody in."""

    code = "not_served"


@contextmanager
def served(settings: Settings, log: Path) -> Iterator[int]:
    """The port of loopback on which `assetlib serve` answers for this place; ended with the block."""
    port = _free_port()
    outside = {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}
    own = {variable("home"): str(settings.home), variable("log_format"): "text"}
    if settings.database_url:
        own[variable("database_url")] = settings.database_url
    words = ["serve", "--host", HOST, "--port", str(port), "--processes", "1"]
    with log.open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
            [sys.executable, "-m", "assetlib.cli", *words],
            env=outside | own,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
        )
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(_MOST_TO_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _MOST_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if Visitor(port).get("/healthz") == 200:
                return
        except OSError:
            time.sleep(0.1)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    raise NotServed(f"The web server did not come up:\n{last}")


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        port: int = tried.getsockname()[1]
        return port


class Visitor:
    """One person's browser, as far as signing in and downloading goes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Be signed in, or `NotServed`."""
        found = _TOKEN.search(self._ask("GET", "/sign-in")[1].decode())
        token = found.group(1) if found else ""
        form = urlencode({"email": email, "password": password, "csrf_token": token})
        status, _ = self._ask("POST", "/sign-in", form)
        if status not in (302, 303) or self.get("/library") != 200:
            raise NotServed(f"Signing in gave {status}, and the library could not be opened after it.")

    def get(self, path: str) -> int:
        return self._ask("GET", path)[0]

    def download(self, asset_id: int) -> tuple[int, str]:
        """Status and sha256 of what came."""
        connection = self._connection()
        try:
            connection.request("GET", f"/assets/{asset_id}/download", headers=self._headers())
            answer, digest = connection.getresponse(), hashlib.sha256()
            while piece := answer.read(CHUNK):
                digest.update(piece)
            return answer.status, digest.hexdigest()
        finally:
            connection.close()

    def _ask(self, method: str, path: str, form: str = "") -> tuple[int, bytes]:
        headers = self._headers()
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self._connection()
        try:
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            given = SimpleCookie()
            for each in answer.headers.get_all("Set-Cookie", []):
                given.load(each)
            self._cookies |= {name: each.value for name, each in given.items()}
            return answer.status, answer.read()
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self._port, timeout=_MOST_TO_ANSWER)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
