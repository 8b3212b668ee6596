"""One change to many assets: asked for, looked at, done by a job, undone."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assetlib.accounts.queries import names_of
from assetlib.catalog.actions import bulk_edits as actions
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import BulkEdit
from assetlib.catalog.permissions.assets import BULK_EDIT
from assetlib.catalog.queries.attributes import (
    AttributeRow,
    asset_types,
    definition_of,
    in_tree_order,
    schema,
)
from assetlib.catalog.queries.bulk_edits import (
    bulk_edits_page,
    get_bulk_edit,
    ids_of,
    items_of,
    reasons_of,
    schema_for,
    tally_of,
    words_of,
)
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.catalog.rules.bulk_edits import in_words
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.bulk_edit_form import LISTS, form_of
from assetlib.web.bulk_edit_view import RIGHTS, item_view
from assetlib.web.context import moment
from assetlib.web.forms import row_number
from assetlib.web.pages import pager_view
from assetlib.web.selection import chosen_ids
from assetlib.web.tiles import tile_view
from assetlib.words import say

pages = Blueprint("bulk_edits", __name__, url_prefix="/bulk-edits")

STATES = {
    "preview": say("Not done yet"),
    "running": say("Being done"),
    "done": say("Done"),
    "undoing": say("Being undone"),
    "undone": say("Undone"),
}


@pages.get("")
@open_to(BULK_EDIT)
def index() -> str:
    """What was changed together lately."""
    number, size = clamp(request.args.get("page", type=int), 30)
    with database().reading() as session:
        page = bulk_edits_page(session, actor(), number=number, size=size)
        names = names_of(session, [row.person_id for row in page.rows])
        rows = [
            {
                "id": row.id,
                "url": f"/bulk-edits/{row.id}",
                "words": "; ".join(words),
                "who": names.get(row.person_id, ""),
                "when": moment(row.created_at),
                "state": STATES[row.state],
            }
            for row, words in zip(page.rows, words_of(session, actor(), page.rows), strict=True)
        ]
    return render_template("bulk_edits/index.html", rows=rows, pager=pager_view(page))


@pages.post("/new")
@open_to(BULK_EDIT)
def new() -> str | tuple[str, int]:
    """The form for what was ticked. It comes by POST because a selection can be longer than an address.

    With `again`, a bulk edit, the form is filled as it was for that one, with its assets.
    """
    again = request.form.get("again", type=row_number)
    if again is None:
        return _form(MultiDict(), chosen_ids())
    with database().reading() as session:
        row = get_bulk_edit(session, actor(), again)
        return _form(form_of(row.changes), ids_of(session, row))


@pages.post("")
@open_to(BULK_EDIT)
def preview() -> Response | tuple[str, int]:
    """Work out what would become of each asset, and show it."""
    try:
        with database().transaction() as session:
            row = actions.preview_bulk_edit(session, actor(), chosen_ids(), changes_in(request.form))
    except (Invalid, Conflict) as refusal:
        return _form(request.form, chosen_ids(), refusal), status_of(refusal)
    return redirect(f"/bulk-edits/{row.id}", code=303)


@pages.get("/<int:bulk_edit_id>")
@open_to(BULK_EDIT)
def show(bulk_edit_id: int) -> str:
    """The preview, or how far it is, or what came of it."""
    outcome = request.args.get("outcome")
    number, size = clamp(request.args.get("page", type=int), 50)
    with database().reading() as session:
        row = get_bulk_edit(session, actor(), bulk_edit_id)
        tally = tally_of(session, row)
        items = items_of(session, actor(), row, outcome=outcome, number=number, size=size)
        seen = tiles_of(session, actor(), [each.asset_id for each in items.rows])
        tiles = {each.asset.id: tile_view(actor(), each) for each in seen}
        known = schema_for(session, actor())
        return render_template(
            "bulk_edits/page.html",
            edit=row,
            state=STATES[row.state],
            words=in_words(row.changes, known),
            tally=tally,
            reasons=reasons_of(session, row) if tally.refused or tally.kept else [],
            rows=[item_view(each, tiles.get(each.asset_id), known) for each in items.rows],
            pager=pager_view(items),
        )


@pages.post("/<int:bulk_edit_id>/run")
@open_to(BULK_EDIT)
def run(bulk_edit_id: int) -> Response:
    return _started(bulk_edit_id, actions.run_bulk_edit)


@pages.post("/<int:bulk_edit_id>/undo")
@open_to(BULK_EDIT)
def undo(bulk_edit_id: int) -> Response:
    return _started(bulk_edit_id, actions.undo_bulk_edit)


def _started(bulk_edit_id: int, act: Any) -> Response:
    with database().transaction() as session:
        row: BulkEdit = get_bulk_edit(session, actor(), bulk_edit_id)
        act(session, actor(), row)
    return redirect(f"/bulk-edits/{bulk_edit_id}", code=303)


def changes_in(form: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """The form as `rules.bulk_edits` wants it: only the fields where something is to be done."""
    changes: dict[str, dict[str, Any]] = {}
    if form.get("type_key"):
        changes["type_key"] = {"set": form["type_key"]}
    tags = {verb: _listed(form.get(f"tags.{verb}", "")) for verb in ("add", "remove")}
    if any(tags.values()):
        changes["tags"] = {verb: given for verb, given in tags.items() if given}
    left: dict[str, str] = {}
    for name in form:
        if not name.startswith("op."):
            continue
        field = name.removeprefix("op.")
        values = [each for each in form.getlist(field) if each]
        if form[name]:
            changes[field] = _change_of(field, form[name], values)
        elif values:
            left[field] = say("This is filled in, but left as it is. Choose what to do with it, or empty it.")
    if left:
        raise WrongValue(say("Nothing was changed: a field is filled in, but left as it is."), fields=left)
    collection = form.get("collection", type=row_number)
    if collection is not None:
        changes["collections"] = {"add": [collection]}
    if not changes:
        raise WrongValue(say("Nothing is to be changed yet. Choose at least one field."))
    return changes


def _change_of(field: str, verb: str, values: list[str]) -> dict[str, Any]:
    if field.startswith("right."):
        return {"set": _right_value(field.removeprefix("right."), [] if verb == "clear" else values)}
    if verb == "clear":
        return {"clear": True}
    if verb in ("add", "remove"):
        return {verb: values}
    return {"set": values if len(values) != 1 else values[0]}


def _right_value(name: str, values: list[str]) -> Any:
    """A field of a right in its form; without a value, an empty one."""
    typed = values[0] if values else ""
    if name == "ask_first":
        return {"true": True, "false": False}.get(typed)
    return _listed(typed) if name in LISTS else typed


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _form(typed: MultiDict[str, str], ids: list[int], problem: Refusal | None = None) -> str:
    with database().reading() as session:
        rows, types = _attributes(session), asset_types(session)
        open_ones = schema_for(session, actor()).collections.items()
        collections = sorted(
            ((str(number), name) for number, name in open_ones), key=lambda each: each[1].lower()
        )
    return render_template(
        "bulk_edits/new.html",
        ids=ids,
        attributes=rows,
        rights=[(name, label, kind) for name, (label, kind) in RIGHTS.items()],
        types=[(each.key, each.label) for each in types],
        collections=collections,
        typed=typed,
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
    )


def _attributes(session: Session) -> list[AttributeRow]:
    return [
        AttributeRow(
            key=row.key,
            label=row.label,
            kind=row.kind,
            hint=row.hint,
            multiple=row.multiple,
            required=row.required,
            value=None,
            shown="",
            choices=in_tree_order(definition_of(row)),
        )
        for row in schema(session)
    ]
