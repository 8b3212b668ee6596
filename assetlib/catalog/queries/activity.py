"""What happened to an asset, and who took it away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Package, Share, UsageEvent, Version
from assetlib.catalog.permissions.assets import SEE_ACTIVITY, SEE_USAGE
from assetlib.database import rows_of
from assetlib.paging import Page
from assetlib.words import say

DOWNLOADED = "catalog.asset_downloaded"
_LINK = AuditEntry.changes["share_id"].as_integer()


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `who` is empty when it was the house itself, or somebody erased."""

    at: datetime
    action: str
    """`catalog.asset_published` and so on."""
    who: str
    person_id: int | None
    changes: dict[str, Any]
    reason: str


def activity_of(
    session: Session, actor: Actor, asset: Asset, *, number: int = 1, size: int = 20
) -> Page[Happening]:
    """What happened to an asset, the latest first, from the audit log. One statement.

    Downloads are shown to those who may see usage; an agency is told of its own.
    """
    SEE_ACTIVITY.require(actor, asset)
    of_it = and_(AuditEntry.object_kind == "asset", AuditEntry.object_id == str(asset.id))
    where = and_(of_it, _open_to(actor, asset))
    total = select(func.count()).select_from(AuditEntry).where(where)
    rows = rows_of(
        session,
        select(
            AuditEntry.at,
            AuditEntry.action,
            AuditEntry.actor_kind,
            AuditEntry.actor_id,
            AuditEntry.changes,
            AuditEntry.reason,
            Share.name.label("link"),
            Person.name,
            total.scalar_subquery().label("total"),
        )
        .outerjoin(Share, and_(AuditEntry.actor_kind == "share", Share.id == _LINK))
        .outerjoin(Person, Person.id == func.coalesce(AuditEntry.actor_id, Share.maker_id))
        .where(where)
        .order_by(AuditEntry.seq.desc())
        .limit(size)
        .offset((number - 1) * size),
        {},
    )
    return Page([_happening(row) for row in rows], number, size, _total(session, rows, total, number))


def _total(session: Session, rows: Sequence[Any], total: Select[int], number: int) -> int:
    """It comes with every row; of a page behind the last one it is asked by itself."""
    if rows:
        return int(rows[0].total)
    return (session.scalar(total) or 0) if number > 1 else 0


def _open_to(actor: Actor, asset: Asset) -> ColumnElement[bool]:
    if SEE_USAGE.allows(actor, asset):
        return true()
    return or_(AuditEntry.action != DOWNLOADED, AuditEntry.organisation_id == actor.organisation_id)


def _happening(row: Any) -> Happening:
    who = row.name or ""
    if row.actor_kind == "share":
        who = _taker(who, row.link) if row.link is not None else say("Somebody with a link")
    return Happening(row.at, row.action, who, row.actor_id, row.changes, row.reason)


@dataclass(frozen=True)
class Use:
    """One download."""

    at: datetime
    who: str
    version_number: int
    form: str
    size: int
    """Bytes."""
    package: str | None
    """Which ZIP it was part of."""


def usage_of(session: Session, actor: Actor, asset: Asset, *, number: int = 1, size: int = 20) -> Page[Use]:
    """Who took which version of an asset, the latest first. One statement."""
    SEE_USAGE.require(actor, asset)
    where = UsageEvent.asset_id == asset.id
    total = select(func.count()).select_from(UsageEvent).where(where)
    rows = rows_of(
        session,
        select(
            UsageEvent.at,
            UsageEvent.form,
            UsageEvent.size,
            Version.number,
            Package.public_id,
            Share.name.label("link"),
            Person.name,
            total.scalar_subquery().label("total"),
        )
        .join(Version, Version.id == UsageEvent.version_id)
        .outerjoin(Package, Package.id == UsageEvent.package_id)
        .outerjoin(Share, Share.id == UsageEvent.share_id)
        .outerjoin(Person, Person.id == UsageEvent.person_id)
        .where(where)
        .order_by(UsageEvent.id.desc())
        .limit(size)
        .offset((number - 1) * size),
        {},
    )
    uses = [
        Use(row.at, _taker(row.name or "", row.link), row.number, row.form, row.size, row.public_id)
        for row in rows
    ]
    return Page(uses, number, size, _total(session, rows, total, number))


def _taker(name: str, link: str | None) -> str:
    """Who took it: the person, or somebody who holds a link of theirs."""
    return say("By the link {link} of {name}", link=link, name=name) if link is not None else name
