"""What keeps an asset from being published."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.catalog.models import Asset, Attribute
from assetlib.catalog.rules.publishing import Demand, missing_before_publishing


def missing_for_publishing(session: Session, asset: Asset) -> list[str]:
    """A sentence for each thing that an asset lacks before it can be published."""
    demands = session.execute(
        select(Attribute.key, Attribute.label, Attribute.types)
        .where(Attribute.required)
        .order_by(Attribute.position, Attribute.id)
    )
    return missing_before_publishing(
        is_approved=asset.current_version is not None and asset.current_version.is_approved,
        has_right=asset.right is not None,
        type_key=asset.type_key,
        attributes=asset.attributes,
        demands=[Demand(row.key, row.label, row.types) for row in demands],
    )
