"""A goodbye concerns every room: here they are plugged together, because no room knows the ones above it.

A room that has something open for a person or an organisation adds a function to one of these lists.
"""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts import actions
from assetlib.accounts.actions.administrators import hold
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries.directory import those_who_can_come
from assetlib.accounts.rules.leaving import Matter
from assetlib.catalog.actions import handing_over
from assetlib.catalog.queries import open_matters as catalogue
from assetlib.planning.actions import handing_over as planning_hands
from assetlib.planning.actions.feeds import end_feeds
from assetlib.planning.queries import open_matters as planning
from assetlib.words import say_n


class HandOver(Protocol):
    """What a room does with somebody's open work: to whom it goes, and what becomes of their links."""

    def __call__(
        self, session: Session, actor: Actor, person: Person, to: Person | None, *, shares: str
    ) -> None: ...


WORK: tuple[Callable[[Session, Person], list[Matter]], ...] = (catalogue.work_of, planning.work_of)
"""What each room finds open of a person."""
HAND_OVERS: tuple[HandOver, ...] = (handing_over.hand_over, planning_hands.hand_over, end_feeds)
"""What each room does with it."""
MATTERS: tuple[Callable[[Session, Organisation], list[Matter]], ...] = (
    catalogue.open_matters_of,
    planning.open_matters_of,
)
"""What each room finds open of an organisation."""


def work_of(session: Session, person: Person) -> list[Matter]:
    """All that somebody who leaves has open, in every room."""
    return [matter for room in WORK for matter in room(session, person) if matter.count]


def let_go(
    session: Session, actor: Actor, person: Person, *, to: Person | None, shares: str = handing_over.END
) -> None:
    """Hand on what they have open, then shut every door behind them. All of it or nothing."""
    MANAGE_PEOPLE.require(actor)
    # Held before anything is counted: what they begin meanwhile waits, and is refused then.
    person = hold(session, person)
    for room in HAND_OVERS:
        room(session, actor, person, to, shares=shares)
    left = [each for each in work_of(session, person) if each.way not in ("end", "stay")]
    actions.close_person(session, actor, person, still_open=left)


def open_matters(session: Session, organisation: Organisation) -> list[Matter]:
    """All that an organisation has open, in every room; its people last, as they can be closed with it."""
    found = [matter for room in MATTERS for matter in room(session, organisation) if matter.count]
    people = session.scalar(
        select(func.count(Person.id)).where(
            Person.organisation_id == organisation.id, Person.state != "closed"
        )
    )
    if people:
        found.append(
            Matter(
                "people",
                say_n("{count} person is not closed.", "{count} people are not closed.", people),
                people,
                f"/people?organisation={organisation.id}",
            )
        )
    return found


def part_from(session: Session, actor: Actor, organisation: Organisation, *, with_people: bool) -> None:
    """Close an organisation, with everybody of it if that is wanted; refused while anything else is open."""
    MANAGE_PEOPLE.require(actor)
    session.flush()
    # Held before anything is counted, so that nobody is invited meanwhile.
    session.refresh(organisation, with_for_update=True)
    if with_people and all(each.key == "people" for each in open_matters(session, organisation)):
        for person in those_who_can_come(session, of=organisation.id, suspended=True):
            let_go(session, actor, person, to=None)
    actions.close_organisation(session, actor, organisation, still_open=open_matters(session, organisation))
