"""How things stand for a verdict."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts.queries import names_of
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.rules.verdicts import DID, Meanwhile, Standing


def standing_of(asset: Asset, version: Version) -> Standing:
    """What somebody sees who decides about this version now."""
    return Standing(asset.state, asset.versions[0].number, len(version.approvals))


def last_moved(session: Session, asset: Asset) -> Meanwhile | None:
    """Who moved the standing last, and how. Two statements."""
    row = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.object_kind == "asset",
            AuditEntry.object_id == str(asset.id),
            AuditEntry.action.in_(DID),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    who = names_of(session, [row.actor_id]).get(row.actor_id or 0, "")
    return Meanwhile(who, row.action, row.changes.get("version", 0), row.reason)
