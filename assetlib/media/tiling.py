"""Write a zoom pyramid in the child: one decode, each level half of the one before, colours tile by tile."""

import io
import json
import math
import mmap
import struct
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from assetlib.media import looks, zoom
from assetlib.media.pictures import Loaded, load_picture, source_of, to_srgb, upright
from assetlib.media.structure import structure_of

TILE = 512
OVERLAP = 0


def draw_zoom(file_number: int, key: str, recipe: dict[str, Any], folder: Path) -> dict[str, Any]:
    """`zoom.zoom` in `folder`: JPEG tiles of 512 pixels, the smallest level one tile. Raises CannotDraw."""
    with open(file_number, "rb", closefd=False) as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    structure = structure_of(data, key)
    loaded = load_picture(source_of(file_number, structure), key, inside=None, frames=structure.frames)
    path = folder / f"{recipe['name']}.zoom"
    with path.open("wb") as out:
        width, height = write_pyramid(loaded, out, quality=recipe["quality"])
    return {"recipe": recipe["name"], "file": path.name, "width": width, "height": height, "page": None}


def write_pyramid(loaded: Loaded, out: BinaryIO, *, quality: int) -> tuple[int, int]:
    """Largest level first into the file, smallest first in the index."""
    picture = upright(loaded.picture, loaded.orientation)
    size = picture.size
    out.write(zoom.MAGIC + bytes(16))
    levels: list[dict[str, Any]] = []
    while True:
        levels.append(_write_level(picture, loaded.icc, out, quality))
        if max(picture.size) <= TILE:
            break
        picture = _halved(picture)
    index = {
        "tile_size": TILE,
        "overlap": OVERLAP,
        "width": size[0],
        "height": size[1],
        "media_type": "image/jpeg",
        "levels": levels[::-1],
    }
    at = out.tell()
    text = json.dumps(index, separators=(",", ":")).encode()
    out.write(text)
    out.seek(len(zoom.MAGIC))
    out.write(struct.pack(">QQ", at, len(text)))
    return size


def _halved(picture: Image.Image) -> Image.Image:
    half = (max(1, math.ceil(picture.width / 2)), max(1, math.ceil(picture.height / 2)))
    if picture.mode in {"1", "P", "PA"} or picture.mode.startswith("I"):
        picture = to_srgb(picture, None, [])
    return picture.resize(half, Image.Resampling.BOX)


def _write_level(picture: Image.Image, icc: bytes | None, out: BinaryIO, quality: int) -> dict[str, Any]:
    columns, rows = math.ceil(picture.width / TILE), math.ceil(picture.height / TILE)
    offsets = []
    for row in range(rows):
        for column in range(columns):
            left, top = column * TILE, row * TILE
            box = (left, top, min(left + TILE, picture.width), min(top + TILE, picture.height))
            offsets.append(out.tell())
            out.write(_tile(picture.crop(box), icc, quality))
    offsets.append(out.tell())
    return {
        "width": picture.width,
        "height": picture.height,
        "columns": columns,
        "rows": rows,
        "offsets": offsets,
    }


def _tile(piece: Image.Image, icc: bytes | None, quality: int) -> bytes:
    buffer = io.BytesIO()
    looks.flattened(to_srgb(piece, icc, [])).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
