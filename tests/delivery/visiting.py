"""A browser without a screen: signed in as somebody, with the form token that our pages carry."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assetlib.access.actor import Actor
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import open_session
from assetlib.house import House

MARKER = '<meta name="csrf-token" content="'


class Visit:
    """What one person does in one browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """A JSON call, with the token in its header."""
        headers = {"X-CSRF-Token": self.token(), **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)

    def token(self) -> str:
        """The form token of this browser, as our pages carry it, good for as long as the browser is open."""
        if not self._token:
            text = self.client.get("/no-such-page").get_data(as_text=True)
            start = text.index(MARKER) + len(MARKER)
            self._token = text[start : text.index('"', start)]
        return self._token


class Program(Visit):
    """A program with a token: no cookies, no form token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        super().__init__(client)
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers={**more.pop("headers", {}), **self._headers}, **more)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        return self.client.open(
            path, method=method, headers={**more.pop("headers", {}), **self._headers}, **more
        )


class Visits:
    """One browser for each person who is asked for."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app = app
        self.house = house
        self._open: dict[int, Visit] = {}

    def nobody(self) -> Visit:
        return Visit(self.app.test_client())

    def anew(self, actor: Actor) -> Visit:
        """A browser of this person's that shares the session of the other one, but not its cookies."""
        token = self.of(actor).client.get_cookie("assetlib")
        assert token is not None
        client = self.app.test_client()
        client.set_cookie("assetlib", token.value)
        return Visit(client)

    def of(self, actor: Actor) -> Visit:
        """This person's browser, signed in."""
        assert actor.person_id is not None
        if actor.person_id not in self._open:
            client = self.app.test_client()
            with self.house.database.transaction() as session:
                person = get_person(session, actor.person_id)
                token = open_session(session, person, address="127.0.0.1", browser="test")
            client.set_cookie("assetlib", token)
            self._open[actor.person_id] = Visit(client)
        return self._open[actor.person_id]
