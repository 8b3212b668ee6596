"""Somebody who plans, somebody who approves, an agency, and what is asked of it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import PLANNER, SYSTEM, Actor
from assetlib.catalog.models import Asset, DeliverySpec, Version
from assetlib.planning.actions.deliveries import take_delivery
from assetlib.planning.models import Deliverable, DeliverableItem, Delivery, Task
from assetlib.storage.models import Upload
from tests import make, make_plans


@dataclass
class Desk:
    people: make.People
    planner: Actor
    second: Actor
    task: Task


def desk(session: Session, people: make.People) -> Desk:
    """Two planners and a task of a running campaign, given to the agency."""
    planner, second = (
        make.actor(make.person(session, people.own, PLANNER, name=name), people.own)
        for name in ("Mira Planner", "Sam Second")
    )
    task = make_plans.task(session, make_plans.running_campaign(session, planner), agency_id=people.agency.id)
    return Desk(people, planner, second, task)


def spec(session: Session, **rules: Any) -> DeliverySpec:
    row = DeliverySpec(name=f"Spec {uuid4().hex[:6]}", rules=rules, created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def asked(session: Session, of: Desk, **values: Any) -> Deliverable:
    """What the agency was asked for: its brief is approved, files may come."""
    row = make_plans.deliverable(
        session,
        of.task,
        **{
            "agency": of.people.agency,
            "scope_state": "scope_approved",
            "scope_decided_by_id": of.second.person_id,
            "scope_decided_at": clock.now(),
            "brief": "Night sky, type is live.",
            **values,
        },
    )
    session.expire(row, ["items"])
    return row


def arrived(session: Session, by: Actor, item: DeliverableItem, **facts: Any) -> Upload:
    """A file that the catalogue took in for an item: as a new draft, or as the next version of the item's."""
    asset = session.get(Asset, item.asset_id) if item.asset_id is not None else None
    if asset is None:
        moment = clock.now()
        asset = Asset(
            title="Delivered", type_key=make.asset_type(session).key, organisation_id=by.organisation_id,
            created_by_id=by.person_id, created_at=moment, updated_at=moment,
        )  # fmt: skip
        session.add(asset)
        session.flush()
    version = make.version(session, asset, uploaded_by_id=by.person_id, **facts)
    upload = Upload(
        public_id=uuid4().hex, person_id=by.person_id, organisation_id=by.organisation_id,
        name=version.file_name, size=version.size, mtime=0, fingerprint="", part_size=16, key=uuid4().hex,
        multipart="", state="available", blob_id=version.blob_id, asset_id=asset.id,
        version_number=version.number, delivered_for=item.id, created_at=clock.now(), touched_at=clock.now(),
        completed_at=clock.now(),
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def delivered(session: Session, by: Actor, item: DeliverableItem, **facts: Any) -> Delivery:
    """The same, with its checks made."""
    row = take_delivery(session, SYSTEM, arrived(session, by, item, **facts), by)
    assert row is not None
    return row


def version_of(session: Session, delivery: Delivery) -> Version:
    return session.scalars(select(Version).where(Version.id == delivery.version_id)).one()
