"""What waits for somebody, for what they wait, and what was done: by verbs, the soonest first.

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
from assetlib.dashboards.delivering import SOURCES as DELIVERING
from assetlib.dashboards.intake import SOURCES as INTAKE
from assetlib.dashboards.looking_after import SOURCES as LOOKING_AFTER
from assetlib.dashboards.planning import SOURCES as PLANNING
from assetlib.dashboards.reference import SOURCES as REFERENCE
from assetlib.dashboards.supplying import SOURCES as SUPPLYING
from assetlib.dashboards.tasks import SOURCES as TASKS
from assetlib.dashboards.work import DONE, FOR_ME, VERBS, VIEWS, Item, Rows, Source, view_of
from assetlib.database import rows_of
from assetlib.notify.queries import unread_of

SOURCES: tuple[Source, ...] = (
    *CURATING,
    *SUPPLYING,
    *DELIVERING,
    *ASKING,
    *PLANNING,
    *TASKS,
    *INTAKE,
    *LOOKING_AFTER,
    *REFERENCE,
)
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
    view: str = FOR_ME

    @property
    def total(self) -> int:
        """How many things wait for whoever looks; what is told only is not among them."""
        return self.for_header[0]

    @property
    def shown(self) -> int:
        """How many things there are in what is looked at, told ones too."""
        return sum(group.total for group in self.groups)

    @property
    def pressing(self) -> int:
        """How many of the shown are due today or late."""
        return sum(self.presses(item) for group in self.groups for item in group.items)

    def presses(self, item: Item) -> bool:
        """It is due today, or late, and somebody has to act."""
        return item.due is not None and not item.is_told and due_day(item.due, self.zone) <= self.today


def due_day(due: date | datetime, zone: tzinfo = UTC) -> date:
    return due.astimezone(zone).date() if isinstance(due, datetime) else due


def what_waits(
    session: Session,
    actor: Actor,
    *,
    verb: str | None = None,
    view: str = FOR_ME,
    number: int = 1,
    size: int = SHOWN,
    zone: tzinfo = UTC,
) -> Waiting:
    """Page `number` of each verb of a view, or of one verb. At most twelve statements, however many wait."""
    view = view if verb is None else view_of(verb)
    *waiting, unread = _counted(session, actor)
    totals = dict(zip(_waiting(actor), waiting, strict=True)) | _counted_beside(session, actor, view)
    groups = []
    for key in VIEWS[view][1] if verb is None else (verb,):
        items: list[Item] = []
        of_verb = {source: count for source, count in totals.items() if source.verb == key and count}
        for source in of_verb:
            rows = rows_of(session, *_FIRST[source](actor, most=number * size))
            items += [source.item(row) for row in rows]
        if of_verb:
            items.sort(key=_latest if view == DONE else _soonest)
            page = items[(number - 1) * size : number * size]
            groups.append(Group(key, page, sum(of_verb.values())))
    today = clock.now().astimezone(zone).date()
    return Waiting(_with_tiles(session, actor, groups), today, zone, (sum(waiting), unread), view)


def count_for_header(session: Session, actor: Actor) -> tuple[int, int]:
    """How many things wait, and how many notices are unread. One statement, for each page says both."""
    *waiting, unread = _counted(session, actor)
    return sum(waiting), unread


def _waiting(actor: Actor) -> list[Source]:
    """What waits for the actor, and is counted on each page."""
    return [each for each in SOURCES if each.waits and each.concerns(actor)]


def _beside(actor: Actor, view: str) -> list[Source]:
    """What else stands in a view: it waits for nobody, or for others."""
    return [each for each in SOURCES if each.view == view and not each.waits and each.concerns(actor)]


def _counted(session: Session, actor: Actor) -> Sequence[int]:
    """How many things each source that waits for the actor has, and how many notices are unread."""
    return rows_of(session, *_COUNTS(actor))[0]


def _counted_beside(session: Session, actor: Actor, view: str) -> dict[Source, int]:
    sources = _beside(actor, view)
    if not sources:
        return {}
    return dict(zip(sources, rows_of(session, *_COUNTS_BESIDE[view](actor))[0], strict=True))


def _counts(actor: Actor) -> Select[*tuple[int, ...]]:
    return select(*_counts_of(actor, _waiting(actor)), _count([unread_of(actor)]))


def _counts_beside(view: str) -> Prepared[Select[*tuple[int, ...]]]:
    return Prepared(lambda actor: select(*_counts_of(actor, _beside(actor, view))))


def _counts_of(actor: Actor, sources: Sequence[Source]) -> list[ColumnElement[int]]:
    return [_count((each.parts or _whole(each))(actor)) for each in sources]


def _whole(source: Source) -> Callable[[Actor], Sequence[Rows]]:
    return lambda actor: [source.rows(actor)]


def _count(parts: Sequence[Select[Any]]) -> ColumnElement[int]:
    counts = (
        select(func.count()).select_from(each.order_by(None).subquery()).scalar_subquery() for each in parts
    )
    return reduce(add, counts)


_COUNTS = Prepared(_counts)
_COUNTS_BESIDE = {view: _counts_beside(view) for view in VIEWS}


def _first(source: Source) -> Prepared[Rows]:
    return Prepared(lambda actor: source.rows(actor).limit(bindparam("most", type_=Integer)))


_FIRST = {each: _first(each) for each in SOURCES}


def _soonest(item: Item) -> tuple[datetime, datetime]:
    due = item.due
    if due is not None and not isinstance(due, datetime):
        due = datetime.combine(due, time.max, UTC)
    return due or _NEVER, item.at or _NEVER


def _latest(item: Item) -> float:
    return -item.at.timestamp() if item.at is not None else 0.0


def late_first(waiting: Waiting) -> tuple[Sequence[Item], Sequence[Group]]:
    """What is due today or late of all verbs, the latest first, and the groups without it.

    A group still says how many things there are of its verb.
    """
    late = sorted(
        (item for group in waiting.groups for item in group.items if waiting.presses(item)), key=_soonest
    )
    rest = [
        replace(group, items=[each for each in group.items if not waiting.presses(each)])
        for group in waiting.groups
    ]
    return late, [group for group in rest if group.items]


def _with_tiles(session: Session, actor: Actor, groups: Sequence[Group]) -> list[Group]:
    wanted = [item.asset_id for group in groups for item in group.items if item.asset_id is not None]
    tiles = {tile.asset.id: tile for tile in tiles_of(session, actor, wanted)}
    return [
        replace(group, items=[replace(each, tile=tiles.get(each.asset_id or 0)) for each in group.items])
        for group in groups
    ]
