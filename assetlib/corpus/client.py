"""A client as scripts and browsers are: cookies, the token of forms, JSON, and files in parts."""

import hashlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from assetlib.corpus.pages import Page, read_page

API = "/api/v1"
_SECONDS = 120


class NotSignedIn(RuntimeError):
    """The trial's own people could not sign in; then nothing else can be tried."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; of several with one name the last."""
    body: bytes

    @property
    def is_refusal(self) -> bool:
        """A "no" of the house, not a failure."""
        return 400 <= self.status < 500

    def json(self) -> Any:
        return json.loads(self.body)

    def page(self) -> Page:
        return read_page(self.body.decode("utf-8", "strict"))

    def sentence(self) -> str:
        """What a refusal says, or nothing when it is none of ours."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return ""
        return str(self.json().get("detail", ""))

    def fields(self) -> dict[str, str]:
        """The fields that a refusal marks, each with its sentence."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return {}
        fields = self.json().get("fields", {})
        return {str(name): str(said) for name, said in fields.items()} if isinstance(fields, dict) else {}


class Client:
    """One person's browser."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._cookies: dict[str, str] = {}
        self._token = ""

    def sign_in(self, email: str, password: str) -> None:
        self.learn_token("/sign-in")
        answer = self.send_form("/sign-in", {"email": email, "password": password})
        if answer.status not in (302, 303):
            raise NotSignedIn(f"signing in gave {answer.status}")
        self.learn_token("/library")

    def learn_token(self, path: str) -> None:
        """The form token that a page of ours gives to scripts."""
        page = self.get(path).page()
        self._token = page.metas.get("csrf-token", "")

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, b"", dict(headers or {}))

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """A JSON call; `path` begins behind the API's prefix."""
        # Half a surrogate pair goes out as JSON writes it, as a hostile client may.
        content = b"" if body is None else json.dumps(body).encode("ascii")
        return self._ask(method, API + path, content, {"Content-Type": "application/json"})

    def send_form(self, path: str, fields: Mapping[str, str] | list[tuple[str, str]]) -> Answer:
        """Post a form as browsers do, with the token in it."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        pairs = [pair for pair in pairs if pair[0] != "csrf_token"]
        content = urlencode([*pairs, ("csrf_token", self._token)], errors="replace").encode("ascii")
        return self._ask("POST", path, content, {"Content-Type": "application/x-www-form-urlencoded"})

    def follow(self, answer: Answer) -> Answer:
        """Where a redirect leads; other answers stay what they are."""
        if answer.status not in (301, 302, 303):
            return answer
        parts = urlsplit(answer.headers.get("location", "/"))
        return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    def upload(self, name: str, file: Path) -> Answer:
        """Announce, send all parts, complete. The answer of the step that said no, or of the last."""
        size = file.stat().st_size
        announced = {
            "name": name,
            "size": size,
            "mtime": 0,
            "fingerprint": hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        answer = self.call("POST", "/uploads", announced)
        if answer.status not in (200, 201):
            return answer
        begun = answer.json()
        with file.open("rb") as opened:
            # An empty file is one part of nothing.
            for number in range(1, max(1, -(-size // begun["part_size"])) + 1):
                part = opened.read(begun["part_size"])
                headers = {
                    "Content-Type": "application/octet-stream",
                    "X-Part-SHA256": hashlib.sha256(part).hexdigest(),
                }
                answer = self._ask("PUT", f"{API}/uploads/{begun['id']}/parts/{number}", part, headers)
                if answer.status != 200:
                    return answer
        return self.call("POST", f"/uploads/{begun['id']}/complete")

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if method != "GET":
            headers["X-CSRF-Token"] = self._token
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_SECONDS)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return Answer(response.status, {n.lower(): v for n, v in response.headers.items()}, content)
