"""What a person can do with an asset now, as its page offers it."""

from collections.abc import Iterator, Sequence
from typing import Any

from assetlib import clock
from assetlib.catalog.permissions import assets as may
from assetlib.catalog.rules.states import keeps_its_rights, may_now
from assetlib.web.asset_view import Shown, returned
from assetlib.words import say

ASKING = frozenset(
    {"approve", "return", "publish", "embargo", "open-now", "withdraw", "archive", "remove-rights", "delete"}
)
"""Acts that open a dialog first."""


def acts(shown: Shown, missing: Sequence[str]) -> list[dict[str, Any]]:
    """What this person can do with it now. What would be refused is not offered."""
    actor, asset = shown.actor, shown.asset
    if may.RESTORE_ASSET.allows(actor, asset):
        return [_act(shown, "restore", say("Restore"), "undo-2", primary=True)]
    rows = [*_verdicts(shown), *_moves(shown, missing)]
    if may.EDIT_RIGHTS.allows(actor, asset) and asset.right is not None and not keeps_its_rights(asset.state):
        rows.append(_act(shown, "remove-rights", say("Remove the rights"), "circle-minus", danger=True))
    if may.DELETE_ASSET.allows(actor, asset):
        rows.append(_act(shown, "delete", say("Move to trash"), "trash-2", danger=True))
    return rows


def _verdicts(shown: Shown) -> Iterator[dict[str, Any]]:
    """Asking for one, and giving one."""
    asset, version = shown.asset, shown.version
    if not may.DECIDE_VERSION.allows(shown.actor, asset):
        was_returned = bool(asset.versions) and asset.versions[0].was_returned
        if (
            may_now("submit", asset.state)
            and not was_returned
            and may.SUBMIT_ASSET.allows(shown.actor, asset)
        ):
            yield _act(shown, "submit", say("Send for approval"), "send", primary=True)
        return
    if version is None:
        return
    undecided = not version.is_approved
    if undecided and may_now("approve", asset.state):
        # What was returned waits for another version: a yes after all is possible, but not the next step.
        comes_next = asset.state != "draft" or not returned(shown)
        yield _act(
            shown,
            "approve",
            say("Approve v{number}", number=version.number),
            "badge-check",
            primary=comes_next,
        )
    if (undecided or shown.is_current) and may_now("return", asset.state, in_force=shown.is_current):
        yield _act(shown, "return", say("Return with a reason"), "rotate-ccw")


def _moves(shown: Shown, missing: Sequence[str]) -> Iterator[dict[str, Any]]:
    """From one state to the next."""
    state, version = shown.asset.state, shown.version
    if not may.PUBLISH_ASSET.allows(shown.actor, shown.asset):
        return
    if version is not None and shown.is_current and may_now("publish", state):
        yield _act(
            shown, "publish", say("Publish"), "globe", primary=version.is_approved, missing=list(missing)
        )
    if may.opens_at(shown.asset, clock.now()) is not None:
        yield _act(shown, "embargo", say("Change the moment"), "clock")
        yield _act(shown, "open-now", say("Open now"), "globe")
    for verb, label, icon in (
        ("withdraw", say("Withdraw"), "ban"),
        ("reopen", say("Take up again"), "undo-2"),
        ("archive", say("Archive"), "archive"),
    ):
        if may_now(verb, state):
            yield _act(shown, verb, label, icon)


def _act(shown: Shown, key: str, label: str, icon: str, **more: Any) -> dict[str, Any]:
    row = {"key": key, "label": label, "icon": icon, "url": f"/assets/{shown.asset.id}/{key}"}
    return {**row, "asks": key in ASKING, "primary": False, "danger": False, **more}
