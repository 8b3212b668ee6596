"""What happened to an asset, and who took it away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.queries import names_of
from assetlib.audit.models import AuditEntry
from assetlib.catalog.models import Asset, Package, Share, UsageEvent, Version
from assetlib.catalog.permissions.assets import SEE_ACTIVITY, SEE_USAGE
from assetlib.paging import Page
from assetlib.words import say

DOWNLOADED = "catalog.asset_downloaded"


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
    """What happened to an asset, the latest first, from the audit log. Three statements.

    Downloads are shown to those who may see usage; an agency is told of its own.
    """
    SEE_ACTIVITY.require(actor, asset)
    of_it = and_(AuditEntry.object_kind == "asset", AuditEntry.object_id == str(asset.id))
    where = and_(of_it, _open_to(actor, asset))
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(where)) or 0
    rows = session.scalars(
        select(AuditEntry)
        .where(where)
        .order_by(AuditEntry.seq.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    names = names_of(session, [row.actor_id for row in rows])
    return Page([_happening(row, names) for row in rows], number, size, total)


def _open_to(actor: Actor, asset: Asset) -> ColumnElement[bool]:
    if SEE_USAGE.allows(actor, asset):
        return true()
    return or_(AuditEntry.action != DOWNLOADED, AuditEntry.organisation_id == actor.organisation_id)


def _happening(row: AuditEntry, names: dict[int, str]) -> Happening:
    who = names.get(row.actor_id, "") if row.actor_id is not None else ""
    if row.actor_kind == "share":
        who = say("By a link of {name}", name=who)
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
    """Who took which version of an asset, the latest first. Three statements."""
    SEE_USAGE.require(actor, asset)
    where = UsageEvent.asset_id == asset.id
    total = session.scalar(select(func.count()).select_from(UsageEvent).where(where)) or 0
    rows: Sequence[Any] = session.execute(
        select(UsageEvent, Version.number, Package.public_id, Share.name.label("link"))
        .join(Version, Version.id == UsageEvent.version_id)
        .outerjoin(Package, Package.id == UsageEvent.package_id)
        .outerjoin(Share, Share.id == UsageEvent.share_id)
        .where(where)
        .order_by(UsageEvent.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    names = names_of(session, [row.UsageEvent.person_id for row in rows])
    uses = [
        Use(
            row.UsageEvent.at,
            _taker(names.get(row.UsageEvent.person_id, ""), row.link),
            row.number,
            row.UsageEvent.form,
            row.UsageEvent.size,
            row.public_id,
        )
        for row in rows
    ]
    return Page(uses, number, size, total)


def _taker(name: str, link: str | None) -> str:
    """Who took it: the person, or somebody who holds a link of theirs."""
    return say("By the link {link} of {name}", link=link, name=name) if link is not None else name
