import signal
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.models import Organisation, Person, RoleGrant
from assetlib.audit.models import AuditEntry
from assetlib.audit.verifying import verify
from assetlib.catalog.actions.bulk_edits import continue_bulk_edit, preview_bulk_edit
from assetlib.catalog.actions.bulk_edits import run_bulk_edit as start
from assetlib.catalog.actions.bulk_edits import undo_bulk_edit as start_undo
from assetlib.catalog.jobs import run_bulk_edit, undo_bulk_edit
from assetlib.catalog.models import Asset, BulkEdit
from assetlib.catalog.queries.bulk_edits import Tally, reasons_of, tally_of
from assetlib.database import Database
from assetlib.jobs.work import Work
from tests import make
from tests.catalog.at_once import at_once

ENGINES = ("sqlite", "postgresql")
CHANGES = {"tags": {"add": ["checked"], "remove": ["raw"]}, "right.ends_on": {"set": "2027-03-31"}}


def many(session: Session, of: Organisation, count: int) -> list[int]:
    """Assets without files, put in at once."""
    make.asset_type(session)
    moment = clock.now()
    rows = [
        {
            "title": f"Trail {number}", "type_key": "photograph", "state": "draft", "organisation_id": of.id,
            "created_at": moment, "updated_at": moment, "tags": ["raw", str(number)], "attributes": {},
            "description": "", "alt_text": "", "uses": 0, "revision": 1,
        }
        for number in range(count)
    ]  # fmt: skip
    return list(session.scalars(insert(Asset).returning(Asset.id), rows))


def librarian(crew: make.People) -> int:
    assert crew.librarian.person_id is not None
    return crew.librarian.person_id


def started(database: Database, crew: make.People, ids: list[int], changes: dict[str, Any] = CHANGES) -> int:
    with database.transaction() as session:
        edit = preview_bulk_edit(session, crew.librarian, ids, changes)
        start(session, crew.librarian, edit)
        return edit.id


def tally(database: Database, edit_id: int) -> tuple[str, Tally]:
    with database.reading() as session:
        edit = session.get_one(BulkEdit, edit_id)
        return edit.state, tally_of(session, edit)


def entries(database: Database, action: str) -> Counter[str]:
    with database.reading() as session:
        assert verify(session).is_whole
        return Counter(session.scalars(select(AuditEntry.object_id).where(AuditEntry.action == action)))


def test_many_assets_are_changed_and_restored_exactly(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        ids = many(session, crew.own, 250)
        untouched = many(session, crew.own, 3)
    edit_id = started(work.database, crew, ids)
    run_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))
    assert tally(work.database, edit_id) == ("done", Tally(changed=250))
    with work.database.reading() as session:
        for number, asset in enumerate(
            session.scalars(select(Asset).where(Asset.id.in_(ids)).order_by(Asset.id))
        ):
            assert (asset.tags, asset.revision) == ([str(number), "checked"], 2)
            assert asset.right is not None
            assert f"{asset.right.ends_on}" == "2027-03-31"
        assert set(session.scalars(select(Asset.revision).where(Asset.id.in_(untouched)))) == {1}
    assert entries(work.database, "catalog.asset_bulk_edited") == Counter(str(each) for each in ids)

    with work.database.transaction() as session:
        start_undo(session, crew.librarian, session.get_one(BulkEdit, edit_id))
    undo_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))
    assert tally(work.database, edit_id) == ("undone", Tally(undone=250))
    with work.database.reading() as session:
        for number, asset in enumerate(
            session.scalars(select(Asset).where(Asset.id.in_(ids)).order_by(Asset.id))
        ):
            assert asset.tags == ["raw", str(number)]
            assert asset.right is None
    assert entries(work.database, "catalog.asset_bulk_edit_undone") == Counter(str(each) for each in ids)


def test_done_again_it_does_nothing(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        ids = many(session, crew.own, 5)
    edit_id = started(work.database, crew, ids)
    for _ in range(3):
        run_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))
    assert tally(work.database, edit_id) == ("done", Tally(changed=5))
    assert set(entries(work.database, "catalog.asset_bulk_edited").values()) == {1}
    run_bulk_edit(work, bulk_edit_id=edit_id + 1, person_id=librarian(crew))


def test_two_workers_with_the_same_job_change_each_asset_once(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        ids = many(session, crew.own, 350)
        into = make.collection(session, crew.librarian)
    changes = {**CHANGES, "collections": {"add": [into.id]}}
    edit_id = started(work.database, crew, ids, changes)

    def do() -> None:
        run_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))

    assert at_once([do, do]) == [None, None]
    assert tally(work.database, edit_id) == ("done", Tally(changed=350))
    assert entries(work.database, "catalog.asset_bulk_edited") == Counter(str(each) for each in ids)
    with work.database.reading() as session:
        places = [item.position for item in session.get_one(type(into), into.id).items]
        assert places == list(range(1, 351))


KILLED = """
import sys
from pathlib import Path
from assetlib.audit import append_chain
from assetlib.catalog.jobs import run_bulk_edit
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.settings import Settings
database = Database(sys.argv[1], before_commit=[append_chain])
work = Work(database, Settings(home=Path(sys.argv[2])))
run_bulk_edit(work, bulk_edit_id=int(sys.argv[3]), person_id=int(sys.argv[4]))
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(
    work: Work, crew: make.People, database_url: str
) -> None:
    count = 1500
    with work.database.transaction() as session:
        ids = many(session, crew.own, count)
    edit_id = started(work.database, crew, ids)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, str(work.settings.home), str(edit_id),
         str(librarian(crew))]
    )  # fmt: skip
    try:
        while child.poll() is None and not tally(work.database, edit_id)[1].changed:
            time.sleep(0.02)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    state, so_far = tally(work.database, edit_id)
    assert child.returncode == -signal.SIGKILL
    assert state == "running"
    assert 0 < so_far.changed < count
    assert so_far.changed % 100 == 0
    assert len(entries(work.database, "catalog.asset_bulk_edited")) == so_far.changed
    run_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))
    assert tally(work.database, edit_id) == ("done", Tally(changed=count))
    assert entries(work.database, "catalog.asset_bulk_edited") == Counter(str(each) for each in ids)
    with work.database.reading() as session:
        assert set(session.scalars(select(Asset.revision).where(Asset.id.in_(ids)))) == {2}


@pytest.mark.parametrize("how", ["suspended", "without the role", "of a suspended organisation"])
def test_who_may_no_longer_do_it_does_not_go_on(work: Work, crew: make.People, how: str) -> None:
    with work.database.transaction() as session:
        ids = many(session, crew.own, 3)
    edit_id = started(work.database, crew, ids)
    with work.database.transaction() as session:
        person_id = librarian(crew)
        if how == "suspended":
            session.execute(update(Person).where(Person.id == person_id).values(state="suspended"))
        elif how == "without the role":
            for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)):
                session.delete(grant)
        else:
            session.execute(
                update(Organisation).where(Organisation.id == crew.own.id).values(state="suspended")
            )
    run_bulk_edit(work, bulk_edit_id=edit_id, person_id=person_id)
    assert tally(work.database, edit_id) == ("done", Tally(refused=3))
    assert not entries(work.database, "catalog.asset_bulk_edited")
    with work.database.reading() as session:
        assert "may no longer" in reasons_of(session, session.get_one(BulkEdit, edit_id))[0][0]
        assert set(session.scalars(select(Asset.revision).where(Asset.id.in_(ids)))) == {1}


def test_others_get_in_between_two_steps(
    work: Work, crew: make.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else writes while the job runs is never overwritten."""
    from assetlib.catalog.jobs import bulk_edits

    with work.database.transaction() as session:
        ids = many(session, crew.own, 150)
    edit_id = started(work.database, crew, ids)
    take_step = continue_bulk_edit

    def step(session: Session, *given: Any) -> bool:
        there_is_more = take_step(session, *given)
        last = session.get_one(Asset, ids[-1])
        last.tags = ["mine"]
        return there_is_more

    monkeypatch.setattr(bulk_edits, "continue_bulk_edit", step)
    run_bulk_edit(work, bulk_edit_id=edit_id, person_id=librarian(crew))
    assert tally(work.database, edit_id) == ("done", Tally(changed=149, refused=1))
    with work.database.reading() as session:
        assert session.get_one(Asset, ids[-1]).tags == ["mine"]
        assert session.scalar(select(func.count()).select_from(Asset).where(Asset.revision == 2)) == 150
