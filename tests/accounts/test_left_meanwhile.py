"""Somebody leaves, or we part from an organisation, at the moment in which something of theirs begins."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, LIBRARIAN, SYSTEM
from assetlib.accounts import actions
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.queries import get_organisation, get_person
from assetlib.audit import append_chain
from assetlib.catalog.actions.collections import make_collection
from assetlib.catalog.actions.requests import ask_for_access
from assetlib.catalog.models import AccessRequest, Collection
from assetlib.catalog.queries.actors import actor_of
from assetlib.database import Database
from assetlib.errors import Refusal
from assetlib.goodbyes import let_go, part_from
from tests import make
from tests.accounts.racers import LONGEST_WAIT
from tests.racing import at_once, lockstep

ENGINES = ("sqlite", "postgresql")
RACES = 10


def each_in_turn(
    act: Callable[[Session, int, Any], object], url: str, ids: Sequence[int], start: Any
) -> list[str]:
    """For each id `done`, or the name of the refusal. Who acts for it was read before it begins."""
    database, heard = Database(url, before_commit=[append_chain]), list[str]()
    for number in ids:
        with database.reading() as session:
            person = session.get(Person, number)
            actor = actor_of(session, number) if person is not None else SYSTEM
        start.wait(LONGEST_WAIT)
        try:
            with database.transaction() as session:
                act(session, number, actor)
        except Refusal as refusal:
            heard.append(type(refusal).__name__)
        else:
            heard.append("done")
    database.close()
    return heard


def collect(session: Session, number: int, actor: Any) -> None:
    make_collection(session, actor, name=f"Autumn {number}")


def ask(session: Session, number: int, actor: Any) -> None:
    ask_for_access(session, actor, query=f"kayak {number}", purpose="A poster", until=clock.today())


def leave(session: Session, number: int, actor: Any) -> None:  # somebody else lets them go
    let_go(session, SYSTEM, get_person(session, number), to=None)


def invite(session: Session, number: int, actor: Any) -> None:
    actions.invite_person(
        session, SYSTEM, get_organisation(session, number), name="Nora New",
        email=f"nora{number}@halden.example", roles=[AGENCY_CONTRIBUTOR],
    )  # fmt: skip


def part(session: Session, number: int, actor: Any) -> None:
    part_from(session, SYSTEM, get_organisation(session, number), with_people=True)


def raced(one: Any, other: Any, url: str, ids: Sequence[int]) -> list[list[str]]:
    start = lockstep(2)
    return at_once(each_in_turn, [(one, url, ids, start), (other, url, ids, start)])


@pytest.mark.parametrize("act", [collect, ask])
def test_nothing_is_left_with_somebody_who_has_gone(database: Database, database_url: str, act: Any) -> None:
    with database.transaction() as session:
        own = make.people(session).own
        ids = [make.person(session, own, LIBRARIAN).id for _ in range(RACES)]
    began, left = raced(act, leave, database_url, ids)
    assert set(began) <= {"done", "ShutOut", "NotPermitted"}
    assert set(left) <= {"done", "WrongPerson"}
    gone = select(Person.id).where(Person.id.in_(ids), Person.state == "closed")
    with database.reading() as session:
        assert session.scalars(select(Collection.id).where(Collection.owner_id.in_(gone))).all() == []
        still_open = AccessRequest.state == "open"
        assert (
            session.scalars(
                select(AccessRequest.id).where(AccessRequest.person_id.in_(gone), still_open)
            ).all()
            == []
        )
        assert len(session.scalars(gone).all()) == left.count("done")


def test_nobody_is_invited_to_an_organisation_that_we_parted_from(
    database: Database, database_url: str
) -> None:
    with database.transaction() as session:
        ids = [make.organisation(session, kind="agency").id for _ in range(RACES)]
        own = session.scalar(select(Organisation.id).where(Organisation.kind == "own"))
        if own is None:
            make.organisation(session, kind="own")
    invited, parted = raced(invite, part, database_url, ids)
    assert set(invited) <= {"done", "WrongPerson"}
    assert parted == ["done"] * RACES
    with database.reading() as session:
        there = select(Person.id).where(Person.organisation_id.in_(ids), Person.state != "closed")
        assert session.scalars(there).all() == []
