"""A page as a browser would take it apart: what it says, what it is built of, and its forms."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_RUNS = frozenset(
    {
        "script",
        "iframe",
        "object",
        "embed",
        "frame",
        "applet",
        "base",
        "style",
        "foreignobject",
        "animate",
        "set",
    }
)
_PLAYS = frozenset({"img", "video", "audio", "source"})
_LEADS = frozenset({"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcdoc"})
_TYPED = frozenset(
    {"text", "search", "email", "password", "url", "tel", "number", "date", "datetime-local", ""}
)


@dataclass
class Form:
    """A form: where it goes, and its fields by name with the values they hold."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    """Names of the fields that people type into."""


@dataclass
class Page:
    """What was found."""

    texts: list[str] = field(default_factory=list)
    """Texts between tags, decoded; neighbours of one element joined."""
    values: list[str] = field(default_factory=list)
    """Values of attributes, decoded."""
    built_of: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(tag, attribute), and (tag, "") for each tag."""
    dangers: list[str] = field(default_factory=list)
    """What would run: handlers, addresses that are programs."""
    shown: list[str] = field(default_factory=list)
    """Addresses of pictures, films and sounds."""
    metas: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def shows(self, text: str) -> bool:
        """Whether the text stands in the page, whole, but for how much white space lies in it."""
        wanted = " ".join(text.split())
        if not wanted:
            return True
        return any(wanted in " ".join(each.split()) for each in (*self.texts, *self.values))

    def strange_to(self, *plain: "Page") -> list[str]:
        """What this page is built of and none of these is: tags, attributes, or more of what runs."""
        known = set().union(*(each.built_of for each in plain))
        found = [
            f"<{tag} {name}>".replace(" >", ">") for tag, name in self.built_of if (tag, name) not in known
        ]
        for tag in _RUNS:
            most = max(each.built_of[tag, ""] for each in plain)
            if self.built_of[tag, ""] > most:
                found.append(f"one more <{tag}>")
        return [*found, *self.dangers]


def read_page(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    """Fills a `Page`. Elements are followed only as far as forms and texts need it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[str] = []
        self._form: Form | None = None
        self._area: list[str] | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, said = self.page, {name: value or "" for name, value in attrs}
        page.built_of[tag, ""] += 1
        for name, value in said.items():
            page.built_of[tag, name] += 1
            page.values.append(value)
            if tag in _PLAYS and name in ("src", "poster"):
                page.shown.append(value)
            if name.startswith("on"):
                page.dangers.append(f"<{tag} {name}>")
            if name in _LEADS and _is_program(value):
                page.dangers.append(f"<{tag} {name}={value[:40]!r}>")
        page.texts.append("")
        if tag == "meta":
            page.metas[said.get("name", "")] = said.get("content", "")
        self._learn_field(tag, said)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.page.texts.append("")
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            name = self._form.typed[-1]
            # A line feed right behind the tag belongs to the tag, browsers say.
            self._form.fields.append((name, "".join(self._area).removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if not self.page.texts:
            self.page.texts.append("")
        self.page.texts[-1] += data
        if self._area is not None:
            self._area.append(data)

    def _learn_field(self, tag: str, said: dict[str, str]) -> None:
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.page.forms.append(self._form)
            return
        if self._form is None:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            kind = said.get("type", "").lower()
            if kind in _TYPED:
                self._form.typed.append(name)
            if kind not in ("checkbox", "radio", "file", "submit", "button") or "checked" in said:
                self._form.fields.append((name, said.get("value", "")))
        elif tag == "textarea" and name:
            self._form.typed.append(name)
            self._area = []
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self._form.fields.append((self._select, said.get("value", "")))


def _is_program(value: str) -> bool:
    # Browsers skip white space and control characters before and inside the scheme.
    squeezed = "".join(character for character in value if character > " ").lower()
    return squeezed.startswith(("javascript:", "vbscript:", "data:text", "data:image/svg"))
