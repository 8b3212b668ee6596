"""One function per row, with believable values, so that a test says only what it is about."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    LIBRARIAN,
    PARTNER,
    Actor,
)
from assetlib.accounts.models import Organisation, Person, RoleGrant
from assetlib.catalog.models import (
    Approval,
    Asset,
    AssetType,
    Attribute,
    AttributeChoice,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionItem,
    Rendition,
    UsageRight,
    Version,
)
from assetlib.storage import BlobStore
from assetlib.storage.blobs import new_key
from assetlib.storage.models import Blob, Upload


def organisation(
    session: Session, *, kind: str = "own", name: str | None = None, **values: Any
) -> Organisation:
    row = Organisation(kind=kind, name=name or f"Company {uuid4().hex[:8]}", created_at=clock.now(), **values)
    session.add(row)
    session.flush()
    return row


def person(
    session: Session,
    of: Organisation,
    *roles: str,
    email: str | None = None,
    name: str = "Ada Example",
    **values: Any,
) -> Person:
    row = Person(
        organisation_id=of.id,
        email=email or f"{uuid4().hex[:10]}@company.example",
        name=name,
        created_at=clock.now(),
        grants=[RoleGrant(role=role) for role in roles],
        **values,
    )
    session.add(row)
    session.flush()
    return row


def actor(of: Person, organisation: Organisation, *, collections: frozenset[int] = frozenset()) -> Actor:
    return Actor(
        kind="person",
        name=of.name,
        person_id=of.id,
        organisation_id=organisation.id,
        organisation_kind=organisation.kind,  # type: ignore[arg-type]  # the column holds one of the three
        roles=of.roles,
        collections=collections,
    )


@dataclass
class People:
    """Somebody of every role: the own company, an agency, a second agency, a partner."""

    own: Organisation
    agency: Organisation
    other_agency: Organisation
    partner: Organisation
    administrator: Actor
    librarian: Actor
    field_marketer: Actor
    contributor: Actor
    other_contributor: Actor
    partner_marketer: Actor
    without_role: Actor

    def all(self) -> list[Actor]:
        return [
            self.administrator, self.librarian, self.field_marketer, self.contributor,
            self.other_contributor, self.partner_marketer, self.without_role,
        ]  # fmt: skip


def people(session: Session) -> People:
    own = organisation(session, name="Northwind Outdoors")
    agency = organisation(session, kind="agency", name="Halden & Frey")
    other = organisation(session, kind="agency", name="Studio Brandt")
    partner = organisation(session, kind="partner", name="Alpin Sport")

    def one(of: Organisation, *roles: str, name: str) -> Actor:
        return actor(person(session, of, *roles, name=name), of)

    return People(
        own=own,
        agency=agency,
        other_agency=other,
        partner=partner,
        administrator=one(own, ADMINISTRATOR, name="Ida Admin"),
        librarian=one(own, LIBRARIAN, name="Lena Librarian"),
        field_marketer=one(own, FIELD_MARKETER, name="Finn Field"),
        contributor=one(agency, AGENCY_CONTRIBUTOR, name="Rosa Agency"),
        other_contributor=one(other, AGENCY_CONTRIBUTOR, name="Odo Other"),
        partner_marketer=one(partner, PARTNER, name="Pia Partner"),
        without_role=one(own, name="Nils Nobody"),
    )


def blob(
    session: Session,
    of: Organisation | int | None = None,
    *,
    content: bytes | None = None,
    store: BlobStore | None = None,
    name: str = "original",
    media_type: str = "image/jpeg",
    **values: Any,
) -> Blob:
    """Kept bytes; with a `store` they are really there. Bytes of one's own unless `content` is given."""
    data = uuid4().bytes if content is None else content
    key = new_key(name)
    if store is not None:
        store.put(key, io.BytesIO(data), len(data))
    moment = clock.now()
    row = Blob(
        key=key,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        organisation_id=of.id if isinstance(of, Organisation) else of,
        **{"created_at": moment, "checked_at": moment, **values},
    )
    session.add(row)
    session.flush()
    return row


def asset_type(session: Session, key: str = "photograph", **values: Any) -> AssetType:
    """The type of that key, made if it is not there."""
    row = session.get(AssetType, key)
    if row is None:
        row = AssetType(key=key, **{"label": key.capitalize(), **values})
        session.add(row)
        session.flush()
    return row


def asset(session: Session, of: Organisation, *, versions: int = 1, **values: Any) -> Asset:
    """An asset that `of` uploaded, a draft with one version that is in force."""
    moment = clock.now()
    row = Asset(
        organisation_id=of.id,
        **{
            "title": f"Lighthouse {uuid4().hex[:6]}",
            "type_key": asset_type(session).key,
            "created_at": moment,
            "updated_at": moment,
            **values,
        },
    )
    session.add(row)
    session.flush()
    for _ in range(versions):
        version(session, row)
    return row


def version(
    session: Session,
    of: Asset,
    *,
    content: bytes | None = None,
    store: BlobStore | None = None,
    kept: Blob | None = None,
    current: bool = True,
    **values: Any,
) -> Version:
    """The next version of an asset, a JPEG of its organisation; in force unless `current` is False."""
    owner = values.pop("organisation_id", of.organisation_id)
    kept = kept or blob(session, owner, content=content, store=store)
    number = 1 + (session.scalar(select(func.max(Version.number)).where(Version.asset_id == of.id)) or 0)
    row = Version(
        asset_id=of.id,
        blob_id=kept.id,
        sha256=kept.sha256,
        size=kept.size,
        organisation_id=owner,
        **{
            "number": number,
            "file_name": f"lighthouse-{number}.jpg",
            "media_type": "image/jpeg",
            "format": "JPEG",
            "family": "image",
            "width": 1200,
            "height": 800,
            "shape": "landscape",
            "preview_state": "ready",
            "created_at": clock.now(),
            **values,
        },
    )
    session.add(row)
    session.flush()
    if current:
        of.current_version_id = row.id
    session.flush()
    session.expire(of, ["versions", "current_version"])
    return row


def approval(
    session: Session, of: Version, by: Actor, *, verdict: str = "approved", **values: Any
) -> Approval:
    """A verdict about exactly the bytes of a version."""
    row = Approval(
        version_id=of.id,
        person_id=by.person_id,
        verdict=verdict,
        **{"sha256": of.sha256, "kind": "librarian", "at": clock.now(), **values},
    )
    session.add(row)
    session.flush()
    session.expire(of, ["approvals"])
    return row


def right(session: Session, of: Asset, **values: Any) -> UsageRight:
    """A right without limits, unless `values` say otherwise."""
    row = UsageRight(asset_id=of.id, **{"holder": "Northwind Outdoors", "licence": "Buyout", **values})
    session.add(row)
    session.flush()
    session.expire(of, ["right"])
    return row


def rendition(
    session: Session,
    of: Version,
    recipe: str = "thumb",
    *,
    page: int = 1,
    content: bytes | None = None,
    store: BlobStore | None = None,
    **values: Any,
) -> Rendition:
    kept = blob(
        session, of.organisation_id, content=content, store=store, name=recipe, media_type="image/webp"
    )
    row = Rendition(
        version_id=of.id,
        recipe=recipe,
        page=page,
        blob_id=kept.id,
        size=kept.size,
        **{"media_type": "image/webp", "width": 320, "height": 213, **values},
    )
    session.add(row)
    session.flush()
    session.expire(of, ["renditions"])
    return row


def published(session: Session, of: Organisation, by: Actor, **values: Any) -> Asset:
    """An asset that is out: its version approved by `by`, its rights cleared, its state published."""
    row = asset(session, of, **{"state": "published", **values})
    current = session.get_one(Version, row.current_version_id)
    approval(session, current, by)
    right(session, row)
    return row


def attribute(
    session: Session, key: str, kind: str = "text", *, choices: Sequence[str] = (), **values: Any
) -> Attribute:
    row = Attribute(
        key=key,
        kind=kind,
        choices=[
            AttributeChoice(key=each, label=each.capitalize(), position=place)
            for place, each in enumerate(choices)
        ],
        **{"label": key.replace("_", " ").capitalize(), **values},
    )
    session.add(row)
    session.flush()
    return row


def collection(
    session: Session,
    owner: Actor,
    *assets: Asset,
    inside: Collection | None = None,
    granted_to: Sequence[Organisation] = (),
    **values: Any,
) -> Collection:
    """A collection of these assets, open to the organisation, with its place among its ancestors."""
    moment = clock.now()
    row = Collection(
        owner_id=owner.person_id,
        parent_id=inside.id if inside is not None else None,
        items=[
            CollectionItem(asset_id=each.id, position=place, added_at=moment)
            for place, each in enumerate(assets)
        ],
        grants=[CollectionGrant(organisation_id=each.id, granted_at=moment) for each in granted_to],
        **{
            "name": f"Collection {uuid4().hex[:6]}",
            "audience": "organisation",
            "created_at": moment,
            "updated_at": moment,
            **values,
        },
    )
    session.add(row)
    session.flush()
    session.add(CollectionAncestor(collection_id=row.id, ancestor_id=row.id, depth=0))
    if inside is not None:
        above = session.scalars(
            select(CollectionAncestor).where(CollectionAncestor.collection_id == inside.id)
        ).all()
        session.add_all(
            CollectionAncestor(collection_id=row.id, ancestor_id=each.ancestor_id, depth=each.depth + 1)
            for each in above
        )
    session.flush()
    for each in assets:
        session.expire(each, ["items"])
    return row


def upload(
    session: Session, by: Actor, *, content: bytes, store: BlobStore, name: str = "hero.jpg", **values: Any
) -> Upload:
    """A file that has arrived whole and waits to be looked at."""
    key = new_key("original")
    store.put(key, io.BytesIO(content), len(content))
    moment = clock.now()
    row = Upload(
        public_id=uuid4().hex,
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        name=name,
        mtime=0,
        fingerprint="",
        part_size=16 * 1024 * 1024,
        key=key,
        multipart="done",
        **{
            "size": len(content),
            "state": "verifying",
            "created_at": moment,
            "touched_at": moment,
            "completed_at": moment,
            **values,
        },
    )
    session.add(row)
    session.flush()
    return row
