"""What comes round again, and what there is to see of the work list."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.database import Database
from assetlib.jobs import enqueue
from assetlib.jobs.carrying import claim, enqueue_due, fail, finish, keep_schedule
from assetlib.jobs.errors import NoSuchJob
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING, Job, Schedule
from assetlib.jobs.queries import counts, forget_done, get_job, jobs_in
from tests.jobs.racers import keep_schedules
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


class TestSchedules:
    def test_what_comes_round_is_promised_when_due(self, database: Database) -> None:
        with clock.held_at(NOON), database.transaction() as session:
            keep_schedule(session, "test.hourly", every_seconds=3600)
        for seconds, expected in ((0, 1), (1, 0), (3599, 0), (3600, 1), (9000, 1), (9001, 0)):
            with clock.held_at(after(seconds)), database.transaction() as session:
                assert enqueue_due(session) == expected, seconds

    def test_a_turn_that_still_waits_is_not_promised_twice(self, database: Database) -> None:
        with clock.held_at(NOON), database.transaction() as session:
            keep_schedule(session, "test.hourly", every_seconds=60)
        for minute in range(3):
            with clock.held_at(after(minute * 60)), database.transaction() as session:
                assert enqueue_due(session) == 1
        assert len(jobs(database)) == 1

    def test_a_restart_does_not_bring_the_next_turn_forward(self, database: Database) -> None:
        for seconds, every in ((0, 60), (10, 60), (20, 90)):
            with clock.held_at(after(seconds)), database.transaction() as session:
                keep_schedule(session, "test.hourly", every_seconds=every)
                enqueue_due(session)
        with database.reading() as session:
            schedule = session.get_one(Schedule, "test.hourly")
        assert (schedule.every_seconds, schedule.next_at) == (90, after(60))

    def test_workers_that_start_at_once_keep_one_schedule(
        self, database: Database, database_url: str
    ) -> None:
        at_once(keep_schedules, [(database_url,)] * 3)
        with database.reading() as session:
            assert sorted(session.scalars(select(Schedule.kind))) == ["test.a", "test.b", "test.c"]


class TestLooking:
    def test_counts_and_pages(self, database: Database) -> None:
        with database.transaction() as session:
            for number in range(5):
                enqueue(session, "test.note", number=number)
            (claimed,) = claim(session, "one", lease=30)
            finish(session, claimed)
        with database.reading() as session:
            assert counts(session) == {QUEUED: 4, DONE: 1}
            page = jobs_in(session, QUEUED, number=2, size=3)
            assert (page.total, len(page.rows), page.has_next) == (4, 1, False)
            assert get_job(session, claimed.id).state == DONE
            with pytest.raises(NoSuchJob):
                get_job(session, 4711)

    def test_what_was_done_long_ago_is_forgotten(self, database: Database) -> None:
        with clock.held_at(NOON), database.transaction() as session:
            for _ in range(3):
                enqueue(session, "test.note")
            done, dead, _running = claim(session, "one", lease=30, limit=3)
            finish(session, done)
            fail(session, dead, "no", again=False)
        week = 7 * 86_400
        quarter = 90 * 86_400
        for seconds, states in (
            (week, [DEAD, DONE, RUNNING]),
            (week + 1, [DEAD, RUNNING]),
            (quarter, [DEAD, RUNNING]),
            (quarter + 1, [RUNNING]),
        ):
            with clock.held_at(after(seconds)), database.transaction() as session:
                forget_done(session)
            assert sorted(each.state for each in jobs(database)) == states
