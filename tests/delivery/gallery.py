"""One published asset with every rendition there is, and every address that gives bytes of it."""

import json
import struct
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from assetlib.access.actor import PARTNER, Actor
from assetlib.catalog.models import Asset, Collection, Version
from assetlib.catalog.queries.actors import granted_collections
from assetlib.house import House
from assetlib.media.zoom import MAGIC, MEDIA_TYPE
from tests import make
from tests.delivery.visiting import Visit, Visits

EVENING = datetime(2027, 3, 31, 23, 30, tzinfo=UTC)
SECRET = b"the bytes themselves"
"""Stands in every file of the first version, so that an answer can be searched for it."""


@dataclass
class Gallery:
    house: House
    visits: Visits
    people: make.People
    partner: Actor
    """Somebody of a partner to whom the collection is opened."""
    asset: Asset
    version: Version
    older: Version
    collection: Collection
    clock: ExitStack
    packages: dict[int, str] = field(default_factory=dict)

    @property
    def librarian(self) -> Visit:
        return self.visits.of(self.people.librarian)

    @property
    def administrator(self) -> Visit:
        return self.visits.of(self.people.administrator)

    def previews(self) -> list[str]:
        base = f"/renditions/{self.version.id}"
        return [f"{base}/{each}" for each in ("thumb", "preview", "proxy", "filmstrip")] + [
            f"{base}/pages?page=2"
        ]

    def tiles(self) -> list[str]:
        return [f"/zoom/{self.version.id}", f"/zoom/{self.version.id}/0/0/0"]

    def files(self) -> list[str]:
        base = f"/assets/{self.asset.id}/download"
        return [f"{base}?form={each}&v=2" for each in ("original", "large")]

    def current_files(self) -> list[str]:
        base = f"/assets/{self.asset.id}/download"
        return [base, f"{base}?form=large"]

    def pack(self, reader: Actor) -> str:
        """The address of a ZIP of the asset."""
        answer = self.visits.of(reader).send("POST", "/api/v1/packages", json={"assets": [self.asset.id]})
        assert answer.status_code == 201, answer.text
        return str((answer.json or {})["url"])


def furnish(house: House, visits: Visits, people: make.People, clock: ExitStack) -> Gallery:
    with house.database.transaction() as session:
        shop = make.organisation(session, kind="partner", name="Bergwelt")
        guest = make.person(session, shop, PARTNER, name="Gerda Granted")
        asset = make.asset(session, people.agency, state="published", versions=0, title="The film")
        older = version_of(session, house, asset, b"an older one")
        version = version_of(session, house, asset, SECRET)
        for each in (older, version):
            make.approval(session, each, people.librarian)
        make.right(session, asset, ends_on=EVENING.date(), credit_line="Northwind")
        collection = make.collection(session, people.librarian, asset, granted_to=[shop])
        partner = make.actor(guest, shop, collections=granted_collections(session, shop.id))
    return Gallery(house, visits, people, partner, asset, version, older, collection, clock)


def version_of(
    session: Session, house: House, asset: Asset, content: bytes, *, current: bool = True
) -> Version:
    version = make.version(
        session,
        asset,
        content=content + b", original",
        store=house.store,
        current=current,
        width=5000,
        height=4000,
    )
    for recipe in ("thumb", "preview", "proxy", "filmstrip", "large"):
        make.rendition(session, version, recipe, content=content + b", " + recipe.encode(), store=house.store)
    for page in (1, 2):
        data = content + b", page %d" % page
        make.rendition(session, version, "pages", page=page, content=data, store=house.store)
    tiles = pyramid(b"\xff\xd8" + content + b", tile\xff\xd9")
    make.rendition(session, version, "zoom", content=tiles, store=house.store, media_type=MEDIA_TYPE)
    return version


def pyramid(tile: bytes) -> bytes:
    """A zoom file of this one tile."""
    start = len(MAGIC) + 16
    level = {"width": 1, "height": 1, "columns": 1, "rows": 1, "offsets": [start, start + len(tile)]}
    index = json.dumps(
        {
            "tile_size": 256,
            "overlap": 0,
            "width": 5000,
            "height": 4000,
            "media_type": "image/jpeg",
            "levels": [level],
        }
    ).encode()
    return MAGIC + struct.pack(">QQ", start + len(tile), len(index)) + tile + index
