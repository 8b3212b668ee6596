"""Statements about what an actor may know of, put together once for all actors of like rights.

To put one together takes longer than a database takes to answer it. What changes its words, roles and their
scopes, is asked of the actor as ever; who they are is filled in when it is sent. No right is kept: another
role makes another statement, and what was granted is filled in afresh each time.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, Date, Integer, bindparam

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.database import Moment

KEPT = 64
"""Statements of one sort. There is one for each set of roles; more of them are put together anew."""
NOBODY = 0
"""An id that no row has."""

Statement = TypeVar("Statement")


class StandIn(Actor):
    """An actor while a statement is put together for all of the same rights.

    Its ids are those of nothing: a statement that asks it for one, in place of `person_of` and the others,
    finds less, never more.
    """


def stand_in(actor: Actor) -> StandIn:
    """What of an actor changes the words of a statement."""
    return StandIn(
        kind=actor.kind,
        name="",
        person_id=None if actor.person_id is None else NOBODY,
        organisation_id=None if actor.organisation_id is None else NOBODY,
        organisation_kind=actor.organisation_kind,
        roles=actor.roles,
        scoped_roles=actor.scoped_roles,
        duties=actor.duties,
        groups=frozenset((NOBODY,)) if actor.groups else frozenset(),
        collections=frozenset((NOBODY,)) if actor.collections else frozenset(),
        assets=frozenset((NOBODY,)) if actor.assets else frozenset(),
    )


class Prepared(Generic[Statement]):
    """`session.execute(*prepared(actor))`: the statement for actors of such rights, and who this one is."""

    def __init__(self, build: Callable[[Actor], Statement]) -> None:
        self._built: Callable[[Actor], Statement] = lru_cache(maxsize=KEPT)(build)

    def __call__(self, actor: Actor, **more: Any) -> tuple[Statement, dict[str, Any]]:
        """`more` fills in what the statement leaves open beside the actor."""
        return self._built(stand_in(actor)), {
            "actor_person": actor.person_id,
            "actor_organisation": actor.organisation_id,
            "actor_groups": list(actor.groups),
            "actor_collections": list(actor.collections),
            "actor_assets": list(actor.assets),
            **more,
        }


def person_of(actor: Actor) -> Any:
    """Their id, to compare a column with."""
    return bindparam("actor_person", type_=Integer) if isinstance(actor, StandIn) else actor.person_id


def organisation_of(actor: Actor) -> Any:
    """The id of their organisation, to compare a column with."""
    standing = isinstance(actor, StandIn)
    return bindparam("actor_organisation", type_=Integer) if standing else actor.organisation_id


def groups_of(actor: Actor) -> Any:
    """The ids of their groups, for `in_`."""
    return _ids("actor_groups") if isinstance(actor, StandIn) else sorted(actor.groups)


def collections_of(actor: Actor) -> Any:
    """The ids of collections that were granted to them, for `in_`."""
    return _ids("actor_collections") if isinstance(actor, StandIn) else sorted(actor.collections)


def assets_of(actor: Actor) -> Any:
    """The ids of assets that are open to them for a time, for `in_`."""
    return _ids("actor_assets") if isinstance(actor, StandIn) else sorted(actor.assets)


def _ids(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Integer, expanding=True)


def moment(ago: timedelta = timedelta()) -> BindParameter[datetime]:
    """The moment when the statement is sent, or so long before."""
    return bindparam(None, callable_=lambda: clock.now() - ago, type_=Moment)


def day(ahead: timedelta = timedelta()) -> BindParameter[date]:
    """The day on which the statement is sent, or so long after."""
    return bindparam(None, callable_=lambda: clock.today() + ahead, type_=Date)
