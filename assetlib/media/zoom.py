"""A zoom pyramid in one file: which bytes are which tile. Pure Python, for whoever serves tiles.

Layout: 8 bytes "ALZOOM1\\n", offset and length of the index (two big-endian 64-bit numbers), the tiles one
after the other, the index as JSON. A tile is one range read; the index is read once and kept.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAGIC = b"ALZOOM1\n"
HEAD = len(MAGIC) + 16
MEDIA_TYPE = "application/vnd.assetlib.zoom"
_LONGEST_INDEX = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the picture; level 0 is the smallest."""

    width: int
    height: int
    columns: int
    rows: int
    offsets: tuple[int, ...]
    """Where each tile begins, row by row; one more than there are tiles, the last is where the level ends."""


@dataclass(frozen=True, slots=True)
class ZoomIndex:
    """Sizes in pixels of the upright picture; tiles are `media_type`."""

    tile_size: int
    overlap: int
    width: int
    height: int
    media_type: str
    levels: tuple[Level, ...]

    def tile(self, level: int, column: int, row: int) -> tuple[int, int]:
        """(offset, length) of a tile. Raises KeyError where there is none."""
        if not 0 <= level < len(self.levels):
            raise KeyError(level)
        size = self.levels[level]
        if not (0 <= column < size.columns and 0 <= row < size.rows):
            raise KeyError((column, row))
        at = row * size.columns + column
        return size.offsets[at], size.offsets[at + 1] - size.offsets[at]


def read_index(read: Callable[[int, int], bytes]) -> ZoomIndex:
    """`read(offset, length)` gives bytes of the file, from disk or by a range request. Raises ValueError."""
    head = read(0, HEAD)
    if len(head) != HEAD or head[: len(MAGIC)] != MAGIC:
        raise ValueError("not a zoom pyramid")
    offset, length = struct.unpack(">QQ", head[len(MAGIC) :])
    if length > _LONGEST_INDEX:
        raise ValueError("the index of the pyramid is too long")
    try:
        return _index(json.loads(read(offset, length)))
    except (KeyError, TypeError) as odd:
        raise ValueError("the index of the pyramid is damaged") from odd


def _index(raw: dict[str, Any]) -> ZoomIndex:
    levels = tuple(
        Level(
            width=int(level["width"]),
            height=int(level["height"]),
            columns=int(level["columns"]),
            rows=int(level["rows"]),
            offsets=tuple(int(o) for o in level["offsets"]),
        )
        for level in raw["levels"]
    )
    if any(len(level.offsets) != level.columns * level.rows + 1 for level in levels):
        raise ValueError("the index of the pyramid is damaged")
    return ZoomIndex(
        tile_size=int(raw["tile_size"]),
        overlap=int(raw["overlap"]),
        width=int(raw["width"]),
        height=int(raw["height"]),
        media_type=str(raw["media_type"]),
        levels=levels,
    )
