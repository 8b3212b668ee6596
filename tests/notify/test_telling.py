"""People are told in the transaction in which something happens, once."""

import pytest
from sqlalchemy import func, select

from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.telling import tell
from assetlib.words import recalled, say
from tests import make

ENGINES = ("sqlite", "postgresql")


def counts(database: Database) -> tuple[int, int, int]:
    with database.reading() as session:
        return tuple(  # type: ignore[return-value]  # three counts
            session.scalar(select(func.count()).select_from(each)) or 0
            for each in (Notice, OutgoingMail, Job)
        )


def test_each_person_is_told_with_sentence_and_reason(database: Database) -> None:
    with database.transaction() as session:
        people = make.people(session)
        told = [people.librarian.person_id, people.administrator.person_id, None, people.librarian.person_id]
        sentence = say("{title} waits for a verdict.", title="Lighthouse {x}")
        tell(session, told, "version.sent", sentence, say("You are a librarian."), "/assets/1")
    with database.reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.person_id)).all()
    assert {each.person_id for each in rows} == {people.librarian.person_id, people.administrator.person_id}
    assert len(rows) == 2
    assert recalled(rows[0].sentence) == "Lighthouse {x} waits for a verdict."
    assert recalled(rows[0].sentence).pattern == "{title} waits for a verdict."  # type: ignore[attr-defined]  # a Said
    assert recalled(rows[0].reason) == "You are a librarian."
    assert counts(database) == (2, 0, 1)


def test_the_same_is_told_once(database: Database) -> None:
    for _ in range(2):
        with database.transaction() as session:
            if session.scalar(select(func.count()).select_from(Notice)) == 0:
                people = make.people(session)
            ends = say("Rights end in {days} days.", days=90)
            tell(session, [people.librarian.person_id], "rights.ending", ends, "", "/assets/1", "rights-1-90")
    assert counts(database)[0] == 1


def test_what_fails_leaves_neither_notice_nor_mail_nor_job(database: Database) -> None:
    with database.transaction() as session:
        person = make.people(session).librarian.person_id

    def fail() -> None:
        with database.transaction() as session:
            tell(session, [person], "version.sent", say("It waits."), "", "/assets/1")
            letter = Letter(subject=say("It waits."))
            promise_mail(session, recipient="a@b.example", person_id=person, language="de", letter=letter)
            raise RuntimeError("the change itself failed")

    with pytest.raises(RuntimeError):
        fail()
    assert counts(database) == (0, 0, 0)


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "assets/1", "/" + "x" * 300])
def test_a_notice_leads_within_the_house(database: Database, url: str) -> None:
    with database.transaction() as session, pytest.raises(ValueError, match="within the house"):
        tell(session, [1], "version.sent", say("It waits."), "", url)


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@b.example", "a@b.example\nBcc: c@d.example", "a b@c.example", "a@b,c@d"]
)
def test_mail_goes_to_one_address_only(database: Database, address: str) -> None:
    with database.transaction() as session, pytest.raises(Exception, match="is no mail address"):
        promise_mail(session, recipient=address, person_id=None, language=None, letter=Letter(say("Hello.")))
