"""What is typed into the form of a deliverable."""

import re
from typing import Any

from flask import request

from assetlib.language import zone
from assetlib.planning.errors import WrongPlanning
from assetlib.planning.models import Deliverable
from assetlib.planning.rules.deliverables import NOT_SAVED, ItemForm
from assetlib.web.asset_forms import moment_typed
from assetlib.web.forms import row_number
from assetlib.words import say

SPARE_ROWS = 4
_NUMBER = re.compile(r"(?:AST-)?0*([0-9]{1,18})", re.IGNORECASE)
ITEM = ("id", "name", "width", "height", "unit", "locale")


def typed() -> dict[str, Any]:
    """The values of the form; `WrongPlanning` names what cannot be read."""
    form = request.form
    brief = _assets("brief_asset")
    return {
        "name": form.get("name", ""),
        "brief": form.get("brief", ""),
        "due_at": moment_typed("due_at"),
        "type_key": form.get("type_key") or None,
        "spec_id": form.get("spec_id", type=row_number),
        "agency_id": form.get("agency_id", type=row_number),
        "brief_asset_id": brief[0] if brief else None,
        "attachments": _assets("attachments"),
        "items": [_item(row) for row in rows_typed() if row["name"].strip() or row["width"]],
    }


def rows_typed() -> list[dict[str, str]]:
    """The rows of items as they were typed."""
    columns = {name: request.form.getlist(f"item_{name}") for name in ITEM}
    count = min((len(each) for each in columns.values()), default=0)
    return [{name: columns[name][number].strip() for name in ITEM} for number in range(count)]


def filled(row: Deliverable | None) -> dict[str, Any]:
    """What the fields say of a deliverable as it is."""
    if row is None:
        return {}
    return {
        "name": row.name,
        "brief": row.brief,
        "due_at": row.due_at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M"),
        "type_key": row.type_key or "",
        "spec_id": row.spec_id or "",
        "agency_id": row.agency_id or "",
        "brief_asset": f"AST-{row.brief_asset_id:05d}" if row.brief_asset_id else "",
        "attachments": ", ".join(f"AST-{each.asset_id:05d}" for each in row.attachments),
    }


def rows_of(row: Deliverable | None) -> list[dict[str, Any]]:
    """The rows of items of a deliverable as it is."""
    items = row.items if row is not None else []
    return [
        {name: getattr(item, name) if getattr(item, name) is not None else "" for name in ITEM}
        for item in items
    ]


def with_spare_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    empty = {**dict.fromkeys(ITEM, ""), "unit": "px"}
    return [*rows, *(dict(empty) for _ in range(SPARE_ROWS))]


def _item(row: dict[str, str]) -> ItemForm:
    sides: list[int | None] = []
    for name in ("width", "height"):
        text = row[name]
        if text and not (text.isascii() and text.isdecimal() and len(text) < 9):
            fault = say("“{word}” is no number of pixels or millimetres.", word=text[:40])
            raise WrongPlanning(NOT_SAVED, fields={"items": fault})
        sides.append(int(text) if text else None)
    return ItemForm(
        name=row["name"],
        width=sides[0],
        height=sides[1],
        unit=row["unit"],
        locale=row["locale"],
        id=int(row["id"]) if row["id"].isascii() and row["id"].isdecimal() and len(row["id"]) < 18 else None,
    )


def _assets(name: str) -> list[int]:
    """The numbers of assets in a field such as `AST-00042, 43`."""
    found = []
    for word in re.split(r"[\s,;]+", request.form.get(name, "").strip()):
        match = _NUMBER.fullmatch(word)
        if word and match is None:
            fault = say("“{word}” is no number of an asset. Write one such as AST-00042.", word=word[:40])
            raise WrongPlanning(
                NOT_SAVED, fields={name if name != "brief_asset" else "brief_asset_id": fault}
            )
        if match is not None:
            found.append(int(match[1]))
    return found
