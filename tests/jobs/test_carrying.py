"""Jobs: promised in a transaction, carried at least once, never two at a time, never dropped in silence."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.database import Database
from assetlib.jobs import enqueue
from assetlib.jobs.carrying import (
    MOST_ATTEMPTS,
    Claim,
    bury_silent,
    claim,
    extend,
    fail,
    finish,
    try_again,
)
from assetlib.jobs.errors import NotGivenUp
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING, Job, Schedule
from assetlib.jobs.queries import get_job
from tests.jobs.racers import claim_all, promise_often
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)


def promise(database: Database, kind: str = "test.note", **values: object) -> None:
    with database.transaction() as session:
        enqueue(session, kind, **values)  # type: ignore[arg-type]  # arguments of any job


def take(database: Database, worker: str = "one", *, lease: int = 30, limit: int = 1) -> list[Claim]:
    with database.transaction() as session:
        return claim(session, worker, lease=lease, limit=limit)


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def the_job(database: Database) -> Job:
    (job,) = jobs(database)
    return job


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class TestPromising:
    def test_a_job_is_there_when_the_transaction_commits(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database, "test.note", version_id=7, priority=3)
        job = the_job(database)
        assert (job.kind, job.arguments, job.state, job.priority) == (
            "test.note",
            {"version_id": 7},
            QUEUED,
            3,
        )
        assert (job.run_at, job.created_at, job.attempts) == (NOON, NOON, 0)

    def test_and_only_then(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012
            enqueue(session, "test.note")
            raise ZeroDivisionError
        assert jobs(database) == []

    def test_without_a_key_there_are_twins(self, database: Database) -> None:
        promise(database)
        promise(database)
        assert len(jobs(database)) == 2

    def test_with_a_key_there_is_one_that_waits(self, database: Database) -> None:
        for _ in range(3):
            promise(database, dedupe="k")
        promise(database, dedupe="another")
        assert [each.dedupe_key for each in jobs(database)] == ["k", "another"]

    def test_of_two_with_one_key_the_sooner_and_more_urgent_holds(self, database: Database) -> None:
        promise(database, dedupe="k", run_at=after(60), priority=5)
        promise(database, dedupe="k", run_at=after(10), priority=9)
        promise(database, dedupe="k", run_at=after(30), priority=1)
        assert (the_job(database).run_at, the_job(database).priority) == (after(10), 1)

    def test_what_already_runs_swallows_no_twin(self, database: Database) -> None:
        """It has read the past; the change that promises the twin must be seen by somebody."""
        promise(database, dedupe="k")
        (running,) = take(database)
        promise(database, dedupe="k")
        assert [each.state for each in jobs(database)] == [RUNNING, QUEUED]
        (second,) = take(database, "two")
        assert second.id != running.id

    def test_what_waits_for_its_next_try_swallows_no_twin_either(self, database: Database) -> None:
        promise(database, dedupe="k")
        (claimed,) = take(database)
        promise(database, dedupe="k")
        with database.transaction() as session:
            assert fail(session, claimed, "broken")
        assert [each.state for each in jobs(database)] == [QUEUED, QUEUED]

    def test_a_deduped_twin_is_held_back_until_the_change_is_committed(self, database: Database) -> None:
        """The promise of `enqueue`: the work cannot run between the twin's promise and its commit."""
        promise(database, dedupe="k")
        got: list[list[Claim]] = []
        with database.transaction() as session:
            session.add(Schedule(kind="the change", every_seconds=1, next_at=NOON))
            enqueue(session, "test.note", dedupe="k")
            other = threading.Thread(target=lambda: got.append(take(database)))
            other.start()
            other.join(1)
            # PostgreSQL passes over it at once; SQLite makes the other wait for us.
            assert got in ([], [[]])
        other.join(60)
        claims = got[0] or take(database)
        assert [each.kind for each in claims] == ["test.note"]
        with database.reading() as session:
            assert session.get(Schedule, "the change") is not None

    def test_many_at_once_leave_one_that_waits(self, database: Database, database_url: str) -> None:
        at_once(promise_often, [(database_url, 20)] * 3)
        assert len(jobs(database)) == 1


class TestClaiming:
    def test_the_urgent_then_the_oldest_goes_first(self, database: Database) -> None:
        promise(database, number=1, run_at=after(2))
        promise(database, number=2, run_at=after(1))
        promise(database, number=3, run_at=after(3), priority=-1)
        promise(database, number=4, run_at=after(1))
        with clock.held_at(after(10)):
            order = [take(database)[0].arguments["number"] for _ in range(4)]
        assert order == [3, 2, 4, 1]

    def test_what_is_not_due_waits(self, database: Database) -> None:
        promise(database, run_at=after(10))
        with clock.held_at(after(9.9)):
            assert take(database) == []
        with clock.held_at(after(10)):
            assert len(take(database)) == 1

    def test_a_claim_says_what_is_to_be_done_and_who_does_it(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database, version_id=7)
            (claimed,) = take(database, "one", lease=30)
        job = the_job(database)
        assert claimed == Claim(job.id, "test.note", {"version_id": 7}, 1, "one")
        assert (job.state, job.worker, job.attempts) == (RUNNING, "one", 1)
        assert job.lease_until == after(30)

    def test_only_the_kinds_asked_for(self, database: Database) -> None:
        promise(database, "test.a")
        promise(database, "test.b")
        with database.transaction() as session:
            claims = claim(session, "one", lease=30, limit=9, kinds=["test.b"])
        assert [each.kind for each in claims] == ["test.b"]

    def test_no_more_than_the_limit(self, database: Database) -> None:
        for _ in range(5):
            promise(database)
        assert len(take(database, limit=2)) == 2
        assert [len(take(database, limit=2)) for _ in range(3)] == [2, 1, 0]

    def test_nobody_gets_what_another_holds(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            assert take(database, "one", lease=30)
        with clock.held_at(after(30)):
            assert take(database, "two") == []

    def test_several_processes_share_the_work_and_no_job_is_given_twice(
        self, database: Database, database_url: str
    ) -> None:
        share(database, database_url, workers=3, number=60)

    @pytest.mark.proof
    def test_many_processes_share_much_work(self, database: Database, database_url: str) -> None:
        share(database, database_url, workers=8, number=3_000)


def share(database: Database, url: str, *, workers: int, number: int) -> None:
    with database.transaction() as session:
        for each in range(number):
            enqueue(session, "test.note", number=each)
    got = at_once(claim_all, [(url, f"worker {each}", 1 + each % 3) for each in range(workers)])
    everything = [each for ids in got for each in ids]
    assert len(everything) == number
    assert set(everything) == {each.id for each in jobs(database)}
    assert {each.attempts for each in jobs(database)} == {1}


class TestLeases:
    def test_whose_worker_fell_silent_is_done_by_another(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            (first,) = take(database, "one", lease=30)
        with clock.held_at(after(31)):
            (second,) = take(database, "two", lease=30)
        assert (second.id, second.attempts, second.worker) == (first.id, 2, "two")

    def test_the_one_who_lost_it_can_neither_finish_nor_fail_nor_extend(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            (first,) = take(database, "one", lease=30)
        with clock.held_at(after(31)):
            (second,) = take(database, "two", lease=30)
            with database.transaction() as session:
                assert not finish(session, first)
                assert not fail(session, first, "late")
                assert not extend(session, first, lease=30)
            assert the_job(database).state == RUNNING
            with database.transaction() as session:
                assert finish(session, second)
        assert the_job(database).state == DONE

    def test_not_even_when_it_is_the_same_worker_again(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            (first,) = take(database, "one", lease=30)
        with clock.held_at(after(31)):
            (again,) = take(database, "one", lease=30)
            with database.transaction() as session:
                assert not finish(session, first)
                assert finish(session, again)

    def test_a_sign_of_life_keeps_it(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            (claimed,) = take(database, "one", lease=30)
        with clock.held_at(after(20)), database.transaction() as session:
            assert extend(session, claimed, lease=30)
        with clock.held_at(after(49)):
            assert take(database, "two") == []
        with clock.held_at(after(51)):
            assert len(take(database, "two")) == 1

    def test_late_but_not_taken_by_another_it_may_still_be_finished(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            (claimed,) = take(database, "one", lease=30)
        with clock.held_at(after(90)), database.transaction() as session:
            assert finish(session, claimed)
        assert the_job(database).finished_at == after(90)

    def test_what_is_done_is_done(self, database: Database) -> None:
        promise(database)
        (claimed,) = take(database)
        with database.transaction() as session:
            assert finish(session, claimed)
            assert not finish(session, claimed)
            assert not fail(session, claimed, "after all")
        with clock.held_at(clock.now() + timedelta(days=365)):
            assert take(database) == []


class TestFailing:
    def test_it_is_tried_again_later_each_time_and_then_given_up(self, database: Database) -> None:
        moment, waits = NOON, []
        with clock.held_at(NOON):
            promise(database)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            with clock.held_at(moment):
                (claimed,) = take(database)
                assert claimed.attempts == attempt
                with database.transaction() as session:
                    assert fail(session, claimed, f"try {attempt}")
                job = the_job(database)
                if attempt < MOST_ATTEMPTS:
                    assert take(database) == [], "not at once"
                    assert (job.state, job.worker, job.lease_until) == (QUEUED, None, None)
                    waits.append((job.run_at - moment).total_seconds())
                    moment = job.run_at
        assert (job.state, job.error) == (DEAD, f"try {MOST_ATTEMPTS}")
        assert [0.5 * 2**n <= wait <= 1.5 * 2**n for n, wait in enumerate(waits, start=1)] == [True] * 5
        with clock.held_at(after(10**7)):
            assert take(database) == [], "what was given up stays so"

    def test_those_that_fail_together_do_not_come_back_together(self, database: Database) -> None:
        with clock.held_at(NOON):
            for _ in range(12):
                promise(database)
            for claimed in take(database, limit=12):
                with database.transaction() as session:
                    fail(session, claimed, "all of you")
        assert len({each.run_at for each in jobs(database)}) > 6

    def test_what_cannot_work_is_given_up_at_once(self, database: Database) -> None:
        promise(database)
        (claimed,) = take(database)
        with database.transaction() as session:
            assert fail(session, claimed, "never will", again=False)
        job = the_job(database)
        assert (job.state, job.attempts, job.error) == (DEAD, 1, "never will")

    @pytest.mark.parametrize("words", ["\0", "\ud800 half", "x" * 10_000, "é😀", ""])
    def test_any_words_of_an_error_can_be_kept(self, database: Database, words: str) -> None:
        promise(database)
        (claimed,) = take(database)
        with database.transaction() as session:
            assert fail(session, claimed, words)
        kept = the_job(database).error
        assert kept is not None
        assert len(kept) <= 4_000
        assert kept == {"\0": "\\0", "\ud800 half": "\\ud800 half"}.get(words, words[:4_000])

    def test_what_takes_its_worker_down_is_buried_in_the_end(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
        for attempt in range(MOST_ATTEMPTS):
            with clock.held_at(after(attempt * 31)):
                assert take(database, lease=30)
                with database.transaction() as session:
                    bury_silent(session)
                assert the_job(database).state == RUNNING, "not while it is held"
        with clock.held_at(after(MOST_ATTEMPTS * 31)):
            assert take(database) == [], "nobody is sent into it again"
            with database.transaction() as session:
                bury_silent(session)
        job = the_job(database)
        assert job.state == DEAD
        assert "silent" in (job.error or "")

    def test_burying_leaves_others_alone(self, database: Database) -> None:
        with clock.held_at(NOON):
            promise(database)
            take(database, lease=30)
            promise(database)
        with clock.held_at(after(60)), database.transaction() as session:
            bury_silent(session)
        assert [each.state for each in jobs(database)] == [RUNNING, QUEUED]

    def test_a_person_may_let_it_start_anew(self, database: Database) -> None:
        promise(database, dedupe="k")
        (claimed,) = take(database)
        with database.transaction() as session:
            fail(session, claimed, "never will", again=False)
        promise(database, dedupe="k")
        with database.transaction() as session:
            try_again(get_job(session, claimed.id))
        claims = take(database, limit=9)
        assert {(each.id, each.attempts) for each in claims} >= {(claimed.id, 1)}
        assert len(claims) == 2

    def test_but_not_what_waits_runs_or_is_done(self, database: Database) -> None:
        promise(database)
        for state in (QUEUED, RUNNING, DONE):
            with database.transaction() as session:
                job = session.scalars(select(Job)).one()
                job.state = state
                with pytest.raises(NotGivenUp):
                    try_again(job)
