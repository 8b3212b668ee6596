"""A worker: does what is due, survives what goes wrong, ends when told, and is replaced when killed."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from assetlib import clock
from assetlib.database import Busy, Database
from assetlib.jobs import enqueue, running
from assetlib.jobs.carrying import MOST_ATTEMPTS, claim
from assetlib.jobs.housekeeping import forget_done
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING, Job, Schedule
from assetlib.jobs.running import Runner
from assetlib.jobs.work import GiveUp, Work
from assetlib.settings import Settings

ENGINES = ("sqlite", "postgresql")

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another process or thread does."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def promise(database: Database, kind: str, **arguments: Any) -> None:
    with database.transaction() as session:
        enqueue(session, kind, **arguments)


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Job.state).order_by(Job.id)))


def the_job(database: Database) -> Job:
    with database.reading() as session:
        return session.scalars(select(Job)).one()


def runner(database: Database, *, lease: int = 30, **handlers: Callable[..., None]) -> Runner:
    """A worker whose handlers are named `test.…`."""
    return Runner(database, {f"test.{name}": each for name, each in handlers.items()}, lease=lease)


def test_it_does_all_that_is_due_with_the_ids_it_was_promised(database: Database) -> None:
    noted: list[int] = []
    for number in range(3):
        promise(database, "test.note", number=number)
    promise(database, "test.note", number=9, run_at=clock.now() + timedelta(hours=1))
    worker = runner(database, note=lambda *, number: noted.append(number))
    assert worker.run_until_idle() == 3
    assert noted == [0, 1, 2]
    assert states(database) == [DONE, DONE, DONE, QUEUED]
    assert worker.run_until_idle() == 0


def test_a_job_may_promise_the_next(database: Database) -> None:
    def first() -> None:
        promise(database, "test.second")

    done: list[str] = []
    promise(database, "test.first")
    assert runner(database, first=first, second=lambda: done.append("second")).run_until_idle() == 2
    assert done == ["second"]


def test_no_transaction_is_open_while_a_job_runs(database: Database) -> None:
    def look() -> None:
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool

    promise(database, "test.look")
    runner(database, look=look).run_until_idle()
    assert states(database) == [DONE]


def test_what_fails_is_tried_again_and_does_not_take_others_along(database: Database) -> None:
    def fail() -> None:
        raise ValueError("the file \0 \ud800 is torn")

    promise(database, "test.fail")
    promise(database, "test.note")
    assert runner(database, fail=fail, note=lambda: None).run_until_idle() == 2
    assert states(database) == [QUEUED, DONE]
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "test.fail")).one()
    assert job.error == "ValueError: the file \\0 \\ud800 is torn"
    assert job.run_at > clock.now()


def test_what_fails_every_time_is_given_up_with_its_last_reason(database: Database) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise ValueError(f"try {len(tries)}")

    promise(database, "test.fail")
    worker, moment = runner(database, fail=fail), clock.now()
    for day in range(MOST_ATTEMPTS + 2):
        with clock.held_at(moment + timedelta(days=day)):
            worker.run_until_idle()
    assert len(tries) == MOST_ATTEMPTS
    job = the_job(database)
    assert (job.state, job.error) == (DEAD, f"ValueError: try {MOST_ATTEMPTS}")


def test_give_up_ends_it_at_once(database: Database) -> None:
    def give_up() -> None:
        raise GiveUp("The version is gone.")

    promise(database, "test.give_up")
    runner(database, give_up=give_up).run_until_idle()
    job = the_job(database)
    assert (job.state, job.attempts, job.error) == (DEAD, 1, "The version is gone.")


def test_work_that_nobody_knows_fails_by_name(database: Database) -> None:
    promise(database, "test.unheard_of")
    runner(database).run_until_idle()
    job = the_job(database)
    assert (job.state, job.error) == (QUEUED, "KeyError: 'test.unheard_of'")


def test_wrong_arguments_fail_like_anything_else(database: Database) -> None:
    promise(database, "test.note", numbre=1)
    runner(database, note=lambda *, number: None).run_until_idle()
    assert "numbre" in (the_job(database).error or "")


def test_long_work_keeps_its_lease(database: Database) -> None:
    """A lease of one second; the work takes until another worker would have got it twice over."""
    began, end = threading.Event(), threading.Event()

    def take_long() -> None:
        began.set()
        assert end.wait(PATIENCE)

    promise(database, "test.take_long")
    worker = threading.Thread(target=runner(database, lease=1, take_long=take_long).run_until_idle)
    worker.start()
    assert began.wait(PATIENCE)
    first = the_job(database).lease_until
    assert first is not None
    until(lambda: (the_job(database).lease_until or first) > first + timedelta(seconds=1))
    end.set()
    worker.join(PATIENCE)
    assert (states(database), the_job(database).attempts) == ([DONE], 1)


def test_a_heart_that_cannot_reach_the_database_goes_on_beating(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[int] = []

    def away_once(*_: Any, **__: Any) -> bool:
        beats.append(1)
        if len(beats) == 1:
            raise Busy("The database is busy.", retry_after=5)
        return True

    monkeypatch.setattr(running, "extend", away_once)
    promise(database, "test.wait")
    runner(database, lease=0, wait=lambda: until(lambda: len(beats) > 2)).run_until_idle()
    assert len(beats) > 2


def test_the_one_who_lost_its_lease_does_not_finish_what_another_holds(database: Database) -> None:
    def fall_behind() -> None:
        with clock.held_at(clock.now() + timedelta(hours=1)), database.transaction() as session:
            assert claim(session, "another", lease=30)

    promise(database, "test.fall_behind")
    runner(database, fall_behind=fall_behind).run_until_idle()
    job = the_job(database)
    assert (job.state, job.worker, job.attempts) == (RUNNING, "another", 2)


class TestSchedules:
    def test_what_comes_round_is_done(self, database: Database) -> None:
        done: list[str] = []
        worker = Runner(
            database,
            {"test.hourly": lambda: done.append("hourly")},
            lease=30,
            schedules={"test.hourly": 3600},
        )
        worker.prepare()
        moment = clock.now()
        for minutes in (0, 30, 61, 90, 122):
            with clock.held_at(moment + timedelta(minutes=minutes)):
                worker.look_around()
                worker.run_until_idle()
        assert len(done) == 3

    def test_it_looks_around_at_most_every_few_seconds(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks: list[float] = []
        now = [100.0]
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        worker = runner(database)
        monkeypatch.setattr(worker, "look_around", lambda: looks.append(now[0]))
        for moment in (100.0, 100.1, 104.9, 105.0, 106.0, 200.0):
            now[0] = moment
            worker.look_around_in_time()
        assert looks == [100.0, 105.0, 200.0]

    def test_it_buries_what_took_workers_down(self, database: Database) -> None:
        promise(database, "test.crash")
        with database.transaction() as session:
            job = session.scalars(select(Job)).one()
            job.state, job.attempts, job.lease_until = (
                RUNNING,
                MOST_ATTEMPTS,
                clock.now() - timedelta(seconds=1),
            )
        runner(database).look_around()
        assert states(database) == [DEAD]


class TestRun:
    def test_it_works_until_it_is_stopped_and_finishes_what_is_in_hand(self, database: Database) -> None:
        ended: list[int] = []

        def stop(*, number: int) -> None:
            worker.stop()
            ended.append(number)

        for number in range(2):
            promise(database, "test.stop", number=number)
        worker = runner(database, stop=stop)
        worker.run(idle_seconds=0)
        assert ended == [0]
        assert states(database) == [DONE, QUEUED]

    def test_it_waits_for_a_database_that_is_away(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        away = iter([OperationalError("SELECT", {}, Exception("gone")), Busy("Busy.", retry_after=5)])
        honest = Runner.do_next

        def do_next(self: Runner) -> bool:
            for error in away:
                raise error
            return honest(self)

        monkeypatch.setattr(Runner, "do_next", do_next)
        promise(database, "test.stop")
        handlers: dict[str, Callable[..., None]] = {}
        worker = Runner(database, handlers, lease=30, schedules={"test.a": 60})
        handlers["test.stop"] = worker.stop
        worker.run(idle_seconds=0)
        assert next(away, None) is None
        with database.reading() as session:
            assert session.get(Schedule, "test.a") is not None
            assert session.scalars(select(Job.state).where(Job.kind == "test.stop")).all() == [DONE]


Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts workers as processes of their own, see `racers`; what is left of them is killed in the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.jobs.racers", database_url, str(tmp_path), "30"]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start_one
    for each in started:
        each.kill()
        each.wait()


class TestProcesses:
    def test_told_to_end_it_finishes_what_is_in_hand_and_takes_no_more(
        self, database: Database, tmp_path: Path, start: Start
    ) -> None:
        for number in range(2):
            promise(database, "test.wait", number=number)
        process = start()
        until((tmp_path / "began-0").exists)
        process.send_signal(signal.SIGTERM)
        (tmp_path / "go-on").touch()
        assert process.wait(PATIENCE) == 0
        assert (tmp_path / "ended-0").exists()
        assert states(database) == [DONE, QUEUED]

    def test_told_to_end_while_it_waits_it_ends(
        self, start: Start, database: Database, tmp_path: Path
    ) -> None:
        promise(database, "test.wait", number=1)
        (tmp_path / "go-on").touch()
        process = start()
        until((tmp_path / "ended-1").exists)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    def test_what_a_killed_worker_held_is_done_by_another_after_its_lease(
        self, database: Database, tmp_path: Path, start: Start
    ) -> None:
        promise(database, "test.wait", number=1)
        process = start()
        until((tmp_path / "began-1").exists)
        process.kill()
        process.wait()
        done: list[int] = []
        other = runner(database, wait=lambda *, number: done.append(number))
        ends = the_job(database).lease_until
        assert ends is not None
        with clock.held_at(ends - timedelta(seconds=1)):
            assert (states(database), other.run_until_idle()) == ([RUNNING], 0), "not while the lease runs"
        with clock.held_at(ends + timedelta(seconds=1)):
            assert other.run_until_idle() == 1
        assert done == [1]
        assert (states(database), the_job(database).attempts) == ([DONE], 2)


def test_finished_work_is_forgotten_by_a_job(database: Database) -> None:
    promise(database, "test.note")
    runner(database, note=lambda: None).run_until_idle()
    with clock.held_at(clock.now() + timedelta(days=8)):
        forget_done(Work(database, Settings()))
    assert states(database) == []
