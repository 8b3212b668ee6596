"""Changes of reference data that wait for a second person, and those that somebody proposed."""

from typing import Any

from sqlalchemy import and_, func, select

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.access.prepared import moment, person_of
from assetlib.accounts.models import Person
from assetlib.calendar import Day
from assetlib.dashboards.work import DONE_SINCE, Item, Rows, Source
from assetlib.reference.models import Contract, CostCentre, ExchangeRate, GlAccount, ReferenceChange, Vendor
from assetlib.reference.permissions import APPROVE_CHANGE, PROPOSE_CHANGE
from assetlib.reference.queries.things import MODELS
from assetlib.reference.rules.changes import STATES
from assetlib.reference.rules.things import KINDS, called
from assetlib.words import recalled, say


def _approves(actor: Actor) -> bool:
    return APPROVE_CHANGE.allows(actor)


def _proposes(actor: Actor) -> bool:
    return PROPOSE_CHANGE.allows(actor)


def _changes() -> Rows:
    """Each change with what tells of its thing: as it is now, of a new one as it would be."""
    after = ReferenceChange.after
    of_them = (GlAccount, CostCentre, Vendor)
    named = (*(model.name for model in (*of_them, Contract)), after["name"].as_string())
    query = select(
        ReferenceChange.id.label("change_id"),
        ReferenceChange.kind.label("kind"),
        ReferenceChange.state.label("state"),
        ReferenceChange.effective_on.label("effective_on"),
        ReferenceChange.reason.label("reason"),
        ReferenceChange.answer.label("answer"),
        ReferenceChange.made_at.label("made_at"),
        ReferenceChange.decided_at.label("decided_at"),
        Person.name.label("made_by"),
        func.coalesce(*named).label("name"),
        func.coalesce(*(model.code for model in of_them), after["code"].as_string()).label("code"),
        func.coalesce(ExchangeRate.base, after["base"].as_string()).label("base"),
        func.coalesce(ExchangeRate.quote, after["quote"].as_string()).label("quote"),
    ).join(Person, Person.id == ReferenceChange.made_by_id)
    for kind, model in MODELS.items():
        here = and_(ReferenceChange.kind == kind, ReferenceChange.thing_id == model.id)
        query = query.outerjoin(model, here)
    return query


def _title(row: Any) -> str:
    """G/L account 006010 Advertising."""
    values = {"code": row.code, "name": row.name, "base": row.base, "quote": row.quote}
    return say("{kind} {name}", kind=KINDS[row.kind], name=called(row.kind, values))


def _to_approve(actor: Actor) -> Rows:
    return (
        _changes()
        .where(ReferenceChange.state == "open", ReferenceChange.made_by_id != person_of(actor))
        .order_by(ReferenceChange.effective_on, ReferenceChange.id)
    )


def _approve(row: Any) -> Item:
    return Item(
        _title(row),
        say(
            "{who} proposed a change from {day} on.",
            who=row.made_by,
            day=Day(row.effective_on, clock.today()),
        ),
        f"/reference/changes/{row.change_id}",
        say("Look at the change"),
        icon="layers",
        due=row.effective_on,
        at=row.made_at,
        words=row.reason,
    )


def _unanswered(actor: Actor) -> Rows:
    return (
        _changes()
        .where(ReferenceChange.state == "open", ReferenceChange.made_by_id == person_of(actor))
        .order_by(ReferenceChange.made_at, ReferenceChange.id)
    )


def _wait_for(row: Any) -> Item:
    return Item(
        _title(row),
        say("You proposed a change. Nobody decided yet."),
        f"/reference/changes/{row.change_id}",
        say("Look at the change"),
        icon="layers",
        at=row.made_at,
        words=row.reason,
    )


def _decided(actor: Actor) -> Rows:
    return (
        _changes()
        .where(
            ReferenceChange.state.in_(("approved", "applied", "rejected")),
            ReferenceChange.made_by_id == person_of(actor),
            ReferenceChange.decided_at > moment(DONE_SINCE),
        )
        .order_by(ReferenceChange.decided_at.desc(), ReferenceChange.id.desc())
    )


def _answer(row: Any) -> Item:
    return Item(
        _title(row),
        say("Your change was decided: {state}.", state=STATES[row.state]),
        f"/reference/changes/{row.change_id}",
        say("Look at the change"),
        icon="layers",
        at=row.decided_at,
        words=recalled(row.answer),
    )


SOURCES = (
    Source("decide", _approves, _to_approve, _approve),
    Source("sent", _proposes, _unanswered, _wait_for),
    Source("answered_to", _proposes, _decided, _answer),
)
