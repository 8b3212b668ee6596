"""What people call collections, attributes and choices."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

from assetlib.corpus.client import Client
from assetlib.corpus.pages import Page
from assetlib.corpus.trial import Trial
from assetlib.corpus.trying import PLAIN, Room, Tried, judged, shown


class CollectionRoom(Room):
    """Name and description of a collection, and the two pages that show them."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        self.id = client.call("POST", "/collections", {"name": "Trial", "audience": "organisation"}).json()[
            "id"
        ]
        self._paths = (f"/collections/{self.id}", "/collections", "/library")
        self._plain: dict[str, list[Page]] = {path: [] for path in self._paths}

    def learn(self) -> None:
        for text in PLAIN:
            self._write("name", text), self._write("description", text)
            for path in self._paths:
                self._plain[path].append(self.client.get(path).page())

    def try_text(self, text: str) -> Iterator[Tried]:
        yield self._write("description", text)
        named = self._write("name", text)
        yield named
        for path in self._paths:
            must_show = named.outcome == "kept" and path != "/library"
            yield shown(
                f"page {path.rstrip('0123456789')}",
                self.client.get(path),
                text,
                self._plain[path],
                must_show=must_show,
            )

    def _write(self, name: str, text: str) -> Tried:
        said = {"name": "Trial", "description": "", "audience": "organisation", name: text}
        path = f"/collections/{self.id}"
        revision = self.client.call("GET", path).json()["revision"]
        answer = self.client.call("PUT", path, {**said, "revision": revision})
        return judged(
            f"collection {name}",
            answer,
            kept=lambda: self.client.call("GET", f"/collections/{self.id}").json()[name] == text,
        )


class SchemaRoom(Room):
    """What attributes and their choices are called."""

    KEY = "trial"

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        client.call("POST", "/attributes", {"key": self.KEY, "label": "Trial", "kind": "choice"})
        client.call("POST", f"/attributes/{self.KEY}/choices", {"label": "First", "key": "first"})
        self._paths = ("/attributes", f"/attributes/{self.KEY}")
        self._plain: dict[str, list[Page]] = {path: [] for path in self._paths}

    def learn(self) -> None:
        for text in PLAIN:
            for _ in self._write(text):
                pass
            for path in self._paths:
                self._plain[path].append(self.client.get(path).page())

    def try_text(self, text: str) -> Iterator[Tried]:
        yield from self._write(text)
        for path in self._paths:
            yield shown(f"page {path}", self.client.get(path), text, self._plain[path], must_show=False)

    def _write(self, text: str) -> Iterator[Tried]:
        for name in ("label", "hint"):
            said = {"label": "Trial", "hint": "", "facet": True, "required": False, "types": [], name: text}
            said["revision"] = self._now()["revision"]
            answer = self.client.call("PUT", f"/attributes/{self.KEY}", said)
            yield judged(f"attribute's {name}", answer, kept=partial(self._is, name, text))
        answer = self.client.call("PATCH", f"/attributes/{self.KEY}/choices/first", {"label": text})
        yield judged("choice's label", answer, kept=lambda: self._now()["choices"][0]["label"] == text)
        answer = self.client.call("POST", "/attributes", {"key": text, "label": "Key", "kind": "text"})
        yield judged("attribute's key", answer, kept=lambda: answer.json()["key"] == text)
        if answer.status == 201:
            self.client.call("DELETE", f"/attributes/{quote(text, safe='')}")

    def _is(self, name: str, text: str) -> bool:
        return bool(self._now()[name] == text)

    def _now(self) -> Any:
        schema = self.client.call("GET", "/attributes").json()["attributes"]
        return next(each for each in schema if each["key"] == self.KEY)
