"""Somebody's name and address are forgotten for good. What they did stays, under their number."""

import html
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.administrators import hold
from assetlib.accounts.actions.leaving import shut_doors
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import ApiToken, OneTimeLink, Person, PersonSession
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.audit import record
from assetlib.jobs.models import Job
from assetlib.notify.models import Notice, NoticeChoice, NoticeTimes, OutgoingMail
from assetlib.words import say


def erase_person(session: Session, actor: Actor, person: Person, *, typed: str) -> None:
    """Name and address of one who left are gone from all rows of ours; `typed` is their address, as a proof.

    The audit chain never held them, so it stays whole.
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
    _forget_elsewhere(session, _forgetting({address: new_address, name: new_name}))
    session.flush()
    record(session, actor, "accounts.person_erased", person)


ELSEWHERE: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Notice, ("sentence", "reason", "facts")),
    (OutgoingMail, ("letter", "subject", "text", "html", "fault")),
    (Job, ("arguments", "error")),
)
"""Where sentences of ours name people: what others were told of them."""


def _forget_elsewhere(session: Session, forget: Callable[[Any], Any]) -> None:
    for model, columns in ELSEWHERE:
        for row in session.scalars(select(model).execution_options(yield_per=500)):
            for column in columns:
                value = getattr(row, column)
                forgotten = forget(value)
                if forgotten != value:
                    setattr(row, column, forgotten)
        session.flush()


def _forgetting(words: dict[str, str]) -> Callable[[Any], Any]:
    """What puts other words for these, in texts and in all that is in lists and mappings."""
    written: dict[str, str] = {}
    for word, instead in words.items():
        as_json = word.encode("ascii", "backslashreplace").decode()
        for form in (word, html.escape(word), html.escape(word, quote=False), as_json):
            written[form.lower()] = instead
    pattern = re.compile(
        r"(?<!\w)("
        + "|".join(re.escape(each) for each in sorted(written, key=len, reverse=True))
        + r")(?!\w)",
        re.IGNORECASE,
    )

    def forget(value: Any) -> Any:
        match value:
            case str():
                return pattern.sub(lambda found: written.get(found[1].lower(), ""), value)
            case dict():
                return {forget(key): forget(each) for key, each in value.items()}
            case list():
                return [forget(each) for each in value]
        return value

    return forget
