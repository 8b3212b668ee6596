"""A verdict holds only while the asset stands as the person saw it who gives it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from assetlib.catalog.errors import ChangedMeanwhile
from assetlib.words import say, together


class Standing(NamedTuple):
    """What somebody looks at who decides about a version. As text it goes out with a page and comes back."""

    state: str
    """Of the asset."""
    newest: int
    """The number of the latest version."""
    verdicts: int
    """How many were given of this version."""

    def __str__(self) -> str:
        return ".".join(str(each) for each in self)


class Meanwhile(NamedTuple):
    """What happened to an asset last. `who` is empty when nobody is known, `version` 0 when none is named."""

    who: str
    action: str
    version: int
    reason: str


DID: Mapping[str, Callable[[int], str]] = {
    "catalog.version_added": lambda number: say("added version {number}", number=number),
    "catalog.version_approved": lambda number: say("approved version {number}", number=number),
    "catalog.version_returned": lambda number: say("returned version {number}", number=number),
    "catalog.asset_submitted": lambda _: say("sent this for approval"),
    "catalog.asset_published": lambda _: say("published this"),
    "catalog.asset_withdrawn": lambda _: say("withdrew this"),
    "catalog.asset_archived": lambda _: say("archived this"),
    "catalog.asset_reopened": lambda _: say("took this up again"),
}
"""What moves a standing, as people say it."""


def must_be_as_seen(seen: str, now: Standing, last: Callable[[], Meanwhile | None]) -> None:
    """Nothing, or `ChangedMeanwhile` that says what happened since, by whom."""
    if seen != str(now):
        raise ChangedMeanwhile(
            together(
                _said(last()), say("Look at it as it is now, then decide."), say("Nothing was decided here.")
            ),
            current={"standing": str(now), "state": now.state},
        )


def _said(last: Meanwhile | None) -> str:
    if last is None:
        return say("This changed while you were looking.")
    who, did = last.who or say("Somebody"), DID[last.action](last.version)
    if last.reason:
        return say("{who} {did} while you were looking: “{reason}”", who=who, did=did, reason=last.reason)
    return say("{who} {did} while you were looking.", who=who, did=did)
