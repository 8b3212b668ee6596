"""A post office as the worker has it, without a mail server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from assetlib.catalog.queries.readers import open_to_each, readers
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.language import in_language
from assetlib.notify.carriers import Outbox
from assetlib.notify.models import OutgoingMail
from assetlib.notify.post import Post
from assetlib.settings import Settings
from tests import make

Mails = Callable[[], list[OutgoingMail]]


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Work:
    return Work(database, Settings(home=tmp_path, public_url="https://assets.example"))


@pytest.fixture
def post() -> Post:
    return Post(Outbox(), in_language, readers, open_to_each)


@pytest.fixture
def crew(database: Database) -> make.People:
    """People who are committed, since jobs open transactions of their own."""
    with database.transaction() as session:
        return make.people(session)


@pytest.fixture
def mails(database: Database) -> Mails:
    """Every mail that was promised so far, the oldest first."""

    def look() -> list[OutgoingMail]:
        with database.reading() as session:
            return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))

    return look
