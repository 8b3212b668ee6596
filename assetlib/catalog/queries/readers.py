"""People as they are mailed, and what they may still see of what they were told."""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.accounts.models import Person
from assetlib.accounts.sessions import may_sign_in
from assetlib.catalog.models import Asset
from assetlib.catalog.permissions.assets import sees
from assetlib.catalog.queries.actors import actor_of, actors_of
from assetlib.catalog.queries.visibility import trash_visible_to, visible_to
from assetlib.errors import NotFound
from assetlib.notify.readers import Reader

HOUSE_ZONE = "UTC"


def readers(session: Session, person_ids: Collection[int]) -> dict[int, Reader]:
    """Those of these people who are known; whoever cannot come in is not mailed."""
    rows = session.scalars(
        select(Person).where(Person.id.in_(person_ids)).options(joinedload(Person.organisation))
    )
    return {
        row.id: Reader(
            person_id=row.id,
            address=row.email,
            language=row.locale or "en",
            zone=ZoneInfo(row.time_zone or HOUSE_ZONE),
            is_mailed=may_sign_in(row),
        )
        for row in rows
    }


def open_to_each(session: Session, wanted: Mapping[int, Collection[int]]) -> Mapping[int, frozenset[int]]:
    """Person → which of these assets they may see at this moment, in a few statements for all of them."""
    numbers = {number for each in wanted.values() for number in each}
    assets = session.scalars(
        select(Asset).where(Asset.id.in_(numbers)).options(selectinload(Asset.items))
    ).all()
    return {
        person_id: frozenset(each.id for each in assets if each.id in wanted[person_id] and sees(actor, each))
        for person_id, actor in actors_of(session, wanted.keys()).items()
    }


def still_open(session: Session, person_id: int, asset_ids: Collection[int]) -> frozenset[int]:
    """Which of these assets the person may see at this moment."""
    try:
        actor = actor_of(session, person_id)
    except NotFound:
        return frozenset()
    return frozenset(
        session.scalars(
            select(Asset.id).where(Asset.id.in_(asset_ids), visible_to(actor) | trash_visible_to(actor))
        )
    )
