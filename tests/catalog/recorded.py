"""What the audit log says so far."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.audit import append_chain
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset


def recorded(session: Session, asset: Asset | None = None) -> list[AuditEntry]:
    """All entries of this transaction and before, of one asset if it is given, in order."""
    session.flush()
    append_chain(session)
    query = select(AuditEntry).order_by(AuditEntry.seq)
    if asset is not None:
        query = query.where(AuditEntry.object_kind == "asset", AuditEntry.object_id == str(asset.id))
    return list(session.scalars(query))


def actions(session: Session, asset: Asset | None = None) -> list[str]:
    """The same, only the names."""
    return [entry.action.removeprefix("catalog.") for entry in recorded(session, asset)]
