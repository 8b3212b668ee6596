"""Camera raw files in the child: the preview that the camera put inside, where there is one.

The pictures inside are found by their JPEG marks, the same for every maker; lossless JPEG is raw data and
does not count.
"""

import io
import mmap
import struct
from pathlib import Path
from typing import Any

from PIL import Image

from assetlib.media import looks
from assetlib.media.errors import CannotDraw
from assetlib.media.metadata import packets_of, reconciled
from assetlib.media.pictures import load_picture, shrink, to_srgb, upright
from assetlib.media.stills import draw_stills
from assetlib.media.structure import jpeg
from assetlib.media.structure.found import MOST_PIXELS
from assetlib.words import say

CAMERAS_OWN = say("The preview is the one that the camera put into this raw file.")
NOTHING_INSIDE = say("This raw file has no preview inside. It is kept as a download.")

_MOST_TRIED = 64
_ORIENTATION = 274


def _map(file_number: int) -> mmap.mmap:
    with open(file_number, "rb", closefd=False) as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def _largest_picture(data: mmap.mmap) -> bytes:
    """The JPEG with the most pixels. Raises CannotDraw."""
    best, most, at = b"", 0, 0
    for _ in range(_MOST_TRIED):
        at = data.find(b"\xff\xd8\xff", at)
        if at < 0:
            break
        piece = data[at : at + 64 * 1024 * 1024]
        found = jpeg.read(piece)
        pixels = (found.width or 0) * (found.height or 0)
        if found.end and most < pixels <= MOST_PIXELS and not _is_lossless(piece):
            best, most = piece[: found.end], pixels
        at += found.end if found.end else 3
    if not best:
        raise CannotDraw(NOTHING_INSIDE)
    return best


def _is_lossless(piece: bytes) -> bool:
    return any(marker in {0xC3, 0xC7, 0xCB, 0xCF} for marker, _, _ in jpeg.segments(piece))


def _orientation(data: mmap.mmap) -> int:
    """Of the first directory; 1 where the maker's file is not built like a TIFF."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 16:
        return 1
    at = struct.unpack(order + "I", data[4:8])[0]
    if at + 2 > len(data):
        return 1
    for entry in range(
        at + 2, min(at + 2 + 12 * struct.unpack(order + "H", data[at : at + 2])[0], len(data) - 12), 12
    ):
        tag, sort = struct.unpack(order + "HH", data[entry : entry + 4])
        if tag == _ORIENTATION and sort == 3:
            value = struct.unpack(order + "H", data[entry + 8 : entry + 10])[0]
            return int(value) if value in range(1, 9) else 1
    return 1


def _picture(data: mmap.mmap, longest: int, warnings: list[str]) -> tuple[Image.Image, tuple[int, int]]:
    loaded = load_picture(io.BytesIO(_largest_picture(data)), "jpeg", inside=(longest, longest))
    warnings += loaded.warnings
    small = to_srgb(shrink(loaded.picture, (longest, longest)), loaded.icc, warnings)
    turn = loaded.orientation if loaded.orientation != 1 else _orientation(data)
    size = loaded.full_size if turn < 5 or loaded.orientation >= 5 else loaded.full_size[::-1]
    return upright(small, turn), size


def examine_raw(file_number: int) -> dict[str, Any]:
    """Facts of the preview inside; the metadata is the raw file's own."""
    data = _map(file_number)
    warnings: list[str] = []
    packets = packets_of(data, "raw", {})
    if data[:4] in {b"II*\0", b"MM\0*"}:
        packets.exif = data[: 8 * 1024 * 1024]
    facts: dict[str, Any] = {"drawable": False, "metadata": reconciled(packets, [])}
    try:
        picture, (width, height) = _picture(data, 512, warnings)
    except CannotDraw as nothing:
        return {**facts, "warnings": [nothing.sentence]}
    return {
        **facts,
        "drawable": True,
        "width": width,
        "height": height,
        "shape": looks.shape_of(width, height),
        "colour_space": "RGB",
        "orientation": _orientation(data),
        **looks.looks_of(picture),
        "warnings": [CAMERAS_OWN, *warnings],
    }


def draw_raw(
    file_number: int, recipes: list[dict[str, Any]], folder: Path, focal: tuple[float, float]
) -> dict[str, Any]:
    """Stills of the preview inside."""
    stills = [r for r in recipes if r["kind"] == "still"]
    room = max(max(r["longest"], *(2 * s for s in r["box"] or (0, 0))) for r in stills)
    warnings: list[str] = []
    picture, _ = _picture(_map(file_number), room, warnings)
    return {"files": draw_stills(picture, stills, folder, focal=focal), "warnings": warnings}
