"""What people do with their own notices."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.notify.choices import set_choices
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.permissions import CHANGE_NOTICES, SEE_OUTBOX
from assetlib.notify.times import Times


def mark_read(session: Session, actor: Actor, notice: Notice) -> None:
    """The reader has seen this one; when that was first stays."""
    CHANGE_NOTICES.require(actor)
    session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def mark_all_read(session: Session, actor: Actor) -> None:
    """The reader has seen all that they were told so far."""
    CHANGE_NOTICES.require(actor)
    session.execute(
        update(Notice)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def look_at_mail(session: Session, actor: Actor, mail: OutgoingMail) -> None:
    """Who opened a mail to somebody else is in the log from now on."""
    SEE_OUTBOX.require(actor)
    if mail.person_id is None or mail.person_id != actor.person_id:
        record(session, actor, "notify.mail_read", mail, to=mail.person_id)


def choose_notices(session: Session, actor: Actor, modes: Mapping[str, str], times: Times) -> None:
    """Be mailed of these kinds in these ways, at these times; `WrongChoice` says what cannot be, by field."""
    CHANGE_NOTICES.require(actor)
    person_id = actor.person_id or 0
    set_choices(session, person_id, modes, times)
    record(session, actor, "notify.choices_changed", ("person", str(person_id)), after=dict(modes))
