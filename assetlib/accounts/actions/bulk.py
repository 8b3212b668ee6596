"""Many people are invited at once: all that are right, or none."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.actions.people import invite_person
from assetlib.accounts.errors import WrongFile
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries.bulk import Staged
from assetlib.accounts.rules.roles import Known
from assetlib.words import say


def invite_people(
    session: Session, actor: Actor, rows: Sequence[Staged], *, known: Known, message: str = ""
) -> list[Person]:
    """Invite every row that is ready. The same file again invites nobody, because they are here by then."""
    MANAGE_PEOPLE.require(actor)
    ready = [each for each in rows if each.state == "ready" and each.of is not None]
    if not ready:
        raise WrongFile(say("There is nobody to invite in this file."))
    return [
        invite_person(
            session,
            actor,
            each.of,
            name=each.name,
            email=each.email,
            roles=each.roles,
            groups=each.groups,
            known=known,
            message=message,
        )
        for each in ready
        if each.of is not None
    ]
