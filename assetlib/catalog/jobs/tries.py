"""How often the first pictures of a version were tried.

A try is counted before the work begins, because what takes the whole worker down does not come back to count.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.catalog.actions.renditions import give_up_drawing
from assetlib.catalog.models import Version

MOST_TRIES = 3
COUNT = "preview_tries"
"""Where it stands among `Version.facts`."""
FAILED = "The preview could not be made. The file itself is kept."


def begin_try(session: Session, version_id: int) -> bool:
    """Count a try. False when there is nothing to draw, or when it was tried often enough and has failed."""
    version = _waiting(session, version_id)
    if version is None:
        return False
    tries = int(version.facts.get(COUNT, 0)) + 1
    if tries > MOST_TRIES:
        give_up_drawing(session, SYSTEM, version, state="failed", reason=FAILED)
        return False
    version.facts = {**version.facts, COUNT: tries}
    return True


def excuse_try(session: Session, version_id: int) -> None:
    """Take a counted try back: not the file was the reason, but a service that was away."""
    version = _waiting(session, version_id)
    if version is not None:
        version.facts = {**version.facts, COUNT: max(int(version.facts.get(COUNT, 1)) - 1, 0)}


def _waiting(session: Session, version_id: int) -> Version | None:
    return session.scalars(
        select(Version)
        .where(Version.id == version_id, Version.preview_state == "waiting")
        .with_for_update(of=Version)
        .execution_options(populate_existing=True)
    ).one_or_none()
