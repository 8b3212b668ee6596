"""What a new asset takes from the metadata inside its file; what it cannot hold as it is stays in there."""

from collections.abc import Mapping
from typing import Any

from assetlib.catalog.rules.attributes import MOST_VALUES, Definition, checked
from assetlib.catalog.rules.texts import LONGEST_TEXT, MOST_TAGS, tags_fault, tags_once, text_fault

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
    return tags_once([word for word in value if tags_fault([word]) is None])[:MOST_TAGS]


def storable(text: str | None) -> str:
    """The words found inside a file, without what no database can hold."""
    cleaned = (text or "").replace("\0", "")
    return cleaned.encode("utf-8", "ignore").decode()


def value_from(definition: Definition, raw: Any) -> Any:
    """The value in the form of `rules.attributes`, or None when nothing that the file says fits."""
    values: list[Any] = []
    for part in raw if isinstance(raw, list) else [raw]:
        found = checked(definition, _fitted(definition, part))
        if found.fault is None and found.value is not None:
            values += found.value if definition.multiple else [found.value]
    if not values:
        return None
    return list(dict.fromkeys(values))[:MOST_VALUES] if definition.multiple else values[0]


def _fitted(definition: Definition, part: Any) -> Any:
    """A moment cut to its day, a label turned into its key; everything else as the file says it."""
    if not isinstance(part, str):
        return part
    if definition.kind == "date":
        return part[:10]
    if definition.kind in ("choice", "tree"):
        wanted = part.strip().casefold()
        fitting = (
            choice.key
            for choice in definition.choices
            if wanted in (choice.key.casefold(), choice.label.casefold())
        )
        return next(fitting, part)
    return part
