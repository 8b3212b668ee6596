"""Rows of reference data as what they say, field by field."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assetlib.reference.errors import NoSuchReference
from assetlib.reference.models import Contract, CostCentre, ExchangeRate, GlAccount, Vendor
from assetlib.reference.rules.things import FIELDS, TELLS_APART, Value, Values, called, field_of, read_day
from assetlib.words import say

Thing = GlAccount | CostCentre | ExchangeRate | Vendor | Contract
MODELS: Mapping[str, type[Thing]] = {
    "gl_account": GlAccount,
    "cost_centre": CostCentre,
    "rate": ExchangeRate,
    "vendor": Vendor,
    "contract": Contract,
}
GONE = say("There is no such entry.")


def kind_of(thing: Thing) -> str:
    return next(kind for kind, model in MODELS.items() if isinstance(thing, model))


def values_of(thing: Thing) -> dict[str, Value]:
    """What it says now, as a change writes it."""
    return {each.name: _kept(getattr(thing, each.name)) for each in FIELDS[kind_of(thing)]}


def set_values(thing: Thing, values: Values) -> None:
    """Make it say this; only what is named is touched."""
    for name, value in as_columns(kind_of(thing), values).items():
        setattr(thing, name, value)


def as_columns(kind: str, values: Values) -> dict[str, Any]:
    """The same values as the columns hold them: days are days."""
    return {
        name: read_day(value) if field_of(kind, name).sort == "day" else value
        for name, value in values.items()
    }


def name_of(thing: Thing) -> str:
    return called(kind_of(thing), values_of(thing))


def get_thing(session: Session, kind: str, thing_id: int, *, hold: bool = False) -> Thing:
    """The row, or `NoSuchReference`. `hold`: nobody else changes it until the transaction ends."""
    model = MODELS.get(kind)
    query = select(model).where(model.id == thing_id) if model is not None else None
    if query is not None and hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none() if query is not None else None
    if row is None:
        raise NoSuchReference(GONE)
    return cast("Thing", row)


def is_taken(session: Session, kind: str, values: Values, *, but: int | None) -> bool:
    """Whether another one is like it in what tells them apart."""
    model = MODELS[kind]
    columns = as_columns(kind, {name: values[name] for name in TELLS_APART[kind]})
    same: list[ColumnElement[bool]] = [getattr(model, name) == value for name, value in columns.items()]
    return session.scalars(select(model.id).where(*same, model.id != (but or 0)).limit(1)).first() is not None


def said_by(session: Session, wanted: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], Values]:
    """(kind, id) → what it says now. A statement for each kind that is asked for."""
    by_kind: dict[str, set[int]] = {}
    for kind, thing_id in wanted:
        if thing_id is not None:
            by_kind.setdefault(kind, set()).add(thing_id)
    found: dict[tuple[str, int], Values] = {}
    for kind, ids in by_kind.items():
        model: Any = MODELS[kind]
        for row in session.scalars(select(model).where(model.id.in_(ids))):
            found[kind, row.id] = values_of(row)
    return found


def _kept(value: Any) -> Value:
    return value.isoformat() if isinstance(value, date) else cast("Value", value)
