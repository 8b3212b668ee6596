"""What `Database` promises, with real rows and several at once."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.models import Organisation, Person
from assetlib.catalog.models import Asset
from assetlib.database import Busy, Database, StaleWrite
from assetlib.jobs.models import Schedule
from tests import make

ENGINES = ("sqlite", "postgresql")

THREADS, TURNS = 8, 25


def put(database: Database, number: int = 0) -> None:
    with database.transaction() as session:
        session.add(Schedule(kind="counter", every_seconds=number, next_at=clock.now()))


def counter(session: Session, *, lock: bool) -> Schedule:
    return session.get_one(Schedule, "counter", with_for_update=lock, populate_existing=True)


def counted(database: Database) -> int:
    with database.reading() as session:
        return counter(session, lock=False).every_seconds


def by_all(work: Callable[[], None]) -> list[BaseException]:
    """What went wrong when all threads took their turns."""
    wrong: list[BaseException] = []
    barrier = threading.Barrier(THREADS)

    def run() -> None:
        barrier.wait()
        for _ in range(TURNS):
            try:
                work()
            except Exception as error:  # noqa: BLE001  # the test looks at it
                wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return wrong


def test_no_update_is_lost_when_many_count_at_once(database: Database) -> None:
    put(database)

    def add_one() -> None:
        with database.transaction() as session:
            counter(session, lock=True).every_seconds += 1

    assert by_all(add_one) == []
    assert counted(database) == THREADS * TURNS


def test_the_drivers_defaults_would_lose_updates(database: Database, database_url: str) -> None:
    """The same without our transaction: why the house has one."""
    put(database)
    naive = create_engine(database_url)
    acknowledged: list[int] = []

    def add_one() -> None:
        with Session(naive) as session, suppress(OperationalError):  # some are at least told
            counter(session, lock=False).every_seconds += 1
            session.commit()
            acknowledged.append(1)

    by_all(add_one)
    naive.dispose()
    assert counted(database) < len(acknowledged)


def test_readers_do_not_wait_for_a_writer_and_see_one_moment(database: Database) -> None:
    put(database, 1)
    with database.reading() as before:
        assert counter(before, lock=False).every_seconds == 1
        with database.transaction() as session:
            counter(session, lock=True).every_seconds = 2
            session.flush()
            assert counted(database) == 1
        assert before.scalar(select(Schedule.every_seconds)) == 1, "a view once begun stays as it was"
    assert counted(database) == 2


def test_what_is_changed_while_reading_is_thrown_away(database: Database) -> None:
    put(database, 1)
    with database.reading() as session:
        counter(session, lock=False).every_seconds = 99
        session.flush()
        session.execute(text("DELETE FROM schedule"))
    assert counted(database) == 1


def test_all_happens_or_nothing(database: Database) -> None:
    put(database, 1)
    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012
        counter(session, lock=True).every_seconds = 2
        session.add(Schedule(kind="another", every_seconds=1, next_at=clock.now()))
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.execute(select(Schedule.kind, Schedule.every_seconds)).all() == [("counter", 1)]


def test_an_interrupt_undoes_the_transaction(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt), database.transaction() as session:  # noqa: PT012
        session.add(Schedule(kind="counter", every_seconds=1, next_at=clock.now()))
        session.flush()
        raise KeyboardInterrupt
    with database.reading() as session:
        assert session.scalars(select(Schedule)).all() == []


def test_a_transaction_commits_once_and_lets_go_of_its_connection(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    put(database)
    assert len(commits) == 1
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool on both engines


def test_rows_can_be_read_after_the_transaction(database: Database) -> None:
    with database.transaction() as session:
        row = Schedule(kind="counter", every_seconds=7, next_at=clock.now())
        session.add(row)
    assert row.every_seconds == 7


def test_rows_can_be_read_after_the_reading(database: Database) -> None:
    put(database, 7)
    with database.reading() as session:
        row = counter(session, lock=False)
        untouched = session.scalars(select(Schedule)).all()
    assert (row.kind, row.every_seconds) == ("counter", 7)
    assert [each.next_at for each in untouched] == [row.next_at]


def test_hooks_run_inside_the_transaction_after_the_last_flush(database_url: str) -> None:
    seen: list[int] = []

    def look(session: Session) -> None:
        assert not session.new
        seen.extend(session.scalars(select(Schedule.every_seconds)))
        session.execute(update(Schedule).values(every_seconds=Schedule.every_seconds + 1))

    database = Database(database_url, before_commit=[look, look])
    put(database, 5)
    assert seen == [5, 6]
    assert counted(database) == 7
    database.close()


def test_a_hook_that_fails_undoes_all(database_url: str) -> None:
    def refuse(session: Session) -> None:
        raise ZeroDivisionError

    database = Database(database_url, before_commit=[refuse])
    with pytest.raises(ZeroDivisionError):
        put(database)
    with database.reading() as session:
        assert session.scalars(select(Schedule)).all() == []
    database.close()


def test_hooks_do_not_run_when_the_transaction_failed(database_url: str) -> None:
    ran: list[Session] = []
    database = Database(database_url, before_commit=[ran.append])
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    assert ran == []
    database.close()


def test_who_writes_on_a_row_that_moved_on_is_told(database: Database) -> None:
    with database.transaction() as session:
        asset = make.asset(session, make.organisation(session))
    with database.reading() as session:
        mine = session.get_one(Asset, asset.id)
    with database.transaction() as session:
        session.get_one(Asset, asset.id).title = "What somebody else wrote"
    mine.title = "What I wrote"
    with pytest.raises(StaleWrite) as refused, database.transaction() as session:
        session.add(mine)
    assert refused.value.code == "stale_write"
    with database.reading() as session:
        assert session.get_one(Asset, asset.id).title == "What somebody else wrote"


def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.transaction() as session:
        session.add(Schedule(kind="counter", every_seconds=1, next_at=datetime(2026, 1, 2, 3)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a time zone"), database.reading() as session:
        session.scalars(select(Schedule).where(Schedule.next_at < datetime(2026, 1, 2, 3))).all()  # noqa: DTZ001


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(
        min_value=datetime(1, 1, 3),  # noqa: DTZ001
        max_value=datetime(9999, 12, 29),  # noqa: DTZ001
        timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_every_moment_reads_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    with database.transaction() as session:
        session.merge(Schedule(kind="counter", every_seconds=1, next_at=moment))
    with database.reading() as session:
        read = counter(session, lock=False).next_at
    assert read == moment
    assert read.tzinfo is UTC


def test_who_comes_second_is_told_to_look_again(database: Database) -> None:
    put(database)
    with pytest.raises(StaleWrite), database.transaction() as session:
        session.add(Schedule(kind="counter", every_seconds=1, next_at=clock.now()))
    with database.transaction() as session:
        make.organisation(session, name="Twin")
    with pytest.raises(StaleWrite) as refused, database.transaction() as session:
        make.organisation(session, name="Twin")
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert counted(database) == 0


def test_a_key_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(StaleWrite), database.transaction() as session:
        session.add(
            Person(organisation_id=4711, email="a@b.example", name="Ada", created_at=clock.now(), grants=[])
        )


def test_a_check_that_fails_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Organisation(name="Somebody", kind="nobody", created_at=clock.now()))


def test_an_unknown_database_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="mysql") as refused:
        Database("mysql://root:secret@localhost/assets")
    assert "secret" not in str(refused.value)


class TestBusy:
    def test_sqlite_that_lets_nobody_in(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path / 'busy.sqlite'}")

        @event.listens_for(database.engine, "connect")
        def _be_impatient(connection: object, record: object) -> None:
            connection.execute("PRAGMA busy_timeout=1")  # type: ignore[attr-defined]  # sqlite3's own

        with database.transaction() as first:
            first.execute(text("CREATE TABLE thing (id integer)"))
            with pytest.raises(Busy) as refused, database.transaction() as second:
                second.execute(text("SELECT 1"))
        assert refused.value.details["retry_after"] == 5
        database.close()

    @pytest.mark.services
    def test_postgresql_that_finds_a_deadlock(self, postgres_url: str) -> None:
        database = Database(postgres_url)
        with database.transaction() as session:
            session.execute(text("DELETE FROM schedule"))
            for kind in ("a", "b"):
                session.add(Schedule(kind=kind, every_seconds=1, next_at=clock.now()))
        barrier, busy = threading.Barrier(2), list[Busy]()

        def lock(first: str, second: str) -> None:
            try:
                with database.transaction() as session:
                    session.get_one(Schedule, first, with_for_update=True)
                    barrier.wait()
                    session.get_one(Schedule, second, with_for_update=True)
            except Busy as error:
                busy.append(error)

        threads = [threading.Thread(target=lock, args=each) for each in (("a", "b"), ("b", "a"))]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(busy) == 1
        database.close()


class TestSqlite:
    def test_an_acknowledged_write_survives_a_power_cut(self, tmp_path: Path) -> None:
        """As far as settings go: 2 is FULL, and a reader's 1 does not stay behind in a writer."""
        database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
        for _ in range(2):
            with database.transaction() as session:
                assert session.scalar(text("PRAGMA synchronous")) == 2
            with database.reading() as session:
                assert session.scalar(text("PRAGMA synchronous")) == 1
                assert session.scalar(text("PRAGMA journal_mode")) == "wal"
                assert session.scalar(text("PRAGMA foreign_keys")) == 1
                assert session.scalar(text("PRAGMA busy_timeout")) == 30_000
        database.close()

    def test_a_writer_holds_the_pen_from_its_first_word(self, tmp_path: Path) -> None:
        begun: list[str] = []
        database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")

        @event.listens_for(database.engine, "connect")
        def _listen(connection: sqlite3.Connection, record: object) -> None:
            connection.set_trace_callback(begun.append)

        with database.transaction() as session:
            session.execute(text("SELECT 1"))
        with database.reading() as session:
            session.execute(text("SELECT 2"))
        assert [each for each in begun if each.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
        database.close()
