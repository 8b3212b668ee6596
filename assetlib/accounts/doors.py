"""With what somebody can come in just now, in numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.accounts.factors import has_factor
from assetlib.accounts.models import ApiToken, PersonSession
from assetlib.accounts.sessions import living_sessions
from assetlib.accounts.tokens import living_tokens


@dataclass(frozen=True)
class Doors:
    """Sessions and tokens that open something at this moment."""

    sessions: int
    tokens: int
    second_factor: bool
    seen_at: datetime | None
    """When the person was last seen in a session, living or not."""


def doors_of(session: Session, person_id: int) -> Doors:
    """Living sessions and tokens, and whether a phone is asked for."""
    sessions, seen_at = session.execute(
        select(func.count().filter(living_sessions()), func.max(PersonSession.seen_at)).where(
            PersonSession.person_id == person_id
        )
    ).one()
    tokens = session.scalar(
        select(func.count()).select_from(ApiToken).where(ApiToken.person_id == person_id, living_tokens())
    )
    return Doors(sessions, tokens or 0, has_factor(session, person_id), seen_at)
