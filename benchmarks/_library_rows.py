"""A library of any size as rows alone: enough for every page of it, no bytes."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, FIELD_MARKETER, PARTNER, SYSTEM
from assetlib.accounts.actions import add_organisation, add_person
from assetlib.accounts.models import Person
from assetlib.catalog.models import (
    Approval,
    Asset,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionItem,
    Rendition,
    UsageRight,
    Version,
)
from assetlib.catalog.schema import lay_schema
from assetlib.storage.blobs import new_key
from assetlib.storage.models import Blob

COLLECTIONS = 40
WORDS = (
    "coast", "ridge", "cabin", "harbour", "trail", "summit",
    "lantern", "glacier", "meadow", "stove", "canopy", "ferry",
)  # fmt: skip
FORMS = [("JPEG", "image/jpeg", "image"), ("PDF", "application/pdf", "pdf"), ("PNG", "image/png", "image")]
STATES = ("published", "published", "published", "draft", "in_review", "archived")
REGIONS = ("germany", "norway", "france", "japan", "canada")
COLOURS = ("red", "teal", "blue", "green", "grey", "beige")


def fill(session: Session, count: int) -> dict[str, Person]:
    """So many assets of an agency and its client; people who see much, some and little of them."""
    lay_schema(session)
    own = add_organisation(session, SYSTEM, name="Northwind Outdoors", kind="own")
    agency = add_organisation(session, SYSTEM, name="Halden & Frey", kind="agency")
    partner = add_organisation(session, SYSTEM, name="Alpin Sport", kind="partner")
    people = {
        name: add_person(session, SYSTEM, of, name=name.title(), email=f"{name}@x.example", roles=[role])
        for name, of, role in (
            ("marketer", own, FIELD_MARKETER),
            ("agency", agency, AGENCY_CONTRIBUTOR),
            ("partner", partner, PARTNER),
        )
    }
    owner = people["marketer"].id
    rows = [_rows_of(number, (own.id, agency.id)[number % 2], owner) for number in range(1, count + 1)]
    for model, name in (
        (Blob, "blob"), (Asset, "asset"), (Version, "version"), (Approval, "approval"),
        (UsageRight, "right"), (Rendition, "rendition"),
    ):  # fmt: skip
        session.execute(insert(model), [each[name] for each in rows])
    session.connection().exec_driver_sql("UPDATE asset SET current_version_id = id")
    _collections(session, count, owner, agency_id=agency.id, partner_id=partner.id)
    return people


def _rows_of(number: int, organisation_id: int, person_id: int) -> dict[str, dict[str, Any]]:
    """The rows of one asset; all of them carry its number."""
    chance = random.Random(number)
    moment = clock.now() - timedelta(hours=number)
    form, media_type, family = FORMS[number % len(FORMS)]
    sha256 = f"{number:064x}"
    common = {"organisation_id": organisation_id, "created_at": moment}
    return {
        "blob": {
            "id": number, "key": new_key("original"), "size": 4_000_000 + number, "sha256": sha256,
            "media_type": media_type, "checked_at": moment, **common,
        },
        "asset": {
            "id": number, "title": f"{' '.join(chance.sample(WORDS, 3)).capitalize()} {number}",
            "description": " ".join(chance.choices(WORDS, k=12)), "type_key": "photograph",
            "state": STATES[number % len(STATES)], "created_by_id": person_id, "updated_at": moment,
            "tags": chance.sample(WORDS, 4), "uses": chance.randrange(50), "revision": 1,
            "attributes": {"region": [chance.choice(REGIONS)], "language": ["english"]}, **common,
        },
        "version": {
            "id": number, "asset_id": number, "number": 1, "blob_id": number, "sha256": sha256,
            "size": 4_000_000 + number, "file_name": f"img_{number:05}.jpg", "media_type": media_type,
            "format": form, "family": family, "width": 6000, "height": 4000, "shape": "landscape",
            "pages": 3 if family == "pdf" else None, "colours": chance.sample(COLOURS, 2),
            "main_colour": "#2b5f9e", "preview_state": "ready", "uploaded_by_id": person_id, **common,
        },
        "approval": {
            "version_id": number, "sha256": sha256, "person_id": person_id, "kind": "librarian",
            "verdict": "approved", "at": moment,
        },
        "right": {
            "asset_id": number, "holder": "Northwind Outdoors", "licence": "Buyout",
            "ends_on": clock.today() + timedelta(days=chance.randrange(-100, 900)),
        },
        "rendition": {
            "version_id": number, "recipe": "thumb", "blob_id": number, "media_type": "image/webp",
            "width": 320, "height": 213, "size": 9_000,
        },
    }  # fmt: skip


def _collections(session: Session, count: int, owner: int, *, agency_id: int, partner_id: int) -> None:
    """Collections that share the assets among them; two of three are open to the agency and the partner.

    They grew as the library did: an asset was put in when it came, an hour after the one before it.
    """
    moment = clock.now()
    long_ago = moment - timedelta(hours=count)
    numbers = range(1, COLLECTIONS + 1)
    common = {"owner_id": owner, "audience": "organisation", "created_at": moment, "updated_at": moment}
    session.execute(
        insert(Collection),
        [
            {"id": number, "name": f"{WORDS[number % 12].capitalize()} {number}", **common}
            for number in numbers
        ],
    )
    session.execute(
        insert(CollectionAncestor),
        [{"collection_id": number, "ancestor_id": number, "depth": 0} for number in numbers],
    )
    session.execute(
        insert(CollectionItem),
        [
            {
                "collection_id": 1 + number % COLLECTIONS,
                "asset_id": number,
                "position": number,
                "added_at": moment - timedelta(hours=number),
            }
            for number in range(1, count + 1)
        ],
    )
    session.execute(
        insert(CollectionGrant),
        [
            {"collection_id": number, "organisation_id": organisation, "granted_at": long_ago}
            for number in numbers
            if number % 3
            for organisation in (agency_id, partner_id)
        ],
    )
