"""The same fields by the forms of the pages, found on the pages themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from assetlib.corpus.client import Client
from assetlib.corpus.pages import Form, Page
from assetlib.corpus.trial import Trial
from assetlib.corpus.trying import PLAIN, Room, Tried, make_asset

_LISTED = frozenset({"tags", "channels", "territories", "attr.photographer", "attr.people_shown"})
"""Fields in which a comma parts one value from the next."""
_NOT_TEXT = frozenset({"email", "password", "starts_on", "ends_on", "embargo_until", "key", "parent"})


@dataclass(frozen=True)
class _Place:
    """A form that may be sent again and again: the page it is on, and where it goes."""

    page: str
    action: str


class FormRoom(Room):
    """Every form with fields for text, as a browser without scripts sends it."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        asset = make_asset(trial, client)
        collection = client.call(
            "POST", "/collections", {"name": "Forms", "audience": "organisation"}
        ).json()["id"]
        said = {"key": "forms", "label": "Forms", "kind": "choice"}
        client.call("POST", "/attributes", said)
        client.call("POST", "/attributes/forms/choices", {"label": "First", "key": "first"})
        self.places = [
            _Place(f"/assets/{asset}", f"/assets/{asset}/describe"),
            _Place(f"/assets/{asset}", f"/assets/{asset}/attributes"),
            _Place(f"/assets/{asset}", f"/assets/{asset}/rights"),
            _Place(f"/assets/{asset}", f"/assets/{asset}/approve"),
            _Place(f"/collections/{collection}", f"/collections/{collection}"),
            _Place("/collections", "/collections"),
            _Place("/attributes/forms", "/attributes/forms"),
            _Place("/attributes/forms", "/attributes/forms/choices/first"),
            _Place("/people", "/people"),
            _Place("/people", "/people/organisations"),
        ]
        self.missing = [place for place in self.places if not self._forms(place)]
        self._plain: dict[str, list[Page]] = {}
        for text in PLAIN:
            for place in self.places:
                for answer in self._fill(place, text):
                    self._plain.setdefault(place.page, []).append(answer)

    def try_text(self, text: str) -> Iterator[Tried]:
        for place in self.places:
            yield from self._try(place, text)

    def _try(self, place: _Place, text: str) -> Iterator[Tried]:
        for number, form in enumerate(self._forms(place)):
            names = [name for name in form.typed if name not in _NOT_TEXT]
            if not names:
                continue
            field = f"form {place.action.strip('/')} ({', '.join(dict.fromkeys(names))})"
            yield self._send(place, number, form, names, text, field)

    def _send(self, place: _Place, number: int, form: Form, names: list[str], text: str, field: str) -> Tried:
        answer = self.client.send_form(place.action, _with(form, names, text))
        if answer.status >= 500:
            return Tried(field, "fault", f"gives {answer.status}")
        page = self.client.follow(answer).page()
        strange = page.strange_to(*self._plain.get(place.page, [page]))
        if strange:
            return Tried(field, "fault", f"shows a page that holds {', '.join(strange[:3])}")
        if answer.is_refusal:
            return Tried(field, "refused")
        return self._kept(place, number, names, text, field)

    def _kept(self, place: _Place, number: int, names: list[str], text: str, field: str) -> Tried:
        """Whether the form, read again, holds what was typed. Forms that begin empty each time hold nothing."""
        forms = self._forms(place)
        if number >= len(forms):
            return Tried(field, "kept")
        held = dict(forms[number].fields)
        for name in names:
            value = held.get(name, "")
            if value and not _same(name, value, text):
                return Tried(field, "fault", f"{name} is altered to {value[:60]!r}")
        return Tried(field, "kept")

    def _fill(self, place: _Place, text: str) -> Iterator[Page]:
        for form in self._forms(place):
            names = [name for name in form.typed if name not in _NOT_TEXT]
            answer = self.client.send_form(place.action, _with(form, names, text))
            yield self.client.follow(answer).page()
        yield self.client.get(place.page).page()

    def _forms(self, place: _Place) -> list[Form]:
        posted = [form for form in self.client.get(place.page).page().forms if form.method == "post"]
        return [form for form in posted if (form.action or place.page) == place.action]


def _with(form: Form, names: list[str], text: str) -> list[tuple[str, str]]:
    # Browsers send lines parted by CR LF, and take a line that ends otherwise for the same.
    typed = "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept = [(name, value) for name, value in form.fields if name not in names]
    return [*kept, *((name, typed) for name in dict.fromkeys(names))]


def _same(name: str, held: str, text: str) -> bool:
    if name in _LISTED:
        return [each.strip() for each in held.split(",")] == [
            each.strip() for each in text.split(",") if each.strip()
        ]
    return _lines(held) == _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
