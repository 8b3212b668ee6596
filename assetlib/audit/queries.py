"""What happened, as those look for it who have to know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from assetlib.audit.models import AuditEntry, AuditHead

VERIFIED = "audit.verified"
MAY_BE_OLD = timedelta(days=2)
"""The chain is verified each night; after two days nobody did."""
MOST_ON_A_PAGE = 100
TURNED_AWAY = "refused"
"""How the name of an action ends when somebody was turned away, and no other name does."""


@dataclass(frozen=True)
class Wanted:
    """What of the log somebody asks for; what is not said is not asked."""

    person_ids: frozenset[int] | None = None
    """Who acted. An empty set finds nothing."""
    organisation_id: int | None = None
    actions: frozenset[str] = frozenset()
    """Names of actions, or of rooms with a dot at the end: `catalog.`."""
    object_kind: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    refusals: bool = False
    text: str = ""
    """Stands in the reason."""
    token_id: int | None = None
    share_id: int | None = None
    request_id: str = ""

    @property
    def is_all(self) -> bool:
        return self == Wanted()

    def as_facts(self) -> dict[str, Any]:
        """For the record of who looked at what. Words that were typed are not kept."""
        facts = {
            "people": sorted(self.person_ids) if self.person_ids is not None else None,
            "organisation_id": self.organisation_id,
            "actions": sorted(self.actions),
            "object": f"{self.object_kind} {self.object_id}".strip(),
            "since": self.since,
            "until": self.until,
            "refusals": self.refusals or None,
            "by_words": bool(self.text) or None,
            "token": self.token_id,
            "share": self.share_id,
            "request": self.request_id,
        }
        return {name: each for name, each in facts.items() if each not in (None, "", [])}


@dataclass(frozen=True)
class Stretch:
    """Some entries, the latest first, and whether the log goes on at either end."""

    entries: Sequence[AuditEntry]
    has_older: bool
    has_newer: bool

    @property
    def older_from(self) -> int | None:
        return self.entries[-1].seq if self.has_older and self.entries else None

    @property
    def newer_from(self) -> int | None:
        return self.entries[0].seq if self.has_newer and self.entries else None


def stretch_of(
    session: Session, wanted: Wanted, *, before: int | None = None, after: int | None = None, size: int = 50
) -> Stretch:
    """The latest entries, or those next `before` or `after` a number. One statement, without counting."""
    size = min(max(size, 1), MOST_ON_A_PAGE)
    asked = select(AuditEntry).where(_is(wanted))
    if after is not None:
        asked = asked.where(AuditEntry.seq > after).order_by(AuditEntry.seq)
    else:
        asked = asked.order_by(AuditEntry.seq.desc())
        if before is not None:
            asked = asked.where(AuditEntry.seq < before)
    found = list(session.scalars(asked.limit(size + 1)))
    goes_on, rows = len(found) > size, found[:size]
    if after is not None:
        return Stretch(rows[::-1], has_older=True, has_newer=goes_on)
    return Stretch(rows, has_older=goes_on, has_newer=before is not None)


def in_pieces(session: Session, wanted: Wanted, *, after: int, up_to: int, size: int) -> Sequence[AuditEntry]:
    """The next entries after a number, the oldest first: one piece of a longer way."""
    return session.scalars(
        select(AuditEntry)
        .where(_is(wanted), AuditEntry.seq > after, AuditEntry.seq <= up_to)
        .order_by(AuditEntry.seq)
        .limit(size)
    ).all()


def end_of_chain(session: Session) -> tuple[int, str]:
    """Number and hash that the head says."""
    head = session.scalars(select(AuditHead).where(AuditHead.id == 1)).one()
    return head.seq, head.hash


def known_actions(session: Session) -> Sequence[str]:
    """Every action that was ever recorded, by name."""
    return session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def hash_at(session: Session, seq: int) -> str | None:
    """The hash of one entry; None when there is none of that number."""
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq))


@dataclass(frozen=True)
class Verification:
    """The last time that somebody went along the whole chain."""

    at: datetime
    entries: int
    """Whole from the start."""
    fault: str
    """What was found wrong, as `words.kept` wrote it; empty when nothing was."""
    seconds: float
    since: int
    """Entries that came after."""

    @property
    def is_whole(self) -> bool:
        return not self.fault

    @property
    def first_bad(self) -> int | None:
        return None if self.is_whole else self.entries + 1


def last_verification(session: Session) -> Verification | None:
    """None when the chain was never verified. Two statements."""
    row = session.scalars(
        select(AuditEntry).where(AuditEntry.action == VERIFIED).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    last = session.scalar(select(func.max(AuditEntry.seq))) or row.seq
    changes = row.changes
    return Verification(
        row.at,
        int(changes.get("entries", 0)),
        str(changes.get("fault") or ""),
        float(changes.get("seconds", 0)),
        # Of a broken chain nothing after the last whole entry was found to be so.
        last - (int(changes.get("entries", 0)) if changes.get("fault") else row.seq),
    )


def _is(wanted: Wanted) -> ColumnElement[bool]:
    # A moment is compared only where there is one.
    asked: list[tuple[bool, Callable[[], ColumnElement[bool]]]] = [
        (wanted.person_ids is not None, lambda: AuditEntry.actor_id.in_(sorted(wanted.person_ids or ()))),
        (wanted.organisation_id is not None, lambda: AuditEntry.organisation_id == wanted.organisation_id),
        (bool(wanted.actions), lambda: or_(*(_names(each) for each in sorted(wanted.actions)))),
        (bool(wanted.object_kind), lambda: AuditEntry.object_kind == wanted.object_kind),
        (bool(wanted.object_id), lambda: AuditEntry.object_id == wanted.object_id),
        (wanted.since is not None, lambda: AuditEntry.at >= wanted.since),
        (wanted.until is not None, lambda: AuditEntry.at < wanted.until),
        (wanted.refusals, lambda: AuditEntry.action.endswith(TURNED_AWAY)),
        (bool(wanted.text), lambda: AuditEntry.reason.icontains(wanted.text, autoescape=True)),
        (wanted.token_id is not None, lambda: _through("token_id", wanted.token_id)),
        (wanted.share_id is not None, lambda: _of_share(wanted.share_id)),
        (bool(wanted.request_id), lambda: AuditEntry.request_id == wanted.request_id),
    ]
    return and_(true(), *(clause() for is_asked, clause in asked if is_asked))


def _through(name: str, number: int | None) -> ColumnElement[bool]:
    return and_(AuditEntry.changes[name].as_integer() == number)


def _of_share(number: int | None) -> ColumnElement[bool]:
    """Done with a link, or to it."""
    to_it = and_(AuditEntry.object_kind == "share", AuditEntry.object_id == str(number))
    return or_(_through("share_id", number), to_it)


def _names(action: str) -> ColumnElement[bool]:
    if action.endswith("."):
        return AuditEntry.action.startswith(action, autoescape=True)
    return AuditEntry.action == action
