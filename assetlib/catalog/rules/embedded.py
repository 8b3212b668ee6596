"""What a new asset takes from the metadata inside its file; what it cannot hold as it is stays in there."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from assetlib.catalog.rules.texts import LONGEST_TEXT, MOST_TAGS, tags_fault, text_fault, without_repeats

LONGEST_LINE = 2_000

Metadata = Mapping[str, Mapping[str, Any]]
"""Key → {"value", "source"}, as an examination finds it."""


def embedded_text(metadata: Metadata, key: str, most: int = LONGEST_TEXT) -> str:
    """The text under a key, or nothing."""
    value = metadata.get(key, {}).get("value")
    return value if isinstance(value, str) and text_fault(value, most) is None else ""


def embedded_tags(metadata: Metadata) -> list[str]:
    """The keywords that can be tags."""
    value = metadata.get("keywords", {}).get("value")
    if not isinstance(value, list):
        return []
    return without_repeats([word for word in value if tags_fault([word]) is None])[:MOST_TAGS]


def storable(text: str | None) -> str:
    """The words found inside a file, without what no database can hold."""
    cleaned = (text or "").replace("\0", "")
    return cleaned.encode("utf-8", "ignore").decode()


class Field(NamedTuple):
    """An attribute that is filled from inside a file. `choices` maps a choice's key to its label."""

    kind: str
    multiple: bool
    choices: Mapping[str, str]


def value_from(field: Field, raw: Any) -> Any:
    """The value in the form of `rules.attributes`, or None when what the file says does not fit."""
    parts = [part for part in (raw if isinstance(raw, list) else [raw]) if part not in (None, "")]
    values = [value for value in (_one(field, part) for part in parts) if value is not None]
    if not values:
        return None
    return list(dict.fromkeys(values)) if field.multiple else values[0]


def _one(field: Field, raw: Any) -> Any:
    if field.kind == "boolean":
        return raw if isinstance(raw, bool) else None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    if field.kind == "number":
        return _number(raw)
    text = str(raw)
    if field.kind == "text":
        return text if text_fault(text, LONGEST_LINE, required=True) is None else None
    if field.kind == "date":
        return _day(text)
    if field.kind in ("choice", "tree"):
        return _choice(field.choices, text)
    return None


def _number(raw: str | float) -> int | float | None:
    try:
        value = float(raw)
    except ValueError:
        return None
    if not isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def _choice(choices: Mapping[str, str], text: str) -> str | None:
    wanted = text.strip().casefold()
    return next((key for key, label in choices.items() if wanted in (key.casefold(), label.casefold())), None)
