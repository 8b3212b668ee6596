"""JPEG: marker segments of ITU T.81 annex B, up to the last end-of-image that belongs to the picture."""

import re
import struct
from collections.abc import Iterator

from assetlib.media.structure.found import (
    CUT_OFF,
    DAMAGED_HEADER,
    LONG_ICC,
    LONG_XMP,
    LONGEST_ICC,
    LONGEST_XMP,
    Bytes,
    Structure,
)
from assetlib.words import say

_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_SHORT_SEGMENT = say("A part of the head (APP14) is cut off. Check the colours of the preview.")


def segments(data: Bytes) -> Iterator[tuple[int, int, bytes]]:
    """(marker, offset of the marker, body) of each segment before and between the scans."""
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            yield marker, at, b""
            return
        if 0xD0 <= marker <= 0xD8 or marker == 0x01:
            at += 2
            continue
        if at + 4 > len(data):
            return
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield marker, at, bytes(data[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            following = _NEXT_MARKER.search(data, at)
            if following is None:
                return
            at = following.start()


def read(data: Bytes) -> Structure:
    """Size from the first frame header; oddities of the segments; where the picture ends."""
    found = Structure()
    icc = xmp = 0
    for marker, at, body in segments(data):
        if marker in _FRAMES and found.width is None and len(body) >= 5:
            found.bit_depth = body[0]
            found.height, found.width = struct.unpack(">HH", body[1:5])
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            icc += len(body)
        elif marker == 0xE1 and body.startswith((b"http://ns.adobe.com/xap", b"http://ns.adobe.com/xmp")):
            xmp += len(body)
        elif marker == 0xEE and body.startswith(b"Adobe"[: max(1, min(5, len(body)))]) and len(body) < 12:
            found.say(_SHORT_SEGMENT)
        elif marker == 0xD9:
            found.end = at + 2
    if icc > LONGEST_ICC:
        found.say(LONG_ICC)
    if xmp > LONGEST_XMP:
        found.say(LONG_XMP)
    if found.width is None:
        found.say(DAMAGED_HEADER)
    elif found.end is None:
        found.say(CUT_OFF)
    return found
