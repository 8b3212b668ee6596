"""A library of any size with bytes: small distinct files and previews, as the local store keeps them."""

import hashlib
import io
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, SYSTEM
from assetlib.accounts.actions import add_organisation, add_person
from assetlib.catalog.models import Asset, Rendition, Version
from assetlib.house import House
from assetlib.search.checking import rebuild
from assetlib.storage.blobs import new_key
from assetlib.storage.models import Blob

WORDS = ("coast", "ridge", "cabin", "harbour", "trail", "summit", "lantern", "glacier", "meadow", "stove")
AT_ONCE = 1_000
SIDE = 24


def fill(house: House, count: int, padding: int = 0) -> None:
    """So many assets, each with a PNG of its own, `padding` more bytes behind it, and a preview in WebP."""
    with house.database.transaction() as session:
        own = add_organisation(session, SYSTEM, name="Northwind Outdoors", kind="own")
        person = add_person(session, SYSTEM, own, name="Lena", email="lena@x.example", roles=[LIBRARIAN])
    for first in range(1, count + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count + 1))
        with ThreadPoolExecutor(4) as pool:
            files = list(pool.map(lambda number: _files(house.settings.files, number, padding), numbers))
        with house.database.transaction() as session:
            _rows(session, list(zip(numbers, files, strict=True)), own.id, person.id)
    rebuild(house.database, house.index)


def _files(store: Path, number: int, padding: int) -> list[dict[str, Any]]:
    """Blob rows of an original and its preview, the bytes of which lie in the store now."""
    chance = random.Random(number)
    picture = Image.frombytes("RGB", (SIDE, SIDE), chance.randbytes(SIDE * SIDE * 3))
    rows = []
    for name, form, media_type in (("original", "PNG", "image/png"), ("thumb.webp", "WEBP", "image/webp")):
        file = io.BytesIO()
        picture.save(file, form)
        content = file.getvalue() + (chance.randbytes(padding) if form == "PNG" else b"")
        key = new_key(name)
        path = store / key
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        rows.append({"key": key, "size": len(content), "sha256": sha256, "media_type": media_type})
    return rows


def _rows(session: Session, made: list[tuple[int, list[dict[str, Any]]]], own: int, person: int) -> None:
    moment = clock.now()
    common = {"organisation_id": own, "created_at": moment}
    blobs, assets, versions, renditions = [], [], [], []
    for number, (original, thumb) in made:
        chance = random.Random(-number)
        ids = {"original": number * 2 - 1, "thumb": number * 2}
        blobs += [
            {"id": ids["original"], "checked_at": moment, **original, **common},
            {"id": ids["thumb"], "checked_at": moment, **thumb, **common},
        ]
        assets.append(
            {
                "id": number, "title": f"{' '.join(chance.sample(WORDS, 3)).capitalize()} {number}",
                "description": " ".join(chance.choices(WORDS, k=12)), "type_key": "photograph",
                "state": ("published", "draft", "archived")[number % 3], "created_by_id": person,
                "updated_at": moment - timedelta(minutes=number), "tags": chance.sample(WORDS, 2), "uses": 0,
                "revision": 1, "attributes": {}, **common,
            }
        )  # fmt: skip
        versions.append(
            {
                "id": number, "asset_id": number, "number": 1, "blob_id": ids["original"],
                "sha256": original["sha256"], "size": original["size"], "file_name": f"img_{number:05}.png",
                "media_type": "image/png", "format": "PNG", "family": "image", "width": SIDE, "height": SIDE,
                "shape": "square", "colours": [], "preview_state": "ready", "uploaded_by_id": person,
                **common,
            }
        )  # fmt: skip
        renditions.append(
            {
                "version_id": number, "recipe": "thumb", "blob_id": ids["thumb"], "media_type": "image/webp",
                "width": SIDE, "height": SIDE, "size": thumb["size"],
            }
        )  # fmt: skip
    for model, rows in ((Blob, blobs), (Asset, assets), (Version, versions), (Rendition, renditions)):
        session.execute(insert(model), rows)
    unset = "UPDATE asset SET current_version_id = id WHERE current_version_id IS NULL"
    session.connection().exec_driver_sql(unset)
