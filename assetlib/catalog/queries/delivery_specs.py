"""Delivery specs, and what is known of a delivered file beside them."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.catalog.errors import NoSuchDeliverySpec
from assetlib.catalog.models import Asset, Attribute, DeliverySpec, UsageRight, Version
from assetlib.catalog.permissions.assets import terms_of
from assetlib.catalog.permissions.delivery_specs import SEE_SPECS
from assetlib.catalog.rules.delivery_checks import Facts
from assetlib.paging import Page
from assetlib.words import say

GONE = say("There is no such delivery spec.")


def get_spec(session: Session, actor: Actor, spec_id: int) -> DeliverySpec:
    SEE_SPECS.require(actor)
    row = session.get(DeliverySpec, spec_id)
    if row is None:
        raise NoSuchDeliverySpec(GONE)
    return row


def specs_page(session: Session, actor: Actor, *, number: int, size: int) -> Page[DeliverySpec]:
    """Every spec by name, the retired ones last."""
    SEE_SPECS.require(actor)
    total = session.scalar(select(func.count()).select_from(DeliverySpec)) or 0
    rows = session.scalars(
        select(DeliverySpec)
        .order_by(DeliverySpec.retired_at.is_not(None), func.lower(DeliverySpec.name), DeliverySpec.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def offered_specs(session: Session, also: int | None = None) -> list[tuple[int, str]]:
    """Id and name of those that are offered; `also` one that a deliverable has, retired or not."""
    return [
        (row.id, row.name)
        for row in session.execute(
            select(DeliverySpec.id, DeliverySpec.name)
            .where(DeliverySpec.retired_at.is_(None) | (DeliverySpec.id == (also or 0)))
            .order_by(func.lower(DeliverySpec.name))
        )
    ]


def attribute_labels(session: Session) -> Mapping[str, str]:
    """Key → label of every attribute, in order."""
    rows = session.execute(select(Attribute.key, Attribute.label).order_by(Attribute.position))
    return {row.key: row.label for row in rows}


def facts_of(session: Session, version: Version) -> Facts:
    """What the stored examination, the details and the rights say of a version's file. Three statements."""
    asset = session.get_one(Asset, version.asset_id)
    right = session.get(UsageRight, asset.id)
    found = version.facts
    return Facts(
        file_name=version.file_name,
        format=version.format,
        family=version.family,
        size=version.size,
        width=version.width,
        height=version.height,
        duration_ms=version.duration_ms,
        colour=found.get("colour_space"),
        profile=found.get("icc_name"),
        bit_depth=found.get("bit_depth"),
        attributes=asset.attributes,
        labels=attribute_labels(session),
        terms=terms_of(right),
        holder=right.holder if right is not None else "",
    )
