"""Go along the chain and say whether anybody touched it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, select, type_coerce
from sqlalchemy.orm import Session

from assetlib.audit.canonical import canonical
from assetlib.audit.models import AuditEntry, AuditHead
from assetlib.audit.recording import FIRST_HASH, SEALED, moment_text, seal_of
from assetlib.words import say

PIECE = 20_000
"""Entries that are read in one go by those who must not hold a view of the database for long."""


AT, CHANGES = SEALED.index("at"), SEALED.index("changes")
_JSON = json.JSONDecoder()


@dataclass(frozen=True)
class Place:
    """A place on the chain: the number of an entry, and its hash."""

    seq: int
    hash: str


START = Place(0, FIRST_HASH)


@dataclass(frozen=True)
class Verdict:
    """How many entries are whole from the start, and the first thing found wrong, if any."""

    entries: int
    fault: str | None

    @property
    def is_whole(self) -> bool:
        return self.fault is None

    @property
    def first_bad(self) -> int | None:
        """The number of the first entry that is missing or not as it was written."""
        return None if self.fault is None else self.entries + 1


@dataclass(frozen=True)
class Piece:
    """How far one look came: the end of the chain, a fault, or the place to go on from."""

    place: Place
    verdict: Verdict | None


def verify(session: Session) -> Verdict:
    """Read every entry in order and compare numbers, links, seals and the head.

    Call it in `Database.reading()`: entries and head must be seen at one moment.
    """
    return verify_from(session, START, most=None).verdict or Verdict(0, None)


def verify_from(session: Session, place: Place, *, most: int | None = PIECE) -> Piece:
    """The same from a place that was found whole, for `most` entries; at the end the head is compared."""
    walk = _Walk(place)
    try:
        return walk.along(session, most)
    except (ValueError, TypeError, AttributeError) as error:
        # A column holds what could never have been written there, such as a date that is none.
        return walk.ends(say("an entry cannot be read: {error}", error=str(error)))


class _Walk:
    def __init__(self, place: Place) -> None:
        self.seq, self.previous = place.seq, place.hash

    def along(self, session: Session, most: int | None) -> Piece:
        table = AuditEntry.__table__
        # Its own hash stands last, that of the one before it before that.
        columns: list[ColumnElement[Any]] = [table.c[name] for name in (*SEALED, "hash")]
        # As they are kept: to make values of them and texts again would take longer than all the rest.
        columns[AT] = type_coerce(table.c.at, Text).label("at")
        columns[CHANGES] = cast(table.c.changes, Text).label("changes")
        rest = select(*columns).where(table.c.seq > self.seq) if self.seq else select(*columns)
        rest = rest.order_by(table.c.seq).limit(most).execution_options(yield_per=min(most or 5_000, 5_000))
        begun = self.seq
        with session.execute(rest) as entries:
            for *sealed, found in entries:
                fault = self._fault_of(sealed, found)
                if fault is not None:
                    return self.ends(fault)
                self.seq, self.previous = sealed[0], found
        if most is not None and self.seq - begun == most:
            return Piece(Place(self.seq, self.previous), None)
        return self._compare_head(session)

    def _fault_of(self, sealed: Sequence[Any], found: str) -> str | None:
        seq, previous = sealed[0], sealed[-1]
        if seq != self.seq + 1:
            return say("entry {seq} is missing", seq=str(self.seq + 1))
        if previous != self.previous:
            return say("entry {seq} does not follow from the one before it", seq=str(seq))
        if not _is_sealed(sealed, found):
            return say("entry {seq} was changed after it was written", seq=str(seq))
        return None

    def _compare_head(self, session: Session) -> Piece:
        head = session.scalars(
            select(AuditHead).where(AuditHead.id == 1).execution_options(populate_existing=True)
        ).one_or_none()
        if head is None:
            return self.ends(say("the head of the chain is missing"))
        if (head.seq, head.hash) != (self.seq, self.previous):
            return self.ends(
                say(
                    "the head of the chain says {said} entries, {found} were found",
                    said=str(head.seq),
                    found=str(self.seq),
                )
            )
        return self.ends(None)

    def ends(self, fault: str | None) -> Piece:
        return Piece(Place(self.seq, self.previous), Verdict(self.seq, fault))


def _is_sealed(values: Sequence[Any], found: str) -> bool:
    """Whether these values have that seal. Where the text that is kept has it, no value is made of it."""
    at, kept = _sealed_moment(values[AT]), values[CHANGES]
    if '": ' not in kept and seal_of(values, at, kept) == found:
        return True
    return seal_of(values, at, _sealed_json(kept)) == found


def _sealed_moment(kept: datetime | str) -> str:
    """A moment as it is sealed, from what the driver gives: SQLite keeps it as text, in UTC."""
    if not isinstance(kept, str):
        return moment_text(kept)
    if len(kept) == len("2026-05-06 12:00:00.000000"):
        return kept.replace(" ", "T") + "+00:00"
    return moment_text(datetime.fromisoformat(kept))


def _sealed_json(kept: str) -> str:
    value, end = _JSON.raw_decode(kept)
    if end != len(kept):
        raise ValueError("there is more than JSON")
    return canonical(value)
