"""What waits for somebody: one list, by what is to be done, the soonest first.

A room that is added later writes a module with its `Source`s beside these and names them in `SOURCES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.prepared import Prepared
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.dashboards.asking import SOURCES as ASKING
from assetlib.dashboards.curating import SOURCES as CURATING
from assetlib.dashboards.looking_after import SOURCES as LOOKING_AFTER
from assetlib.dashboards.supplying import SOURCES as SUPPLYING
from assetlib.dashboards.work import VERBS, Item, Rows, Source
from assetlib.database import rows_of
from assetlib.notify.queries import unread_of

SOURCES: tuple[Source, ...] = (*CURATING, *SUPPLYING, *ASKING, *LOOKING_AFTER)
SHOWN = 20
"""Things of one verb on the page; the rest is one press away."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Group:
    """What is to be done in one way: the first things, and how many there are."""

    verb: str
    items: Sequence[Item]
    total: int

    @property
    def label(self) -> str:
        return VERBS[self.verb]


@dataclass(frozen=True)
class Waiting:
    """All that waits for somebody."""

    groups: Sequence[Group]
    today: date
    zone: tzinfo
    for_header: tuple[int, int]
    """What `count_for_header` says: here it is known already."""

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def pressing(self) -> int:
        """How many of the shown are due today or late."""
        return sum(self.presses(item) for group in self.groups for item in group.items)

    def presses(self, item: Item) -> bool:
        """It is due today, or late."""
        return item.due is not None and due_day(item.due, self.zone) <= self.today


def due_day(due: date | datetime, zone: tzinfo = UTC) -> date:
    return due.astimezone(zone).date() if isinstance(due, datetime) else due


def what_waits(
    session: Session,
    actor: Actor,
    *,
    verb: str | None = None,
    number: int = 1,
    size: int = SHOWN,
    zone: tzinfo = UTC,
) -> Waiting:
    """Page `number` of each verb's things, or of one verb's. At most twelve statements, however many wait."""
    *totals, unread = _counted(session, actor)
    groups = []
    for key in VERBS if verb is None else (verb,):
        items: list[Item] = []
        total = 0
        for source, count in zip(_concerning(actor), totals, strict=True):
            if source.verb != key or not count:
                continue
            total += count
            rows = rows_of(session, *_FIRST[source](actor, most=number * size))
            items += [source.item(row) for row in rows]
        if total:
            items.sort(key=_soonest)
            groups.append(Group(key, items[(number - 1) * size : number * size], total))
    today = clock.now().astimezone(zone).date()
    return Waiting(_with_tiles(session, actor, groups), today, zone, (sum(totals), unread))


def count_waiting(session: Session, actor: Actor) -> int:
    """How many things wait."""
    return count_for_header(session, actor)[0]


def count_for_header(session: Session, actor: Actor) -> tuple[int, int]:
    """How many things wait, and how many notices are unread. One statement, for each page says both."""
    *waiting, unread = _counted(session, actor)
    return sum(waiting), unread


def _concerning(actor: Actor) -> list[Source]:
    return [each for each in SOURCES if each.concerns(actor)]


def _counted(session: Session, actor: Actor) -> Sequence[int]:
    """How many things each source that concerns the actor has, and how many notices are unread."""
    return rows_of(session, *_COUNTS(actor))[0]


def _counts(actor: Actor) -> Select[*tuple[int, ...]]:
    parts = [each.parts or _whole(each) for each in _concerning(actor)]
    return select(*(_count(each(actor)) for each in parts), _count([unread_of(actor)]))


def _whole(source: Source) -> Callable[[Actor], Sequence[Rows]]:
    return lambda actor: [source.rows(actor)]


def _count(parts: Sequence[Select[Any]]) -> ColumnElement[int]:
    counts = (
        select(func.count()).select_from(each.order_by(None).subquery()).scalar_subquery() for each in parts
    )
    return reduce(add, counts)


_COUNTS = Prepared(_counts)


def _first(source: Source) -> Prepared[Rows]:
    return Prepared(lambda actor: source.rows(actor).limit(bindparam("most", type_=Integer)))


_FIRST = {each: _first(each) for each in SOURCES}


def _soonest(item: Item) -> tuple[datetime, datetime]:
    due = item.due
    if due is not None and not isinstance(due, datetime):
        due = datetime.combine(due, time.max, UTC)
    return due or _NEVER, item.at or _NEVER


def _with_tiles(session: Session, actor: Actor, groups: Sequence[Group]) -> list[Group]:
    wanted = [item.asset_id for group in groups for item in group.items if item.asset_id is not None]
    tiles = {tile.asset.id: tile for tile in tiles_of(session, actor, wanted)}
    return [
        replace(group, items=[replace(each, tile=tiles.get(each.asset_id or 0)) for each in group.items])
        for group in groups
    ]
