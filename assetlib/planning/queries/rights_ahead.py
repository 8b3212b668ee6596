"""Rights that end before the campaign does for which they were cleared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.catalog.models import Asset, UsageRight
from assetlib.catalog.queries.choices import HasChoice
from assetlib.catalog.queries.visibility import visible_to
from assetlib.planning.models import Campaign


@dataclass(frozen=True)
class Ending:
    """An asset of a campaign whose rights end too early."""

    asset_id: int
    title: str
    ends_on: date


def rights_that_end_before(session: Session, actor: Actor, campaign: Campaign) -> Sequence[Ending]:
    """Assets of the campaign that the actor sees and whose rights end before its last day, the first to end
    first. One statement; none for a campaign that the library does not know."""
    if not campaign.choice_key:
        return []
    rows = session.execute(
        select(Asset.id, Asset.title, UsageRight.ends_on)
        .join(UsageRight, UsageRight.asset_id == Asset.id)
        .where(
            visible_to(actor),
            HasChoice(Asset.attributes, "campaign", [campaign.choice_key]),
            UsageRight.ends_on < campaign.ends_on,
        )
        .order_by(UsageRight.ends_on, Asset.id)
    )
    return [Ending(row.id, row.title, row.ends_on) for row in rows if row.ends_on is not None]
