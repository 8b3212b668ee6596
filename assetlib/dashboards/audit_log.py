"""The record of what happened, for those who read it: sentences, names, and what changed."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from assetlib.audit.models import AuditEntry
from assetlib.audit.queries import TURNED_AWAY, Wanted, end_of_chain, in_pieces
from assetlib.dashboards.audit_names import Names, Thing, names_in, through
from assetlib.dashboards.audit_sentences import sentence_of
from assetlib.database import Database
from assetlib.words import recalled, say

Form = Literal["csv", "jsonl"]
FORMS: tuple[Form, ...] = ("csv", "jsonl")
PIECE = 1_000
"""Entries of an export that are read at once."""
_THROUGH = ("token_id", "share_id")


@dataclass(frozen=True)
class Line:
    """One thing that happened, as it is read."""

    seq: int
    at: datetime
    action: str
    who: str
    person_id: int | None
    organisation: str
    through: str
    """The token or link that acted in the person's name; empty when they did it themself."""
    sentence: str
    thing: Thing
    reason: str
    changed: Sequence[tuple[str, str, str]]
    """Field, before, after."""
    facts: Sequence[tuple[str, str]]
    """What else is known."""
    network: str
    request_id: str
    is_refusal: bool


def lines_of(session: Session, entries: Sequence[AuditEntry]) -> list[Line]:
    """These entries with the names of today, in a fixed number of statements."""
    names = names_in(session, entries)
    return [_line(entry, names) for entry in entries]


def _line(entry: AuditEntry, names: Names) -> Line:
    changes = entry.changes if isinstance(entry.changes, dict) else {}
    before, after = _mapping(changes.get("before")), _mapping(changes.get("after"))
    who, thing = names.who(entry), names.thing(entry)
    facts = {**after, **changes}
    return Line(
        seq=entry.seq,
        at=entry.at,
        action=entry.action,
        who=who,
        person_id=entry.actor_id,
        organisation=names.organisations.get(entry.organisation_id or 0, ""),
        through=_through(entry, names),
        sentence=sentence_of(entry.action, who=who, thing=thing.label, facts=facts),
        thing=thing,
        reason=recalled(entry.reason),
        changed=[
            (name, _shown(before.get(name)), _shown(after.get(name)))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ],
        facts=[
            (name, _shown(value))
            for name, value in changes.items()
            if name not in ("before", "after", *_THROUGH)
        ],
        network=entry.address,
        request_id=entry.request_id,
        is_refusal=entry.action.endswith(TURNED_AWAY),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(value: Any) -> str:
    """A value as it stands in a table."""
    if value is None or value in ("", [], {}):
        return say("nothing")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, str):
        return recalled(value)
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _through(entry: AuditEntry, names: Names) -> str:
    token, share = through(entry, "token_id"), through(entry, "share_id")
    if token is not None:
        return say("by the token “{name}”", name=names.tokens.get(token, str(token)))
    if share is not None:
        link = names.things.get(("share", str(share)))
        return say("by the link “{name}”", name=link.label if link is not None else str(share))
    return ""


HEAD = (
    "seq", "at", "who", "person_id", "organisation", "through", "action", "sentence", "object_kind",
    "object_id", "thing", "reason", "changes", "network", "request_id", "hash",
)  # fmt: skip


def exported(database: Database, wanted: Wanted, form: Form) -> Iterator[bytes]:
    """The entries that are asked for and were there at the beginning, the oldest first.

    Each piece is read in a short look of its own. CSV is that of RFC 4180, in UTF-8 with its mark; what a
    table would take for a formula is made plain text. JSON Lines carry all that the seal is made of.
    """
    with database.reading() as session:
        up_to, _ = end_of_chain(session)
    after = 0
    if form == "csv":
        yield "\ufeff".encode() + _as_csv([HEAD])
    while True:
        with database.reading() as session:
            entries = in_pieces(session, wanted, after=after, up_to=up_to, size=PIECE)
            lines = lines_of(session, entries)
        if not entries:
            return
        if form == "csv":
            yield _as_csv([_row(entry, line) for entry, line in zip(entries, lines, strict=True)])
        else:
            yield b"".join(_as_json(entry, line) for entry, line in zip(entries, lines, strict=True))
        after = entries[-1].seq


def _row(entry: AuditEntry, line: Line) -> list[str]:
    values = (
        entry.seq, entry.at.astimezone(UTC).isoformat(), line.who, entry.actor_id, line.organisation,
        line.through,
        entry.action, line.sentence, entry.object_kind, entry.object_id, line.thing.title or line.thing.label,
        line.reason, json.dumps(entry.changes, ensure_ascii=False, sort_keys=True), entry.address,
        entry.request_id, entry.hash,
    )  # fmt: skip
    return [inert("" if value is None else str(value)) for value in values]


def inert(text: str) -> str:
    """The text so that no table takes it for a formula: an apostrophe goes before what could be one."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")


def _as_json(entry: AuditEntry, line: Line) -> bytes:
    facts = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "organisation_id": entry.organisation_id,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "changes": entry.changes,
        "reason": entry.reason,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "who": str(line.who),
        "organisation": line.organisation,
        "thing": str(line.thing.title or line.thing.label),
    }
    return json.dumps(facts, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
