"""Five thousand races for the last downloads of links: never one more than the limit, never one less.

Run by itself, it takes minutes: `pytest -m proof tests/proof/test_share_limit.py`.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import append_chain
from assetlib.catalog.errors import NotToBeUsed
from assetlib.catalog.link_counting import reserve_by_link
from assetlib.catalog.models import Share
from assetlib.database import Database
from tests import make
from tests.racing import at_once

pytestmark = pytest.mark.proof
RACES = 5_000
LIMIT = 1
PROCESSES = 4
TRIES = 1
"""Of each process in each race: four for one file."""


def race(url: str, share_ids: list[int]) -> list[int]:
    """Take from each link as often as may be tried; how often it was given."""
    database = Database(url, before_commit=[append_chain])
    given = []
    for share_id in share_ids:
        holder = Actor(kind="share", name="", share_id=share_id)
        count = 0
        for _ in range(TRIES):
            try:
                with database.transaction() as session:
                    reserve_by_link(session, holder, 1)
                count += 1
            except NotToBeUsed:
                pass
        given.append(count)
    database.close()
    return given


def test_no_limit_is_passed_in_five_thousand_races(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        people = make.people(session)
        links = [
            Share(
                token_hash=uuid4().hex * 2,
                hint="x",
                name="Press kit",
                maker_id=people.field_marketer.person_id,
                forms=["original"],
                expires_at=clock.now() + timedelta(days=1),
                download_limit=LIMIT,
                created_at=clock.now(),
            )
            for _ in range(RACES)
        ]
        session.add_all(links)
        session.flush()
        ids = [each.id for each in links]
    answers = []
    for start in range(0, RACES, 100):
        some = ids[start : start + 100]
        parts = at_once(race, [(database_url, some)] * PROCESSES)
        answers += [sum(each) for each in zip(*parts, strict=True)]
    assert answers == [LIMIT] * RACES
    with database.reading() as session:
        assert set(session.scalars(select(Share.downloads))) == {LIMIT}
