"""Links and codes that open a door once, and several who use each at the same moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.codes import new_secret, recovery_hash, seal, sealing_key
from assetlib.accounts.models import OneTimeLink, Organisation, Person, RecoveryCode, SecondFactor
from assetlib.accounts.sessions import hash_of
from assetlib.database import Database
from tests import make
from tests.accounts.racers import spend, use
from tests.racing import LONGEST_PROOF, at_once, lockstep

RUNNERS = 4
NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
KEY = sealing_key("s" * 40)
KINDS = ("invitation", "reset", "code", "recovery code")


def winners(database: Database, url: str, kind: str, races: int) -> list[int]:
    """How many of RUNNERS processes came in, of each race; all of them run each race at the same moment."""
    with database.transaction() as session:
        agency = make.people(session).agency
        prizes = [PRIZES[kind](session, agency) for _ in range(races)]
    if kind in ("invitation", "reset"):
        arguments = [(url, prizes, kind, lockstep(RUNNERS))] * RUNNERS
        answers = at_once(use, arguments, longest=LONGEST_PROOF)
        came_in = [[each == "in" for each in answer] for answer in answers]
    else:
        came_in = at_once(
            spend, [(url, prizes, KEY, NOON, lockstep(RUNNERS))] * RUNNERS, longest=LONGEST_PROOF
        )
    return [sum(each) for each in zip(*came_in, strict=True)]


def _person(session: Session, agency: Organisation, state: str = "active") -> Person:
    return make.person(session, agency, state=state, password_hash=None if state == "invited" else "x")


def _link(session: Session, agency: Organisation, purpose: str) -> str:
    token, moment = uuid4().hex, clock.now()
    person = _person(session, agency, "invited" if purpose == "invitation" else "active")
    row = OneTimeLink(
        purpose=purpose,
        token_hash=hash_of(token),
        person_id=person.id,
        created_at=moment,
        expires_at=moment + timedelta(days=1),
    )
    session.add(row)
    return token


def _invitation(session: Session, agency: Organisation) -> str:
    return _link(session, agency, "invitation")


def _reset(session: Session, agency: Organisation) -> str:
    return _link(session, agency, "reset")


def _code(session: Session, agency: Organisation) -> tuple[int, str]:
    person, secret = _person(session, agency), new_secret()
    sealed = seal(secret, KEY)
    session.add(
        SecondFactor(person_id=person.id, secret=sealed, created_at=NOON, confirmed_at=NOON, last_step=0)
    )
    return person.id, pyotp.TOTP(secret).at(NOON)


def _recovery_code(session: Session, agency: Organisation) -> tuple[int, str]:
    person_id, _ = _code(session, agency)
    code = uuid4().hex[:16]
    session.add(RecoveryCode(person_id=person_id, code_hash=recovery_hash(code)))
    return person_id, code


PRIZES: dict[str, Callable[[Session, Organisation], object]] = {
    "invitation": _invitation,
    "reset": _reset,
    "code": _code,
    "recovery code": _recovery_code,
}
