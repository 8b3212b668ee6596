"""The process that does what was promised: every job's name, its function and its tools, in one place."""

import signal
from collections.abc import Mapping
from functools import partial
from types import FrameType
from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts import jobs as accounts_jobs
from assetlib.catalog import jobs as catalog_jobs
from assetlib.catalog.queries.audience import administrators
from assetlib.catalog.queries.readers import open_to_each, readers
from assetlib.house import House
from assetlib.jobs import housekeeping
from assetlib.jobs.running import Runner
from assetlib.jobs.work import GivenUp, Handler, Work
from assetlib.keeping import verifying
from assetlib.language import in_language
from assetlib.logs import log
from assetlib.notify import jobs as notify_jobs
from assetlib.notify.carriers import open_carrier
from assetlib.notify.post import Post
from assetlib.notify.telling import tell
from assetlib.planning import jobs as planning_jobs
from assetlib.reference import jobs as reference_jobs
from assetlib.search import jobs as search_jobs
from assetlib.storage import jobs as storage_jobs
from assetlib.words import say

MINUTE, HOUR, DAY = 60, 3600, 86_400

SCHEDULES = {
    "accounts.forget_old": HOUR,
    "audit.verify": DAY,
    "catalog.close_requests": DAY,
    "catalog.collect_blobs": HOUR,
    "catalog.purge_trash": HOUR,
    "catalog.tell_ending_rights": DAY,
    "jobs.forget_done": DAY,
    "notify.forget_old": DAY,
    "notify.gather": 5 * MINUTE,
    "reference.apply_changes": HOUR,
    "search.refresh": HOUR,
    "storage.scrub": DAY,
    "storage.sweep": HOUR,
}


def handlers(house: House) -> Mapping[str, Handler]:
    """Job name → what does it."""
    work = Work(house.database, house.settings)
    store, index = house.store, house.index
    post = Post(open_carrier(house.settings), in_language, readers, open_to_each)
    return {
        "accounts.answer_forgotten": partial(accounts_jobs.answer_forgotten, work),
        "accounts.forget_old": partial(accounts_jobs.forget_old, work),
        "audit.verify": partial(verifying.verify_chain, work),
        "catalog.close_requests": partial(catalog_jobs.close_requests, work),
        "catalog.collect_blobs": partial(catalog_jobs.collect_blobs, work),
        "catalog.make_film": partial(catalog_jobs.make_film, work, store),
        "catalog.make_pages": partial(catalog_jobs.make_pages, work, store),
        "catalog.make_renditions": partial(catalog_jobs.make_renditions, work, store),
        "catalog.make_zoom": partial(catalog_jobs.make_zoom, work, store),
        "catalog.purge_trash": partial(catalog_jobs.purge_trash, work),
        "catalog.run_bulk_edit": partial(catalog_jobs.run_bulk_edit, work),
        "catalog.take_in_upload": partial(catalog_jobs.take_in_upload, work, store),
        "catalog.tell_ending_rights": partial(catalog_jobs.tell_ending_rights, work),
        "catalog.tell_request": partial(catalog_jobs.tell_request, work),
        "catalog.undo_bulk_edit": partial(catalog_jobs.undo_bulk_edit, work),
        "jobs.forget_done": partial(housekeeping.forget_done, work),
        "notify.forget_old": partial(notify_jobs.forget_old, work),
        "notify.gather": partial(notify_jobs.gather, work, post),
        "notify.send_mail": partial(notify_jobs.send_mail, work, post),
        "reference.apply_changes": partial(reference_jobs.apply_changes, work),
        "planning.check_delivery": partial(planning_jobs.check_delivery, work),
        "search.refresh": partial(search_jobs.refresh, work, index),
        "storage.scrub": partial(storage_jobs.scrub_storage, work, store),
        "storage.sweep": partial(storage_jobs.sweep_storage, work, store),
    }


GIVEN_UP: Mapping[str, GivenUp] = {
    "catalog.run_bulk_edit": catalog_jobs.bulk_edit_given_up,
    "catalog.take_in_upload": catalog_jobs.upload_given_up,
    "catalog.undo_bulk_edit": catalog_jobs.bulk_edit_given_up,
    "notify.send_mail": notify_jobs.mail_given_up,
}
"""Job name → what is done when it is given up, where people wait for it."""

TOLD_BY_ITSELF = "notify."
"""Of mail that does not go nobody can be told by mail; it stands at /outbox."""


def give_up(kind: str, /, session: Session, **ids: Any) -> None:
    """Do what a kind of job wants done when it is given up, and tell the administrators, once a day."""
    if kind in GIVEN_UP:
        GIVEN_UP[kind](session, **ids)
    if not kind.startswith(TOLD_BY_ITSELF):
        tell(
            session,
            administrators(session),
            "job.given_up",
            say("Work was given up after its last try: {kind}.", kind=kind),
            say("You look after this house."),
            "/jobs?state=dead",
            dedupe=f"given-up-{kind}-{clock.today()}",
        )


class Worker(Runner):
    """A worker of this house: every job's function, and what comes round."""

    def __init__(self, house: House, *, name: str | None = None) -> None:
        work = handlers(house)
        super().__init__(
            house.database,
            work,
            lease=house.settings.worker_lease,
            schedules=SCHEDULES,
            given_up={kind: partial(give_up, kind) for kind in work},
            name=name,
        )
        self.house = house

    def prepare(self) -> None:
        super().prepare()
        # Whoever has upgraded should not have to know that the index has another form now.
        search_jobs.mend(Work(self.house.database, self.house.settings), self.house.index)


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
