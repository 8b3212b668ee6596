"""What people say of an asset: its own fields, verdicts and reasons."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Approval
from assetlib.corpus.client import Answer, Client
from assetlib.corpus.pages import Page
from assetlib.corpus.trial import Trial
from assetlib.corpus.trying import PLAIN, Room, Tried, judged, make_asset, shown

_ANY = object()


class _OneAsset(Room):
    """An asset of its own, and its page with plain words in it."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        self.id = make_asset(trial, client)
        self._plain: list[Page] = []

    def learn(self) -> None:
        for text in ("", *PLAIN):
            for _ in self._write(text):
                pass
            self._plain.append(self.client.get(f"/assets/{self.id}").page())

    @abstractmethod
    def _write(self, text: str) -> Iterator[Tried]:
        """Write it into each field of the asset, and see what became of it."""


class AssetRoom(_OneAsset):
    """Title, description, alternative text, tags, every attribute, every field of a right, and their page."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        schema = client.call("GET", "/attributes").json()["attributes"]
        self._attributes = [(each["key"], each["kind"], each["multiple"]) for each in schema]

    def try_text(self, text: str) -> Iterator[Tried]:
        yield from self._write(text)
        page = self.client.get(f"/assets/{self.id}")
        yield shown("page of an asset", page, text, self._plain, must_show=False)

    def _write(self, text: str) -> Iterator[Tried]:
        """Write into every field, then look once at what is kept."""
        self._asset = self.client.call("GET", f"/assets/{self.id}").json()
        written = [
            (field, self._change(how, path, body), place, wanted)
            for field, how, path, body, place, wanted in self._changes(text)
        ]
        now = self.client.call("GET", f"/assets/{self.id}").json()
        for field, answer, place, wanted in written:
            yield judged(field, answer, kept=wanted is _ANY or _at(now, place) == wanted)
        yield from self._rights(text)

    def _changes(self, text: str) -> Iterator[tuple[str, str, str, dict[str, Any], tuple[str, ...], Any]]:
        """Field, method, path, body, where the value lies afterwards, and what must lie there."""
        path = f"/assets/{self.id}"
        own: dict[str, Any] = {"title": text, "description": text, "alt_text": text, "tags": [text]}
        for name, value in own.items():
            yield f"asset {name}", "PATCH", path, {name: value}, (name,), value
        for key, kind, multiple in self._attributes:
            value = [text] if multiple else text
            # Only texts and names are kept as typed; other kinds keep the one form of a value, or refuse.
            wanted = (value if text else None) if kind in ("text", "people") else _ANY
            change = {"values": {key: value}}
            yield (
                f"attribute {key} ({kind})",
                "PATCH",
                f"{path}/attributes",
                change,
                ("attributes", key),
                wanted,
            )

    def _rights(self, text: str) -> Iterator[Tried]:
        """A right is recorded whole, so each field is judged by what came of its own call."""
        for name in ("holder", "licence", "credit_line", "terms", "channels", "territories"):
            value = [text] if name in ("channels", "territories") else text
            answer = self._change("PUT", f"/assets/{self.id}/right", {name: value})
            kept = answer.status != 200 or answer.json()["right"][name] == value
            yield judged(f"right {name}", answer, kept=kept)

    def _change(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        answer = self.client.call(method, path, {"revision": self._asset["revision"], **body})
        if answer.status == 200:
            self._asset = answer.json()
        return answer


def _at(read: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        read = (read or {}).get(name)
    return read


class NoteRoom(_OneAsset):
    """What is said with a verdict, and the reasons of what is put away."""

    def try_text(self, text: str) -> Iterator[Tried]:
        yield from self._write(text)
        yield shown(
            "history of an asset", self.client.get(f"/assets/{self.id}"), text, self._plain, must_show=False
        )

    def _write(self, text: str) -> Iterator[Tried]:
        path = f"/assets/{self.id}"
        noted = self.client.call("POST", f"{path}/approve", {**self._seen(), "note": text})
        yield judged("note of an approval", noted, kept=lambda: self._note() == text)
        returned = self.client.call("POST", f"{path}/return", {**self._seen(), "note": text})
        if returned.status == 409:
            returned = self._after_approval(path, text)
        yield judged("reason of a return", returned, kept=lambda: self._note() == text)
        archived = self.client.call("POST", f"{path}/archive", {"reason": text})
        yield judged("reason of archiving", archived, kept=lambda: self._reason() == text)
        if archived.status == 200:
            self.client.call("POST", f"{path}/reopen")
        deleted = self.client.call("DELETE", f"{path}?reason={quote(text, safe='', errors='replace')}")
        yield judged("reason of deleting", deleted, kept=lambda: self._reason() == text)
        if deleted.status == 204:
            self.client.call("POST", f"{path}/restore")

    def _after_approval(self, path: str, text: str) -> Answer:
        """A draft is not returned: approve it first, without a word."""
        self.client.call("POST", f"{path}/approve", self._seen())
        return self.client.call("POST", f"{path}/return", {**self._seen(), "note": text})

    def _seen(self) -> dict[str, Any]:
        """What a verdict names of its version."""
        version = self.client.call("GET", f"/assets/{self.id}").json()["versions"][0]
        return {"version": version["number"], "sha256": version["sha256"], "seen": version["standing"]}

    def _note(self) -> str | None:
        with self.trial.house.database.reading() as session:
            return session.scalars(select(Approval.note).order_by(Approval.id.desc()).limit(1)).first()

    def _reason(self) -> str | None:
        with self.trial.house.database.reading() as session:
            return session.scalars(select(AuditEntry.reason).order_by(AuditEntry.seq.desc()).limit(1)).first()
