"""Signing in: for those who may, for as long as they may, and slowly for those who guess."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from assetlib import clock
from assetlib.accounts import throttling
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.jobs import forget_old
from assetlib.accounts.models import Person, PersonSession, SignInThrottle
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.sessions import (
    ABSOLUTE,
    IDLE,
    check_password,
    close_session,
    end_sessions_of,
    find_person,
    find_signed_in,
    needs_touch,
    open_session,
    refuse_sign_in,
    touch_session,
)
from assetlib.accounts.throttling import begin_try, forget_try
from assetlib.audit.models import AuditEntry
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.settings import Settings
from tests import make
from tests.accounts.racers import guess
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
ADDRESS = "203.0.113.7"
PASSWORD = "a few words in a row"
HASHED = hash_password(PASSWORD)


def after(**passed: float) -> datetime:
    return NOON + timedelta(**passed)


@pytest.fixture
def ada(database: Database) -> Person:
    """Somebody of an agency, with a password; others are there too."""
    with database.transaction() as session:
        people = make.people(session)
        person = make.person(session, people.agency, email="ada@company.example", password_hash=HASHED)
    with database.reading() as session:
        found = find_person(session, "ada@company.example")
        assert found is not None
        assert found.id == person.id
        return found


def sign_in(database: Database, email: str, password: str, *, address: str = ADDRESS) -> str:
    """As the page does it: count the try, check with no transaction open, then open a session or refuse."""
    with database.transaction() as session:
        left = begin_try(session, email, address)
        person = find_person(session, email)
    if not check_password(person, password) or person is None:
        with database.transaction() as session:
            refusal = refuse_sign_in(session, email, left=left, address=address)
        raise refusal
    with database.transaction() as session:
        return open_session(session, person, address=address, browser="Browser/1.0")


def is_signed_in(database: Database, token: str) -> bool:
    with database.reading() as session:
        return find_signed_in(session, token) is not None


def change(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


class TestTheDoor:
    def test_the_right_password_opens_it(self, database: Database, ada: Person) -> None:
        token = sign_in(database, "ada@company.example", PASSWORD)
        with database.reading() as session:
            row = find_signed_in(session, token)
            entry = session.scalars(select(AuditEntry)).one()
        assert row is not None
        assert row.person.id == ada.id
        assert row.person.organisation.name == "Halden & Frey"
        assert (entry.action, entry.actor_id, entry.object_id) == ("accounts.signed_in", ada.id, str(row.id))
        assert entry.address == "203.0.113.0/24"

    def test_the_address_may_be_spelt_in_any_case(self, database: Database, ada: Person) -> None:
        assert sign_in(database, " ADA@Company.Example ", PASSWORD)

    @pytest.mark.parametrize(
        ("email", "password", "before"),
        [
            ("ada@company.example", "another few words", ""),
            ("ada@company.example", "", ""),
            ("ada@company.example", "\0\ud800", ""),
            ("nobody@company.example", PASSWORD, ""),
            ("ada@company.example\0", PASSWORD, ""),
            ("a\ud800da@company.example", PASSWORD, ""),
            ("", "", ""),
            ("ada@company.example", PASSWORD, "UPDATE person SET state = 'suspended'"),
            ("ada@company.example", PASSWORD, "UPDATE organisation SET state = 'suspended'"),
            ("ada@company.example", PASSWORD, "UPDATE person SET password_hash = NULL"),
            ("ada@company.example", PASSWORD, "UPDATE person SET password_hash = 'damaged'"),
        ],
        ids=["wrong", "empty", "strange", "unknown", "nul", "half", "nothing", "suspended",
             "organisation suspended", "no password set", "damaged hash"],
    )  # fmt: skip
    def test_nobody_else_comes_in_and_all_are_told_the_same(
        self, database: Database, ada: Person, email: str, password: str, before: str
    ) -> None:
        if before:
            change(database, before)
        with pytest.raises(NoMatch) as refused:
            sign_in(database, email, password)
        assert refused.value.sentence == "Address and password do not match."
        assert refused.value.details == {"tries_left": 4}
        with database.reading() as session:
            assert session.scalars(select(PersonSession)).all() == []
            entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.object_kind, entry.actor_id) == (
            "accounts.sign_in_refused",
            "sign_in",
            None,
        )
        assert not email or email not in entry.object_id, "what was typed is not written down"

    def test_the_hash_is_computed_for_those_who_do_not_exist_too(
        self, database: Database, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[bool] = []

        def watched(password_hash: str | None, password: str) -> bool:
            seen.append(password_hash is None)
            return False

        monkeypatch.setattr("assetlib.accounts.sessions.matches", watched)
        for email in ("ada@company.example", "nobody@company.example"):
            with pytest.raises(NoMatch):
                sign_in(database, email, PASSWORD)
        assert seen == [False, True]

    @pytest.mark.parametrize(
        "meanwhile",
        [
            "UPDATE person SET state = 'suspended'",
            "UPDATE organisation SET state = 'suspended'",
            "UPDATE person SET password_hash = 'another'",
            "DELETE FROM role_grant",
        ],
    )
    def test_what_changes_while_the_password_is_checked_counts(
        self, database: Database, ada: Person, meanwhile: str
    ) -> None:
        change(database, meanwhile)
        if "role_grant" in meanwhile:
            with database.transaction() as session:
                open_session(session, ada, address=ADDRESS, browser="")
            return
        with pytest.raises(NoMatch), database.transaction() as session:
            open_session(session, ada, address=ADDRESS, browser="")
        with database.reading() as session:
            assert session.scalars(select(PersonSession)).all() == []


class TestSessions:
    def test_the_token_itself_is_not_kept(self, database: Database, ada: Person) -> None:
        tokens = {sign_in(database, ada.email, PASSWORD) for _ in range(2)}
        assert {len(token) for token in tokens} == {43}
        with database.reading() as session:
            rows = session.execute(text("SELECT * FROM person_session")).all()
        assert len(rows) == 2
        assert not any(token in str(rows) for token in tokens)

    def test_what_the_browser_says_of_itself_is_cut(self, database: Database, ada: Person) -> None:
        with database.transaction() as session:
            open_session(session, ada, address=ADDRESS, browser="é" * 500)
        with database.reading() as session:
            assert session.scalars(select(PersonSession.browser)).one() == "é" * 200

    @pytest.mark.parametrize(
        "token", ["", "x", "x" * 43, "\0", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
    )
    def test_an_unknown_token_is_nobody(self, database: Database, ada: Person, token: str) -> None:
        sign_in(database, ada.email, PASSWORD)
        assert not is_signed_in(database, token)

    def test_it_ends_when_idle(self, database: Database, ada: Person) -> None:
        with clock.held_at(NOON):
            token = sign_in(database, ada.email, PASSWORD)
        for moment, alive in ((NOON + IDLE - timedelta(seconds=1), True), (NOON + IDLE, False)):
            with clock.held_at(moment):
                assert is_signed_in(database, token) == alive

    def test_use_keeps_it_alive_but_not_for_ever(self, database: Database, ada: Person) -> None:
        with clock.held_at(NOON):
            token = sign_in(database, ada.email, PASSWORD)
        moment = NOON
        while moment + timedelta(hours=7) < NOON + ABSOLUTE:
            moment += timedelta(hours=7)
            with clock.held_at(moment), database.transaction() as session:
                row = find_signed_in(session, token)
                assert row is not None, moment - NOON
                touch_session(session, row.id)
        with clock.held_at(NOON + ABSOLUTE - timedelta(seconds=1)):
            assert is_signed_in(database, token)
        with clock.held_at(NOON + ABSOLUTE):
            assert not is_signed_in(database, token)

    def test_use_is_noted_once_a_minute(self) -> None:
        with clock.held_at(NOON):
            assert not needs_touch(after(seconds=-60))
            assert needs_touch(after(seconds=-61))

    def test_signing_out_ends_this_one_at_once(self, database: Database, ada: Person) -> None:
        tokens = [sign_in(database, ada.email, PASSWORD) for _ in range(2)]
        with database.transaction() as session:
            close_session(session, make.actor(ada, ada.organisation), tokens[0])
        assert [is_signed_in(database, token) for token in tokens] == [False, True]
        with database.reading() as session:
            actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert actions[-1] == "accounts.signed_out"

    def test_signing_out_twice_or_without_a_session_is_no_fault(
        self, database: Database, ada: Person
    ) -> None:
        token = sign_in(database, ada.email, PASSWORD)
        for each in (token, token, "unknown"):
            with database.transaction() as session:
                close_session(session, make.actor(ada, ada.organisation), each)
        with database.reading() as session:
            assert len(session.scalars(select(AuditEntry)).all()) == 2

    def test_all_of_a_person_end_together(self, database: Database, ada: Person) -> None:
        tokens = [sign_in(database, ada.email, PASSWORD) for _ in range(3)]
        with database.transaction() as session:
            end_sessions_of(session, ada.id)
        assert not any(is_signed_in(database, token) for token in tokens)

    def test_old_rows_are_forgotten(self, database: Database, ada: Person) -> None:
        with clock.held_at(NOON):
            old = sign_in(database, ada.email, PASSWORD)
            with pytest.raises(NoMatch):
                sign_in(database, ada.email, "another few words")
        with clock.held_at(after(days=29)):
            new = sign_in(database, ada.email, PASSWORD)
            forget_old(Work(database, Settings()))
            assert (is_signed_in(database, old), is_signed_in(database, new)) == (False, True)
        with database.reading() as session:
            assert len(session.scalars(select(PersonSession)).all()) == 1
            assert [row.failures for row in session.scalars(select(SignInThrottle))] == [0]


def tried(database: Database, email: str = "ada@company.example", address: str = ADDRESS) -> int:
    """How many tries are left; raises like `begin_try`."""
    with database.transaction() as session:
        return begin_try(session, email, address)


def wait_of(try_again: Callable[[], object]) -> int:
    with pytest.raises(TooManyTries) as refused:
        try_again()
    seconds = refused.value.details["retry_after"]
    assert isinstance(seconds, int)
    return seconds


class TestThrottle:
    def test_five_are_free_then_the_wait_doubles(self, database: Database) -> None:
        with clock.held_at(NOON):
            assert [tried(database) for _ in range(5)] == [4, 3, 2, 1, 0]
        moment, waits = NOON, []
        for _ in range(7):
            with clock.held_at(moment):
                waits.append(wait_of(lambda: tried(database)))
            moment += timedelta(seconds=waits[-1])
            with clock.held_at(moment - timedelta(microseconds=1)):
                assert wait_of(lambda: tried(database)) == 1, "not a moment sooner"
            with clock.held_at(moment):
                assert tried(database) == 0
        assert waits == [2, 4, 8, 16, 32, 64, 128]

    def test_who_waits_in_vain_is_not_made_to_wait_longer(self, database: Database) -> None:
        with clock.held_at(NOON):
            for _ in range(5):
                tried(database)
            assert [wait_of(lambda: tried(database)) for _ in range(20)] == [2] * 20

    def test_the_wait_has_an_end(self, database: Database) -> None:
        with clock.held_at(NOON):
            tried(database)
            with database.transaction() as session:
                for row in session.scalars(select(SignInThrottle)):
                    row.failures = 40
            tried(database)
            assert wait_of(lambda: tried(database)) == throttling.LONGEST_WAIT

    def test_a_quarter_of_an_hour_later_all_are_free_again(self, database: Database) -> None:
        with clock.held_at(NOON):
            for _ in range(5):
                tried(database)
        with clock.held_at(after(minutes=14, seconds=59)):
            assert tried(database) == 0
        with clock.held_at(after(minutes=20)):
            assert tried(database) == 4

    def test_another_person_or_another_place_is_not_slowed_down(self, database: Database) -> None:
        with clock.held_at(NOON):
            for _ in range(5):
                tried(database)
            assert tried(database, email="bo@company.example") == 4
            assert tried(database, address="198.51.100.9") == 4
            assert wait_of(lambda: tried(database)) == 2

    def test_the_right_password_begins_anew(self, database: Database, ada: Person) -> None:
        with clock.held_at(NOON):
            for _ in range(4):
                with pytest.raises(NoMatch):
                    sign_in(database, ada.email, "another few words")
            sign_in(database, ada.email, PASSWORD)
            assert [tried(database) for _ in range(5)] == [4, 3, 2, 1, 0]

    def test_even_the_right_password_waits(self, database: Database, ada: Person) -> None:
        with clock.held_at(NOON):
            for _ in range(5):
                with pytest.raises(NoMatch):
                    sign_in(database, ada.email, "another few words")
            assert wait_of(lambda: sign_in(database, ada.email, PASSWORD)) == 2
        with clock.held_at(after(seconds=2)):
            assert sign_in(database, ada.email, PASSWORD)

    def test_a_network_that_tries_many_people_is_shut_for_the_hour(self, database: Database) -> None:
        with clock.held_at(NOON):
            for number in range(throttling.NETWORK_TRIES):
                assert tried(database, email=f"person{number}@company.example") == 4
        with clock.held_at(after(minutes=30)):
            assert wait_of(lambda: tried(database, email="new@company.example")) == 1800
            assert tried(database, email="new@company.example", address="198.51.100.9") == 4
        with clock.held_at(after(hours=1)):
            assert tried(database, email="new@company.example") == 4

    def test_those_who_sign_in_do_not_shut_their_network(self, database: Database) -> None:
        """An office behind one address: everybody signs in rightly."""
        with clock.held_at(NOON):
            for number in range(throttling.NETWORK_TRIES + 10):
                tried(database, email=f"person{number}@company.example")
                with database.transaction() as session:
                    forget_try(session, f"person{number}@company.example", ADDRESS)

    def test_no_list_of_tried_addresses_is_kept(self, database: Database) -> None:
        tried(database)
        with database.reading() as session:
            rows = session.execute(text("SELECT * FROM sign_in_throttle")).all()
        assert "ada" not in str(rows)
        assert ADDRESS not in str(rows)

    @pytest.mark.parametrize("email", ["", "\0", "\ud800", "é😀", "x" * 10_000])
    def test_whatever_is_typed_can_be_counted(self, database: Database, email: str) -> None:
        assert [tried(database, email=email) for _ in range(2)] == [4, 3]

    def test_a_try_waits_for_one_that_is_being_counted(self, database: Database) -> None:
        tried(database)
        left: list[int] = []
        with database.transaction() as session:
            assert begin_try(session, "ada@company.example", ADDRESS) == 3
            session.flush()
            other = threading.Thread(target=lambda: left.append(tried(database)))
            other.start()
            other.join(0.3)
            assert left == []
        other.join(60)
        assert left == [2]

    def test_many_at_once_do_not_slip_through(self, database: Database, database_url: str) -> None:
        """Three processes guess as fast as they can; together they are heard as one would be."""
        began = clock.now()
        heard = sorted(
            (each for one in at_once(guess, [(database_url, 6)] * 3) for each in one), reverse=True
        )
        assert heard[:5] == [4, 3, 2, 1, 0]
        # Each further try that was listened to had to wait twice as long as the one before.
        further, needed = len(heard) - 5, (clock.now() - began).total_seconds()
        assert sum(2 ** (n + 1) for n in range(further)) <= needed
