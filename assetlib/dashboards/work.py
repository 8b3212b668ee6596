"""One thing that waits for somebody, and where such things come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select

from assetlib.access.actor import Actor
from assetlib.catalog.queries.tiles import Tile
from assetlib.words import say

Rows = Select[*tuple[Any, ...]]
"""What a source selects."""

VERBS: dict[str, str] = {
    "decide": say("Decide"),
    "answer": say("Answer"),
    "fix": say("Fix"),
    "send": say("Send"),
    "publish": say("Publish"),
    "watch": say("Watch"),
}
"""What is to be done with a thing, the most pressing first."""


@dataclass(frozen=True)
class Item:
    """One thing that waits: what it is, what happened to it, when, and where to go on."""

    title: str
    sentence: str
    """What happened."""
    url: str
    button: str
    asset_id: int | None = None
    """Whose picture stands beside it."""
    icon: str = "file"
    """What stands there when it has none."""
    due: date | datetime | None = None
    """The last day, or moment, on which it is of use."""
    at: datetime | None = None
    """When it happened; told where nothing is due."""
    words: str = ""
    """What somebody said of it, in their own words."""
    tile: Tile | None = None


@dataclass(frozen=True)
class Source:
    """One sort of things that wait, read in one statement.

    `rows` has its order, the soonest first, and selects columns under names of their own, not whole rows.
    """

    verb: str
    concerns: Callable[[Actor], bool]
    rows: Callable[[Actor], Rows]
    item: Callable[[Any], Item]
    parts: Callable[[Actor], Sequence[Rows]] | None = None
    """The same rows in parts, if each is counted faster by itself."""
