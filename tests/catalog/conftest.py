"""Fixtures for the catalogue: files on a disk of one's own, and rows that nobody asked for."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assetlib.catalog.models import Asset
from assetlib.storage.local import LocalStore
from tests import make


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """A local store with nothing in it."""
    opened = LocalStore(tmp_path / "files")
    opened.prepare()
    return opened


@pytest.fixture
def noise(session: Session, people: make.People) -> Asset:
    """An asset that nothing in the test is about, so that a query which forgets its filter fails."""
    other = make.published(session, people.own, people.librarian, title="Noise")
    make.version(session, other, current=False)
    return other
