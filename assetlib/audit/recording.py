"""Write down what happened, in the transaction in which it happens."""

import hashlib
import ipaddress
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit.canonical import canonical
from assetlib.audit.models import AuditEntry, AuditHead
from assetlib.database import Base

COLLECTED = "audit_collected"
FIRST_HASH = "0" * 64
LONGEST_NAME = 64


@dataclass(frozen=True)
class _Happening:
    at: datetime
    actor: Actor
    action: str
    thing: Base | tuple[str, str]
    changes: dict[str, Any]
    reason: str


def record(
    session: Session,
    actor: Actor,
    action: str,
    thing: Base | tuple[str, str],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """Promise an entry; it is appended to the chain when the transaction ends, or never if that fails.

    `thing` is a row (which may still be without its id) or a pair (kind, id).
    """
    changes: dict[str, Any] = {**_in_whose_name(actor), **details}
    if before is not None:
        changes["before"] = dict(before)
    if after is not None:
        changes["after"] = dict(after)
    if len(action) > LONGEST_NAME or (isinstance(thing, tuple) and max(map(len, thing)) > LONGEST_NAME):
        raise ValueError(f"what {action!r} names is longer than {LONGEST_NAME} characters")
    collected: list[_Happening] = session.info.setdefault(COLLECTED, [])
    collected.append(_Happening(clock.now(), actor, action, thing, plain(changes), reason))


def _in_whose_name(actor: Actor) -> dict[str, int]:
    """Which token or link acted for the person, where it was not they themself."""
    through = {"token_id": actor.token_id, "share_id": actor.share_id}
    return {name: each for name, each in through.items() if each is not None}


def append_chain(session: Session) -> None:
    """Append what was recorded in this session. `Database.transaction` calls it last."""
    collected: list[_Happening] = session.info.pop(COLLECTED, [])
    if not collected:
        return
    head = session.scalars(
        select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).one()
    rows = []
    for happening in collected:
        row = _row(happening, head.seq + 1, head.hash)
        head.seq, head.hash = row["seq"], row["hash"]
        rows.append(row)
    session.execute(insert(AuditEntry), rows)
    session.flush()


def _row(happening: _Happening, seq: int, previous_hash: str) -> dict[str, Any]:
    kind, thing_id = _name_of(happening.thing)
    row: dict[str, Any] = {
        "seq": seq,
        "at": happening.at,
        "actor_kind": happening.actor.kind,
        "actor_id": happening.actor.person_id,
        "organisation_id": happening.actor.organisation_id,
        "address": network_of(happening.actor.address),
        "request_id": _keepable(happening.actor.request_id),
        "action": happening.action,
        "object_kind": _keepable(kind),
        "object_id": _keepable(thing_id),
        "changes": happening.changes,
        "reason": _keepable(happening.reason),
        "previous_hash": previous_hash,
    }
    row["hash"] = seal(row)
    return row


SEALED = (
    "seq", "at", "actor_kind", "actor_id", "organisation_id", "address", "request_id",
    "action", "object_kind", "object_id", "changes", "reason", "previous_hash",
)  # fmt: skip


def seal(row: Mapping[str, Any]) -> str:
    """The sha256 of an entry in its one canonical form, the previous hash included."""
    return seal_of([row[name] for name in SEALED], moment_text(row["at"]), canonical(row["changes"]))


def seal_of(values: Sequence[Any], at: str, changes: str) -> str:
    """The same of values in the order of `SEALED`, of which moment and changes are given as they are sealed.

    The canonical form is put together here and not by an encoder, because a whole chain is sealed anew
    whenever it is verified.
    """
    (
        seq, _, actor_kind, actor_id, organisation_id, address, request_id,
        action, object_kind, object_id, _, reason, previous_hash,
    ) = values  # fmt: skip
    text = encode_basestring
    sealed = (
        f'{{"action":{text(action)},"actor_id":{_number(actor_id)},"actor_kind":{text(actor_kind)}'
        f',"address":{text(address)},"at":"{at}","changes":{changes}'
        f',"object_id":{text(object_id)},"object_kind":{text(object_kind)}'
        f',"organisation_id":{_number(organisation_id)},"previous_hash":{text(previous_hash)}'
        f',"reason":{text(reason)},"request_id":{text(request_id)},"seq":{_number(seq)}}}'
    )
    return hashlib.sha256(sealed.encode("utf-8", "surrogatepass")).hexdigest()


def _number(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if value is not None:
        raise TypeError(f"{value!r} stands where a number belongs")
    return "null"


def moment_text(at: datetime) -> str:
    """A moment as it is sealed; one without a zone is one of UTC."""
    there = at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
    return there.isoformat(timespec="microseconds") + "+00:00"


def plain(value: Any) -> Any:
    """The value as JSON keeps it, so that it reads back as it was sealed."""
    if isinstance(value, Mapping):
        return {_joined(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, str):
        return _joined(value)
    if value is None or isinstance(value, (int, bool)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return _joined(str(value))


def _joined(text: str) -> str:
    """Two halves of a character side by side become the character, as they do on the way through JSON."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _keepable(text: str) -> str:
    """What a text column of every engine takes: half characters and NUL are marked as such."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def network_of(address: str) -> str:
    """The network an address lies in: enough to see a pattern, too little to follow a person."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def _name_of(thing: Base | tuple[str, str]) -> tuple[str, str]:
    if isinstance(thing, tuple):
        return thing
    identity = inspect(thing).identity or ()
    return type(thing).__tablename__, "-".join(str(part) for part in identity)
