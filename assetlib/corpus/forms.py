"""The same fields by the forms of the pages, found on the pages themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from assetlib.corpus.client import Client
from assetlib.corpus.pages import Form, Page
from assetlib.corpus.trial import Trial
from assetlib.corpus.trying import PLAIN, Room, Tried, make_asset

_LISTED = frozenset({"tags", "channels", "territories", "attr.photographer", "attr.people_shown"})
"""Fields in which a comma parts one value from the next."""
_ALONE = frozenset({"territories"})
"""Fields that take few texts: sent with others they would have those refused as well."""
_NOT_TEXT = frozenset(
    {"email", "password", "starts_on", "ends_on", "embargo_until", "key", "attr.shot_on", "attr.print_run"}
)


@dataclass(frozen=True)
class _Place:
    """A page, and where those of its forms go that may be sent again and again."""

    page: str
    actions: tuple[str, ...]


class FormRoom(Room):
    """Every form with fields for text, as a browser without scripts sends it."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        asset = f"/assets/{make_asset(trial, client)}"
        self._asset = asset
        made = client.call("POST", "/collections", {"name": "Forms", "audience": "organisation"}).json()
        collection = f"/collections/{made['id']}"
        client.call("POST", "/attributes", {"key": "forms", "label": "Forms", "kind": "choice"})
        client.call("POST", "/attributes/forms/choices", {"label": "First", "key": "first"})
        self.places = [
            _Place(
                asset, tuple(f"{asset}/{verb}" for verb in ("describe", "attributes", "rights", "approve"))
            ),
            _Place(collection, (collection,)),
            _Place("/collections", ("/collections",)),
            _Place("/attributes/forms", ("/attributes/forms", "/attributes/forms/choices/first")),
            _Place("/people/invite", ("/people/invite",)),
            _Place("/people/organisations/new", ("/people/organisations",)),
            _Place("/people/groups/new", ("/people/groups",)),
        ]
        self.missing = [
            (place.page, action)
            for place in self.places
            for action in place.actions
            if not _forms(self.client.get(place.page).page(), place.page, action)
        ]
        self._plain: dict[str, list[Page]] = {place.page: [] for place in self.places}

    def learn(self) -> None:
        for text in ("", *PLAIN, ""):
            for place in self.places:
                for _ in self._try(place, text, learning=True):
                    pass

    def try_text(self, text: str) -> Iterator[Tried]:
        for place in self.places:
            yield from self._try(place, text)

    def _try(self, place: _Place, text: str, *, learning: bool = False) -> Iterator[Tried]:
        """Send each form of a page; the page that comes back is the one that the next form is taken from."""
        if place.page == self._asset:
            self._make_a_draft()
        page = self.client.get(place.page).page()
        for action in place.actions:
            for number, names in _groups(page, place.page, action):
                form = _forms(page, place.page, action)[number]
                answer = self.client.send_form(action, _with(form, names, text))
                field = f"form {action.strip('/')} ({', '.join(names)})"
                if answer.status >= 500:
                    yield Tried(field, "fault", f"gives {answer.status}")
                    continue
                came = self.client.follow(answer).page()
                if learning:
                    self._plain[place.page].append(came)
                strange = came.strange_to(*self._plain[place.page])
                if strange:
                    yield Tried(field, "fault", f"shows a page that holds {', '.join(strange[:3])}")
                elif answer.is_refusal:
                    yield Tried(field, "refused")
                else:
                    yield _judged(_forms(came, place.page, action), number, names, text, field)
                if not answer.is_refusal and _forms(came, place.page, action):
                    page = came

    def _make_a_draft(self) -> None:
        """So that its page offers to approve it."""
        asset = self.client.call("GET", self._asset).json()
        if asset["state"] == "approved":
            version = asset["versions"][0]
            said = {
                "version": version["number"],
                "sha256": version["sha256"],
                "seen": version["standing"],
                "note": "Once more",
            }
            self.client.call("POST", f"{self._asset}/return", said)


def _forms(page: Page, address: str, action: str) -> list[Form]:
    posted = [form for form in page.forms if form.method == "post"]
    return [form for form in posted if (form.action or address) == action]


def _groups(page: Page, address: str, action: str) -> list[tuple[int, list[str]]]:
    """The place of each form with fields for text, and those of its fields that are sent together."""
    found = []
    for number, form in enumerate(_forms(page, address, action)):
        names = [name for name in dict.fromkeys(form.typed) if name not in _NOT_TEXT]
        together = [name for name in names if name not in _ALONE]
        found += [(number, together)] if together else []
        found += [(number, [name]) for name in names if name in _ALONE]
    return found


def _judged(forms: list[Form], number: int, names: list[str], text: str, field: str) -> Tried:
    """Whether the form, read again, holds what was typed. Forms that begin empty each time hold nothing."""
    held = dict(forms[number].fields) if number < len(forms) else {}
    for name in names:
        value = held.get(name, "")
        if value and not _same(name, value, text):
            return Tried(field, "fault", f"{name} is altered to {value[:60]!r}")
    return Tried(field, "kept")


def _with(form: Form, names: list[str], text: str) -> list[tuple[str, str]]:
    # Browsers send lines parted by CR LF, and take a line that ends otherwise for the same.
    typed = _lines(text).replace("\n", "\r\n")
    kept = [(name, value) for name, value in form.fields if name not in names]
    return [*kept, *((name, typed) for name in names)]


def _same(name: str, held: str, text: str) -> bool:
    if name not in _LISTED:
        return _lines(held) == _lines(text)
    wanted = [each.strip() for each in _lines(text).split(",") if each.strip()]
    # Some lists drop a value that is said twice.
    return [each.strip() for each in _lines(held).split(",")] in (wanted, list(dict.fromkeys(wanted)))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
