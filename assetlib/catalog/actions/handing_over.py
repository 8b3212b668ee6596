"""What somebody had open in the catalogue goes to somebody else, or ends, when they leave."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.audit import record
from assetlib.catalog.actions.requests import end_for_leaver
from assetlib.catalog.models import Collection, Share
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.open_matters import unsent_by
from assetlib.notify.telling import tell
from assetlib.words import say, say_n

HAND_ON, END = "hand_on", "end"


def hand_over(
    session: Session, actor: Actor, person: Person, to: Person | None, *, shares: str = END
) -> None:
    """Their collections go to `to`, their links too or end; their own open requests are taken back.

    What was opened to them for a time closes.
    """
    MANAGE_PEOPLE.require(actor)
    if to is not None:
        _must_take(session, person, to)
    collections = session.scalars(
        select(Collection).where(Collection.owner_id == person.id).with_for_update()
    ).all()
    links = session.scalars(
        select(Share).where(Share.maker_id == person.id, Share.revoked_at.is_(None)).with_for_update()
    ).all()
    living = [each for each in links if each.expires_at > clock.now()]
    if to is None and (collections or (living and shares == HAND_ON)):
        sentence = say("Choose who takes over what is still open.")
        raise WrongPerson(sentence, fields={"to": sentence})
    if to is not None:
        for collection in collections:
            _give(session, actor, collection, to)
    for link in links:
        _pass_on(session, actor, link, person, to if shares == HAND_ON and link in living else None)
    end_for_leaver(session, actor, person)
    if to is not None:
        passed = len(living) if shares == HAND_ON else 0
        _tell(session, to, len(collections), passed, unsent_by(session, person.id))


def _give(session: Session, actor: Actor, collection: Collection, to: Person) -> None:
    before = collection.owner_id
    collection.owner_id = to.id
    collection.revision += 1
    record(
        session,
        actor,
        "catalog.collection_handed_on",
        collection,
        before={"owner": before},
        after={"owner": to.id},
    )


def _pass_on(session: Session, actor: Actor, link: Share, person: Person, to: Person | None) -> None:
    link.revision += 1
    if to is None:
        link.revoked_at = clock.now()
        record(session, actor, "catalog.share_revoked", link)
        return
    link.maker_id = to.id
    record(
        session, actor, "catalog.share_handed_on", link, before={"maker": person.id}, after={"maker": to.id}
    )


def _tell(session: Session, to: Person, collections: int, links: int, drafts: int) -> None:
    """Whoever takes over: what is theirs now."""
    said = [
        say_n("{count} collection", "{count} collections", collections) if collections else "",
        say_n("{count} link to people outside", "{count} links to people outside", links) if links else "",
        say_n("{count} draft", "{count} drafts", drafts) if drafts else "",
    ]
    if any(said):
        tell(
            session,
            [to.id],
            "work.handed_on",
            say(
                "A colleague has left. You look after these now: {what}.",
                what=[each for each in said if each],
            ),
            say("You were chosen to take them over."),
            "/collections" if collections else "/shares" if links else "/my-work",
        )


def _must_take(session: Session, person: Person, to: Person) -> None:
    if to.id == person.id or to.state != "active" or to.organisation_id != person.organisation_id:
        sentence = say("Choose somebody of the same organisation who is active.")
        raise WrongPerson(sentence, fields={"to": sentence})
    if not actor_of(session, to.id).has_any_role:
        sentence = say("They have no role, so none of this would open for them. Choose somebody who has one.")
        raise WrongPerson(sentence, fields={"to": sentence})
