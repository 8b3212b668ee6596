"""One change to many assets: asked for, looked at, done by a job, undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
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
    items_of,
    reasons_of,
    schema_for,
    tally_of,
    words_of,
)
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.context import moment
from assetlib.web.forms import row_number
from assetlib.web.pages import pager_view
from assetlib.web.selection import chosen_ids

pages = Blueprint("bulk_edits", __name__, url_prefix="/bulk-edits")

RIGHTS = {
    "starts_on": ("First day of use", "date"),
    "ends_on": ("Last day of use", "date"),
    "territories": ("Countries", "text"),
    "channels": ("Channels", "text"),
    "holder": ("Holder", "text"),
    "licence": ("Licence", "text"),
    "credit_line": ("Credit line", "text"),
    "ask_first": ("Ask before each use", "boolean"),
    "terms": ("Terms", "text"),
}
LISTS = ("territories", "channels")
STATES = {
    "preview": "Not done yet",
    "running": "Being done",
    "done": "Done",
    "undoing": "Being undone",
    "undone": "Undone",
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
    """The form for what was ticked. It comes by POST because a selection can be longer than an address."""
    return _form(MultiDict())


@pages.post("")
@open_to(BULK_EDIT)
def preview() -> Response | tuple[str, int]:
    """Work out what would become of each asset, and show it."""
    try:
        with database().transaction() as session:
            row = actions.preview_bulk_edit(session, actor(), chosen_ids(), changes_in(request.form))
    except (Invalid, Conflict) as refusal:
        return _form(request.form, refusal), status_of(refusal)
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
        items = items_of(session, row, outcome=outcome, number=number, size=size)
        labels = FIELD_LABELS | {f"attr.{each.key}": each.label for each in schema(session)}
        return render_template(
            "bulk_edits/page.html",
            edit=row,
            state=STATES[row.state],
            words=words_of(session, actor(), [row])[0],
            tally=tally,
            reasons=reasons_of(session, row),
            rows=[_item(each, labels) for each in items.rows],
            pager=pager_view(items),
        )


@pages.post("/<int:bulk_edit_id>/run")
@open_to(BULK_EDIT)
def run(bulk_edit_id: int) -> Response:
    return _started(bulk_edit_id, actions.run_bulk_edit, "It is being done. This page follows.")


@pages.post("/<int:bulk_edit_id>/undo")
@open_to(BULK_EDIT)
def undo(bulk_edit_id: int) -> Response:
    return _started(bulk_edit_id, actions.undo_bulk_edit, "It is being undone. This page follows.")


def _started(bulk_edit_id: int, act: Any, done: str) -> Response:
    with database().transaction() as session:
        row: BulkEdit = get_bulk_edit(session, actor(), bulk_edit_id)
        act(session, actor(), row)
    flash(done, "ok")
    return redirect(f"/bulk-edits/{bulk_edit_id}", code=303)


def changes_in(form: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """The form as `rules.bulk_edits` wants it: only the fields where something is to be done."""
    changes: dict[str, dict[str, Any]] = {}
    if form.get("type_key"):
        changes["type_key"] = {"set": form["type_key"]}
    tags = {verb: _listed(form.get(f"tags.{verb}", "")) for verb in ("add", "remove")}
    if any(tags.values()):
        changes["tags"] = {verb: given for verb, given in tags.items() if given}
    for name in form:
        if name.startswith("op.") and form[name]:
            field = name.removeprefix("op.")
            changes[field] = _change_of(field, form[name], [each for each in form.getlist(field) if each])
    collection = form.get("collection", type=row_number)
    if collection is not None:
        changes["collections"] = {"add": [collection]}
    if not changes:
        raise WrongValue("Nothing is to be changed yet. Choose at least one field.")
    return changes


def _change_of(field: str, verb: str, values: list[str]) -> dict[str, Any]:
    if verb == "clear":
        return {"clear": True}
    if field.startswith("right."):
        name = field.removeprefix("right.")
        if name == "ask_first":
            return {"set": values[:1] == ["true"]}
        return {
            "set": _listed(values[0] if values else "") if name in LISTS else (values[0] if values else "")
        }
    if verb in ("add", "remove"):
        return {verb: values}
    return {"set": values if len(values) != 1 else values[0]}


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _form(typed: MultiDict[str, str], problem: Refusal | None = None) -> str:
    ids = chosen_ids()
    with database().reading() as session:
        rows, types = _attributes(session), asset_types(session)
        collections = sorted(
            schema_for(session, actor()).collections.items(), key=lambda each: each[1].lower()
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


FIELD_LABELS = {"type_key": "Type", "tags": "Tags", "right": "Rights", "collections": "Collections"}
OUTCOMES = {
    "waiting": ("circle-dashed", "Will change", "warn"),
    "changed": ("circle-check", "Changed", "ok"),
    "same": ("circle-minus", "Says so already", "ink"),
    "refused": ("ban", "Left alone", "bad"),
    "undone": ("undo-2", "Undone", "ink"),
    "kept": ("lock", "Kept", "warn"),
}


def _item(item: Any, labels: dict[str, str]) -> dict[str, Any]:
    icon, label, tone = OUTCOMES[item.outcome]
    return {
        "id": item.asset_id,
        "title": item.title,
        "url": f"/assets/{item.asset_id}",
        "outcome": {"icon": icon, "label": label, "tone": tone},
        "reason": item.reason,
        "changes": [
            (labels.get(name, name), _said(item.before.get(name)), _said(value))
            for name, value in item.after.items()
        ],
    }


def _said(value: Any) -> str:
    """A value in a list of differences: short, machine words as they are."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{key.replace('_', ' ')} {_said(each)}"
            for key, each in value.items()
            if each not in (None, "", [])
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
