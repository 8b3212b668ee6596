"""Links from mails open one door once, for those who may come in, and say the same to everybody else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, SYSTEM, Actor
from assetlib.access.permission import NotPermitted
from assetlib.accounts.actions.links import ask_for_reset, send_invitation, send_reset, use_link
from assetlib.accounts.actions.people import change_person, reopen_person, set_password, suspend_person
from assetlib.accounts.errors import LinkOver, TooManyTries, WrongPerson
from assetlib.accounts.links import LASTS, Purpose, link_of
from assetlib.accounts.models import OneTimeLink, Organisation, Person
from assetlib.accounts.sessions import find_signed_in, open_session
from assetlib.accounts.throttling import LONGEST_WINDOW, Limit, count_try
from assetlib.audit import append_chain
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.notify.models import OutgoingMail
from tests import make
from tests.accounts.racers import use
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")
NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
PASSWORD = "nine dry socks by the stove"


@pytest.fixture
def invited(session: Session, people: make.People) -> Person:
    return make.person(session, people.agency, email="nora@halden.example", name="Nora", state="invited")


@pytest.fixture
def active(session: Session, people: make.People) -> Person:
    return make.person(session, people.agency, email="ada@halden.example", password_hash="as it was")


def mailed(session: Session, person: Person) -> str:
    """The token in the last mail to this person."""
    session.flush()
    mail = session.scalars(
        select(OutgoingMail).where(OutgoingMail.person_id == person.id).order_by(OutgoingMail.id.desc())
    ).first()
    assert mail is not None
    assert mail.recipient == person.email
    return str(mail.letter["button_url"]).rsplit("/", 1)[1]


def sent(session: Session, purpose: Purpose, person: Person, people: make.People) -> str:
    if purpose == "invitation":
        send_invitation(session, people.administrator, person)
    else:
        send_reset(session, SYSTEM, person)
    return mailed(session, person)


def come_in(session: Session, purpose: Purpose, token: str, **more: str) -> Person:
    return use_link(session, ANONYMOUS, purpose, token, PASSWORD, password_hash="new", **more)


def test_an_invitation_lets_the_person_and_their_organisation_in(
    session: Session, people: make.People, invited: Person
) -> None:
    people.agency.state = "invited"
    token = sent(session, "invitation", invited, people)
    person = come_in(session, "invitation", token, name="Nora Falk", locale="de")
    assert (person.state, person.password_hash) == ("active", "new")
    assert (person.name, person.locale) == ("Nora Falk", "de")
    assert session.get_one(Organisation, people.agency.id).state == "active"


def test_a_new_password_ends_every_session(session: Session, people: make.People, active: Person) -> None:
    cookie = open_session(session, active, address="", browser="")
    come_in(session, "reset", sent(session, "reset", active, people))
    assert find_signed_in(session, cookie) is None
    assert active.password_hash == "new"


@pytest.mark.parametrize("purpose", ["invitation", "reset"])
class TestALinkIsOver:
    @pytest.fixture
    def person(self, purpose: Purpose, invited: Person, active: Person) -> Person:
        return invited if purpose == "invitation" else active

    def test_once_it_was_used(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        come_in(session, purpose, token)
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)

    def test_once_a_newer_one_was_sent(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        older, newer = (sent(session, purpose, person, people) for _ in range(2))
        with pytest.raises(LinkOver):
            come_in(session, purpose, older)
        assert come_in(session, purpose, newer).id == person.id

    def test_once_its_time_has_passed(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        with clock.held_at(NOON):
            token = sent(session, purpose, person, people)
        with clock.held_at(NOON + LASTS[purpose] - timedelta(seconds=1)):
            assert link_of(session, purpose, token)
        with clock.held_at(NOON + LASTS[purpose]), pytest.raises(LinkOver):
            come_in(session, purpose, token)

    @pytest.mark.parametrize("token", ["", "x", "ü", "y" * 65, "a" * 43])
    def test_when_there_never_was_one(
        self, session: Session, people: make.People, purpose: Purpose, person: Person, token: str
    ) -> None:
        sent(session, purpose, person, people)
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)

    def test_for_the_other_purpose(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        with pytest.raises(LinkOver):
            come_in(session, "reset" if purpose == "invitation" else "invitation", token)

    def test_for_whoever_was_suspended_also_when_they_are_let_in_again(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        suspend_person(session, people.administrator, person)
        reopen_person(session, people.administrator, person)
        session.expire_all()
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)

    @pytest.mark.parametrize("whose", ["person", "organisation"])
    @pytest.mark.parametrize("state", ["suspended", "closed"])
    def test_for_whoever_may_not_come_in_any_more(
        self,
        session: Session,
        people: make.People,
        purpose: Purpose,
        person: Person,
        whose: str,
        state: str,
    ) -> None:
        token = sent(session, purpose, person, people)
        (person if whose == "person" else people.agency).state = state
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)

    def test_once_the_person_has_another_address(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        change_person(session, people.administrator, person, name="Nora", email=person.email)
        assert link_of(session, purpose, token)
        change_person(session, people.administrator, person, name="Nora", email="nora@elsewhere.example")
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)
        assert come_in(session, purpose, sent(session, purpose, person, people)).id == person.id

    def test_once_somebody_gave_them_a_password(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        set_password(session, people.administrator, person, PASSWORD, password_hash="given")
        with pytest.raises(LinkOver):
            come_in(session, purpose, token)
        assert person.password_hash == "given"

    def test_and_keeps_working_while_the_password_is_refused(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        with pytest.raises(WrongPerson):
            use_link(session, ANONYMOUS, purpose, token, "short", password_hash="new")
        assert come_in(session, purpose, token).id == person.id

    def test_the_token_is_in_no_row_but_the_mail(
        self, session: Session, people: make.People, purpose: Purpose, person: Person
    ) -> None:
        token = sent(session, purpose, person, people)
        append_chain(session)
        rows = [*session.scalars(select(OneTimeLink)), *session.scalars(select(AuditEntry))]
        rows += session.scalars(select(Job)).all()
        assert len(rows) > 2
        assert not any(token in str(vars(row)) for row in rows)


def test_only_administrators_invite_and_only_whoever_is_not_in_yet(
    session: Session, people: make.People, invited: Person, active: Person
) -> None:
    for actor in (people.librarian, people.contributor, ANONYMOUS):
        with pytest.raises(NotPermitted):
            send_invitation(session, actor, invited)
    with pytest.raises(WrongPerson):
        send_invitation(session, people.administrator, active)
    assert session.scalars(select(OutgoingMail)).all() == []


def test_every_address_is_asked_for_in_the_same_way(
    session: Session, people: make.People, active: Person
) -> None:
    """The request writes the same rows; who is there is seen by the job only."""
    for email in (active.email, "nobody@halden.example"):
        ask_for_reset(session, ANONYMOUS, email)
    append_chain(session)
    jobs = session.scalars(select(Job).where(Job.kind == "accounts.answer_forgotten")).all()
    assert [each.arguments for each in jobs] == [{"person_id": active.id}, {"person_id": 0}]
    said = session.execute(select(AuditEntry.action, AuditEntry.object_kind, AuditEntry.actor_id)).all()
    assert [tuple(each) for each in said] == [("accounts.reset_asked", "sign_in", None)] * 2
    assert session.scalars(select(OutgoingMail)).all() == []


@pytest.mark.parametrize("state", ["invited", "suspended", "closed"])
def test_who_cannot_sign_in_gets_no_mail(
    session: Session, people: make.People, active: Person, state: str
) -> None:
    active.state = state
    send_reset(session, SYSTEM, active)
    assert session.scalars(select(OutgoingMail)).all() == []
    assert session.scalars(select(OneTimeLink)).all() == []


def test_nobody_but_the_house_sends_a_reset(session: Session, people: make.People, active: Person) -> None:
    for actor in (people.administrator, Actor(kind="person", name="Ada", person_id=active.id), ANONYMOUS):
        with pytest.raises(NotPermitted):
            send_reset(session, actor, active)


class TestALimit:
    LIMIT = Limit("trial", 3, timedelta(minutes=15))

    def test_lets_so_many_through_and_says_how_long_to_wait(self, session: Session) -> None:
        with clock.held_at(NOON):
            for _ in range(3):
                count_try(session, (self.LIMIT, "ada"))
        with clock.held_at(NOON + timedelta(minutes=5)), pytest.raises(TooManyTries) as refused:
            count_try(session, (self.LIMIT, "ada"))
        assert refused.value.details["retry_after"] == 600
        with clock.held_at(NOON + timedelta(minutes=15)):
            count_try(session, (self.LIMIT, "ada"))

    def test_counts_each_by_itself(self, session: Session) -> None:
        other = Limit("another", 1, LONGEST_WINDOW)
        for whose in ("ada", "bea", "cem"):
            count_try(session, (self.LIMIT, whose))
        count_try(session, (other, "ada"))
        with pytest.raises(TooManyTries):
            count_try(session, (self.LIMIT, "dan"), (other, "ada"))
        for _ in range(3):
            count_try(session, (self.LIMIT, "dan"))


def test_of_many_who_use_a_link_at_once_one_comes_in(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        people, tokens = make.people(session), []
        for number in range(4):
            person = make.person(session, people.agency, email=f"n{number}@halden.example", state="invited")
            send_invitation(session, people.administrator, person)
            tokens.append(mailed(session, person))
    answers = at_once(use, [(database_url, tokens)] * 4)
    for each in zip(*answers, strict=True):
        assert sorted(each) == ["LinkOver"] * 3 + ["in"]
