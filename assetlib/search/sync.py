"""Whatever changes what a search finds promises a refresh, in the same transaction.

Rows are noticed as they are flushed; just before the commit their assets' ids become jobs. A bulk statement
goes past this: who sends one promises the refresh too, or changes a row beside it that is noticed.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakSet

from sqlalchemy import event, select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from assetlib.catalog.models import (
    Approval,
    Asset,
    Attribute,
    AttributeChoice,
    CollectionItem,
    UsageEvent,
    UsageRight,
    Version,
)
from assetlib.database import Database
from assetlib.jobs import enqueue

REFRESH = "search.refresh"
AT_ONCE = 500
_KEY = "assetlib.search.changed"

_followed: "WeakSet[Dialect]" = WeakSet()

Noticed = tuple[str, int]
"""What changed: `asset`, `version` or `attribute`, and its id."""

NOTICED: dict[type[Any], Callable[[Any], Noticed]] = {
    Asset: lambda row: ("asset", row.id),
    Version: lambda row: ("asset", row.asset_id),
    UsageRight: lambda row: ("asset", row.asset_id),
    UsageEvent: lambda row: ("asset", row.asset_id),
    CollectionItem: lambda row: ("asset", row.asset_id),
    Approval: lambda row: ("version", row.version_id),
    Attribute: lambda row: ("attribute", row.id),
    AttributeChoice: lambda row: ("attribute", row.attribute_id),
}
"""Every sort of row that a document is made of."""


def promise_refreshes(database: Database) -> None:
    """From now on each transaction of this database promises what its changes make necessary."""
    _followed.add(database.engine.dialect)
    for name, listener in (("after_flush", _notice), ("before_commit", _promise)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def promise(session: Session, asset_ids: Iterable[int]) -> None:
    """Promise that the index will know these assets as they are after this transaction."""
    wanted = sorted(set(asset_ids))
    for start in range(0, len(wanted), AT_ONCE):
        lot = wanted[start : start + AT_ONCE]
        enqueue(session, REFRESH, dedupe=f"{REFRESH}-{_name_of(lot)}", asset_ids=lot)


def _name_of(lot: list[int]) -> str:
    if len(lot) == 1:
        return str(lot[0])
    return hashlib.sha256(",".join(map(str, lot)).encode()).hexdigest()[:32]


def _notice(session: Session, context: Any) -> None:  # noqa: ARG001
    if session.get_bind().dialect not in _followed:
        return
    changed: set[Noticed] = session.info.setdefault(_KEY, set())
    edited = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *edited, *session.deleted):
        noticed = NOTICED.get(type(row))
        if noticed is not None:
            changed.add(noticed(row))


def _promise(session: Session) -> None:
    if session.get_bind().dialect not in _followed:
        return
    session.flush()
    changed: set[Noticed] = session.info.pop(_KEY, set())
    if changed:
        promise(session, _assets(session, changed))


def _assets(session: Session, changed: set[Noticed]) -> set[int]:
    def ids(sort: str) -> list[int]:
        return sorted(each for name, each in changed if name == sort)

    found = set(ids("asset"))
    if versions := ids("version"):
        found.update(session.scalars(select(Version.asset_id).where(Version.id.in_(versions))))
    if attributes := ids("attribute"):
        for key in session.scalars(select(Attribute.key).where(Attribute.id.in_(attributes))):
            found.update(
                session.scalars(select(Asset.id).where(Asset.attributes[key].as_string().is_not(None)))
            )
    return found
