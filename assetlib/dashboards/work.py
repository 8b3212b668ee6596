"""One thing that waits for somebody, and where such things come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    "do": say("Do"),
    "fix": say("Fix"),
    "deliver": say("Deliver"),
    "send": say("Send"),
    "publish": say("Publish"),
    "watch": say("Watch"),
    "asked": say("You asked"),
    "sent": say("You sent for approval"),
    "answered_to": say("Answers to you"),
    "answered": say("You answered"),
    "decided": say("You decided"),
}
"""What is to be done with a thing, the most pressing first; then what others do, and what was done."""

FOR_ME, I_WAIT_FOR, DONE = "for_me", "i_wait_for", "done"
VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    FOR_ME: (say("Waiting for me"), ("decide", "answer", "do", "fix", "deliver", "send", "publish", "watch")),
    I_WAIT_FOR: (say("I am waiting for"), ("asked", "sent")),
    DONE: (say("Done"), ("answered_to", "answered", "decided")),
}
"""View → what it is called, and its verbs."""
DONE_SINCE = timedelta(days=14)
"""What was done longer ago goes by itself."""


def view_of(verb: str) -> str:
    """The view in which things of a verb stand."""
    return next(view for view, (_, verbs) in VIEWS.items() if verb in verbs)


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
    is_told: bool = False
    """Nobody has to act on it: it is told only, and presses nobody when it is due."""
    at: datetime | None = None
    """When it happened; told where nothing is due."""
    words: str = ""
    """What somebody said of it, in their own words."""
    leave_url: str = ""
    """Where it is put away, when nobody wants it any more."""
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
    is_told: bool = False
    """These are told, and wait for nobody: they are not counted."""

    @property
    def view(self) -> str:
        return view_of(self.verb)

    @property
    def waits(self) -> bool:
        """Its things wait for whoever looks."""
        return self.view == FOR_ME and not self.is_told
