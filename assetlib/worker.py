"""The process that does what was promised: every job's name, its function and its tools, in one place."""

import os
import signal
import socket
import threading
import traceback
from collections.abc import Mapping
from functools import partial
from types import FrameType
from uuid import uuid4

from assetlib.accounts import jobs as accounts_jobs
from assetlib.catalog import jobs as catalog_jobs
from assetlib.house import House
from assetlib.jobs import housekeeping
from assetlib.jobs.carrying import (
    Claim,
    bury_silent,
    claim,
    enqueue_due,
    extend,
    fail,
    finish,
    keep_schedule,
)
from assetlib.jobs.work import GiveUp, Handler, Work
from assetlib.logs import log
from assetlib.search import jobs as search_jobs
from assetlib.storage import jobs as storage_jobs

HOUR, DAY = 3600, 86_400

SCHEDULES = {
    "accounts.forget_old": HOUR,
    "catalog.collect_blobs": HOUR,
    "catalog.purge_trash": HOUR,
    "jobs.forget_done": DAY,
    "search.refresh": HOUR,
    "storage.scrub": DAY,
    "storage.sweep": HOUR,
}


def handlers(house: House) -> Mapping[str, Handler]:
    """Job name → what does it."""
    work = Work(house.database, house.settings)
    store, index = house.store, house.index
    return {
        "accounts.forget_old": partial(accounts_jobs.forget_old, work),
        "catalog.collect_blobs": partial(catalog_jobs.collect_blobs, work),
        "catalog.make_pages": partial(catalog_jobs.make_pages, work, store),
        "catalog.make_renditions": partial(catalog_jobs.make_renditions, work, store),
        "catalog.make_zoom": partial(catalog_jobs.make_zoom, work, store),
        "catalog.purge_trash": partial(catalog_jobs.purge_trash, work),
        "catalog.run_bulk_edit": partial(catalog_jobs.run_bulk_edit, work),
        "catalog.take_in_upload": partial(catalog_jobs.take_in_upload, work, store),
        "catalog.undo_bulk_edit": partial(catalog_jobs.undo_bulk_edit, work),
        "jobs.forget_done": partial(housekeeping.forget_done, work),
        "search.refresh": partial(search_jobs.refresh, work, index),
        "storage.scrub": partial(storage_jobs.scrub_storage, work, store),
        "storage.sweep": partial(storage_jobs.sweep_storage, work, store),
    }


class Worker:
    """One process that claims a job, does it, and says how it went, until it is told to stop."""

    def __init__(self, house: House, *, name: str | None = None) -> None:
        self.house = house
        self.name = name or f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid4().hex[:6]}"
        self.handlers = handlers(house)
        self.stopping = threading.Event()

    def run(self, *, idle_seconds: float = 0.5) -> None:
        """Work until `stop` is called."""
        self.prepare()
        while not self.stopping.is_set():
            self.look_around()
            if not self.do_next():
                self.stopping.wait(idle_seconds)

    def run_until_idle(self, *, most: int = 100_000) -> int:
        """Do all that is due now; how many jobs that were."""
        done = 0
        while done < most and self.do_next():
            done += 1
        return done

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self.stopping.set()

    def prepare(self) -> None:
        with self.house.database.transaction() as session:
            for kind, every in SCHEDULES.items():
                keep_schedule(session, kind, every_seconds=every)

    def look_around(self) -> None:
        """Promise what is due by the clock, and give up on what takes workers down."""
        with self.house.database.transaction() as session:
            enqueue_due(session)
            bury_silent(session)

    def do_next(self) -> bool:
        """Do one job that is due. False when there is none."""
        lease = self.house.settings.worker_lease
        with self.house.database.transaction() as session:
            claims = claim(session, self.name, lease=lease)
        for each in claims:
            self._do(each, lease)
        return bool(claims)

    def _do(self, claimed: Claim, lease: int) -> None:
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(claimed, lease, done), daemon=True)
        heart.start()
        try:
            self.handlers[claimed.kind](**claimed.arguments)
        except GiveUp as reason:
            self._failed(claimed, str(reason), again=False)
        except Exception as error:  # noqa: BLE001  # one job that fails must not take the others along
            log.error(
                "job_failed", job=claimed.id, kind=claimed.kind, attempt=claimed.attempts, exc_info=error
            )
            self._failed(claimed, "".join(traceback.format_exception_only(error)).strip(), again=True)
        else:
            with self.house.database.transaction() as session:
                finish(session, claimed)
        finally:
            done.set()
            heart.join()

    def _failed(self, claimed: Claim, reason: str, *, again: bool) -> None:
        with self.house.database.transaction() as session:
            fail(session, claimed, reason, again=again)

    def _beat(self, claimed: Claim, lease: int, done: threading.Event) -> None:
        """Say that we are alive, three times in each lease."""
        while not done.wait(lease / 3):
            with self.house.database.transaction() as session:
                if not extend(session, claimed, lease=lease):
                    log.warning("lease_lost", job=claimed.id, kind=claimed.kind)
                    return


def run_worker(house: House) -> None:
    """Run until the process is told to end; what is in hand is finished first."""
    worker = Worker(house)

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        worker.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    log.info("worker_started", worker=worker.name)
    worker.run()
    log.info("worker_ended", worker=worker.name)
