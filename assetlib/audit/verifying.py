"""Go along the chain and say whether anybody touched it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.audit.models import AuditEntry, AuditHead
from assetlib.audit.recording import FIRST_HASH, SEALED, seal


@dataclass(frozen=True)
class Verdict:
    """How many entries were read, and the first thing found wrong, if any."""

    entries: int
    fault: str | None

    @property
    def is_whole(self) -> bool:
        return self.fault is None


def verify(session: Session) -> Verdict:
    """Read every entry in order and compare numbers, links, seals and the head.

    Call it in `Database.reading()`: entries and head must be seen at one moment.
    """
    try:
        return _go_along(session)
    except (ValueError, TypeError, AttributeError) as error:
        # A column holds what could never have been written there, such as a date that is none.
        return Verdict(0, f"an entry cannot be read: {error}")


def _go_along(session: Session) -> Verdict:
    table = AuditEntry.__table__
    columns = [table.c[name] for name in (*SEALED, "hash")]
    seq, previous = 0, FIRST_HASH
    every = select(*columns).order_by(table.c.seq).execution_options(yield_per=5_000)
    with session.execute(every) as entries:
        for facts in entries.mappings():
            if facts["seq"] != seq + 1:
                return Verdict(seq, f"entry {seq + 1} is missing")
            if facts["previous_hash"] != previous:
                return Verdict(seq, f"entry {facts['seq']} does not follow from the one before it")
            if seal(dict(facts)) != facts["hash"]:
                return Verdict(seq, f"entry {facts['seq']} was changed after it was written")
            seq, previous = facts["seq"], facts["hash"]
    head = session.scalars(select(AuditHead).where(AuditHead.id == 1)).one_or_none()
    if head is None:
        return Verdict(seq, "the head of the chain is missing")
    if (head.seq, head.hash) != (seq, previous):
        return Verdict(seq, f"the head of the chain says {head.seq} entries, {seq} were found")
    return Verdict(seq, None)
