"""Somebody's name and address are forgotten for good. What they did stays, under their number."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Text, cast, delete, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.administrators import hold
from assetlib.accounts.actions.leaving import shut_doors
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import ApiToken, OneTimeLink, Person, PersonSession
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules.forgetting import Forgetting
from assetlib.audit import record
from assetlib.jobs.models import Job
from assetlib.notify.models import Notice, NoticeChoice, NoticeTimes, OutgoingMail
from assetlib.words import say, with_values


def erase_person(session: Session, actor: Actor, person: Person, *, typed: str) -> None:
    """Name and address of one who left are gone from all that we say; `typed` is their address, as a proof.

    What people typed stays as they typed it: titles, purposes and answers of requests, names and messages of
    links, notes, reasons. The audit chain stays whole: it holds numbers, beside reasons as they were typed,
    and of addresses that were tried without success a sha256.
    """
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    if person.erased_at is not None:
        raise WrongPerson(say("Name and address of this person are erased already."))
    if person.state != "closed":
        raise WrongPerson(say("Close the account first; then it can be erased."))
    if typed.strip().lower() != person.email:
        fault = say("This is not their address. Type it as it stands above.")
        raise WrongPerson(fault, fields={"typed": fault})
    name, address = person.name, person.email
    new_name, new_address = f"Erased person {person.id}", f"erased-{person.id}@erased.invalid"
    shut_doors(session, actor, person)
    for model in (PersonSession, ApiToken, OneTimeLink, Notice, NoticeChoice, NoticeTimes):
        session.execute(delete(model).where(model.person_id == person.id))
    session.execute(
        delete(OutgoingMail).where(
            or_(OutgoingMail.person_id == person.id, OutgoingMail.recipient == address)
        )
    )
    person.name, person.email = new_name, new_address
    person.locale, person.time_zone = None, None
    person.erased_at = clock.now()
    forgetting = Forgetting(name=name, new_name=new_name, address=address, new_address=new_address)
    _forget_elsewhere(session, forgetting)
    session.flush()
    record(session, actor, "accounts.person_erased", person)


ELSEWHERE: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Notice, ("sentence", "reason")),
    (OutgoingMail, ("letter", "subject", "text", "html", "fault")),
    (Job, ("arguments", "error")),
)
"""Where sentences of ours name people: what others were told of them."""
BATCH = 500


def _forget_elsewhere(session: Session, forgetting: Forgetting) -> None:
    """The database finds what says one of the words; only that is read and written."""
    for model, columns in ELSEWHERE:
        says_it = or_(
            *(
                cast(getattr(model, column), Text).icontains(form, autoescape=True)
                for column in columns
                for form in sorted(forgetting.forms)
            )
        )
        ids = session.scalars(select(model.id).where(says_it).order_by(model.id)).all()
        for start in range(0, len(ids), BATCH):
            for row in session.scalars(select(model).where(model.id.in_(ids[start : start + BATCH]))):
                _forget_in(row, forgetting)
            session.flush()


def _forget_in(row: Notice | OutgoingMail | Job, forgetting: Forgetting) -> None:
    """Values of sentences are changed, never their patterns, nor the key of anything."""
    forget = forgetting.in_text
    if isinstance(row, Notice):
        row.sentence, row.reason = with_values(row.sentence, forget), with_values(row.reason, forget)
    elif isinstance(row, Job):
        row.arguments = _in_all(row.arguments, forgetting.address_in)
        row.error = forget(row.error) if row.error is not None else None
    else:
        row.fault = forget(row.fault)
        letter = _in_all(row.letter, lambda text: with_values(text, forget))
        if letter != row.letter:
            # It speaks of the person. In a letter that does not, the same words are no name.
            row.letter = letter
            row.subject, row.text, row.html = forget(row.subject), forget(row.text), forget(row.html)


def _in_all(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _in_all(each, change) for key, each in value.items()}
        case list():
            return [_in_all(each, change) for each in value]
    return value
