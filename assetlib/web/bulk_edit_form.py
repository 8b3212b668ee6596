"""A bulk edit back in its form, as it was typed."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

LISTS = ("territories", "channels")
"""Fields of a right that hold several values, typed with commas between them."""


def form_of(changes: Mapping[str, Mapping[str, Any]]) -> MultiDict[str, str]:
    """The fields of the form that ask for these changes, the other way round than `changes_in`.

    What only programs can ask for, such as setting all tags, has no field and is left out.
    """
    return MultiDict([pair for name, change in changes.items() for pair in _fields(name, change)])


def _fields(name: str, change: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if name == "type_key":
        yield name, change["set"]
    elif name == "collections":
        yield "collection", str(change["add"][0])
    elif name == "tags":
        for verb in ("add", "remove"):
            yield f"tags.{verb}", ", ".join(change.get(verb, ()))
    else:
        verb, value = next(iter(change.items()))
        if name.removeprefix("right.") in LISTS:
            value = ", ".join(value)
        empty = verb == "clear" or value in (None, "")
        yield f"op.{name}", "clear" if empty else verb
        for each in [] if empty else value if isinstance(value, list) else [value]:
            yield name, str(each).lower() if isinstance(each, bool) else str(each)
