"""One door to the walkers, and what hangs behind or inside a picture that is not a picture."""

import re
from collections.abc import Callable

from assetlib.media.structure import gif, jpeg, png, psd, tiff, webp
from assetlib.media.structure.found import BEHIND, DAMAGED_HEADER, Bytes, Structure, must_fit
from assetlib.words import say

_WALKERS: dict[str, Callable[[Bytes], Structure]] = {
    "png": png.read,
    "gif": gif.read,
    "jpeg": jpeg.read,
    "webp": webp.read,
    "psd": psd.read,
    "tiff": tiff.read,
}

ACTIVE = re.compile(
    rb"<(?:[sS][cC][rR][iI][pP][tT][\s>/]|\?[pP][hH][pP]\b|![dD][oO][cC][tT][yY][pP][eE] [hH][tT]"
    rb"|[hH][tT][mM][lL][\s>]|[iI][fF][rR][aA][mM][eE][\s>])"
)
"""Spelled out by letters: a pattern that begins with one fixed byte is far faster than an any-case one."""

_MARKUP_INSIDE = say("Program text is hidden in this file. It is kept, and never run.")
_FAMILIAR = (b"\xff\xd8\xff", b"MPF", b"SEFT")
"""What cameras and telephones write behind a JPEG: further pictures, a film, their own trailer."""


def structure_of(data: Bytes, key: str) -> Structure:
    """Walk a picture of this format. Raises TooManyPixels, TooManyFrames, NoPixels."""
    walk = _WALKERS.get(key)
    found = walk(data) if walk else Structure()
    if key == "tiff" and min(found.width or 0, found.height or 0) <= 0:
        # A directory entry can be lost while others stand; nothing is decoded without a size anyway.
        found.width = found.height = None
        found.say(DAMAGED_HEADER)
    must_fit(found.width, found.height, frames=found.frames)
    if ACTIVE.search(data):
        found.say(_MARKUP_INSIDE)
    if found.end is not None and _is_foreign(bytes(data[found.end : found.end + 65536]), key):
        found.say(BEHIND)
    return found


def _is_foreign(behind: bytes, key: str) -> bool:
    stuff = behind.strip(b"\0 \r\n\t\xff")
    if len(stuff) < 8:
        return False
    if key == "jpeg":
        strange = (b"PK\x03\x04", b"%PDF-", b"\x7fELF", b"MZ\x90", b"Rar!", b"7z\xbc\xaf")
        return not any(mark in stuff[:64] for mark in _FAMILIAR) and any(mark in behind for mark in strange)
    return True
