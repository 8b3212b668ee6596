"""An index of either kind, and a house in which both it and the database are at work."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.search.index import SearchIndex
from assetlib.search.jobs import refresh
from assetlib.search.memory import MemoryIndex
from assetlib.search.sync import promise_refreshes
from assetlib.search.whoosh_index import WhooshIndex
from assetlib.settings import Settings


@pytest.fixture(params=["memory", "whoosh"])
def either_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    index: SearchIndex = MemoryIndex() if request.param == "memory" else WhooshIndex(tmp_path / "index")
    yield index
    index.close()


@dataclass
class Following:
    """A database whose changes promise refreshes, and an index that has done those it was told to."""

    database: Database
    index: SearchIndex
    work: Work

    def promised(self) -> list[dict[str, Any]]:
        """The refreshes that wait."""
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(Job.arguments)
                    .where(Job.kind == "search.refresh", Job.state == "queued")
                    .order_by(Job.id)
                )
            )

    def promised_ids(self) -> set[int]:
        return {number for each in self.promised() for number in each["asset_ids"]}

    def forget(self) -> None:
        with self.database.transaction() as session:
            for job in session.scalars(select(Job).where(Job.kind == "search.refresh")):
                session.delete(job)

    def catch_up(self) -> None:
        """Do all that was promised."""
        for arguments in self.promised():
            refresh(self.work, self.index, **arguments)
        self.forget()


@pytest.fixture
def following(database: Database, either_index: SearchIndex, tmp_path: Path) -> Following:
    promise_refreshes(database)
    return Following(database, either_index, Work(database, Settings(home=tmp_path)))
