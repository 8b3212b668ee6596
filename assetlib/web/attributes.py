"""The page where librarians shape the attributes."""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.catalog.actions import attributes as actions
from assetlib.catalog.models import Attribute
from assetlib.catalog.models.attribute import KINDS
from assetlib.catalog.permissions.assets import SHAPE_SCHEMA
from assetlib.catalog.queries.attributes import (
    asset_types,
    definition_of,
    get_attribute,
    in_tree_order,
    schema,
)
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.media.metadata_keys import METADATA_KEYS
from assetlib.policy import open_to
from assetlib.search.filters import BUILT_IN_NAMES
from assetlib.web.changing import Changing, made
from assetlib.web.forms import revision_seen
from assetlib.words import say

pages = Blueprint("attributes", __name__, url_prefix="/attributes")

KIND_LABELS = {
    "text": say("Text"),
    "number": say("Number"),
    "date": say("Date"),
    "choice": say("One of a list"),
    "tree": say("One of a tree"),
    "people": say("People"),
    "boolean": say("Yes or no"),
}


INSIDE = [(key, key.replace("_", " ").capitalize()) for key in sorted(METADATA_KEYS)]
"""What may be found inside a file, as choices."""


@pages.get("")
@open_to(SHAPE_SCHEMA)
def index() -> str:
    return _index()


@pages.post("")
@open_to(SHAPE_SCHEMA)
def add() -> Response | tuple[str, int]:
    form = request.form
    return made(
        lambda session: actions.add_attribute(
            session,
            actor(),
            key=form.get("key", ""),
            label=form.get("label", ""),
            kind=form.get("kind", ""),
            hint=form.get("hint", ""),
            multiple="multiple" in form,
            facet="facet" in form,
            required="required" in form,
            types=form.getlist("types"),
            embedded_as=form.get("embedded_as", ""),
            reserved=BUILT_IN_NAMES,
        ),
        said=lambda row: say("{label} is there.", label=row.label),
        to=lambda row: f"/attributes/{row.key}",
        refused=_index,
    )


@pages.get("/<key>")
@open_to(SHAPE_SCHEMA)
def show(key: str) -> str:
    return _page(key)


@pages.post("/<key>")
@open_to(SHAPE_SCHEMA)
def change(key: str) -> Response | tuple[str, int]:
    form = request.form
    return _changed(
        key,
        partial(
            actions.change_attribute,
            revision=revision_seen(),
            label=form.get("label", ""),
            hint=form.get("hint", ""),
            facet="facet" in form,
            required="required" in form,
            types=form.getlist("types"),
            embedded_as=form.get("embedded_as"),
        ),
        say("Saved."),
    )


@pages.post("/<key>/remove")
@open_to(SHAPE_SCHEMA)
def remove(key: str) -> Response | tuple[str, int]:
    return _changed(key, actions.remove_attribute, say("The attribute is gone."), to="/attributes")


@pages.post("/<key>/choices")
@open_to(SHAPE_SCHEMA)
def add_choice(key: str) -> Response | tuple[str, int]:
    form = request.form
    return _changed(
        key,
        partial(actions.add_choice, label=form.get("label", ""), parent=form.get("parent") or None),
        say("Added."),
    )


@pages.post("/<key>/choices/<choice_key>")
@open_to(SHAPE_SCHEMA)
def change_choice(key: str, choice_key: str) -> Response | tuple[str, int]:
    """A new name, and in a tree a new place."""

    def act(session: Session, actor: Actor, row: Attribute) -> None:
        actions.rename_choice(session, actor, row, choice_key, label=request.form.get("label", ""))
        if row.kind == "tree" and "parent" in request.form:
            actions.move_choice(session, actor, row, choice_key, parent=request.form["parent"] or None)

    return _changed(key, act, say("Saved."))


@pages.post("/<key>/choices/<choice_key>/remove")
@open_to(SHAPE_SCHEMA)
def remove_choice(key: str, choice_key: str) -> Response | tuple[str, int]:
    return _changed(key, partial(actions.remove_choice, key=choice_key), say("The value is gone."))


def _index(problem: Refusal | None = None) -> str:
    with database().reading() as session:
        rows, types = schema(session), asset_types(session)
    return render_template(
        "attributes/index.html",
        rows=[_row(row) for row in rows],
        kinds=[(kind, KIND_LABELS[kind]) for kind in KINDS],
        types=[(each.key, each.label) for each in types],
        inside=INSIDE,
        problem=problem,
        typed=request.form if problem is not None else {},
    )


def _page(key: str, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        row, types = get_attribute(session, key), asset_types(session)
    # Three forms stand on the page, and what was typed goes back into the one that it came from.
    sent = (request.endpoint or "").rpartition(".")[2] if problem is not None else ""
    return render_template(
        "attributes/page.html",
        attribute=row,
        kind=KIND_LABELS[row.kind],
        choices=_choices(row),
        types=[(each.key, each.label) for each in types],
        inside=INSIDE,
        problem=problem,
        typed=request.form if sent == "change" else {},
        typed_value=request.form if sent == "add_choice" else {},
        typed_choice=request.form if sent == "change_choice" else {},
        reopened=(request.view_args or {}).get("choice_key") if sent == "change_choice" else None,
    )


_changed = Changing(get_attribute, "/attributes/{}", lambda key, problem, _: _page(key, problem))


def _choices(row: Attribute) -> list[dict[str, Any]]:
    definition = definition_of(row)
    return [
        {"key": key, "label": label, "depth": depth, "parent": definition.by_key[key].parent or ""}
        for key, label, depth in in_tree_order(definition)
    ]


def _row(row: Attribute) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "url": f"/attributes/{row.key}",
        "kind": say("{kind}, several", kind=KIND_LABELS[row.kind]) if row.multiple else KIND_LABELS[row.kind],
        "choices": len(row.choices) if row.kind in ("choice", "tree") else None,
        "facet": row.facet,
        "required": row.required,
    }
