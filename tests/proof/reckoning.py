"""What must be true when everything is quiet again, seen from the outside: rows, bytes, commands."""

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, or_, select

from assetlib import clock
from assetlib.catalog.jobs import collect_blobs
from assetlib.catalog.models import Asset, Rendition, Version
from assetlib.house import House
from assetlib.jobs.models import DEAD, QUEUED, RUNNING, Job
from assetlib.jobs.work import Work
from assetlib.storage.blobs import CHUNK, BlobStore
from assetlib.storage.jobs import sweep_storage
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import AVAILABLE, OPEN, VERIFYING
from tests.proof.sending import Acknowledged
from tests.proof.served import Served

IN_A_MONTH = timedelta(days=31)
"""Past every age at which something is given up."""


def wait_until_idle(house: House, seconds: float) -> None:
    """Wait for the worker to have done all that was promised."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with house.database.reading() as session:
            waiting = session.scalar(
                select(func.count(Job.id)).where(or_(Job.state == QUEUED, Job.state == RUNNING))
            )
        if not waiting:
            return
        time.sleep(0.5)
    raise AssertionError(f"{waiting} jobs are not done after {seconds:.0f} seconds")


def nothing_was_given_up(house: House) -> None:
    with house.database.reading() as session:
        dead = [(job.kind, job.error) for job in session.scalars(select(Job).where(Job.state == DEAD))]
    assert dead == []


def all_are_there(house: House, acknowledged: Sequence[Acknowledged]) -> None:
    """Each file that was acknowledged is an asset whose version, blob and bytes are what was sent."""
    ids = [each.public_id for each in acknowledged]
    assert len(ids) == len(set(ids))
    for each in acknowledged:
        with house.database.reading() as session:
            upload = session.scalars(select(Upload).where(Upload.public_id == each.public_id)).one()
            assert upload.state == AVAILABLE, (each.file_name, upload.state, upload.refusal)
            asset = session.get_one(Asset, upload.asset_id)
            version = session.scalars(
                select(Version).where(Version.asset_id == asset.id, Version.number == upload.version_number)
            ).one()
            blob = session.get_one(Blob, version.blob_id)
        assert (version.sha256, version.size) == (each.sha256, each.size), each.file_name
        assert _sha256(house.store, blob.key) == each.sha256, each.file_name
        assert asset.current_version_id == version.id, each.file_name


def nothing_came_twice(house: House, acknowledged: Sequence[Acknowledged]) -> None:
    """One asset for each acknowledged file, and none beside them: no retry made a second one."""
    with house.database.reading() as session:
        names = session.scalars(select(Version.file_name).order_by(Version.file_name)).all()
        assets = session.scalar(select(func.count(Asset.id)))
        unfinished = session.scalars(select(Upload.name).where(Upload.state == VERIFYING)).all()
    assert list(names) == sorted(each.file_name for each in acknowledged)
    assert assets == len(acknowledged)
    assert list(unfinished) == []


def sweep_in_a_month(house: House) -> int:
    """Let the product's own housekeeping run when all is past its age; blobs and folders that were taken."""
    work = Work(house.database, house.settings)
    collect_blobs(work)
    before = len(list(house.store.list())) + len(_left_in(house.settings.home))
    with clock.held_at(clock.now() + IN_A_MONTH):
        sweep_storage(work, house.store)
    return before - len(list(house.store.list()))


def rows_and_bytes_agree(house: House) -> None:
    """Every key has a row, every row a key, somebody needs each of them, and nothing half-done is left."""
    with house.database.reading() as session:
        rows = {row.key: row.size for row in session.execute(select(Blob.key, Blob.size))}
        needed = set(session.scalars(select(Version.blob_id))) | set(
            session.scalars(select(Rendition.blob_id))
        )
        unneeded = set(session.scalars(select(Blob.id))) - needed
        still_open = session.scalars(select(Upload.name).where(Upload.state == OPEN)).all()
    assert {facts.key: facts.size for facts in house.store.list()} == rows
    assert unneeded == set()
    assert list(still_open) == []
    assert list(house.store.list_multiparts()) == []
    assert _left_in(house.settings.home) == []


def commands_are_content(served: Served) -> None:
    said = [("audit", "verify"), ("search", "check"), ("storage", "scrub")]
    with ThreadPoolExecutor(len(said)) as pool:
        done = dict(zip(said, pool.map(lambda words: served.command(*words), said), strict=True))
    for words, each in done.items():
        assert each.returncode == 0, (words, each.stdout, each.stderr)
    assert " 0 damaged, 0 missing" in done["storage", "scrub"].stdout


def _left_in(home: Path) -> list[str]:
    """What is half-way in the store's and the worker's own folders."""
    places = (home / "files" / "temporary", home / "files" / "multiparts", home / "scratch")
    found = [each for place in places if place.is_dir() for each in place.iterdir()]
    known = {"blobs", "multiparts", "temporary"}
    found += [each for each in (home / "files").iterdir() if each.name not in known]
    return sorted(str(each.relative_to(home)) for each in found)


def _sha256(store: BlobStore, key: str) -> str:
    digest = hashlib.sha256()
    with store.open(key) as readable:
        while piece := readable.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
