"""The address of the library: the search that it carries, and the same search with something changed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import request

from assetlib.search.filters import FILTERS, Known
from assetlib.search.query import toggle
from assetlib.search.request import SORTS, Sort

LONGEST_QUERY = 1_200
"""Some more than is read, so that it can be said that the rest was not. With six letters for each umlaut it
stays below the longest address that the server takes."""


@dataclass(frozen=True)
class Asked:
    """What the address says."""

    text: str
    sort: Sort | None
    view: str
    page: int | None
    size: int | None

    @classmethod
    def from_request(cls) -> "Asked":
        args = request.args
        ours = {"q", "with", "sort", "view", "page", "size"}
        added = [_as_typed(name, args.getlist(name)) for name in args if name not in ours and args[name]]
        text = " ".join([args.get("with", ""), args.get("q", ""), *added]).strip()[:LONGEST_QUERY]
        sort = args.get("sort")
        return cls(
            text=text,
            sort=sort if sort in SORTS else None,
            view="list" if args.get("view") == "list" else "grid",
            page=args.get("page", type=int),
            size=args.get("size", type=int),
        )

    @property
    def beside(self) -> list[tuple[str, str]]:
        """What a form has to carry beside the question."""
        view = self.view if self.view != "grid" else None
        return [(name, value) for name, value in (("sort", self.sort), ("view", view)) if value]


def _as_typed(name: str, values: list[str]) -> str:
    """A field of the form as somebody would type it: `type:photo,video`, `title:"two words"`."""
    said = (each.replace('"', " ").strip() for each in values if each)
    return f"{name}:" + ",".join(f'"{each}"' if " " in each or "," in each else each for each in said)


@dataclass(frozen=True)
class Address:
    """Where a search is found: what was asked, and its text as it was understood."""

    asked: Asked
    text: str

    def url(self, **changes: Any) -> str:
        """This search with something changed; a new question begins at its first page."""
        parts = {**self._parts, **changes}
        kept = {name: value for name, value in parts.items() if value}
        return "/library" + (f"?{urlencode(kept)}" if kept else "")

    def asking(self, query: str) -> str:
        """The same with another question. A page has a hundred of these, so what stays is written once."""
        if not query:
            return self.url(q=None)
        return f"/library?q={quote_plus(query)}{self._beside}"

    @cached_property
    def _beside(self) -> str:
        kept = {name: value for name, value in self._parts.items() if value and name != "q"}
        return f"&{urlencode(kept)}" if kept else ""

    @cached_property
    def _parts(self) -> dict[str, Any]:
        return {
            "q": self.text,
            "sort": self.asked.sort,
            "view": self.asked.view if self.asked.view != "grid" else None,
            "size": self.asked.size,
        }

    @property
    def of_filters(self) -> str:
        """Where it is told what can be added to this search."""
        return "/library/filters" + self.url().removeprefix("/library")


def offered(known: Known, address: Address) -> list[dict[str, Any]]:
    """What can be added: each field, with its values where they are few and known, and where each leads."""
    fields = (each for each in (*FILTERS, *known.of_attributes) if each.name not in ("id", "collection"))
    return [
        {
            "name": each.name,
            "label": each.label,
            "hint": each.hint,
            "choices": [
                (
                    choice.value,
                    choice.label,
                    address.asking(toggle(address.text, known, each.index, choice.value)),
                )
                for choice in (known.types if each.index == "type" else each.choices)
            ]
            or None,
        }
        for each in fields
    ]
