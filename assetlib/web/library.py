"""The library: search, facets, and what was found."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import Blueprint, render_template, request

from assetlib.catalog.permissions.assets import BULK_EDIT, SHARE, UPLOAD, VIEW_LIBRARY
from assetlib.catalog.permissions.collections import MAKE_COLLECTION
from assetlib.catalog.queries.collections import tree_of
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.current import actor, database, house
from assetlib.policy import open_to
from assetlib.search.filters import FILTERS, Choice, FilterField, Known
from assetlib.search.library import Facet, Found, find_assets
from assetlib.search.query import toggle
from assetlib.search.request import SORTS, Sort
from assetlib.web.collections import flat
from assetlib.web.context import number
from assetlib.web.tiles import PRESETS, tile_view
from assetlib.words import say

pages = Blueprint("library", __name__)

SORT_LABELS: dict[str, str] = {
    "relevance": say("Best match"),
    "newest": say("Newest"),
    "approved": say("Newest approval"),
    "used": say("Most used"),
    "name": say("Name"),
    "expiry": say("Ending soonest"),
    "updated": say("Changed last"),
}
SWATCHES = {
    "red": "#c92a2a", "orange": "#c2410c", "yellow": "#e8b931", "green": "#2f6b3a", "teal": "#1f7a7a",
    "blue": "#2b5f9e", "purple": "#6b4aa0", "pink": "#d6649a", "brown": "#7a4f2a", "black": "#22242a",
    "grey": "#8a8f92", "white": "#f4f2ec", "beige": "#dccfb4",
}  # fmt: skip
LONGEST_QUERY = 1_200
"""Some more than is read, so that it can be said that the rest was not. With six letters for each umlaut it
stays below the longest address that the server takes."""


@pages.get("/library")
@open_to(VIEW_LIBRARY)
def index() -> str:
    """One page of what the person may see and asks for."""
    who, asked = actor(), Asked.from_request()
    with database().reading() as session:
        found = find_assets(
            session,
            house().index,
            who,
            asked.text,
            sort=asked.sort,
            page=asked.page,
            size=asked.size,
        )
        tiles = tiles_of(session, who, found.ids)
        mine = flat(tree_of(session, who, counted=False)) if MAKE_COLLECTION.allows(who) else []
    why = {hit.id: hit.why for hit in found.page.rows}
    labels = {f"attr.{each.key}": each.label.lower() for each in found.known.attributes}
    view = LibraryView(asked, found)
    return render_template(
        "library/_results.html" if request.headers.get("HX-Request") == "true" else "library/page.html",
        search={
            **view.search(),
            "ask_url": view.ask_url,
            "tiles": [tile_view(who, tile, why.get(tile.asset.id, ()), labels) for tile in tiles],
        },
        filters=view.filters(),
        relax=view.relax() if not found.total else None,
        presets=PRESETS,
        download_url="/packages",
        selection_actions=selection_actions(),
        add_to_url="/collections/add" if MAKE_COLLECTION.allows(who) else None,
        all_collections=mine,
    )


def selection_actions() -> list[dict[str, Any]]:
    """What can be done with what is ticked, beside downloading it."""
    rows = []
    if MAKE_COLLECTION.allows(actor()):
        rows.append(
            {"label": say("Add to collection"), "icon": "folder-plus", "url": "add-to", "method": "dialog"}
        )
    if SHARE.allows(actor()):
        rows.append({"label": say("Share"), "icon": "link", "url": "/shares/new", "method": "post"})
    if BULK_EDIT.allows(actor()):
        rows.append({"label": say("Edit"), "icon": "pencil", "url": "/bulk-edits/new", "method": "post"})
    return rows


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


def _as_typed(name: str, values: list[str]) -> str:
    """A field of the form as somebody would type it: `type:photo,video`, `title:"two words"`."""
    said = (each.replace('"', " ").strip() for each in values if each)
    return f"{name}:" + ",".join(f'"{each}"' if " " in each or "," in each else each for each in said)


@dataclass(frozen=True)
class LibraryView:
    """What was found, as library/_results.html draws it."""

    asked: Asked
    found: Found

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
            "q": self.found.text,
            "sort": self.asked.sort,
            "view": self.asked.view if self.asked.view != "grid" else None,
            "size": self.asked.size,
        }

    def search(self) -> dict[str, Any]:
        found, page = self.found, self.found.page
        beside = {"with": found.parsed.kept, "sort": self.asked.sort, "view": self.asked.view}
        return {
            "url": "/library",
            "text": found.parsed.rest,
            "longest": LONGEST_QUERY,
            "params": [(name, value) for name, value in beside.items() if value and value != "grid"],
            "clear_url": self.url(q=None),
            "chips": [
                {
                    "field": chip.field,
                    "label": chip.field_label.lower(),
                    "value": chip.label,
                    "negated": chip.negated,
                    "remove_url": self.url(q=chip.remove_query),
                    "flip_url": self.url(q=chip.flip_query),
                }
                for chip in found.chips
            ],
            "notes": found.notes,
            "total": found.total,
            "facets": [self.facet(each) for each in found.facets if each.values],
            "sort": found.sort,
            "sorts": [(key, SORT_LABELS[key], self.url(sort=key)) for key in SORTS],
            "sortable": {
                "title": {
                    "url": self.url(sort="name"),
                    "direction": "ascending" if found.sort == "name" else None,
                },
                "uses": {
                    "url": self.url(sort="used"),
                    "direction": "descending" if found.sort == "used" else None,
                },
                "approved": {
                    "url": self.url(sort="approved"),
                    "direction": "descending" if found.sort == "approved" else None,
                },
            },
            "view": self.asked.view,
            "grid_url": self.url(view=None, page=page.number if page.number > 1 else None),
            "list_url": self.url(view="list", page=page.number if page.number > 1 else None),
            "pager": {
                "first": page.first,
                "last": page.last,
                "total": page.total,
                "has_next": page.has_next,
                "next_url": self.url(page=page.number + 1) if page.has_next else None,
                "previous_url": self.url(page=page.number - 1) if page.has_previous else None,
            },
        }

    def facet(self, facet: Facet) -> dict[str, Any]:
        colours = facet.name == "colour"
        return {
            "name": facet.name,
            "label": facet.label,
            "kind": "colour" if colours else "check",
            "rows": [
                {
                    "value": each.value,
                    "label": each.label.capitalize() if colours else each.label,
                    "count": each.count,
                    "selected": each.selected,
                    "url": self.asking(self.found.toggled(facet, each)),
                    "colour": SWATCHES.get(each.value) if colours else None,
                }
                for each in facet.values
            ],
        }

    def filters(self) -> list[dict[str, Any]]:
        """What "+" offers: each field, with its values where they are few and known."""
        known = self.found.known
        fields = [*FILTERS, *known.of_attributes]
        return [
            {
                "name": each.name,
                "label": each.label,
                "param": each.name,
                "kind": "choice" if choices else "text",
                "hint": each.hint,
                "choices": [
                    (
                        choice.value,
                        choice.label,
                        self.asking(toggle(self.found.text, known, each.index, choice.value)),
                    )
                    for choice in choices
                ]
                or None,
            }
            for each, choices in ((field, _choices(field, known)) for field in fields)
            if each.name not in ("id", "collection")
        ]

    @property
    def ask_url(self) -> str:
        """Where to ask for what this search does not show."""
        return "/requests/new" + (f"?{urlencode({'q': self.found.text})}" if self.found.text else "")

    def relax(self) -> dict[str, Any]:
        """What helps somebody who found nothing."""
        if not self.found.text:
            actions = [(say("Upload"), "/uploads")] if UPLOAD.allows(actor()) else []
            return {"first_use": True, "actions": actions, "title": None, "text": None}
        instead = [each for each in self.found.relaxed if each.kind == "instead"]
        without = [each for each in self.found.relaxed if each.kind == "without"]
        return {
            "first_use": False,
            "text": None,
            "suggestion": {
                "word": instead[0].label,
                "url": self.url(q=instead[0].query),
                "finds": number(instead[0].total),
            }
            if instead
            else None,
            "rows": [
                (say("Without {label}", label=each.label), self.url(q=each.query), each.total)
                for each in without
            ],
            "hidden": None,
            # How many are hidden is not told: it would tell which words stand in them.
            "actions": [
                (say("Clear the search"), self.url(q=None)),
                (say("Missing something? Ask for access"), self.ask_url),
            ],
        }


def _choices(field: FilterField, known: Known) -> tuple[Choice, ...]:
    return known.types if field.index == "type" else field.choices
