"""A browser without a screen: signed in as somebody, with the form token that our pages carry."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assetlib.access.actor import Actor
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import open_session
from assetlib.house import House


class Visit:
    """What one person does in one browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        """A JSON call, with the token in its header."""
        headers = {"X-CSRF-Token": self.token(), **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)

    def token(self) -> str:
        page = (
            self.client.get("/sign-in?next=/healthz") if not self._signed_in() else self.client.get("/people")
        )
        text = page.get_data(as_text=True)
        marker = '<meta name="csrf-token" content="'
        start = text.index(marker) + len(marker)
        return text[start : text.index('"', start)]

    def _signed_in(self) -> bool:
        return self.client.get_cookie("assetlib") is not None


class Visits:
    """One browser for each person who is asked for."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app = app
        self.house = house
        self._open: dict[int, Visit] = {}

    def nobody(self) -> Visit:
        return Visit(self.app.test_client())

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
