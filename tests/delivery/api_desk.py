"""The API as a program knows it: calls, whose answers have the shape that the document says."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.test import TestResponse

from assetlib import clock
from tests.delivery.test_refused_forms import NOW, revision_of
from tests.delivery.visiting import Visits
from tests.delivery.world import PART, World

API = "/api/v1"
PROBLEM = {"type", "title", "status", "detail", "code"}


@dataclass
class Desk:
    app: Flask
    world: World
    visits: Visits
    document: dict[str, Any]
    called: set[tuple[str, str]] = field(default_factory=set)
    """Method and rule of what was called and taken."""

    def call(self, who: str, method: str, path: str, **more: Any) -> TestResponse:
        visit = self.visits.nobody() if who == "X" else self.visits.of(self.world.actors[who])
        answer = visit.send(method, API + path, **more)
        if answer.status_code < 400:
            rule = self.rule(method, path)
            self.called.add((method, rule))
            self.check_shape(method, rule, answer)
        return answer

    def rule(self, method: str, path: str) -> str:
        matched, _ = self.app.url_map.bind("localhost").match(
            API + path.partition("?")[0], method, return_rule=True
        )
        return str(matched.rule)

    def check_shape(self, method: str, rule: str, answer: TestResponse) -> None:
        path = rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        described = self.document["paths"][path][method.lower()]["responses"]
        assert str(answer.status_code) in described, (rule, answer.status_code, sorted(described))
        content = described[str(answer.status_code)].get("content", {})
        if answer.status_code == 204:
            assert answer.data == b""
            return
        schema = content["application/json"]["schema"] | {"components": self.document["components"]}
        jsonschema_rs.validate(schema, answer.json)


def operations(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and rule.endpoint != "openapi.spec"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


VERDICT = {"version": 1, "note": "Seen"}
RIGHT = {
    "revision": NOW,
    "holder": "Ida",
    "territories": ["DE"],
    "starts_on": "2026-01-01",
    "ends_on": "2030-01-01",
}
PERSON = {"name": "Ann", "email": "ann@fjord.example", "organisation_id": 1, "roles": ["librarian"],
          "password": "four words in a row"}  # fmt: skip
INVITED = {"name": "Ina", "email": "ina@fjord.example", "organisation_id": 1,
           "roles": ["librarian@organisation:2"], "message": "Welcome"}  # fmt: skip
LINK = {"name": "Press kit", "assets": [2], "forms": ["original"], "password": "kite-lamp-7"}
UPLOAD = {"name": "x.jpg", "size": len(PART), "mtime": 1, "fingerprint": "f"}
WISH = {"purpose": "A flyer", "until": (clock.today() + timedelta(days=9)).isoformat()}


def present(desk: Desk, path: str, body: Any) -> Any:
    """The body with the present revision and hash put in."""
    if NOW not in body.values():
        return body
    known: dict[str, Any] = {"revision": revision_of(desk.visits.of(desk.world.actors["L"]), path)}
    if path.startswith("/assets"):
        asset = desk.call("L", "GET", "/".join(path.split("/")[:3])).json or {}
        known["sha256"] = asset["versions"][0]["sha256"]
    return {name: known[name] if value == NOW else value for name, value in body.items()}
