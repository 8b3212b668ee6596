"""An asset goes through its life."""

from datetime import datetime

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.actions.assets import must_be_revision
from assetlib.catalog.actions.telling import tell_published, tell_sent
from assetlib.catalog.errors import WrongState, WrongValue
from assetlib.catalog.models import Asset
from assetlib.catalog.permissions.assets import PUBLISH_ASSET, SUBMIT_ASSET, opens_at
from assetlib.catalog.queries.assets import locked
from assetlib.catalog.queries.publishing import missing_for_publishing
from assetlib.catalog.rules.publishing import embargo_fault, must_be_ready
from assetlib.catalog.rules.states import after_reopening, next_state, state_after_sending
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.words import say, together


def submit_asset(session: Session, actor: Actor, asset: Asset) -> None:
    """Send a draft for approval, unless its latest version was returned already."""
    asset = locked(session, asset)
    SUBMIT_ASSET.require(actor, asset)
    was_returned = bool(asset.versions) and asset.versions[0].was_returned
    after = state_after_sending(asset.state, was_returned=was_returned)
    _move(session, actor, asset, after, "catalog.asset_submitted")
    tell_sent(session, asset, by=actor)


def publish_asset(
    session: Session, actor: Actor, asset: Asset, *, embargo_until: datetime | None = None
) -> None:
    """Open an asset to those it is for, at once or from a moment on.

    Needs an approval of exactly the bytes in force, recorded rights and every required attribute; otherwise
    `NotReadyToPublish` lists what is missing. The moment is an aware one that lies ahead.
    """
    asset = locked(session, asset)
    PUBLISH_ASSET.require(actor, asset)
    after = next_state("publish", asset.state)
    fault = embargo_fault(embargo_until, clock.now())
    if fault is not None:
        raise WrongValue(together(say("It cannot open then."), fault), fields={"embargo_until": fault})
    must_be_ready(missing_for_publishing(session, asset))
    before = asset.embargo_until
    asset.embargo_until = embargo_until
    _move(
        session,
        actor,
        asset,
        after,
        "catalog.asset_published",
        before={"embargo_until": before},
        after={"embargo_until": embargo_until},
    )
    tell_published(session, asset, by=actor)


def change_embargo(
    session: Session, actor: Actor, asset: Asset, until: datetime | None, *, revision: int
) -> None:
    """Put off or bring forward the moment at which a published asset opens; None opens it now.

    `WrongState` when it is open already, `ChangedMeanwhile` when it is not at the `revision` that was seen.
    """
    asset = locked(session, asset)
    PUBLISH_ASSET.require(actor, asset)
    now = clock.now()
    if opens_at(asset, now) is None:
        raise WrongState(say("There is no embargo to change: this waits for no moment."))
    must_be_revision(asset, revision)
    fault = embargo_fault(until, now)
    if fault is not None:
        raise WrongValue(together(say("It cannot open then."), fault), fields={"embargo_until": fault})
    before = asset.embargo_until
    if before == until:
        return
    asset.embargo_until, asset.updated_at = until, now
    session.flush()
    record(
        session,
        actor,
        "catalog.embargo_changed",
        asset,
        before={"embargo_until": before},
        after={"embargo_until": until},
    )


def withdraw_asset(session: Session, actor: Actor, asset: Asset, *, reason: str) -> None:
    """Close a published asset to all but librarians and its agency, from this moment on."""
    _with_reason(session, actor, asset, "withdraw", "catalog.asset_withdrawn", reason)


def archive_asset(session: Session, actor: Actor, asset: Asset, *, reason: str = "") -> None:
    """Put away what is no longer used; it is kept."""
    _with_reason(session, actor, asset, "archive", "catalog.asset_archived", reason)


def reopen_asset(session: Session, actor: Actor, asset: Asset) -> None:
    """Take up again what was withdrawn or archived: approved if its version in force is, else a draft."""
    asset = locked(session, asset)
    PUBLISH_ASSET.require(actor, asset)
    current = asset.current_version
    after = after_reopening(asset.state, current_is_approved=current is not None and current.is_approved)
    _move(session, actor, asset, after, "catalog.asset_reopened")


def _with_reason(session: Session, actor: Actor, asset: Asset, verb: str, action: str, reason: str) -> None:
    asset = locked(session, asset)
    PUBLISH_ASSET.require(actor, asset)
    after = next_state(verb, asset.state)
    fault = text_fault(reason, LONGEST_NOTE, required=verb == "withdraw")
    if fault is not None:
        raise WrongValue(together(say("The reason cannot be kept."), fault), fields={"reason": fault})
    _move(session, actor, asset, after, action, reason=reason)


def _move(
    session: Session,
    actor: Actor,
    asset: Asset,
    state: str,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    was = asset.state
    asset.state, asset.updated_at = state, clock.now()
    record(
        session,
        actor,
        action,
        asset,
        before={"state": was, **(before or {})},
        after={"state": state, **(after or {})},
        reason=reason,
    )
