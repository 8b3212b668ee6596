"""The loop of a worker: claim a job, do it, say how it went, until told to stop."""

import os
import socket
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from assetlib.database import Database, attempt
from assetlib.errors import Unavailable
from assetlib.jobs.carrying import (
    Claim,
    bury_silent,
    claim,
    enqueue_due,
    extend,
    fail,
    finish,
    is_last_try,
    keep_schedule,
)
from assetlib.jobs.work import GivenUp, GiveUp, Handler

log = structlog.get_logger("assetlib")

LOOK_EVERY = 5.0
"""Seconds between two looks at the schedules: each is a write, and need not be made for every job."""
DATABASE_AWAY = (SQLAlchemyError, Unavailable)


class Runner:
    """One worker. `lease` is in seconds; `schedules` maps a job's name to the seconds between its turns.

    `given_up` maps a job's name to what is done when it is given up.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        lease: int,
        schedules: Mapping[str, int] | None = None,
        given_up: Mapping[str, GivenUp] | None = None,
        name: str | None = None,
    ) -> None:
        self.database = database
        self.handlers = handlers
        self.lease = lease
        self.schedules = schedules or {}
        self.given_up = given_up or {}
        self.name = name or f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid4().hex[:6]}"
        # A plain flag and no event: a signal handler sets it, and may not wait for a lock that we hold.
        self.stopping = False
        self._looked_at: float | None = None

    def run(self, *, idle_seconds: float = 0.5) -> None:
        """Work until `stop` is called. A database that is away for a while is waited for."""
        prepared = False
        while not self.stopping:
            try:
                if not prepared:
                    self.prepare()
                    prepared = True
                self.look_around_in_time()
                worked = self.do_next()
            except DATABASE_AWAY as error:
                log.warning("database_away", worker=self.name, exc_info=error)
                worked = False
            if not worked and not self.stopping:
                time.sleep(idle_seconds)

    def run_until_idle(self, *, most: int = 100_000) -> int:
        """Do all that is due now; how many jobs that were."""
        done = 0
        while done < most and self.do_next():
            done += 1
        return done

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self.stopping = True

    def prepare(self) -> None:
        """Write down what comes round."""
        with self.database.transaction() as session:
            for kind, every in sorted(self.schedules.items()):
                keep_schedule(session, kind, every_seconds=every)

    def look_around_in_time(self) -> None:
        """`look_around`, unless that was done a moment ago."""
        moment = time.monotonic()
        if self._looked_at is None or moment - self._looked_at >= LOOK_EVERY:
            self.look_around()
            self._looked_at = moment

    def look_around(self) -> None:
        """Promise what is due by the clock, and give up on what takes workers down."""
        with self.database.transaction() as session:
            enqueue_due(session)
            for kind, arguments in bury_silent(session):
                self._say_given_up(session, kind, arguments)

    def do_next(self) -> bool:
        """Do one job that is due. False when there is none."""
        with self.database.transaction() as session:
            claims = claim(session, self.name, lease=self.lease)
        for each in claims:
            self._do(each)
        return bool(claims)

    def _do(self, claimed: Claim) -> None:
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(claimed, done), daemon=True)
        heart.start()
        try:
            self.handlers[claimed.kind](**claimed.arguments)
        except GiveUp as reason:
            self._failed(claimed, str(reason), again=False)
        except Exception as error:  # one job that fails must not take the others along
            log.error(
                "job_failed", job=claimed.id, kind=claimed.kind, attempt=claimed.attempts, exc_info=error
            )
            self._failed(claimed, "".join(traceback.format_exception_only(error)).strip(), again=True)
        else:
            with self.database.transaction() as session:
                finish(session, claimed)
        finally:
            done.set()
            heart.join()

    def _failed(self, claimed: Claim, reason: str, *, again: bool) -> None:
        with self.database.transaction() as session:
            held = fail(session, claimed, reason, again=again)
            if held and (not again or is_last_try(claimed)):
                self._say_given_up(session, claimed.kind, claimed.arguments)

    def _say_given_up(self, session: Session, kind: str, arguments: dict[str, Any]) -> None:
        if kind not in self.given_up:
            return
        try:
            with attempt(session):
                self.given_up[kind](session, **arguments)
        except (OperationalError, Unavailable):
            raise  # the database is away: all of it is done once more, later
        except Exception as error:  # the job is given up even where nobody can be told
            log.error("given_up_untold", kind=kind, arguments=arguments, exc_info=error)

    def _beat(self, claimed: Claim, done: threading.Event) -> None:
        """Say that we are alive, three times in each lease."""
        while not done.wait(self.lease / 3):
            try:
                with self.database.transaction() as session:
                    held = extend(session, claimed, lease=self.lease)
            except DATABASE_AWAY as error:
                log.warning("no_sign_of_life", job=claimed.id, kind=claimed.kind, exc_info=error)
                continue
            if not held:
                log.warning("lease_lost", job=claimed.id, kind=claimed.kind)
                return
