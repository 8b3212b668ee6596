"""The worker of a whole house: every job has a function, and what comes round runs on an empty house."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import assetlib
from assetlib.audit import verify
from assetlib.house import House, open_house
from assetlib.jobs import enqueue
from assetlib.jobs.models import DONE, Job, Schedule
from assetlib.settings import Settings
from assetlib.worker import SCHEDULES, Worker, handlers

SOURCE = Path(assetlib.__file__).parent


@pytest.fixture
def house(tmp_path: Path, empty_database_file: Path) -> Iterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    opened = open_house(Settings(home=home, secret_key="x" * 32))
    yield opened
    opened.database.close()


def words_of_the_source() -> Iterator[tuple[str, bool]]:
    """Every text in the source but the worker's own, and whether it names a job that is promised there."""
    for path in SOURCE.rglob("*.py"):
        if path == SOURCE / "worker.py":
            continue
        tree = ast.parse(path.read_text())
        names = {
            node.args[1]
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enqueue"
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, node in names


def test_every_job_that_is_promised_has_a_function_and_none_is_idle(house: House) -> None:
    known = set(handlers(house))
    words = list(words_of_the_source())
    promised = {word for word, is_promised in words if is_promised}
    assert "catalog.make_renditions" in promised, "the search for names finds some"
    assert promised <= known
    assert set(SCHEDULES) <= known
    assert known - set(SCHEDULES) <= {word for word, _ in words}, "a function that nobody promises"


def test_what_comes_round_runs_on_an_empty_house(house: House) -> None:
    worker = Worker(house, name="one")
    worker.prepare()
    worker.look_around()
    assert worker.run_until_idle() >= len(SCHEDULES)
    with house.database.reading() as session:
        rows = session.scalars(select(Job)).all()
        assert {(row.kind, row.state, row.error) for row in rows} >= {
            (kind, DONE, None) for kind in SCHEDULES
        }
        assert {row.state for row in rows} == {DONE}
        assert dict(session.execute(select(Schedule.kind, Schedule.every_seconds)).all()) == SCHEDULES
        assert verify(session).is_whole


def test_an_index_of_another_version_is_built_again_before_any_work(house: House) -> None:
    worker = Worker(house)
    worker.prepare()
    (house.settings.index / "CURRENT").write_text("1-of-old")
    house.index.close()
    (fault,) = house.index.check()
    assert "made by another version" in fault
    worker.prepare()
    assert house.index.check() == ()


def test_it_takes_lease_and_handlers_from_the_house(house: House) -> None:
    worker = Worker(house)
    assert worker.lease == house.settings.worker_lease
    assert worker.handlers.keys() == handlers(house).keys()
    assert Worker(house).name != worker.name
    with house.database.transaction() as session:
        enqueue(session, "accounts.forget_old")
    assert worker.do_next()
    assert not worker.do_next()
