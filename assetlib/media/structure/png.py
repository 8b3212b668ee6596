"""PNG and APNG: chunks by the specification's chapter 5, APNG's acTL."""

import struct
import zlib

from assetlib.media.errors import NoPixels
from assetlib.media.structure.found import (
    CUT_OFF,
    DAMAGED_HEADER,
    LONG_ICC,
    LONGEST_ICC,
    LONGEST_XMP,
    PACKED_TEXT,
    Bytes,
    Structure,
)
from assetlib.words import say

_TEXT = {b"zTXt", b"iTXt", b"iCCP"}


def read(data: Bytes) -> Structure:
    """Walk the chunks. Raises NoPixels where nothing follows the signature."""
    found = Structure()
    if len(data) <= 8:
        raise NoPixels(say("Only the first bytes of a PNG are there. Export it again and send that."))
    if data[12:16] != b"IHDR" or len(data) < 33:
        found.say(DAMAGED_HEADER)
        return found
    found.width, found.height = struct.unpack(">II", data[16:24])
    found.bit_depth = data[24]
    at = 8
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        kind = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            break
        if kind in _TEXT:
            _check_packed(data[at + 8 : at + 8 + length], kind, (at, at + 12 + length), found)
        elif kind == b"acTL" and length >= 8:
            found.frames = max(1, struct.unpack(">I", data[at + 8 : at + 12])[0])
        at += 12 + length
        if kind == b"IEND":
            found.end = at
            return found
    found.say(CUT_OFF)
    return found


def _check_packed(body: bytes, kind: bytes, span: tuple[int, int], found: Structure) -> None:
    """Inflate no more than the limit allows; longer chunks are left out before decoding."""
    limit = LONGEST_ICC if kind == b"iCCP" else LONGEST_XMP
    if kind == b"iTXt":
        name_end = body.find(b"\0")
        if name_end < 0 or body[name_end + 1 : name_end + 2] != b"\1":
            too_long = len(body) > limit
            packed = b""
        else:
            packed = body[name_end + 3 :].split(b"\0", 2)[-1]
            too_long = False
    else:
        packed = body.partition(b"\0")[2][1:]
        too_long = False
    if packed:
        try:
            unpacking = zlib.decompressobj()
            too_long = len(unpacking.decompress(packed, limit + 1)) > limit
        except zlib.error:
            too_long = False
    if too_long:
        found.say(LONG_ICC if kind == b"iCCP" else PACKED_TEXT)
        found.leave_out.append(span)
