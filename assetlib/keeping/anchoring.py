"""Signed heads of the audit chain, to be kept elsewhere: they find what the chain itself cannot.

Whoever writes the whole chain anew, or cuts off its end and moves the head, leaves a chain that is whole. An
anchor says which hash the entry of a number had at a moment; it is a line of JSON, and a file may hold many.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.audit.queries import end_of_chain, hash_at
from assetlib.errors import Conflict
from assetlib.keeping.keys import must_be_signed
from assetlib.words import say


class UnreadableAnchor(Conflict):
    """A line holds no anchor."""

    code = "unreadable_anchor"


@dataclass(frozen=True)
class Anchor:
    """The end of the chain at a moment."""

    seq: int
    hash: str
    at: datetime

    def signed_with(self, key: Ed25519PrivateKey) -> str:
        """The anchor as a line."""
        signature = base64.b64encode(key.sign(self._content)).decode()
        return json.dumps({**self._facts, "signature": signature})

    @property
    def _facts(self) -> dict[str, object]:
        return {"seq": self.seq, "hash": self.hash, "at": self.at.isoformat()}

    @property
    def _content(self) -> bytes:
        return json.dumps({"what": "assetlib audit anchor", **self._facts}, sort_keys=True).encode()

    def must_be_signed_with(self, key: Ed25519PublicKey, signature: bytes, name: str) -> None:
        must_be_signed(key, signature, self._content, name)


def anchor_now(session: Session) -> Anchor:
    seq, found = end_of_chain(session)
    return Anchor(seq, found, clock.now())


def anchors_in(path: Path, key: Ed25519PublicKey) -> Iterator[Anchor]:
    """Every anchor of a file; a line that is none, or was not signed with this key, is refused."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableAnchor(say("{path} cannot be read.", path=str(path))) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name = f"{path}, line {number},"
        try:
            facts = json.loads(line)
            anchor = Anchor(int(facts["seq"]), str(facts["hash"]), datetime.fromisoformat(facts["at"]))
            signature = base64.b64decode(facts["signature"], validate=True)
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableAnchor(say("{name} holds no anchor.", name=name)) from error
        anchor.must_be_signed_with(key, signature, name)
        yield anchor


def fault_against(session: Session, anchor: Anchor) -> str | None:
    """What speaks against the chain of today, or None. The chain itself is verified besides."""
    if anchor.seq == 0:
        return None
    found = hash_at(session, anchor.seq)
    if found is None:
        return say(
            "entry {seq} was there on {moment} and is gone: the end was cut off",
            seq=str(anchor.seq),
            moment=anchor.at.isoformat(),
        )
    if found != anchor.hash:
        return say(
            "entry {seq} is not the one of {moment}: the chain was written anew",
            seq=str(anchor.seq),
            moment=anchor.at.isoformat(),
        )
    return None
