"""A person gets another address: they are told, at the old one too, in case it was not meant to be."""

from contextlib import suppress

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import find_own_organisation
from assetlib.notify.errors import WrongRecipient
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.telling import tell
from assetlib.words import say


def tell_of_other_address(session: Session, actor: Actor, person: Person, old: str) -> None:
    """Tell whoever can sign in, behind the bell and at the address they had until now.

    An invited person is not: their old address may be a stranger's, mistyped.
    """
    if person.state not in ("active", "suspended"):
        return
    own = find_own_organisation(session)
    house = own.name if own is not None else "assetlib"
    what = say("{name} changed the address with which you sign in to {house}.", name=actor.name, house=house)
    tell(
        session,
        [person.id],
        "account.changed",
        what,
        say("You get this because it is about your account."),
        "/account",
    )
    letter = Letter(
        subject=say("You sign in to {house} with another address", house=house),
        paragraphs=(
            what,
            say("From now on mail goes to the new address, and nothing comes to this one any more."),
            say("If you know nothing of this, tell an administrator at once: somebody may sign in as you."),
        ),
        reason=say("You get this because this was your address until now."),
    )
    with suppress(WrongRecipient):  # no mail could ever go there
        promise_mail(
            session,
            recipient=old,
            person_id=person.id,
            language=person.locale,
            zone=person.time_zone,
            letter=letter,
        )
