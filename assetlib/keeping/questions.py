"""Questions to the library, asked of the place as it runs and of the one that was put back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.accounts.queries import find_own_organisation
from assetlib.catalog.models import Asset
from assetlib.house import House
from assetlib.search.library import find_assets

MOST = 200
SIZE, MOST_PAGES = 96, 4
TRIES, PAUSE = 4, 1.5
"""The place as it runs may be some jobs behind with its index; seconds between two rounds."""


@dataclass(frozen=True)
class Answer:
    """How many assets were found, and the ids of the first pages."""

    total: int
    ids: tuple[int, ...]


@dataclass
class Compared:
    """How many questions were asked, and those that were answered otherwise, with the ids that differ."""

    asked: int
    differing: dict[str, list[int]]


def questions_for(house: House) -> list[str]:
    """Words of titles all over the library, and a filter of every sort that they have."""
    with house.database.reading() as session:
        count = session.scalar(select(func.count(Asset.id)).where(Asset.deleted_at.is_(None))) or 0
        step = max(1, count // MOST)
        rows = session.execute(
            select(Asset.title, Asset.type_key, Asset.state, Asset.tags)
            .where(Asset.deleted_at.is_(None), Asset.id % step == 0)
            .order_by(Asset.id)
            .limit(MOST)
        ).all()
    words = dict.fromkeys(_plain(word) for row in rows for word in row.title.split())
    filters = dict.fromkeys(
        [f"type:{row.type_key}" for row in rows] + [f"state:{row.state}" for row in rows]
        + [f"tag:{tag}" for row in rows for tag in row.tags if tag.isalnum()]
    )  # fmt: skip
    asked = ["", *filters, *(word for word in words if len(word) > 2)]
    return asked[:MOST]


def _plain(word: str) -> str:
    return "".join(letter for letter in word if letter.isalnum())


def compare(old: House, new: House, questions: Sequence[str], since: datetime) -> Compared:
    """Ask both. What was changed in the old place after that moment may be answered otherwise."""
    expected = {question: answer(new, question) for question in questions}
    left, differing = list(questions), dict[str, list[int]]()
    for number in range(TRIES):
        if number:
            time.sleep(PAUSE)
        unlike = {each: _unlike(old, answer(old, each), expected[each], since) for each in left}
        differing = {each: ids for each, ids in unlike.items() if ids}
        left = list(differing)
        if not left:
            break
    return Compared(len(questions), differing)


def answer(house: House, question: str) -> Answer:
    """What somebody of the own company finds who sees every asset."""
    ids: list[int] = []
    total = 0
    with house.database.reading() as session:
        actor = _asker(session)
        for page in range(1, MOST_PAGES + 1):
            found = find_assets(
                session, house.index, actor, question, sort="newest", page=page, size=SIZE, facets=()
            )
            ids, total = ids + found.ids, found.total
            if not found.page.has_next:
                break
    return Answer(total, tuple(ids))


def _asker(session: Session) -> Actor:
    own = find_own_organisation(session)
    return Actor(
        kind="person",
        name="Drill",
        organisation_id=own.id if own else None,
        organisation_kind="own",
        roles=frozenset({LIBRARIAN}),
    )


def _unlike(old: House, seen: Answer, expected: Answer, since: datetime) -> list[int]:
    """The ids that only one of both found, without those that were changed since and what they pushed off."""
    if seen == expected:
        return []
    with old.database.reading() as session:
        changed = set(
            session.scalars(select(Asset.id).where((Asset.updated_at >= since) | (Asset.deleted_at >= since)))
        )
        known = set(session.scalars(select(Asset.id)))
    apart = set(seen.ids) ^ set(expected.ids)
    unlike = sorted(each for each in apart if each not in changed and each in known)
    pushed = len(changed) + len(set(expected.ids) - known)
    is_cut = max(seen.total, expected.total) > SIZE * MOST_PAGES
    return [] if is_cut and len(unlike) <= 2 * pushed else unlike or _totals(seen, expected, pushed)


def _totals(seen: Answer, expected: Answer, pushed: int) -> list[int]:
    return [] if abs(seen.total - expected.total) <= pushed else [expected.total - seen.total]
