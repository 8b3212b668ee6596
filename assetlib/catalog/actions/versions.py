"""Verdicts about versions. Whoever gives one names what they saw: the sha256, and how the asset stood.

`seen` is a `Standing` as text. When the asset moved on since, the verdict is refused and says by whom.
"""

from functools import partial

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, LIBRARIAN, PLANNER, Actor
from assetlib.access.permission import Permission
from assetlib.audit import record
from assetlib.catalog.actions.telling import tell_verdict
from assetlib.catalog.errors import NoSuchVersion, OtherBytes, WrongValue
from assetlib.catalog.models import Approval, Asset, Version
from assetlib.catalog.permissions.assets import DECIDE_VERSION
from assetlib.catalog.queries.assets import locked
from assetlib.catalog.queries.verdicts import last_moved, standing_of
from assetlib.catalog.rules.states import after_return, next_state, takes_its_place
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.catalog.rules.verdicts import must_be_as_seen
from assetlib.words import say, together


def approve_version(
    session: Session,
    actor: Actor,
    version: Version,
    *,
    sha256: str,
    seen: str,
    note: str = "",
    permission: Permission = DECIDE_VERSION,
) -> Approval:
    """Say yes to exactly these bytes, and put them in force unless a later version is approved already.

    `permission`: ACCEPT_DELIVERED where a room above accepts what was ordered.
    """
    asset, version = _judged(session, actor, version, permission)
    _must_hold(version, sha256)
    must_be_as_seen(seen, standing_of(asset, version), partial(last_moved, session, asset))
    before = _in_force(asset)
    after = next_state("approve", asset.state)
    fault = text_fault(note, LONGEST_NOTE)
    if fault is not None:
        raise WrongValue(together(say("The note cannot be kept."), fault), fields={"note": fault})
    current = asset.current_version
    in_force = takes_its_place(
        number=version.number,
        current_number=current.number if current is not None else None,
        current_is_approved=current is not None and current.is_approved,
    )
    approval = _say(session, actor, version, "approved", note)
    if in_force:
        asset.current_version = version
    asset.state, asset.updated_at = after, clock.now()
    session.flush()
    _record(session, actor, "catalog.version_approved", asset, version, before, note)
    tell_verdict(session, asset, version, approved=True, note=note, by=actor)
    return approval


def return_version(
    session: Session, actor: Actor, version: Version, *, sha256: str, seen: str, reason: str
) -> Approval:
    """Say no to exactly these bytes, with a reason; what waited for approval is a draft again."""
    asset, version = _judged(session, actor, version, DECIDE_VERSION)
    _must_hold(version, sha256)
    must_be_as_seen(seen, standing_of(asset, version), partial(last_moved, session, asset))
    before = _in_force(asset)
    after = after_return(asset.state, in_force=asset.current_version_id == version.id)
    fault = text_fault(reason, LONGEST_NOTE, required=True)
    if fault is not None:
        raise WrongValue(together(say("The reason cannot be kept."), fault), fields={"reason": fault})
    approval = _say(session, actor, version, "returned", reason)
    asset.state, asset.updated_at = after, clock.now()
    session.flush()
    _record(session, actor, "catalog.version_returned", asset, version, before, reason)
    tell_verdict(session, asset, version, approved=False, note=reason, by=actor)
    return approval


def _judged(
    session: Session, actor: Actor, version: Version, permission: Permission
) -> tuple[Asset, Version]:
    """The asset, held, and the version as it stands now."""
    asset = locked(session, session.get_one(Asset, version.asset_id))
    permission.require(actor, asset)
    identity = inspect(version).identity or (None,)
    for each in asset.versions:
        if each.id == identity[0]:
            return asset, each
    raise NoSuchVersion(say("There is no such version any more."))


def _must_hold(version: Version, sha256: str) -> None:
    if sha256 != version.sha256:
        raise OtherBytes(
            say("You looked at another file than this version holds. Open it again, then decide."),
            seen=sha256,
            held=version.sha256,
        )


def _say(session: Session, actor: Actor, version: Version, verdict: str, note: str) -> Approval:
    approval = Approval(
        sha256=version.sha256,
        person_id=actor.person_id,
        kind=_capacity(actor, version.asset),
        verdict=verdict,
        note=note,
        at=clock.now(),
    )
    version.approvals.append(approval)
    session.flush()
    return approval


def _capacity(actor: Actor, asset: Asset) -> str:
    return next((each for each in (LIBRARIAN, ADMINISTRATOR) if actor.holds(each, of=asset)), PLANNER)


def _in_force(asset: Asset) -> dict[str, object]:
    current = asset.current_version
    return {"state": asset.state, "current_version": current.number if current is not None else None}


def _record(
    session: Session,
    actor: Actor,
    action: str,
    asset: Asset,
    version: Version,
    before: dict[str, object],
    reason: str,
) -> None:
    record(
        session,
        actor,
        action,
        asset,
        before=before,
        after=_in_force(asset),
        reason=reason,
        version=version.number,
        sha256=version.sha256,
    )
