"""Who can come in is one rule: by it people sign in, are told and mailed, and count as administrators."""

from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import ADMINISTRATOR
from assetlib.accounts.actions.administrators import must_leave_another
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Person
from assetlib.accounts.queries.directory import STATES
from assetlib.accounts.sessions import can_come_in, may_sign_in
from assetlib.catalog.queries.audience import administrators
from assetlib.catalog.queries.readers import readers
from tests import make

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def everybody(session: Session) -> list[Person]:
    """An administrator of each state in an organisation of each state."""
    found = []
    for of, state in product(STATES, STATES):
        organisation = make.organisation(session, state=of, name=f"{of} with {state}")
        found.append(make.person(session, organisation, ADMINISTRATOR, state=state))
    return found


def test_the_clause_and_the_rule_say_the_same(session: Session, everybody: list[Person]) -> None:
    may = {each.id for each in everybody if may_sign_in(each)}
    assert len(may) == 1
    assert set(session.scalars(select(Person.id).where(can_come_in()))) == may


def test_nobody_else_is_told_or_mailed(session: Session, everybody: list[Person]) -> None:
    may = {each.id for each in everybody if may_sign_in(each)}
    known = readers(session, [each.id for each in everybody])
    assert set(administrators(session)) == may
    assert {number for number, reader in known.items() if reader.is_mailed} == may


def test_who_cannot_come_in_is_no_other_administrator(session: Session, everybody: list[Person]) -> None:
    (last,) = [each for each in everybody if may_sign_in(each)]
    with pytest.raises(WrongPerson, match="last administrator"):
        must_leave_another(session, last)
