"""What an asset may be used for."""

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.actions.assets import must_be_revision
from assetlib.catalog.errors import WrongState, WrongValue
from assetlib.catalog.models import Asset, UsageRight
from assetlib.catalog.permissions.assets import EDIT_RIGHTS
from assetlib.catalog.queries.assets import locked
from assetlib.catalog.rules.rights_forms import RightForm, right_faults
from assetlib.catalog.rules.states import keeps_its_rights
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.words import say, together


def record_rights(
    session: Session, actor: Actor, asset: Asset, form: RightForm, *, revision: int
) -> UsageRight:
    """From this moment on exactly this right decides about the asset's use.

    `revision` is the one of the asset that the person saw: a right is recorded whole.
    """
    asset = locked(session, asset)
    EDIT_RIGHTS.require(actor, asset)
    must_be_revision(asset, revision)
    faults = right_faults(form)
    if faults:
        raise WrongValue(say("These rights cannot be kept. Look at the marked fields."), fields=faults)
    wanted = form.values()
    before = _said(asset.right)
    if asset.right is None:
        asset.right = UsageRight(**wanted)
    elif before == wanted:
        return asset.right
    else:
        for name, value in wanted.items():
            setattr(asset.right, name, value)
    asset.updated_at = clock.now()
    session.flush()
    record(session, actor, "catalog.rights_recorded", asset, before=before, after=wanted)
    return asset.right


def remove_rights(session: Session, actor: Actor, asset: Asset, *, revision: int, reason: str = "") -> None:
    """Make the rights unknown again, so that nobody but librarians and its agency gets the bytes.

    A published asset keeps its rights: it has to be withdrawn first.
    """
    asset = locked(session, asset)
    EDIT_RIGHTS.require(actor, asset)
    must_be_revision(asset, revision)
    if keeps_its_rights(asset.state):
        raise WrongState(say("Withdraw the asset before you remove its rights."), state=asset.state)
    fault = text_fault(reason, LONGEST_NOTE)
    if fault is not None:
        raise WrongValue(together(say("The reason cannot be kept."), fault), fields={"reason": fault})
    if asset.right is None:
        return
    before = _said(asset.right)
    session.delete(asset.right)
    asset.updated_at = clock.now()
    session.flush()
    session.expire(asset, ["right"])
    record(session, actor, "catalog.rights_removed", asset, before=before, reason=reason)


def _said(right: UsageRight | None) -> dict[str, object] | None:
    if right is None:
        return None
    return {name: getattr(right, name) for name in RightForm().values()}
