"""What people wait for does not stand still for ever when its work is given up; let again, it goes on."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from assetlib import clock
from assetlib.audit import verify
from assetlib.audit.models import AuditEntry
from assetlib.catalog.actions.bulk_edits import preview_bulk_edit
from assetlib.catalog.actions.bulk_edits import run_bulk_edit as start
from assetlib.catalog.actions.bulk_edits import undo_bulk_edit as start_undo
from assetlib.catalog.jobs import bulk_edits as bulk_jobs
from assetlib.catalog.jobs import run_bulk_edit, take_in_upload, undo_bulk_edit
from assetlib.catalog.models import Asset, BulkEdit
from assetlib.catalog.queries.bulk_edits import Tally, reasons_of, tally_of
from assetlib.database import Database
from assetlib.jobs import enqueue
from assetlib.jobs.carrying import MOST_ATTEMPTS, try_again
from assetlib.jobs.models import DEAD, Job
from assetlib.jobs.running import Runner
from assetlib.jobs.work import Work
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Upload
from assetlib.storage.sweeper import sweep
from assetlib.worker import GIVEN_UP
from tests import make
from tests.catalog.jobs.conftest import Send
from tests.catalog.pictures import jpeg

ENGINES = ("sqlite", "postgresql")


def run_until_given_up(database: Database, kind: str, handler: Callable[..., None]) -> None:
    """All tries of the one job there is."""
    worker = Runner(database, {kind: handler}, lease=30, given_up=GIVEN_UP)
    moment = clock.now()
    for day in range(MOST_ATTEMPTS):
        with clock.held_at(moment + timedelta(hours=day)):
            worker.run_until_idle()
    with database.reading() as session:
        assert session.scalars(select(Job.state).where(Job.kind == kind)).all() == [DEAD]


def again(database: Database, kind: str, handler: Callable[..., None]) -> None:
    """What an administrator does on the page of jobs, and what the worker does then."""
    with database.transaction() as session:
        try_again(session.scalars(select(Job).where(Job.kind == kind)).one())
    Runner(database, {kind: handler}, lease=30, given_up=GIVEN_UP).run_until_idle()


def broken(**_: object) -> None:
    raise RuntimeError("no memory")


TAKE_IN = "catalog.take_in_upload"


@pytest.fixture
def upload_id(database: Database, crew: make.People, send: Send) -> int:
    arrived = send(crew.contributor, jpeg())
    with database.transaction() as session:
        enqueue(session, TAKE_IN, upload_id=arrived)
    return arrived


def upload_of(database: Database, upload_id: int) -> Upload:
    with database.reading() as session:
        return session.get_one(Upload, upload_id)


def test_an_upload_is_refused_with_a_sentence_and_its_bytes_stay_for_another_try(
    work: Work, store: LocalStore, upload_id: int
) -> None:
    database = work.database
    run_until_given_up(database, TAKE_IN, broken)
    upload = upload_of(database, upload_id)
    assert (upload.state, upload.refusal_code) == ("refused", "given_up")
    assert "an administrator can let us try again" in (upload.refusal or "")
    with clock.held_at(clock.now() + timedelta(days=6)):
        sweep(database, store)
        again(database, TAKE_IN, partial(take_in_upload, work, store))
    upload = upload_of(database, upload_id)
    assert (upload.state, upload.refusal, upload.version_number) == ("available", None, 1)
    assert store.stat(upload.key).size == upload.size
    with database.reading() as session:
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == str(upload_id))).all()
        assert {"catalog.upload_refused", "catalog.upload_taken_up"} <= set(said)
        assert verify(session).is_whole


def test_a_late_worker_does_not_drop_the_bytes_of_what_was_given_up(
    work: Work, store: LocalStore, upload_id: int
) -> None:
    with work.database.transaction() as session:
        GIVEN_UP[TAKE_IN](session, upload_id=upload_id)
    take_in_upload(work, store, upload_id=upload_id)
    assert upload_of(work.database, upload_id).state == "available"


def test_after_a_week_the_bytes_go_and_another_try_says_so(
    work: Work, store: LocalStore, upload_id: int
) -> None:
    database = work.database
    run_until_given_up(database, TAKE_IN, broken)
    with clock.held_at(clock.now() + timedelta(days=8)):
        assert sweep(database, store).orphans == 1
        again(database, TAKE_IN, partial(take_in_upload, work, store))
    upload = upload_of(database, upload_id)
    assert (upload.state, upload.refusal_code) == ("refused", "bytes_gone")


@pytest.fixture
def edit_id(database: Database, crew: make.People, monkeypatch: pytest.MonkeyPatch) -> int:
    """A bulk edit of five assets that goes two at a time."""
    monkeypatch.setattr("assetlib.catalog.actions.bulk_edits.STEP", 2)
    with database.transaction() as session:
        ids = [make.asset(session, crew.own, tags=["raw"]).id for _ in range(5)]
        edit = preview_bulk_edit(session, crew.librarian, ids, {"tags": {"add": ["checked"]}})
        start(session, crew.librarian, edit)
        return edit.id


def breaks_after(steps: int, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The work goes that many steps and breaks at every one that follows."""
    step, left = getattr(bulk_jobs, name), [None] * steps

    def one(*arguments: object) -> bool:
        if not left:
            raise RuntimeError("no memory")
        left.pop()
        more: bool = step(*arguments)
        return more

    monkeypatch.setattr(bulk_jobs, name, one)


def state_of(database: Database, edit_id: int) -> tuple[str, Tally, list[str]]:
    with database.reading() as session:
        edit = session.get_one(BulkEdit, edit_id)
        return edit.state, tally_of(session, edit), [each[0] for each in reasons_of(session, edit)]


def test_a_bulk_edit_breaks_off_with_what_was_done_and_goes_on_when_let(
    work: Work, edit_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, handler = "catalog.run_bulk_edit", partial(run_bulk_edit, work)
    with monkeypatch.context() as patch:
        breaks_after(1, patch, "continue_bulk_edit")
        run_until_given_up(work.database, kind, handler)
    assert state_of(work.database, edit_id) == ("done", Tally(changed=2, refused=3), [bulk_jobs.BROKE_OFF])
    again(work.database, kind, handler)
    assert state_of(work.database, edit_id) == ("done", Tally(changed=5), [])
    again_after_all = partial(run_bulk_edit, work, bulk_edit_id=edit_id, person_id=1)
    again_after_all()
    assert state_of(work.database, edit_id)[0] == "done"


def test_what_broke_off_can_be_undone_and_is_not_taken_up_then(
    work: Work, crew: make.People, edit_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, handler = "catalog.run_bulk_edit", partial(run_bulk_edit, work)
    with monkeypatch.context() as patch:
        breaks_after(1, patch, "continue_bulk_edit")
        run_until_given_up(work.database, kind, handler)
    with work.database.transaction() as session:
        start_undo(session, crew.librarian, session.get_one(BulkEdit, edit_id))
    undo_bulk_edit(work, bulk_edit_id=edit_id, person_id=crew.librarian.person_id or 0)
    assert state_of(work.database, edit_id)[:2] == ("undone", Tally(undone=2, refused=3))
    again(work.database, kind, handler)
    assert state_of(work.database, edit_id)[:2] == ("undone", Tally(undone=2, refused=3))
    with work.database.reading() as session:
        assert all(tags == ["raw"] for tags in session.scalars(select(Asset.tags)))


def test_an_undoing_breaks_off_and_goes_on_in_the_same_way(
    work: Work, crew: make.People, edit_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, handler = "catalog.undo_bulk_edit", partial(undo_bulk_edit, work)
    run_bulk_edit(work, bulk_edit_id=edit_id, person_id=crew.librarian.person_id or 0)
    with work.database.transaction() as session:
        session.execute(update(Job).where(Job.kind == "catalog.run_bulk_edit").values(state="done"))
        start_undo(session, crew.librarian, session.get_one(BulkEdit, edit_id))
    with monkeypatch.context() as patch:
        breaks_after(1, patch, "continue_undo")
        run_until_given_up(work.database, kind, handler)
    assert state_of(work.database, edit_id) == ("undone", Tally(undone=2, kept=3), [bulk_jobs.BROKE_OFF])
    again(work.database, kind, handler)
    assert state_of(work.database, edit_id) == ("undone", Tally(undone=5), [])
