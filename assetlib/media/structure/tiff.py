"""TIFF and BigTIFF: the chain of directories of TIFF 6.0, its loops, and strips that lie outside the file."""

import struct
from typing import NamedTuple

from assetlib.media.structure.found import CUT_OFF, DAMAGED_HEADER, LONG_XMP, LONGEST_XMP, Bytes, Structure
from assetlib.words import say

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTH, _HEIGHT, _OFFSETS, _COUNTS, _XMP, _GEO_KEYS = 256, 257, 273, 279, 700, 34735
_BITS = 258
_TILE_OFFSETS, _TILE_COUNTS = 324, 325
_X_RESOLUTION, _Y_RESOLUTION = 282, 283
_MOST_DIRECTORIES = 501

_LOOP = say("The list of pages runs in a circle. The first page is shown.")
_MAP = say("The map position in this GeoTIFF is kept in the file but not shown.")
_BAD_DIRECTORY = say("The page directory is damaged. Check the preview against the original.")
_NOT_SQUARE = say(
    "The pixels of this fax or scan are not square. The preview shows them as stored, a little stretched."
)


class _Kind(NamedTuple):
    order: str
    big: bool


def read(data: Bytes) -> Structure:
    """First page's size, number of pages, and what is wrong with the directories."""
    found = Structure(frames=0)
    big = data[2:4] in {b"+\0", b"\0+"}
    kind = _Kind("<" if data[:2] == b"II" else ">", big)
    if len(data) < (16 if big else 8):
        found.say(DAMAGED_HEADER)
        found.frames = 1
        return found
    at = struct.unpack(kind.order + ("Q" if big else "I"), data[8:16] if big else data[4:8])[0]
    seen: set[int] = set()
    while at and found.frames < _MOST_DIRECTORIES:
        if at in seen:
            found.say(_LOOP)
            break
        seen.add(at)
        tags, following = _directory(data, at, kind)
        if tags is None:
            found.say(_BAD_DIRECTORY if found.frames else DAMAGED_HEADER)
            break
        found.frames += 1
        _look(tags, len(data), found)
        at = following
    found.frames = max(found.frames, 1)
    return found


def _directory(data: Bytes, at: int, kind: _Kind) -> tuple[dict[int, tuple[int, ...]] | None, int]:
    """Tags with number values, and where the next directory starts; None where it lies outside the file."""
    head, entry, word = (8, 20, "Q") if kind.big else (2, 12, "I")
    if at + head > len(data):
        return None, 0
    count = struct.unpack(kind.order + ("Q" if kind.big else "H"), data[at : at + head])[0]
    end = at + head + count * entry
    if count > 4096 or end > len(data):
        return None, 0
    tags: dict[int, tuple[int, ...]] = {}
    for start in range(at + head, end, entry):
        tag, sort = struct.unpack(kind.order + "HH", data[start : start + 4])
        tags[tag] = _values(data, start, sort, kind)
        if tag in {_X_RESOLUTION, _Y_RESOLUTION} and sort == 5 and not kind.big:
            tags[tag] = _rational(data, start, kind)
    step = 8 if kind.big else 4
    following = data[end : end + step]
    return tags, struct.unpack(kind.order + word, following)[0] if len(following) == step else 0


def _values(data: Bytes, start: int, sort: int, kind: _Kind) -> tuple[int, ...]:
    """Numbers of an entry; (-1,) where they lie outside the file, (length,) for other sorts."""
    at, step, word = (start + 4, 8, "Q") if kind.big else (start + 4, 4, "I")
    count = struct.unpack(kind.order + word, data[at : at + step])[0]
    length = count * _SIZES.get(sort, 1)
    inline = at + step
    where = inline if length <= step else struct.unpack(kind.order + word, data[inline : inline + step])[0]
    if where + length > len(data):
        return (-1,)
    letter = _NUMBERS.get(sort)
    if letter is None or count > 2_000_000:
        return (length,)
    return struct.unpack(f"{kind.order}{count}{letter}", data[where : where + length])


def _rational(data: Bytes, start: int, kind: _Kind) -> tuple[int, ...]:
    where = struct.unpack(kind.order + "I", data[start + 8 : start + 12])[0]
    if where + 8 > len(data):
        return (-1,)
    return struct.unpack(kind.order + "II", data[where : where + 8])


def _is_stretched(tags: dict[int, tuple[int, ...]]) -> bool:
    across, down = tags.get(_X_RESOLUTION, ()), tags.get(_Y_RESOLUTION, ())
    if len(across) != 2 or len(down) != 2 or not (across[0] and across[1] and down[0] and down[1]):
        return False
    ratio = (across[0] / across[1]) / (down[0] / down[1])
    return not 0.98 < ratio < 1.02


def _look(tags: dict[int, tuple[int, ...]], size: int, found: Structure) -> None:
    if found.width is None:
        width, height = tags.get(_WIDTH, (None,)), tags.get(_HEIGHT, (None,))
        found.width, found.height = (width[0], height[0]) if width and height else (None, None)
        found.bit_depth = max(tags.get(_BITS, ()), default=1)
        if _GEO_KEYS in tags:
            found.say(_MAP)
        if _is_stretched(tags):
            found.say(_NOT_SQUARE)
    if any(values == (-1,) for values in tags.values()):
        found.say(_BAD_DIRECTORY)
    if tags.get(_XMP, (0,)) and max(tags.get(_XMP, (0,))) > LONGEST_XMP:
        found.say(LONG_XMP)
    for offsets, counts in ((_OFFSETS, _COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
        starts, lengths = tags.get(offsets, ()), tags.get(counts, ())
        if len(lengths) == len(starts):
            ends = (s + n for s, n in zip(starts, lengths, strict=True))
            if any(end > size for end in ends):
                found.say(CUT_OFF)
        elif any(start >= size for start in starts):
            found.say(CUT_OFF)


def is_sound(block: bytes) -> bool:
    """An EXIF block whose head and first directory lie inside it."""
    if block[:4] not in {b"II*\0", b"MM\0*"} or len(block) < 8:
        return False
    kind = _Kind("<" if block[:2] == b"II" else ">", big=False)
    at = struct.unpack(kind.order + "I", block[4:8])[0]
    tags, _ = _directory(block, at, kind)
    return tags is not None
