"""Figures of what came of a campaign are entered, typed or from a table."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.planning.models import Campaign, MeasuredResult
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.results import activity_names
from assetlib.planning.rules.results import Typed, must_all_be_read, read


def enter_results(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    typed: Sequence[Typed],
    *,
    language: str,
    source: Literal["typed", "csv"] = "typed",
) -> int:
    """Keep all of these figures, or none with a sentence for each row; how many. Nothing is overwritten."""
    EDIT_CAMPAIGN.require(actor, campaign)
    names, today = activity_names(session, campaign), clock.today()
    figures = must_all_be_read(
        [read(each, language=language, today=today, activities=names) for each in typed]
    )
    session.add_all(
        MeasuredResult(
            campaign_id=campaign.id,
            activity_id=each.activity_id,
            kpi=each.kpi,
            thousandths=each.thousandths,
            unit=each.unit,
            measured_on=each.measured_on,
            source=source,
            entered_by_id=actor.person_id,
            entered_at=clock.now(),
        )
        for each in figures
    )
    session.flush()
    record(
        session, actor, "planning.results_entered", campaign, after={"figures": len(figures)}, source=source
    )
    return len(figures)
