"""Collections: the tree, one collection, and what people do there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts.queries import get_organisation, organisations
from assetlib.accounts.queries.directory import get_group, names_of_groups
from assetlib.catalog.actions import collections as actions
from assetlib.catalog.actions import opening
from assetlib.catalog.models import Collection
from assetlib.catalog.permissions.assets import SHARE, VIEW_LIBRARY
from assetlib.catalog.permissions.collections import EDIT_COLLECTION, GRANT_COLLECTION, MAKE_COLLECTION
from assetlib.catalog.queries.collections import (
    Node,
    breadcrumbs,
    covers_of,
    get_collection,
    is_opened,
    members_of,
    tree_of,
)
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import Said, carried_out
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import pager_view
from assetlib.web.selection import chosen_ids
from assetlib.web.tiles import PRESETS, TileView, tile_view
from assetlib.words import say, say_n

pages = Blueprint("collections", __name__, url_prefix="/collections")


@pages.get("")
@open_to(VIEW_LIBRARY)
def index() -> str:
    return _index()


@pages.post("")
@open_to(MAKE_COLLECTION)
def make() -> Response | tuple[str, int]:
    """A new collection; with `asset` fields, what was selected goes into it at once."""
    form = request.form
    try:
        with database().transaction() as session:
            parent = _parent(session)
            made = actions.make_collection(
                session,
                actor(),
                name=form.get("name", ""),
                description=form.get("description", ""),
                audience=form.get("audience", "private"),
                parent=parent,
            )
            ids = chosen_ids()
            if ids:
                actions.add_assets(session, actor(), made, ids)
    except (Invalid, Conflict) as refusal:
        return _index(problem=refusal), status_of(refusal)
    flash(say("{name} is there.", name=made.name), "ok")
    return redirect(f"/collections/{made.id}", code=303)


@pages.post("/add")
@open_to(MAKE_COLLECTION)
def collect() -> Response | tuple[str, int]:
    """Put what was ticked into a collection, or into a new one of the name that was typed."""
    name, ids = request.form.get("new_name", ""), chosen_ids()
    try:
        with database().transaction() as session:
            known = request.form.get("collection", type=row_number)
            if known:
                collection = get_collection(session, actor(), known)
            else:
                collection = actions.make_collection(session, actor(), name=name)
            count = actions.add_assets(session, actor(), collection, ids)
    except (Invalid, Conflict) as refusal:
        return _index(problem=refusal), status_of(refusal)
    flash(say_n("{count} added to {name}.", "{count} added to {name}.", count, name=collection.name), "ok")
    return redirect(f"/collections/{collection.id}", code=303)


@pages.get("/<int:collection_id>")
@open_to(VIEW_LIBRARY)
def show(collection_id: int) -> str:
    return _page(collection_id)


@pages.post("/<int:collection_id>")
@open_to(VIEW_LIBRARY)
def describe(collection_id: int) -> Response | tuple[str, int]:
    """Name, what it is for, who sees it, and where it lies."""
    form = request.form

    def change(session: Session, collection: Collection) -> None:
        actions.describe_collection(
            session,
            actor(),
            collection,
            revision=revision_seen(),
            name=form.get("name", ""),
            description=form.get("description", ""),
            audience=form.get("audience", "private"),
        )
        if "parent" in form:
            parent = _parent(session)
            if (parent.id if parent else None) != collection.parent_id:
                actions.move_collection(session, actor(), collection, parent)

    return _changed(collection_id, change, say("Saved."))


@pages.post("/<int:collection_id>/add")
@open_to(VIEW_LIBRARY)
def add(collection_id: int) -> Response | tuple[str, int]:
    counted: list[int] = []

    def change(session: Session, collection: Collection) -> None:
        counted.append(actions.add_assets(session, actor(), collection, chosen_ids()))

    return _changed(collection_id, change, lambda: say_n("{count} added.", "{count} added.", counted[0]))


@pages.post("/<int:collection_id>/remove")
@open_to(VIEW_LIBRARY)
def remove(collection_id: int) -> Response | tuple[str, int]:
    counted: list[int] = []

    def change(session: Session, collection: Collection) -> None:
        counted.append(actions.remove_assets(session, actor(), collection, chosen_ids()))

    return _changed(
        collection_id,
        change,
        lambda: say_n(
            "{count} taken out. It stays in the library.",
            "{count} taken out. They stay in the library.",
            counted[0],
        ),
    )


@pages.post("/<int:collection_id>/first")
@open_to(VIEW_LIBRARY)
def first(collection_id: int) -> Response | tuple[str, int]:
    """Put what was selected at the beginning."""

    def change(session: Session, collection: Collection) -> None:
        actions.reorder_assets(session, actor(), collection, chosen_ids())

    return _changed(collection_id, change, say("They stand first now."))


@pages.post("/<int:collection_id>/delete")
@open_to(VIEW_LIBRARY)
def delete(collection_id: int) -> Response | tuple[str, int]:
    def change(session: Session, collection: Collection) -> None:
        actions.delete_collection(session, actor(), collection)

    return _changed(
        collection_id,
        change,
        say("The collection is gone. Its assets stay in the library."),
        to="/collections",
    )


@pages.post("/<int:collection_id>/grants")
@open_to(VIEW_LIBRARY)
def grant(collection_id: int) -> Response | tuple[str, int]:
    """Open it to an agency or partner, or to a group."""

    def change(session: Session, collection: Collection) -> None:
        form = request.form
        if "group" in form:
            group = get_group(session, form.get("group", 0, type=row_number))
            opening.grant_collection_to_group(session, actor(), collection, group)
            return
        organisation = get_organisation(session, form.get("organisation", 0, type=row_number))
        opening.grant_collection(session, actor(), collection, organisation)

    return _changed(collection_id, change, say("They can see it from now on."))


@pages.post("/<int:collection_id>/grants/<int:organisation_id>/end")
@open_to(VIEW_LIBRARY)
def ungrant(collection_id: int, organisation_id: int) -> Response | tuple[str, int]:
    def change(session: Session, collection: Collection) -> None:
        opening.ungrant_collection(session, actor(), collection, get_organisation(session, organisation_id))

    return _changed(collection_id, change, say("Closed to them, from this moment on."))


@pages.post("/<int:collection_id>/group-grants/<int:group_id>/end")
@open_to(VIEW_LIBRARY)
def ungrant_group(collection_id: int, group_id: int) -> Response | tuple[str, int]:
    def change(session: Session, collection: Collection) -> None:
        opening.ungrant_collection_to_group(session, actor(), collection, get_group(session, group_id))

    return _changed(collection_id, change, say("Closed to them, from this moment on."))


def _changed(
    collection_id: int,
    change: Callable[[Session, Collection], None],
    done: Said | Callable[[], Said],
    *,
    to: str | None = None,
) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: change(session, get_collection(session, actor(), collection_id)),
        said=done,
        to=to or f"/collections/{collection_id}",
        refused=lambda refusal: _page(collection_id, problem=refusal),
    )


def _parent(session: Session) -> Collection | None:
    parent_id = request.form.get("parent", type=row_number)
    return get_collection(session, actor(), parent_id) if parent_id else None


def _index(problem: Refusal | None = None) -> str:
    with database().reading() as session:
        nodes = tree_of(session, actor())
        covers = covers_of(session, actor(), [node.id for node in nodes])
        shown = tiles_of(session, actor(), [each for ids in covers.values() for each in ids])
    tiles = {tile.asset.id: tile_view(actor(), tile) for tile in shown}
    return render_template(
        "collections/index.html",
        nodes=[node_view(node) | {"pictures": _pictures(covers.get(node.id, []), tiles)} for node in nodes],
        parents=flat(nodes),
        may_make=MAKE_COLLECTION.allows(actor()),
        problem=problem,
        typed=request.form if problem is not None else {},
    )


def _pictures(asset_ids: list[int], tiles: dict[int, TileView]) -> list[dict[str, Any]]:
    found = [tiles[each] for each in asset_ids if each in tiles]
    return [{"url": each.thumb_url, "colour": each.colour} for each in found if each.thumb_url]


def _page(collection_id: int, *, problem: Refusal | None = None) -> str:
    who = actor()
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    with database().reading() as session:
        collection = get_collection(session, who, collection_id)
        crumbs = breadcrumbs(session, who, collection)
        page = members_of(session, who, collection, number=number, size=size)
        tiles = [tile_view(who, tile) for tile in tiles_of(session, who, page.rows)]
        nodes = tree_of(session, who)
        opened = collection.audience == "organisation" and is_opened(session, collection)
        may_grant = GRANT_COLLECTION.allows(who, collection)
        others = [each for each in organisations(session) if each.kind != "own"] if may_grant else []
        groups = names_of_groups(session) if may_grant else {}
        granted_groups = {each.group_id for each in collection.group_grants} if may_grant else set()
    granted = {each.organisation_id for each in collection.grants}
    here = _node(nodes, collection.id)
    named = collection.name.replace('"', " ")
    return render_template(
        "collections/page.html",
        collection=collection,
        inside={
            "count": here.count if here else page.total,
            "url": "/library?" + urlencode({"q": f'~"{named}"'}),
            "nodes": [node_view(each) for each in here.children] if here else [],
        },
        crumbs=[(each.name, f"/collections/{each.id}") for each in crumbs[:-1]],
        nodes=[node_view(node, collection.id, {each.id for each in crumbs}) for node in nodes],
        parents=flat(nodes),
        tiles=tiles,
        total=page.total,
        pager=pager_view(page),
        presets=PRESETS,
        may_edit=EDIT_COLLECTION.allows(who, collection),
        may_share=SHARE.allows(who),
        may_grant=may_grant,
        opened=opened,
        granted=[each for each in others if each.id in granted],
        grantable=[(each.id, each.name) for each in others if each.id not in granted],
        granted_groups=[
            {"id": each, "name": name} for each, name in groups.items() if each in granted_groups
        ],
        grantable_groups=[each for each in groups.items() if each[0] not in granted_groups],
        problem=problem,
        typed=request.form if problem is not None else {},
    )


def _node(nodes: list[Node], collection_id: int) -> Node | None:
    """That collection, wherever it lies in the tree."""
    for node in nodes:
        found = node if node.id == collection_id else _node(node.children, collection_id)
        if found is not None:
            return found
    return None


def node_view(node: Node, current: int | None = None, way: set[int] | None = None) -> dict[str, Any]:
    """What components/tree.html draws; branches on the way to the current one stand open."""
    return {
        "name": node.name,
        "url": f"/collections/{node.id}",
        "count": node.count,
        "current": node.id == current,
        "open": way is None or node.id in way,
        "children": [node_view(child, current, way) for child in node.children],
    }


def flat(nodes: list[Node], depth: int = 0) -> list[tuple[int, str]]:
    """The tree as choices of a select, indented."""
    rows = []
    for node in nodes:
        rows.append((node.id, "\u2003" * depth + node.name))
        rows += flat(node.children, depth + 1)
    return rows
