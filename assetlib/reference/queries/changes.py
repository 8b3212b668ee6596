"""Changes to reference data, as pages look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.queries import names_of
from assetlib.paging import Page
from assetlib.reference.errors import NoSuchReference
from assetlib.reference.models import ReferenceChange
from assetlib.reference.permissions import APPROVE_CHANGE, SEE_REFERENCE, WITHDRAW_CHANGE
from assetlib.reference.queries.things import said_by
from assetlib.reference.rules.things import FIELDS, TELLS_APART, Field, Value, Values, called
from assetlib.words import say

PENDING = ("open", "approved")
"""States in which a change may still come."""
GONE = say("There is no such change.")


@dataclass(frozen=True)
class Difference:
    """A field, what it said, and what it shall say."""

    field: Field
    before: Value
    after: Value


@dataclass(frozen=True)
class Change:
    """A change with what stands around it."""

    row: ReferenceChange
    current: Values
    """What it says now; of one that is not there, what it would say."""
    made_by: str
    """Empty when they are gone."""
    decided_by: str
    may_decide: bool
    """By the reader, as it stands."""
    may_withdraw: bool

    @property
    def thing(self) -> str:
        """What it is called."""
        return called(self.row.kind, self.current)

    @property
    def differences(self) -> list[Difference]:
        """In the order of the fields; of a new thing only what is said of it."""
        before, after = self.row.before, self.row.after
        return [
            Difference(each, before.get(each.name), after[each.name])
            for each in FIELDS[self.row.kind]
            if each.name in after and (before or after[each.name] not in ("", None))
        ]


def get_change(session: Session, actor: Actor, change_id: int) -> Change:
    SEE_REFERENCE.require(actor)
    row = session.get(ReferenceChange, change_id)
    if row is None:
        raise NoSuchReference(GONE)
    return _shown(session, actor, [row])[0]


def changes_of(
    session: Session, actor: Actor, *, states: Sequence[str], number: int, size: int
) -> Page[Change]:
    """Changes in these states, the latest first; in all of them when none is named."""
    SEE_REFERENCE.require(actor)
    where: ColumnElement[bool] = ReferenceChange.state.in_(states) if states else true()
    total = session.scalar(select(func.count()).select_from(ReferenceChange).where(where)) or 0
    rows = session.scalars(
        select(ReferenceChange)
        .where(where)
        .order_by(ReferenceChange.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(_shown(session, actor, rows), number, size, total)


def pending_of(session: Session, kind: str, ids: Sequence[int]) -> dict[int, ReferenceChange]:
    """Thing → the first change of it that may still come."""
    rows = session.scalars(
        select(ReferenceChange)
        .where(
            ReferenceChange.kind == kind,
            ReferenceChange.thing_id.in_(ids),
            ReferenceChange.state.in_(PENDING),
        )
        .order_by(ReferenceChange.id.desc())
    )
    return {row.thing_id: row for row in rows if row.thing_id is not None}


def proposed_too(
    session: Session, kind: str, thing_id: int | None, after: Values
) -> tuple[ReferenceChange, list[str]] | None:
    """A change that may still come, of the same thing and fields, with their names; None when there is none.

    Two new things are the same when nothing would tell them apart.
    """
    same = ReferenceChange.thing_id.is_(None) if thing_id is None else ReferenceChange.thing_id == thing_id
    for row in session.scalars(
        select(ReferenceChange)
        .where(ReferenceChange.kind == kind, ReferenceChange.state.in_(PENDING), same)
        .order_by(ReferenceChange.id)
    ):
        if thing_id is not None:
            common = [name for name in after if name in row.after]
        else:
            apart = TELLS_APART[kind]
            common = list(apart) if all(row.after.get(name) == after[name] for name in apart) else []
        if common:
            return row, common
    return None


def due_changes(session: Session, *, until: date) -> Sequence[int]:
    """Changes that were approved and whose day has come."""
    return session.scalars(
        select(ReferenceChange.id)
        .where(ReferenceChange.state == "approved", ReferenceChange.effective_on <= until)
        .order_by(ReferenceChange.effective_on, ReferenceChange.id)
    ).all()


def _shown(session: Session, actor: Actor, rows: Sequence[ReferenceChange]) -> list[Change]:
    people = names_of(session, [each for row in rows for each in (row.made_by_id, row.decided_by_id)])
    things = said_by(session, [(row.kind, row.thing_id) for row in rows])
    return [
        Change(
            row,
            things.get((row.kind, row.thing_id or 0), row.after),
            people.get(row.made_by_id, ""),
            people.get(row.decided_by_id or 0, ""),
            row.state == "open" and APPROVE_CHANGE.allows(actor, row),
            row.state in PENDING
            and WITHDRAW_CHANGE.allows(actor, row)
            and (row.state == "approved" or row.made_by_id == actor.person_id),
        )
        for row in rows
    ]
