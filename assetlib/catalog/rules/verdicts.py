"""A verdict holds only while the asset stands as the person saw it who gives it."""

from collections.abc import Callable
from typing import NamedTuple

from assetlib.catalog.errors import ChangedMeanwhile


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


DID = {
    "catalog.version_added": "added version {version}",
    "catalog.version_approved": "approved version {version}",
    "catalog.version_returned": "returned version {version}",
    "catalog.asset_submitted": "sent this for approval",
    "catalog.asset_published": "published this",
    "catalog.asset_withdrawn": "withdrew this",
    "catalog.asset_archived": "archived this",
    "catalog.asset_reopened": "took this up again",
}
"""What moves a standing, as people say it."""


def must_be_as_seen(seen: str, now: Standing, last: Callable[[], Meanwhile | None]) -> None:
    """Nothing, or `ChangedMeanwhile` that says what happened since, by whom."""
    if seen != str(now):
        raise ChangedMeanwhile(
            f"{_said(last())} Look at it as it is now, then decide. Nothing was decided here.",
            current={"standing": str(now), "state": now.state},
        )


def _said(last: Meanwhile | None) -> str:
    if last is None:
        return "This changed while you were looking."
    did = DID[last.action].format(version=last.version)
    reason = f": “{last.reason}”" if last.reason else "."
    return f"{last.who or 'Somebody'} {did} while you were looking{reason}"
