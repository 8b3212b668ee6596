"""Many people are invited at once: all that are right, or none."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.actions.links import send_first_invitations
from assetlib.accounts.actions.people import add_invited
from assetlib.accounts.errors import WrongFile
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries.bulk import Staged
from assetlib.accounts.rules.newcomers import must_be_message
from assetlib.words import say


def invite_people(
    session: Session, actor: Actor, rows: Sequence[Staged], *, message: str = ""
) -> list[Person]:
    """Invite every row that is ready. The same file again invites nobody, because they are here by then."""
    MANAGE_PEOPLE.require(actor)
    ready = [each for each in rows if each.state == "ready" and each.of is not None]
    if not ready:
        raise WrongFile(say("There is nobody to invite in this file."))
    must_be_message(message)
    people = add_invited(session, actor, ready)
    send_first_invitations(session, actor, people, message=message)
    return people
