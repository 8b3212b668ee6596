"""What people are told reaches them by mail as they chose: all of it, once, and never in quiet hours."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from assetlib import clock
from assetlib.access.actor import LIBRARIAN
from assetlib.accounts.models import Person
from assetlib.catalog.models import Asset
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.notify.choices import modes_of, set_choices, times_of
from assetlib.notify.errors import WrongChoice
from assetlib.notify.jobs import gather
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.post import Post
from assetlib.notify.telling import tell
from assetlib.notify.times import Times, is_quiet
from assetlib.settings import Settings
from assetlib.words import recalled, say
from tests import make
from tests.delivery.test_statements import counted
from tests.notify.conftest import Mails

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""A Monday."""


def told(
    database: Database, person: int | None, *names: str, kind: str = "version.sent", **values: int
) -> None:
    with database.transaction() as session:
        for name in names:
            sentence = say("{title} waits.", title=name)
            tell(session, [person], kind, sentence, say("You may decide."), "/assets/1", **values)  # type: ignore[arg-type]  # asset_id


def chosen(database: Database, person: int | None, times: Times | None = None, **modes: str) -> None:
    with database.transaction() as session:
        by_kind = {kind.replace("_", "."): mode for kind, mode in modes.items()}
        set_choices(session, person or 0, by_kind, times or Times())


def test_one_notice_is_a_mail_of_its_own(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    told(database, crew.librarian.person_id, "Gipfel")
    gather(work, post)
    gather(work, post)
    (mail,) = mails()
    assert mail.subject == "Gipfel waits."
    assert mail.letter["button_url"] == "/assets/1"
    assert mail.letter["reason"] == "You may decide."


def test_what_is_too_long_for_a_subject_is_read_in_the_mail(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    words = "Gipfel " * 60
    told(database, crew.librarian.person_id, words)
    gather(work, post)
    (mail,) = mails()
    assert mail.subject == "A version waits for a verdict"
    assert [recalled(each) for each in mail.letter["paragraphs"]] == [f"{words} waits."]


def test_several_at_once_are_one_mail(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    told(database, crew.librarian.person_id, *(f"Picture {number}" for number in range(45)))
    gather(work, post)
    (mail,) = mails()
    assert mail.subject == "45 notices from assetlib"
    assert len(mail.letter["items"]) == 40
    assert recalled(mail.letter["paragraphs"][0]) == "5 more are in assetlib."


def test_a_day_is_gathered_to_its_hour(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    person = crew.librarian.person_id
    chosen(database, person, Times(digest_hour=15), version_sent="daily")
    for hour in (0, 1, 2):
        with clock.held_at(NOON + timedelta(hours=hour)):
            told(database, person, f"At {hour}")
            gather(work, post)
    assert mails() == []
    with clock.held_at(NOON + timedelta(hours=3)):
        gather(work, post)
        gather(work, post)
    (mail,) = mails()
    assert mail.subject == "Your day in assetlib: 3 notices"


def test_a_choice_that_changes_while_something_waits_holds_for_what_waits(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    person = crew.librarian.person_id
    with clock.held_at(NOON):
        chosen(database, person, version_sent="weekly")
        told(database, person, "Gipfel")
        gather(work, post)
        assert mails() == []
        chosen(database, person, version_sent="at_once")
        gather(work, post)
    assert [each.subject for each in mails()] == ["Gipfel waits."]
    with clock.held_at(NOON):
        told(database, person, "Grat")
        chosen(database, person, version_sent="off")
        gather(work, post)
    with clock.held_at(NOON + timedelta(days=30)):
        gather(work, post)
    assert len(mails()) == 1


def test_what_was_read_in_the_app_is_not_mailed(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    told(database, crew.librarian.person_id, "Gipfel")
    with database.transaction() as session:
        session.execute(update(Notice).values(read_at=clock.now()))
    gather(work, post)
    assert mails() == []


@pytest.mark.parametrize("state", ["suspended", "closed", "invited"])
def test_whoever_cannot_come_in_gets_nothing(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails, state: str
) -> None:
    told(database, crew.librarian.person_id, "Gipfel")
    with database.transaction() as session:
        session.get_one(Person, crew.librarian.person_id).state = state
    gather(work, post)
    assert mails() == []
    with database.transaction() as session:
        session.get_one(Person, crew.librarian.person_id).state = "active"
    gather(work, post)
    assert mails() == [], "nor later, what is old by then"


def test_what_a_reader_may_not_see_any_more_is_not_mailed(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    person = crew.contributor.person_id
    with database.transaction() as session:
        mine, other = make.asset(session, crew.agency), make.asset(session, crew.agency)
    told(database, person, "Mine", asset_id=mine.id)
    told(database, person, "Lost", asset_id=other.id)
    with database.transaction() as session:
        session.execute(update(Asset).where(Asset.id == other.id).values(organisation_id=crew.own.id))
    gather(work, post)
    assert [each.subject for each in mails()] == ["Mine waits."]


def test_what_each_of_many_may_see_is_asked_for_all_together(
    work: Work, post: Post, database: Database, mails: Mails, crew: make.People
) -> None:
    with database.transaction() as session:
        asset = make.published(session, crew.own, crew.librarian)
        asset_id, guests = asset.id, []
    asked = []
    for more in (2, 20):
        with database.transaction() as session:
            guests = [make.person(session, crew.own, LIBRARIAN).id for _ in range(more)]
        for each in guests:
            told(database, each, "Gipfel", asset_id=asset_id)
        with counted(database) as sent:
            gather(work, post)
        rights = [each for each in sent if "FROM role_grant" in each or "FROM asset" in each]
        asked.append((len(mails()), len(rights)))
    assert asked == [(2, asked[0][1]), (22, asked[0][1])]
    assert 0 < asked[0][1] <= 4


@pytest.mark.parametrize(
    ("modes", "times", "field"),
    [
        ({"nothing.known": "daily"}, Times(), "nothing.known"),
        ({"version.sent": "hourly"}, Times(), "version.sent"),
        ({}, Times(quiet_from=60), "quiet_to"),
        ({}, Times(quiet_from=60, quiet_to=60), "quiet_to"),
        ({}, Times(quiet_from=0, quiet_to=1440), "quiet_from"),
        ({}, Times(digest_hour=24), "digest_hour"),
        ({}, Times(digest_weekday=7), "digest_weekday"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_at_its_field(
    database: Database, crew: make.People, modes: dict[str, str], times: Times, field: str
) -> None:
    with database.transaction() as session, pytest.raises(WrongChoice) as wrong:
        set_choices(session, crew.librarian.person_id or 0, modes, times)
    assert list(wrong.value.details["fields"]) == [field]


def test_choices_are_read_as_they_were_made(database: Database, crew: make.People) -> None:
    person = crew.librarian.person_id or 0
    times = Times(22 * 60, 7 * 60, 9, 4)
    chosen(database, person, times, version_sent="weekly", version_added="daily")
    with database.reading() as session:
        modes = modes_of(session, person)
        assert (modes["version.sent"], modes["version.added"], modes["rights.ending"]) == (
            "weekly", "daily", "at_once",
        )  # fmt: skip
        assert times_of(session, person) == times
    chosen(database, person, Times(), version_sent="at_once")
    with database.reading() as session:
        assert modes_of(session, person)["version.sent"] == "at_once"
        assert times_of(session, person) == Times()


@pytest.fixture(scope="module")
def one_house(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Iterator[Database]:
    """A database for many lives of one person, one after the other."""
    path = tmp_path_factory.mktemp("gathering") / "assetlib.sqlite"
    path.write_bytes(empty_database_file.read_bytes())
    opened = Database(f"sqlite:///{path}")
    with opened.transaction() as session:
        make.people(session)
    yield opened
    opened.close()


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
STARTS = [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC), NOON]
CHOICE = st.tuples(
    st.sampled_from(["at_once", "daily", "weekly"]),
    st.sampled_from(
        [Times(), Times(22 * 60, 7 * 60, 6), Times(90, 180, 2, 6), Times(9 * 60, 17 * 60, 12, 2)]
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 61, 300, 1000])),
        st.tuples(st.just("choose"), CHOICE),
        st.tuples(st.just("move"), st.sampled_from(ZONES)),
    ),
    max_size=14,
)


class _Life:
    """One person who is told things, chooses and moves; what they were told, and what they were mailed."""

    def __init__(self, database: Database, zone: str) -> None:
        self.database, self.told, self.mailed = database, list[str](), list[str]()
        with database.transaction() as session:
            for each in (OutgoingMail, Notice, Job):
                session.execute(delete(each))
            self.person_id = session.scalars(select(Person.id).order_by(Person.id)).first() or 0
            set_choices(session, self.person_id, {"version.sent": "at_once"}, Times())
        self.do("move", zone)

    def do(self, what: str, value: object) -> None:
        with self.database.transaction() as session:
            if what == "tell":
                for _ in range(int(str(value))):
                    name = f"N{len(self.told)}"
                    sentence = say("{title} waits.", title=name)
                    tell(session, [self.person_id], "version.sent", sentence, "", "/assets/1")
                    self.told.append(f"{name} waits.")
            elif what == "choose":
                mode, times = value  # type: ignore[misc]  # a CHOICE
                set_choices(session, self.person_id, {"version.sent": mode}, times)
            elif what == "move":
                session.get_one(Person, self.person_id).time_zone = str(value)

    def look(self) -> None:
        """Take the mails out, as the person does; there may be none within their quiet hours."""
        with self.database.transaction() as session:
            mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
            if mails:
                zone = ZoneInfo(session.get_one(Person, self.person_id).time_zone or "UTC")
                assert not is_quiet(times_of(session, self.person_id), zone, clock.now())
            for mail in mails:
                items = mail.letter["items"]
                kept = [each["sentence"] for each in items] if items else [mail.letter["subject"]]
                self.mailed += [recalled(each) for each in kept]
                session.delete(mail)

    def is_all_mailed(self) -> bool:
        with self.database.reading() as session:
            waiting = select(func.count()).select_from(Notice).where(Notice.mail_state == "waiting")
            return session.scalar(waiting) == 0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(ZONES), st.sampled_from(STARTS), STEPS)
def test_nothing_is_lost_nothing_comes_twice_nothing_in_quiet_hours(
    one_house: Database, post: Post, zone: str, start: datetime, steps: list[tuple[str, object]]
) -> None:
    """Through telling, waiting, other choices, other zones, and changes of the clocks."""
    work = Work(one_house, Settings(public_url="https://assets.example"))
    life = _Life(one_house, zone)
    moment = start
    for what, value in steps:
        with clock.held_at(moment):
            life.do(what, value)
            gather(work, post)
            life.look()
        if what == "wait":
            moment += timedelta(minutes=int(str(value)))
    for _ in range(16 * 24):
        if life.is_all_mailed():
            break
        moment += timedelta(hours=1)
        with clock.held_at(moment):
            gather(work, post)
            life.look()
    assert Counter(life.mailed) == Counter(life.told)
