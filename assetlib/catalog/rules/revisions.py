"""Nobody overwrites what they have not seen."""

from collections.abc import Mapping
from typing import Any

from assetlib.catalog.errors import ChangedMeanwhile
from assetlib.words import say


def must_be_revision(now: int, seen: int, current: Mapping[str, Any]) -> None:
    """Nothing, or `ChangedMeanwhile` with what the thing says now, in values that JSON knows."""
    if now == seen:
        return
    raise ChangedMeanwhile(
        say("Someone changed this while you were writing. Compare with what it says now, then save again."),
        revision=now,
        current=dict(current),
    )
