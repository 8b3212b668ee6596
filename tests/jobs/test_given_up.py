"""Who waits for work hears of it when it is given up, in the same transaction."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.database import Busy, Database
from assetlib.jobs import enqueue
from assetlib.jobs.carrying import MOST_ATTEMPTS, claim
from assetlib.jobs.models import DEAD, RUNNING, Job
from assetlib.jobs.running import Runner
from assetlib.jobs.work import GiveUp
from tests.jobs.test_running import promise, states

ENGINES = ("sqlite", "postgresql")


def test_who_waits_for_a_job_is_told_once_when_it_is_given_up(database: Database) -> None:
    told: list[int] = []

    def fail(*, number: int) -> None:
        raise GiveUp("no") if number == 1 else ValueError("torn")

    def note(session: Session, *, number: int) -> None:
        assert session.in_nested_transaction()
        told.append(number)

    for number in (1, 2):
        promise(database, "test.fail", number=number)
    promise(database, "test.other")
    kinds: dict[str, Callable[..., None]] = {"test.fail": fail, "test.other": lambda: fail(number=1)}
    worker = Runner(database, kinds, lease=30, given_up={"test.fail": note})
    worker.run_until_idle()
    assert told == [1]
    moment = clock.now()
    for day in range(1, MOST_ATTEMPTS + 2):
        with clock.held_at(moment + timedelta(days=day)):
            worker.run_until_idle()
    assert told == [1, 2]
    assert states(database) == [DEAD, DEAD, DEAD]


def silent_at_the_last_try(database: Database) -> None:
    promise(database, "test.kill", number=7)
    with database.transaction() as session:
        assert claim(session, "gone", lease=30)
        session.execute(update(Job).values(attempts=MOST_ATTEMPTS))


def test_who_waits_is_told_too_when_the_worker_fell_silent(database: Database) -> None:
    told: list[int] = []
    silent_at_the_last_try(database)
    worker = Runner(database, {}, lease=30, given_up={"test.kill": lambda _, *, number: told.append(number)})
    worker.look_around()
    assert (told, states(database)) == ([], [RUNNING])
    with clock.held_at(clock.now() + timedelta(minutes=1)):
        worker.look_around()
        worker.look_around()
    assert (told, states(database)) == ([7], [DEAD])


def test_a_job_is_given_up_even_when_nobody_can_be_told(database: Database) -> None:
    def half(session: Session, *, number: int) -> None:
        enqueue(session, "test.half", number=number)
        raise ValueError("nobody there")

    silent_at_the_last_try(database)
    worker = Runner(database, {}, lease=30, given_up={"test.kill": half})
    with clock.held_at(clock.now() + timedelta(minutes=1)):
        worker.look_around()
    assert states(database) == [DEAD], "and nothing of the half is there"


def test_a_job_is_given_up_later_when_the_database_is_away(database: Database) -> None:
    def away(session: Session, *, number: int) -> None:
        raise Busy("not now")

    silent_at_the_last_try(database)
    worker = Runner(database, {}, lease=30, given_up={"test.kill": away})
    with clock.held_at(clock.now() + timedelta(minutes=1)), pytest.raises(Busy):
        worker.look_around()
    assert states(database) == [RUNNING]
