"""A person's page counts what opens something, and nothing that is over."""

from datetime import timedelta

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.doors import doors_of
from assetlib.accounts.models import ApiToken, PersonSession
from assetlib.accounts.sessions import ABSOLUTE, IDLE, living_sessions_of
from assetlib.accounts.tokens import tokens_of
from tests import make

ENGINES = ("sqlite", "postgresql")


def test_only_living_sessions_and_tokens_are_counted(session: Session, people: make.People) -> None:
    person, moment = make.person(session, people.own), clock.now()
    second = timedelta(seconds=1)
    for number, (began, seen, ended) in enumerate(
        [
            (moment, moment, None),
            (moment - timedelta(days=2), moment - IDLE + second * 9, None),
            (moment - timedelta(days=2), moment - IDLE - second, None),
            (moment - ABSOLUTE - second, moment, None),
            (moment, moment, moment),
        ]
    ):
        session.add(
            PersonSession(
                person_id=person.id,
                token_hash=f"{number:064}",
                created_at=began,
                seen_at=seen,
                ended_at=ended,
            )
        )
    for number, (expires, revoked) in enumerate(
        [(None, None), (moment + timedelta(days=1), None), (moment - second, None), (None, moment)]
    ):
        session.add(
            ApiToken(
                person_id=person.id, name="Shop", token_hash=f"{number:064}", hint="abc", scopes=["read"],
                created_at=moment, expires_at=expires, revoked_at=revoked,
            )
        )  # fmt: skip
    session.flush()
    doors = doors_of(session, person.id)
    assert (doors.sessions, doors.tokens, doors.second_factor) == (2, 2, False)
    assert doors.seen_at == moment
    assert len(living_sessions_of(session, person.id)) == doors.sessions
    assert len(tokens_of(session, person.id)) == doors.tokens
