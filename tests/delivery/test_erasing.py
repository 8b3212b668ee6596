"""A name and an address are erased: nothing of the house says them any more, and the record stays whole."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts import actions
from assetlib.accounts.actions.links import send_invitation
from assetlib.accounts.queries import get_organisation, get_person
from assetlib.audit.models import AuditEntry
from assetlib.audit.verifying import verify
from assetlib.catalog.models import AccessRequest
from assetlib.catalog.queries.actors import actor_of
from assetlib.goodbyes import let_go
from assetlib.house import House, open_house
from assetlib.jobs import enqueue
from assetlib.jobs.models import Job
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.telling import tell
from assetlib.search.checking import rebuild
from assetlib.settings import Settings
from assetlib.tables import METADATA
from assetlib.words import recalled, say
from tests import make
from tests.delivery.visiting import Visits

NAME, ADDRESS = "Zoë O'Brien-Łącka", "zoe.obrien@erased-soon.example"
SPELLINGS = (
    NAME, "O'Brien-Łącka", "O&#39;Brien-Łącka", "O&#x27;Brien-Łącka", "obrien-\\u0142", ADDRESS, "zoe.obrien",
    json.dumps(NAME)[1:-1],
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, empty_database_file: Path) -> Iterator[House]:
    """With the index that lies in files."""
    shutil.copyfile(empty_database_file, tmp_path / "assetlib.sqlite")
    opened = open_house(Settings(home=tmp_path, search_kind="whoosh", development=True, secret_key="s" * 40))
    yield opened
    opened.database.close()


def places_that_say_it(house: House) -> list[str]:
    """Table and column of every text that holds a spelling, and every file beside the database."""
    found = []
    wanted = [each.lower() for each in SPELLINGS]
    with house.database.reading() as session:
        for table in METADATA.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                for column, value in row.items():
                    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    found += [f"{table.name}.{column}" for each in wanted if each in said.lower()]
    index = [each for each in house.settings.home.rglob("*") if each.is_file() and "sqlite" not in each.name]
    assert index, "the index lies in files"
    for path in index:
        said = path.read_bytes().decode("utf-8", "replace").lower()
        found += [path.name for each in wanted if each in said]
    return sorted(set(found))


def lived(session: Session, people: make.People) -> int:
    """Somebody who left traces wherever people do; their number."""
    who = make.person(session, people.own, "librarian", name=NAME, email=ADDRESS)
    actor = make.actor(who, people.own)
    asset = make.published(session, people.agency, actor)
    make.collection(session, actor, asset)
    session.add(
        AccessRequest(person_id=who.id, asset_number=asset.id, purpose="A flyer", created_at=clock.now())
    )
    own = get_organisation(session, people.own.id)
    invited = actions.invite_person(
        session, people.administrator, own, name="Ben", email="ben@x.example", roles=["reviewer"]
    )
    invited.state = "invited"
    who.grants[0].role = "administrator"
    session.flush()
    send_invitation(session, make.actor(who, people.own), invited)  # a mail to somebody else that names them
    who.grants[0].role = "librarian"
    tell(
        session,
        [who.id, people.librarian.person_id],
        "asset.published",
        say("{who} published {title}.", who=NAME, title="A lighthouse"),
        say("You look after it."),
        "/library",
    )
    tell(
        session,
        [people.administrator.person_id],
        "asset.published",
        say("{who} ({address}) published it.", who=NAME, address=ADDRESS),
        say("You look after it."),
        "/library",
    )
    session.flush()
    return who.id


def test_nothing_says_an_erased_name_or_address(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        person_id = lived(session, people)
    rebuild(house.database, house.index)
    with house.database.reading() as session:
        who = actor_of(session, person_id)
    visits.of(who).get("/account")
    found = places_that_say_it(house)
    assert {"person.name", "person.email", "notice.sentence", "outgoing_mail.letter"} <= set(found)
    with house.database.transaction() as session:
        person, to = get_person(session, person_id), get_person(session, people.librarian.person_id or 0)
        let_go(session, people.administrator, person, to=to)
    administrator = visits.of(people.administrator)
    assert NAME.split(" ", maxsplit=1)[0] in administrator.get(f"/people/{person_id}/erase").text
    answer = administrator.post(f"/people/{person_id}/erase", {"typed": "somebody@else.example"})
    assert answer.status_code == 422
    assert places_that_say_it(house), "nothing is erased without the right address"
    answer = administrator.post(f"/people/{person_id}/erase", {"typed": f" {ADDRESS.upper()} "})
    assert answer.status_code == 303
    rebuild(house.database, house.index)
    assert places_that_say_it(house) == []
    with house.database.reading() as session:
        assert verify(session).is_whole
        kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts.person_erased")).one()
        assert (kept.object_id, kept.changes) == (str(person_id), {})
        person = get_person(session, person_id)
        assert (person.name, person.state) == (f"Erased person {person_id}", "closed")
        assert person.email.endswith(".invalid")
        others = session.scalars(select(Notice.sentence).where(Notice.kind == "asset.published")).all()
        assert len(others) == 2, "what others were told stays, without the name"
        assert all(f"Erased person {person_id}" in each for each in others)
        assert session.scalars(select(OutgoingMail.recipient)).all() == ["ben@x.example"] * 2
    shown = administrator.get(f"/people/{person_id}").text
    assert f"Erased person {person_id}" in shown
    assert "erased.invalid" not in shown


def test_a_name_that_is_a_word_is_forgotten_where_it_is_a_name(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.published(session, people.own, people.librarian, title="Ridge")
        who = make.person(session, people.own, "librarian", name="May", email="asset@x.example")
        who.state, person_id = "closed", who.id
        lena = [people.librarian.person_id]
        text = say("You may decide what {who} sent: {title}.", who="May", title="Ridge")
        tell(session, lena, "asset.published", text, say("May you look after it?"), "/", asset_id=asset.id)  # type: ignore[arg-type]  # as in people
        for subject in (text, say("May is the month of {title}.", title="tulips")):
            letter = Letter(subject, (text if subject is text else subject,), "May", "/library")
            mail = promise_mail(
                session, recipient="lena@x.example", person_id=None, language="en", letter=letter
            )
            mail.text = mail.html = f"{subject} May you find it, asset@x.example or ASSET@x.example."
        arguments = {"asset": "May", "to": "Asset@X.example"}
        enqueue(session, "accounts.answer_forgotten", **arguments)
    with house.database.transaction() as session:
        actions.erase_person(
            session, people.administrator, get_person(session, person_id), typed="asset@x.example"
        )
    erased = f"Erased person {person_id}"
    with house.database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert recalled(notice.sentence) == f"You may decide what {erased} sent: Ridge."
        assert (notice.reason, notice.facts) == ("May you look after it?", {"asset": asset.id})
        of_them, of_others = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        assert of_them.text == (
            f"You may decide what {erased} sent: Ridge. {erased} you find it, "
            f"erased-{person_id}@erased.invalid or erased-{person_id}@erased.invalid."
        )
        assert (of_them.letter["button_label"], of_them.letter["button_url"]) == ("May", "/library")
        assert of_others.subject == "May is the month of tulips."
        assert of_others.text.startswith("May is the month of tulips. May you find it")
        (job,) = session.scalars(select(Job).where(Job.kind == "accounts.answer_forgotten"))
        assert job.arguments == {"asset": "May", "to": f"erased-{person_id}@erased.invalid"}


def test_only_rows_that_say_it_are_read(house: House, people: make.People) -> None:
    with house.database.transaction() as session:
        for number in range(40):
            tell(session, [people.librarian.person_id or 0], "asset.published", f"Told {number}.", "x", "/")
        person = make.person(session, people.own, name=NAME, email=ADDRESS, state="closed")
        person_id = person.id
    read: list[object] = []
    event.listen(Notice, "load", lambda row, _: read.append(row))
    with house.database.transaction() as session:
        actions.erase_person(session, people.administrator, get_person(session, person_id), typed=ADDRESS)
    assert read == []


@pytest.mark.parametrize("state", ["active", "suspended", "invited"])
def test_only_who_left_is_erased(house: House, people: make.People, visits: Visits, state: str) -> None:
    person_id = people.field_marketer.person_id or 0
    with house.database.transaction() as session:
        person = get_person(session, person_id)
        person.state = state
        address = person.email
    answer = visits.of(people.administrator).post(f"/people/{person_id}/erase", {"typed": address})
    assert answer.status_code == 422
    with house.database.reading() as session:
        assert get_person(session, person_id).name == "Finn Field"


def test_a_proof_that_is_not_fresh_is_asked_for_anew(
    house: House, people: make.People, visits: Visits
) -> None:
    visit = visits.of(people.administrator)
    visit.get("/people")
    with house.database.transaction() as session:
        session.execute(text("UPDATE person_session SET confirmed_at = '2020-01-01 00:00:00.000000'"))
    person_id = people.field_marketer.person_id
    answer = visit.post(f"/people/{person_id}/roles", {"roles": "librarian"})
    assert answer.status_code == 403
    with house.database.reading() as session:
        assert get_person(session, person_id or 0).roles == {"field_marketer"}
