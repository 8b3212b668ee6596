"""Where no mail leaves the house administrators read it, but no link that lets them in as somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.accounts.actions.links import send_invitation, send_reset
from assetlib.accounts.models import Person, PersonSession
from assetlib.accounts.passwords import hash_password
from assetlib.audit.models import AuditEntry
from assetlib.catalog.queries.readers import open_to_each, readers
from assetlib.house import House
from assetlib.jobs.work import Work
from assetlib.language import in_language
from assetlib.notify.carriers import Outbox
from assetlib.notify.jobs import send_mail
from assetlib.notify.models import OutgoingMail
from assetlib.notify.post import Post
from tests import make
from tests.delivery.visiting import Visits

PASSWORD = "seven wet boots on the ridge"


def mailed(house: House, person_id: int | None, *, invited: bool = False) -> tuple[int, str]:
    """A mail with a link, as the worker leaves it; its number, and the secret of its link."""
    with house.database.transaction() as session:
        person = session.get_one(Person, person_id)
        if invited:
            person.state = "invited"
            send_invitation(session, SYSTEM, person, message="Come in.\nThe coffee is on.")
        else:
            send_reset(session, SYSTEM, person)
        mail = session.scalars(select(OutgoingMail)).one()
        secret = str(mail.letter["button_url"]).rpartition("/")[2]
    post = Post(Outbox(), in_language, readers, open_to_each)
    send_mail(Work(house.database, house.settings), post, mail_id=mail.id)
    return mail.id, secret


def readings(house: House) -> list[tuple[int | None, str]]:
    with house.database.reading() as session:
        rows = session.execute(
            select(AuditEntry.actor_id, AuditEntry.object_id).where(AuditEntry.action == "notify.mail_read")
        )
        return [(row.actor_id, row.object_id) for row in rows]


def test_a_link_for_a_new_password_is_shown_to_nobody_else(
    house: House, people: make.People, visits: Visits
) -> None:
    mail_id, secret = mailed(house, people.librarian.person_id)
    page = visits.of(people.administrator).get(f"/outbox/{mail_id}").text
    assert "Choose a new password" in page
    assert secret not in page
    assert "The link is left out." in page
    with house.database.reading() as session:
        mail = session.get_one(OutgoingMail, mail_id)
    assert secret not in f"{mail.text}{mail.html}{mail.letter}", "nor does it stay in our rows"


def test_a_demo_says_that_it_shows_them(house: House, people: make.People, visits: Visits) -> None:
    object.__setattr__(house.settings, "outbox_links", True)
    mail_id, secret = mailed(house, people.librarian.person_id)
    assert secret in visits.of(people.administrator).get(f"/outbox/{mail_id}").text
    object.__setattr__(house.settings, "outbox_links", False)
    assert secret not in visits.of(people.administrator).get(f"/outbox/{mail_id}").text


def test_an_invitation_can_be_handed_on(house: House, people: make.People, visits: Visits) -> None:
    mail_id, secret = mailed(house, people.contributor.person_id, invited=True)
    page = visits.of(people.administrator).get(f"/outbox/{mail_id}").text
    assert secret in page
    assert "Come in.&lt;br&gt;The coffee is on." in page, "with its lines as they were typed"
    assert "The link is left out." not in page


def test_a_fresh_proof_is_asked_for_before_a_mail_is_shown(
    house: House, people: make.People, visits: Visits
) -> None:
    mail_id, secret = mailed(house, people.contributor.person_id, invited=True)
    visit = visits.of(people.administrator)
    assert visit.get("/outbox").status_code == 200
    with house.database.transaction() as session:
        session.get_one(Person, people.administrator.person_id).password_hash = hash_password(PASSWORD)
        session.scalars(select(PersonSession)).one().confirmed_at = clock.now() - timedelta(minutes=16)
    asked = visit.get(f"/outbox/{mail_id}")
    assert (asked.status_code, "Confirm that it is you" in asked.text, secret in asked.text) == (
        403,
        True,
        False,
    )
    assert visit.get("/outbox").status_code == 200
    assert readings(house) == []
    onward = visit.post("/confirm", {"confirm.password": PASSWORD, "next": f"/outbox/{mail_id}"})
    assert (onward.status_code, onward.headers["Location"]) == (303, f"/outbox/{mail_id}")
    assert secret in visit.get(f"/outbox/{mail_id}").text


def test_who_opened_a_mail_to_somebody_else_is_in_the_log(
    house: House, people: make.People, visits: Visits
) -> None:
    mail_id, _ = mailed(house, people.librarian.person_id)
    visit = visits.of(people.administrator)
    visit.get(f"/outbox/{mail_id}")
    assert readings(house) == [(people.administrator.person_id, str(mail_id))]
    assert f"opened Mail {mail_id}, which went to somebody else" in visit.get("/audit").text


def test_ones_own_mail_is_read_without_an_entry(house: House, people: make.People, visits: Visits) -> None:
    mail_id, _ = mailed(house, people.administrator.person_id)
    assert visits.of(people.administrator).get(f"/outbox/{mail_id}").status_code == 200
    assert readings(house) == []


@pytest.mark.parametrize("path", ["/outbox", "/outbox/{mail_id}"])
def test_what_stays_in_the_house_is_not_called_sent(
    house: House, people: make.People, visits: Visits, path: str
) -> None:
    mail_id, _ = mailed(house, people.contributor.person_id, invited=True)
    page = visits.of(people.administrator).get(path.format(mail_id=mail_id)).text
    assert "Kept here" in page
    assert "Sent<" not in page
