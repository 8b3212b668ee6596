"""Delivery specs: what delivered files have to keep to."""

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib.catalog.actions import delivery_specs as actions
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import DeliverySpec
from assetlib.catalog.permissions.delivery_specs import EDIT_SPECS, SEE_SPECS
from assetlib.catalog.queries.delivery_specs import attribute_labels, get_spec, specs_page
from assetlib.catalog.rules.delivery_specs import COLOURS, NOT_SAVED, rules_of, sizes_in
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.asset_forms import listed
from assetlib.web.changing import Changing, made
from assetlib.web.deliverable_view import rule_rows
from assetlib.web.forms import revision_seen
from assetlib.web.pages import pager_view
from assetlib.words import say

pages = Blueprint("delivery_specs", __name__, url_prefix="/delivery-specs")
_MB = 1_000_000


@pages.get("")
@open_to(SEE_SPECS)
def index() -> str:
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    with database().reading() as session:
        page = specs_page(session, actor(), number=number, size=size)
        labels = attribute_labels(session)
    return render_template(
        "delivery_specs/index.html",
        rows=[
            {
                "name": row.name,
                "url": f"/delivery-specs/{row.id}",
                "description": row.description,
                "rules": rule_rows(rules_of(row.rules), labels),
                "retired": row.retired_at is not None,
            }
            for row in page.rows
        ],
        pager=pager_view(page),
        may_edit=EDIT_SPECS.allows(actor()),
    )


@pages.get("/new")
@open_to(EDIT_SPECS)
def new() -> str:
    return _form(None)


@pages.post("")
@open_to(EDIT_SPECS)
def make() -> Response | tuple[str, int]:
    return made(
        lambda session: actions.make_spec(session, actor(), **_typed()),
        said=lambda row: say("{name} is there.", name=row.name),
        to=lambda row: f"/delivery-specs/{row.id}",
        refused=lambda refusal: _form(None, problem=refusal),
    )


@pages.get("/<int:spec_id>")
@open_to(SEE_SPECS)
def show(spec_id: int) -> str:
    return _page(spec_id)


@pages.post("/<int:spec_id>")
@open_to(EDIT_SPECS)
def change(spec_id: int) -> Response | tuple[str, int]:
    return _changed(
        spec_id,
        lambda session, who, row: actions.change_spec(
            session, who, row, revision=revision_seen(), **_typed()
        ),
        say("Saved. What was checked already keeps what was found then."),
    )


@pages.post("/<int:spec_id>/retire")
@open_to(EDIT_SPECS)
def retire(spec_id: int) -> Response | tuple[str, int]:
    return _changed(spec_id, actions.retire_spec, say("It is offered no longer."))


@pages.post("/<int:spec_id>/offer")
@open_to(EDIT_SPECS)
def offer(spec_id: int) -> Response | tuple[str, int]:
    return _changed(spec_id, actions.offer_spec, say("It is offered again."))


def _page(spec_id: int, problem: Refusal | None = None, form: str = "") -> str:  # noqa: ARG001
    with database().reading() as session:
        row = get_spec(session, actor(), spec_id)
    return _form(row, problem=problem)


_changed: Changing[int, DeliverySpec] = Changing(
    lambda session, key: get_spec(session, actor(), key), "/delivery-specs/{}", partial(_page)
)


def _form(row: DeliverySpec | None, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        labels = attribute_labels(session)
    current = problem.details.get("current") if problem is not None else None
    return render_template(
        "delivery_specs/form.html",
        spec=row,
        form=dict(request.form.items(multi=False)) if request.form else _filled(row),
        chosen={
            "colour": request.form.getlist("colour") if request.form else _rules(row).colour,
            "attributes": request.form.getlist("attributes") if request.form else _rules(row).attributes,
        },
        colours=[(each, each) for each in COLOURS],
        attributes=list(labels.items()),
        rules=rule_rows(_rules(row), labels),
        may_edit=EDIT_SPECS.allows(actor()),
        revision=row.revision if row is not None else 0,
        changed=current is not None,
        problem=problem,
    )


def _rules(row: DeliverySpec | None) -> Any:
    return rules_of(row.rules if row is not None else {})


def _filled(row: DeliverySpec | None) -> dict[str, Any]:
    rules = _rules(row)
    heaviest = Decimal(rules.heaviest) / _MB if rules.heaviest is not None else ""
    return {
        "name": row.name if row is not None else "",
        "description": row.description if row is not None else "",
        "formats": ", ".join(rules.formats),
        "sizes": ", ".join(f"{width} × {height}" for width, height in rules.sizes),
        "at_least": rules.at_least,
        "dpi": rules.dpi or "",
        "profile": rules.profile,
        "bit_depth": rules.bit_depth or "",
        "shortest_s": rules.shortest_s or "",
        "longest_s": rules.longest_s or "",
        "heaviest": f"{heaviest:f}".rstrip("0").rstrip(".") if "." in str(heaviest) else heaviest,
        "file_name": rules.file_name,
        "rights_holder": rules.rights_holder,
        "rights_until": rules.rights_until.isoformat() if rules.rights_until else "",
        "rights_channels": ", ".join(rules.rights_channels),
    }


def _typed() -> dict[str, Any]:
    """What was typed, in the form of the rules; numbers that cannot be read are told beside their fields."""
    form, faults = request.form, dict[str, str]()
    numbers: dict[str, int | None] = {}
    for name in ("dpi", "bit_depth", "shortest_s", "longest_s", "heaviest"):
        text = form.get(name, "").strip().replace(",", ".")
        try:
            value = Decimal(text) * (_MB if name == "heaviest" else 1) if text else None
            numbers[name] = int(value) if value is not None and value == int(value) else None
            if value is not None and numbers[name] is None:
                raise ValueError
        except (InvalidOperation, ValueError, OverflowError):
            faults[name] = say("Write a number.")
    day = form.get("rights_until", "").strip()
    until = None
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError:
        faults["rights_until"] = say("Choose a day.")
    if faults:
        raise WrongValue(NOT_SAVED, fields=faults)
    return {
        "name": form.get("name", ""),
        "description": form.get("description", ""),
        "rules": {
            **numbers,
            "formats": listed(form.get("formats", "")),
            "sizes": sizes_in(form.get("sizes", "")),
            "at_least": "at_least" in form,
            "colour": form.getlist("colour"),
            "profile": form.get("profile", "").strip(),
            "file_name": form.get("file_name", "").strip(),
            "attributes": form.getlist("attributes"),
            "rights_holder": "rights_holder" in form,
            "rights_until": until,
            "rights_channels": listed(form.get("rights_channels", "")),
        },
    }
