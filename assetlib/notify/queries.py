"""What a person was told, and the mails of the house."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer

from assetlib.access.actor import Actor
from assetlib.access.prepared import person_of
from assetlib.notify.errors import NoSuchMail, NoSuchNotice
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.readers import StillOpen
from assetlib.paging import Page
from assetlib.words import recalled, say

NOT_OPEN_NOW = say("This was about something that is not open to you now.")


@dataclass(frozen=True)
class Told:
    """One notice as its reader may see it now. `url` is empty where it leads to nothing open to them."""

    id: int
    kind: str
    sentence: str
    reason: str
    url: str
    at: datetime
    is_read: bool


def unread_of(actor: Actor) -> Select[int]:
    """The notices that the person has not read."""
    return select(Notice.id).where(Notice.person_id == person_of(actor), Notice.read_at.is_(None))


def count_unread(session: Session, actor: Actor) -> int:
    """How many notices the person has not read."""
    return session.scalar(select(func.count()).select_from(unread_of(actor).subquery())) or 0


def notices_of(
    session: Session,
    actor: Actor,
    still_open: StillOpen,
    *,
    number: int,
    size: int,
    unread_only: bool = False,
) -> Page[Told]:
    """What the person was told: unread first, then the newest."""
    where = [Notice.person_id == actor.person_id]
    if unread_only:
        where.append(Notice.read_at.is_(None))
    total = session.scalar(select(func.count()).select_from(Notice).where(*where)) or 0
    rows = session.scalars(
        select(Notice)
        .where(*where)
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(_shown(session, actor, still_open, rows), number, size, total)


def newest_of(session: Session, actor: Actor, still_open: StillOpen, *, most: int) -> list[Told]:
    """The last few that the person was told, read or not."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.person_id == actor.person_id)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(most)
    ).all()
    return _shown(session, actor, still_open, rows)


def get_notice(session: Session, actor: Actor, notice_id: int) -> Notice:
    """The person's own notice; others' are not to be found."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != actor.person_id:
        raise NoSuchNotice(say("There is no such notice. It may be gone by its age."))
    return notice


def mails(session: Session, *, number: int, size: int) -> Page[OutgoingMail]:
    """Every mail that is kept, the newest first, without what it says."""
    total = session.scalar(select(func.count()).select_from(OutgoingMail)) or 0
    rows = session.scalars(
        select(OutgoingMail)
        .options(defer(OutgoingMail.text), defer(OutgoingMail.html), defer(OutgoingMail.letter))
        .order_by(OutgoingMail.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def get_mail(session: Session, mail_id: int) -> OutgoingMail:
    mail = session.get(OutgoingMail, mail_id)
    if mail is None:
        raise NoSuchMail(say("There is no such mail. It may be gone by its age."))
    return mail


def _shown(session: Session, actor: Actor, still_open: StillOpen, rows: Sequence[Notice]) -> list[Told]:
    about: Collection[int] = {each.facts["asset"] for each in rows if "asset" in each.facts}
    seen = still_open(session, actor.person_id or 0, about) if about else frozenset()
    return [_told(each, "asset" not in each.facts or each.facts["asset"] in seen) for each in rows]


def _told(row: Notice, is_open: bool) -> Told:
    return Told(
        id=row.id,
        kind=row.kind,
        sentence=recalled(row.sentence) if is_open else NOT_OPEN_NOW,
        reason=recalled(row.reason) if is_open else "",
        url=row.url if is_open else "",
        at=row.at,
        is_read=row.read_at is not None,
    )
