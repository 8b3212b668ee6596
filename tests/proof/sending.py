"""A client of the upload protocol that does on each answer what our browser client does (queue.js).

A lost line, or an answer of 5xx: wait, ask what the server has, send what is missing, complete again.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from tests.proof.files import File

AT_ONCE = 3
LONGEST = 180
"""Seconds after which a file that does not arrive is stuck."""
_MARKER = 'name="csrf-token" content="'


class Lost(Exception):
    """No answer: the server may have done it or not."""


class Refused(Exception):
    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body)
        self.status = status
        self.code = body.get("code")
        self.passing = status >= 500 or status in (408, 425, 429)


@dataclass(frozen=True)
class Acknowledged:
    """A file that the server said it has, whole."""

    file_name: str
    public_id: str
    sha256: str
    size: int


@dataclass
class Tally:
    """What happened on the line. `flying` are requests without an answer yet."""

    flying: int = 0
    lost: int = 0
    """Requests that were cut off."""
    unheard: int = 0
    """Calls while nobody listened."""
    unavailable: int = 0
    begun_anew: int = 0
    completed_again: int = 0
    """Files of which nothing was missing when they were looked at again: Complete's answer was lost."""
    completing: int = 0
    """Calls of Complete without an answer yet."""
    left: int = 0
    cancelled: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, count: int = 1) -> None:
        with self.lock:
            setattr(self, name, getattr(self, name) + count)

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """One more while the block runs."""
        self.add(name)
        try:
            yield
        finally:
            self.add(name, -1)


class Line:
    """Calls as one signed-in person."""

    def __init__(self, port: int, token: str, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self._token = token
        self._headers: dict[str, str] = {"Cookie": f"assetlib={token}"}

    def learn_form_token(self) -> None:
        status, headers, body = self.ask("GET", "/uploads")
        assert status == 200, (status, body[:300])
        html = body.decode()
        start = html.index(_MARKER) + len(_MARKER)
        cookie = headers["Set-Cookie"].split(";")[0]
        self._headers = {
            "Cookie": f"assetlib={self._token}; {cookie}",
            "X-CSRF-Token": html[start : html.index('"', start)],
        }

    def call(self, method: str, path: str, said: Any = None) -> dict[str, Any]:
        """A JSON call; its answer, or `Lost` or `Refused`."""
        body = json.dumps(said).encode() if said is not None else b""
        return self.send(method, path, body, {"Content-Type": "application/json"})

    def send(
        self, method: str, path: str, body: bytes | Iterator[bytes], headers: dict[str, str]
    ) -> dict[str, Any]:
        status, _, answer = self.ask(method, f"/api/v1/uploads{path}", body, headers)
        known: dict[str, Any] = json.loads(answer) if answer.startswith(b"{") else {}
        if status >= 300:
            if status >= 500:
                self.tally.add("unavailable")
            raise Refused(status, known)
        return known

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] = b"",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.connect()
        except OSError as error:
            self.tally.add("unheard")
            raise Lost from error
        try:
            with self.tally.counted("flying"):
                connection.request(method, path, body, {**self._headers, **(headers or {})})
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read()
        except (OSError, HTTPException) as error:
            self.tally.add("lost")
            raise Lost from error
        finally:
            connection.close()


@dataclass
class Sender:
    """Sends one file after the other."""

    line: Line
    random: Random

    def send(self, file: File) -> Acknowledged | None:
        """What the server acknowledged; None for a file that was meant to be let go of half-way."""
        deadline = time.monotonic() + LONGEST
        public_id: str | None = None
        tries = reopened = torn = missing = 0
        while time.monotonic() < deadline:
            try:
                upload = self._open(file, public_id)
                public_id = upload["id"]
                if upload["state"] != "open":
                    return self._acknowledged(file, upload)
                if file.fate != "send":
                    self._let_go(file, upload)
                    return None
                self._send_missing(file, upload)
                with self.line.tally.counted("completing"):
                    completed = self.line.call("POST", f"/{public_id}/complete")
                return self._acknowledged(file, completed)
            except Lost:
                tries += 1
            except Refused as refused:
                if refused.passing:
                    tries += 1
                elif refused.status in (404, 410) and public_id is not None and not reopened:
                    public_id, reopened = None, 1
                    self.line.tally.add("begun_anew")
                elif refused.status == 422 and refused.code != "wrong_part" and torn < 5:
                    torn += 1
                elif refused.code == "parts_missing" and missing < 3:
                    missing += 1
                else:
                    raise
            # The browser begins at 0.7 s and goes up to 30; here it is shorter, to try more often.
            time.sleep(min(1.0, 0.05 * 2 ** min(tries, 5)) * self.random.uniform(0.5, 1))
        raise AssertionError(f"{file.name} did not arrive within {LONGEST} seconds")

    def _open(self, file: File, public_id: str | None) -> dict[str, Any]:
        """The upload as the server knows it; begun if it does not."""
        if public_id is not None:
            try:
                known = self.line.call("GET", f"/{public_id}")
                if known["state"] != "cancelled":
                    return known
            except Refused as refused:
                if refused.status not in (404, 410):
                    raise
        facts = {
            "name": file.name,
            "size": len(file.content),
            "mtime": 1_790_000_000_000,
            "fingerprint": file.fingerprint,
        }
        return self.line.call("POST", "", facts)

    def _send_missing(self, file: File, upload: dict[str, Any]) -> None:
        count = max(1, -(-len(file.content) // upload["part_size"]))
        there = {part["n"] for part in upload["parts"]}
        wanted = [number for number in range(1, count + 1) if number not in there]
        if not wanted:
            self.line.tally.add("completed_again")
        if len(wanted) < 2:
            for number in wanted:
                self._send_part(file, upload, number)
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for each in [pool.submit(self._send_part, file, upload, number) for number in wanted]:
                each.result()

    def _send_part(self, file: File, upload: dict[str, Any], number: int) -> None:
        size = upload["part_size"]
        part = file.content[(number - 1) * size : number * size]
        headers = {
            "X-Part-Sha256": hashlib.sha256(part).hexdigest(),
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(part)),
        }
        self.line.send("PUT", f"/{upload['id']}/parts/{number}", self._pieces(part), headers)

    def _pieces(self, part: bytes) -> Iterator[bytes]:
        """The part at once, or as a slow line brings it."""
        count = self.random.choice((1, 1, 4, 8))
        size = max(1, -(-len(part) // count))
        for start in range(0, len(part), size):
            if start:
                time.sleep(self.random.uniform(0, 0.4))
            yield part[start : start + size]

    def _let_go(self, file: File, upload: dict[str, Any]) -> None:
        self._send_part(file, upload, 1)
        if file.fate == "cancel":
            self.line.call("DELETE", f"/{upload['id']}")
            self.line.tally.add("cancelled")
        else:
            self.line.tally.add("left")

    def _acknowledged(self, file: File, upload: dict[str, Any]) -> Acknowledged:
        assert upload["state"] in ("verifying", "available"), upload
        return Acknowledged(file.name, upload["id"], file.sha256, len(file.content))
