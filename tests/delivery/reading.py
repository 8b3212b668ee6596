"""An answer read as a page: its forms and what stands in them, its links, its sentences."""

from dataclasses import dataclass
from typing import Any

from lxml import html
from werkzeug.test import TestResponse


@dataclass
class Page:
    tree: Any
    text: str
    """All that a person reads, white space made one blank."""

    @property
    def links(self) -> set[str]:
        """Addresses of our own that the page leads to."""
        found = {str(each) for each in self.tree.xpath("//a/@href")}
        return {each for each in found if each.startswith("/")}

    @property
    def forms(self) -> list[Any]:
        return list(self.tree.xpath("//form"))

    def ids(self) -> list[str]:
        return [str(each) for each in self.tree.xpath("//@id")]

    def typed(self, action: str = "") -> dict[str, list[str]]:
        """Name → what stands in the controls, of the forms that go to `action` (all of them when empty)."""
        values: dict[str, list[str]] = {}
        for form in self.forms:
            if action and form.get("action") != action:
                continue
            for control in form.xpath(".//input | .//textarea | .//select"):
                name = control.get("name")
                for value in _standing_in(control) if name else ():
                    values.setdefault(str(name), []).append(value)
        return values

    def notices(self) -> str:
        """What the page says first: refusals and news."""
        found = self.tree.xpath("//*[@role='alert' or @role='status'] | //*[@class='field__error']")
        return " ".join(_words(each) for each in found)


def _standing_in(control: Any) -> list[str]:
    if control.tag == "textarea":
        # A browser drops the line break that follows the tag.
        return [str(control.text or "").removeprefix("\n")]
    if control.tag == "select":
        return [str(each) for each in control.xpath(".//option[@selected]/@value")]
    if control.get("type") in ("checkbox", "radio"):
        return [str(control.get("value"))] if control.get("checked") is not None else []
    return [str(control.get("value") or "")]


def _words(node: Any) -> str:
    return " ".join(str(node.text_content()).split())


def read_page(answer: TestResponse) -> Page:
    assert answer.mimetype == "text/html", answer.status
    tree = html.document_fromstring(answer.get_data(as_text=True))
    return Page(tree, _words(tree.find("body")))
