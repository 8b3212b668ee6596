"""What everybody does with their own account, and with nobody else's."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.access.permission import NotPermitted
from assetlib.accounts.actions.links import send_reset
from assetlib.accounts.actions.own import change_own_password, refuse_password_change
from assetlib.accounts.errors import NoMatch, WrongPerson
from assetlib.accounts.models import OneTimeLink, Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import find_signed_in, open_session
from tests import make

ENGINES = ("sqlite", "postgresql")
PASSWORD = "nine dry socks by the stove"


def test_nobody_changes_the_password_of_another(
    session: Session, people: make.People, contributor: Person
) -> None:
    for actor in (people.administrator, people.other_contributor, SYSTEM):
        with pytest.raises(NotPermitted):
            change_own_password(session, actor, contributor, PASSWORD, password_hash="x", token="")
        with pytest.raises(NotPermitted):
            refuse_password_change(session, actor, contributor, left=1)
    assert contributor.password_hash is None


def test_what_happened_meanwhile_is_not_undone(
    session: Session, people: make.People, contributor: Person
) -> None:
    read = Person(id=contributor.id, email=contributor.email, password_hash="as it was")
    with pytest.raises(NoMatch):
        change_own_password(session, people.contributor, read, PASSWORD, password_hash="x", token="")
    with pytest.raises(WrongPerson):
        change_own_password(session, people.contributor, contributor, "short", password_hash="x", token="")
    assert get_person(session, contributor.id).password_hash is None


def test_this_browser_stays(session: Session, people: make.People, contributor: Person) -> None:
    here, there = (open_session(session, contributor, address="", browser="") for _ in range(2))
    other = get_person(session, people.other_contributor.person_id or 0)
    elsewhere = open_session(session, other, address="", browser="")
    change_own_password(session, people.contributor, contributor, PASSWORD, password_hash="x", token=here)
    open_now = [find_signed_in(session, each) is not None for each in (here, there, elsewhere)]
    assert open_now == [True, False, True]


def test_a_link_that_was_asked_for_before_opens_nothing_any_more(
    session: Session, people: make.People, contributor: Person
) -> None:
    contributor.password_hash = "as it was"
    send_reset(session, SYSTEM, contributor)
    session.flush()
    link = session.scalars(select(OneTimeLink)).one()
    assert link.used_at is None
    change_own_password(session, people.contributor, contributor, PASSWORD, password_hash="x", token="")
    session.refresh(link)
    assert link.used_at is not None
