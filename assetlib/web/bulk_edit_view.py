"""What becomes of each asset of a bulk edit, as its page draws it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assetlib.catalog.queries.bulk_edits import ItemRow
from assetlib.catalog.rules.attributes import shown
from assetlib.catalog.rules.bulk_edits import Schema
from assetlib.catalog.rules.rights_forms import RIGHT_LABELS
from assetlib.web.context import day
from assetlib.web.tiles import TileView
from assetlib.words import listed, recalled, say

_KINDS = {"starts_on": "date", "ends_on": "date", "ask_first": "boolean"}
RIGHTS = {name: (label, _KINDS.get(name, "text")) for name, label in RIGHT_LABELS.items()}
OUTCOMES = {
    "waiting": ("circle-dashed", say("Will change"), "warn"),
    "changed": ("circle-check", say("Changed"), "ok"),
    "same": ("circle-minus", say("Says so already"), "ink"),
    "refused": ("ban", say("Left alone"), "bad"),
    "undone": ("undo-2", say("Undone"), "ink"),
    "kept": ("lock", say("Kept"), "warn"),
}
NOTHING = say("nothing")


def item_view(item: ItemRow, tile: TileView | None, schema: Schema) -> dict[str, Any]:
    """One row. `tile` is the asset as lists draw it, none when it lies in the trash by now."""
    icon, label, tone = OUTCOMES[item.outcome]
    return {
        "tile": tile or {"title": item.title, "url": f"/assets/{item.asset_id}"},
        "outcome": {"icon": icon, "label": label, "tone": tone},
        "reason": recalled(item.reason),
        # A refused one may hold what the preview had in mind; none of that came to be.
        "changes": [] if item.outcome == "refused" else list(_changes(item, schema)),
    }


def _changes(item: ItemRow, schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Label, before and after of each field that differs, a right column by column."""
    for name, after in item.after.items():
        before = item.before.get(name)
        if name == "right":
            yield from _right_changes(before or {}, after or {})
        elif name == "type_key":
            yield say("Type"), schema.types.get(str(before), NOTHING), schema.types.get(str(after), NOTHING)
        elif name == "collections":
            yield say("Collections"), _names(before, schema), _names(after, schema)
        elif name == "tags":
            yield say("Tags"), _said(before), _said(after)
        else:
            definition = schema.definitions.get(name.removeprefix("attr."))
            if definition is None:
                yield name.removeprefix("attr."), _said(before), _said(after)
            else:
                yield (
                    definition.label,
                    shown(definition, before) or NOTHING,
                    shown(definition, after) or NOTHING,
                )


def _right_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, (label, kind) in RIGHTS.items():
        old, new = before.get(name), after.get(name)
        if (old or None) == (new or None):
            continue
        if kind == "date":
            old, new = (day(date.fromisoformat(each)) if each else None for each in (old, new))
        yield label, _said(old), _said(new)


def _names(ids: list[int] | None, schema: Schema) -> str:
    return _said([schema.collections.get(each, say("a collection that is gone")) for each in ids or ()])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        value = listed(value)
    return NOTHING if value in (None, "") else value if isinstance(value, str) else str(value)
