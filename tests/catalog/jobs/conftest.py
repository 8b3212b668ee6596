"""What the jobs of the catalogue are given in tests: a real store, real settings, real children."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assetlib.access.actor import Actor
from assetlib.catalog.jobs import take_in_upload
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.settings import Settings
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Upload
from tests import make

Send = Callable[..., int]
TakeIn = Callable[..., Upload]


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    return Work(database, Settings(home=tmp_path))


@pytest.fixture
def crew(database: Database) -> make.People:
    """People who are committed, since jobs open transactions of their own; and the types there are."""
    with database.transaction() as session:
        for place, key in enumerate(("document", "photograph")):
            make.asset_type(session, key, position=place)
        return make.people(session)


@pytest.fixture
def send(database: Database, store: LocalStore) -> Send:
    """A file that has arrived whole; its upload's id."""

    def arrive(actor: Actor, content: bytes, **values: Any) -> int:
        with database.transaction() as session:
            return make.upload(session, actor, content=content, store=store, **values).id

    return arrive


@pytest.fixture
def taken_in(work: Work, store: LocalStore, send: Send) -> TakeIn:
    """Send a file and let the job look at it; the upload as it stands then."""

    def go(actor: Actor, content: bytes, **values: Any) -> Upload:
        upload_id = send(actor, content, **values)
        take_in_upload(work, store, upload_id=upload_id)
        with work.database.transaction() as session:
            return session.get_one(Upload, upload_id)

    return go
