"""Librarians and planners write down what delivered files have to keep to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchDeliverySpec, WrongValue
from assetlib.catalog.models import DeliverySpec
from assetlib.catalog.permissions.delivery_specs import EDIT_SPECS
from assetlib.catalog.queries.attributes import definitions
from assetlib.catalog.queries.delivery_specs import GONE
from assetlib.catalog.rules.delivery_specs import NOT_SAVED, must_be_rules, must_be_spec
from assetlib.catalog.rules.revisions import must_be_revision
from assetlib.words import listed, say


def make_spec(
    session: Session, actor: Actor, *, name: str, description: str = "", rules: Mapping[str, Any]
) -> DeliverySpec:
    """A new spec, offered to deliverables from now on."""
    EDIT_SPECS.require(actor)
    said = _checked(session, None, name, description, rules)
    row = DeliverySpec(
        name=name.strip(),
        description=description.strip(),
        rules=said,
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, actor, "catalog.spec_made", row, after=_now(row))
    return row


def change_spec(
    session: Session,
    actor: Actor,
    spec: DeliverySpec,
    *,
    revision: int,
    name: str,
    description: str = "",
    rules: Mapping[str, Any],
) -> None:
    """Say it anew. Files that were checked already keep what was found then."""
    EDIT_SPECS.require(actor)
    row = _held(session, spec)
    must_be_revision(row.revision, revision, _now(row))
    said = _checked(session, row.id, name, description, rules)
    before = _now(row)
    row.name, row.description, row.rules = name.strip(), description.strip(), said
    session.flush()
    record(session, actor, "catalog.spec_changed", row, before=before, after=_now(row))


def retire_spec(session: Session, actor: Actor, spec: DeliverySpec) -> None:
    """Offer it no longer. Deliverables that have it keep it. Saying it twice changes nothing."""
    EDIT_SPECS.require(actor)
    row = _held(session, spec)
    if row.retired_at is None:
        row.retired_at = clock.now()
        session.flush()
        record(session, actor, "catalog.spec_retired", row)


def offer_spec(session: Session, actor: Actor, spec: DeliverySpec) -> None:
    """Offer a retired one again."""
    EDIT_SPECS.require(actor)
    row = _held(session, spec)
    if row.retired_at is not None:
        row.retired_at = None
        session.flush()
        record(session, actor, "catalog.spec_offered", row)


def _held(session: Session, spec: DeliverySpec) -> DeliverySpec:
    row = session.scalars(
        select(DeliverySpec)
        .where(DeliverySpec.id == spec.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchDeliverySpec(GONE)
    return row


def _checked(
    session: Session, spec_id: int | None, name: str, description: str, rules: Mapping[str, Any]
) -> dict[str, Any]:
    must_be_spec(name=name, description=description)
    said = must_be_rules(rules)
    unknown = sorted(set(said.get("attributes", ())) - set(definitions(session)))
    if unknown:
        fault = say("There is no such attribute: {names}", names=listed(unknown))
        raise WrongValue(NOT_SAVED, fields={"attributes": fault})
    same = select(DeliverySpec.id).where(func.lower(DeliverySpec.name) == name.strip().lower())
    if session.scalars(same.where(DeliverySpec.id != (spec_id or 0))).first() is not None:
        raise WrongValue(NOT_SAVED, fields={"name": say("There is a spec with this name already.")})
    return said


def _now(row: DeliverySpec) -> dict[str, Any]:
    return {"name": row.name, "description": row.description, "rules": row.rules}
