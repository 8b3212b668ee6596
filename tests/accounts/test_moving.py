"""With another address people sign in anew: they are told where they were reached until now."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts.actions.people import change_person
from assetlib.accounts.models import Person
from assetlib.notify.mailing import letter_of
from assetlib.notify.models import Notice, OutgoingMail
from tests import make


def mails(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.recipient, " ".join(letter_of(row.letter).paragraphs)) for row in rows]


@pytest.mark.parametrize("state", ["active", "suspended"])
def test_the_old_address_is_told(session: Session, people: make.People, state: str) -> None:
    person = make.person(session, people.agency, email="nora@halden.example", state=state)
    change_person(session, people.administrator, person, name=person.name, email="nora@elsewhere.example")
    ((recipient, said),) = mails(session)
    assert recipient == "nora@halden.example"
    assert f"{people.administrator.name} changed the address with which you sign in" in said
    assert "elsewhere" not in said, "the old mailbox may be somebody else's now"
    notice = session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.kind) == (person.id, "account.changed")


def test_nobody_is_told_of_another_name_or_before_they_came(session: Session, people: make.People) -> None:
    person = make.person(session, people.agency, email="nora@halden.example")
    change_person(session, people.administrator, person, name="Nora Feld", email=person.email)
    invited = make.person(session, people.agency, email="mistyped@halden.example", state="invited")
    change_person(session, people.administrator, invited, name=invited.name, email="right@halden.example")
    assert mails(session) == []


def test_an_address_that_no_mail_goes_to_can_be_mended(session: Session, people: make.People) -> None:
    person: Person = make.person(session, people.agency, email="(nora)@halden.example")
    change_person(session, people.administrator, person, name=person.name, email="nora@halden.example")
    assert mails(session) == []
