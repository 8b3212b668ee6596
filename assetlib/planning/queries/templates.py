"""Templates that campaigns are begun by."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.planning.errors import NoSuchCampaign
from assetlib.planning.models import CampaignTemplate
from assetlib.planning.permissions.work import SEE_CAMPAIGNS
from assetlib.words import say


def templates(session: Session) -> Sequence[CampaignTemplate]:
    """Those that are offered, by their names."""
    return session.scalars(
        select(CampaignTemplate).where(CampaignTemplate.retired_at.is_(None)).order_by(CampaignTemplate.name)
    ).all()


def get_template(session: Session, actor: Actor, template_id: int) -> CampaignTemplate:
    """One of them, offered or not."""
    SEE_CAMPAIGNS.require(actor)
    template = session.get(CampaignTemplate, template_id)
    if template is None:
        raise NoSuchCampaign(say("There is no such template."))
    return template
