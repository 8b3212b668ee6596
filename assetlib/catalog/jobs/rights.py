"""Those who look after an asset know in time when its rights end."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.calendar import Day
from assetlib.catalog.actions.telling import AS_LIBRARIAN
from assetlib.catalog.models import Asset, UsageRight
from assetlib.catalog.queries.audience import librarians, looking_after
from assetlib.jobs.work import Work
from assetlib.notify.telling import tell
from assetlib.words import say, say_n

DAYS_BEFORE = (7, 30, 90)
"""Once each, the first time that a look falls within."""
NO_LONGER_USED = ("withdrawn", "archived")
AT_ONCE = 200
"""Assets of one transaction."""


def tell_ending_rights(work: Work) -> None:
    """Tell librarians of rights that end within 90, 30 and 7 days; of each term once."""
    after = 0
    while True:
        with work.database.transaction() as session:
            found = _ending(session, after)
            those = librarians(session) if found else []
            for each in found:
                _tell(session, those, each)
        if len(found) < AT_ONCE:
            return
        after = found[-1].asset_id


def _ending(session: Session, after: int) -> Sequence[UsageRight]:
    today = clock.today()
    return session.scalars(
        select(UsageRight)
        .join(UsageRight.asset)
        .where(
            UsageRight.asset_id > after,
            UsageRight.ends_on.between(today, today + timedelta(days=DAYS_BEFORE[-1])),
            Asset.deleted_at.is_(None),
            Asset.state.not_in(NO_LONGER_USED),
        )
        .options(joinedload(UsageRight.asset))
        .order_by(UsageRight.asset_id)
        .limit(AT_ONCE)
    ).all()


def _tell(session: Session, those: Sequence[Actor], right: UsageRight) -> None:
    asset, ends_on, today = right.asset, right.ends_on, clock.today()
    if ends_on is None:
        return
    left = (ends_on - today).days
    term = next(days for days in DAYS_BEFORE if left <= days)
    how_long = say_n("in {count} day", "in {count} days", left) if left else say("today")
    tell(
        session,
        looking_after(those, asset),
        "rights.ending",
        say(
            "Rights of “{title}” end {when}. The last day is {day}.",
            title=asset.title,
            when=how_long,
            day=Day(ends_on, today),
        ),
        AS_LIBRARIAN,
        f"/assets/{asset.id}",
        dedupe=f"rights-{asset.id}-{ends_on}-{term}",
        asset_id=asset.id,
    )
