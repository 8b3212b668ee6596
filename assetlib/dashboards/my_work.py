"""What waits for somebody: one list, by what is to be done, the soonest first.

A room that is added later writes a module with its `Source`s beside these and names them in `SOURCES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from sqlalchemy import Integer, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.dashboards.asking import SOURCES as ASKING
from assetlib.dashboards.curating import SOURCES as CURATING
from assetlib.dashboards.looking_after import SOURCES as LOOKING_AFTER
from assetlib.dashboards.supplying import SOURCES as SUPPLYING
from assetlib.dashboards.work import VERBS, Item, Source
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
    sources = [each for each in SOURCES if each.concerns(actor) and verb in (None, each.verb)]
    totals = _counted(session, [each.rows(actor) for each in sources])
    groups = []
    for key in VERBS:
        items: list[Item] = []
        total = 0
        for source, count in zip(sources, totals, strict=True):
            if source.verb != key or not count:
                continue
            total += count
            rows = session.execute(source.rows(actor).limit(number * size)).all()
            items += [source.item(row) for row in rows]
        if total:
            items.sort(key=_soonest)
            groups.append(Group(key, items[(number - 1) * size : number * size], total))
    today = clock.now().astimezone(zone).date()
    return Waiting(_with_tiles(session, actor, groups), today, zone)


def count_waiting(session: Session, actor: Actor) -> int:
    """How many things wait."""
    return count_for_header(session, actor)[0]


def count_for_header(session: Session, actor: Actor) -> tuple[int, int]:
    """How many things wait, and how many notices are unread. One statement, for each page says both."""
    sources = [each.rows(actor) for each in SOURCES if each.concerns(actor)]
    *waiting, unread = _counted(session, [*sources, unread_of(actor)])
    return sum(waiting), unread


def _counted(session: Session, things: Sequence[Select[Any]]) -> list[int]:
    """How many rows each of these has."""
    if not things:
        return []
    counts = [
        select(
            literal(place, Integer).label("place"),
            select(func.count())
            .select_from(rows.order_by(None).subquery())
            .scalar_subquery()
            .label("things"),
        )
        for place, rows in enumerate(things)
    ]
    found = {row.place: row.things for row in session.execute(union_all(*counts))}
    return [found[place] for place in range(len(things))]


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
