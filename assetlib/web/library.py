"""The library: search, facets, and what was found."""

from dataclasses import dataclass
from functools import cached_property
from string import digits
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from assetlib.catalog.permissions.assets import BULK_EDIT, SHARE, UPLOAD, VIEW_LIBRARY
from assetlib.catalog.permissions.collections import MAKE_COLLECTION
from assetlib.catalog.queries.collections import tree_of
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.current import actor, database, house
from assetlib.policy import open_to
from assetlib.search.library import Facet, Found, find_assets, known_to
from assetlib.search.query import parse
from assetlib.search.request import SORTS
from assetlib.web.collections import flat
from assetlib.web.context import number
from assetlib.web.library_address import LONGEST_QUERY, Address, Asked, offered
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
        filters_url=view.address.of_filters,
        relax=view.relax() if not found.total else None,
        presets=PRESETS,
        download_url="/packages",
        selection_actions=selection_actions(),
        add_to_url="/collections/add" if MAKE_COLLECTION.allows(who) else None,
        all_collections=mine,
    )


@pages.get("/library/filters")
@open_to(VIEW_LIBRARY)
def filters() -> Response:
    """What can be added to a search: a list for "+" of the search field, a form for who has no scripts."""
    asked = Asked.from_request()
    with database().reading() as session:
        known = known_to(session, actor())
    parsed = parse(asked.text, known)
    fields = offered(known, address := Address(asked, parsed.text))
    if request.accept_mimetypes.best == "application/json":
        answer = jsonify(fields)
    else:
        answer = make_response(
            render_template(
                "library/filters.html",
                query=address.text,
                longest=LONGEST_QUERY,
                beside=asked.beside,
                filters=[_typed_in(each) for each in fields],
            )
        )
    answer.vary.add("Accept")
    return answer


def _typed_in(field: dict[str, Any]) -> dict[str, Any]:
    """A field of the form: what its values are called, and how days and numbers are written."""
    example = field["hint"].partition(":")[2]
    return {
        "name": field["name"],
        "label": field["label"],
        "example": example if example[:1] in {"<", ">", *digits} else "",
        "choices": [(value, label) for value, label, _ in field["choices"] or ()],
    }


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
class LibraryView:
    """What was found, as library/_results.html draws it."""

    asked: Asked
    found: Found

    @cached_property
    def address(self) -> Address:
        return Address(self.asked, self.found.text)

    def search(self) -> dict[str, Any]:
        found, page = self.found, self.found.page
        return {
            "url": "/library",
            "text": found.parsed.rest,
            "longest": LONGEST_QUERY,
            "params": [*([("with", kept)] if (kept := found.parsed.kept) else ()), *self.asked.beside],
            "clear_url": self.address.url(q=None),
            "chips": [
                {
                    "field": chip.field,
                    "label": chip.field_label.lower(),
                    "value": chip.label,
                    "negated": chip.negated,
                    "remove_url": self.address.url(q=chip.remove_query),
                    "flip_url": self.address.url(q=chip.flip_query),
                }
                for chip in found.chips
            ],
            "notes": found.notes,
            "total": found.total,
            "facets": [self.facet(each) for each in found.facets if each.values],
            "sort": found.sort,
            "sorts": [(key, SORT_LABELS[key], self.address.url(sort=key)) for key in SORTS],
            "sortable": {
                "title": {
                    "url": self.address.url(sort="name"),
                    "direction": "ascending" if found.sort == "name" else None,
                },
                "uses": {
                    "url": self.address.url(sort="used"),
                    "direction": "descending" if found.sort == "used" else None,
                },
                "approved": {
                    "url": self.address.url(sort="approved"),
                    "direction": "descending" if found.sort == "approved" else None,
                },
            },
            "view": self.asked.view,
            "grid_url": self.address.url(view=None, page=page.number if page.number > 1 else None),
            "list_url": self.address.url(view="list", page=page.number if page.number > 1 else None),
            "pager": {
                "first": page.first,
                "last": page.last,
                "total": page.total,
                "has_next": page.has_next,
                "next_url": self.address.url(page=page.number + 1) if page.has_next else None,
                "previous_url": self.address.url(page=page.number - 1) if page.has_previous else None,
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
                    "url": self.address.asking(self.found.toggled(facet, each)),
                    "colour": SWATCHES.get(each.value) if colours else None,
                }
                for each in facet.values
            ],
        }

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
                "url": self.address.url(q=instead[0].query),
                "finds": number(instead[0].total),
            }
            if instead
            else None,
            "rows": [
                (say("Without {label}", label=each.label), self.address.url(q=each.query), each.total)
                for each in without
            ],
            "hidden": None,
            # How many are hidden is not told: it would tell which words stand in them.
            "actions": [
                (say("Clear the search"), self.address.url(q=None)),
                (say("Missing something? Ask for access"), self.ask_url),
            ],
        }
