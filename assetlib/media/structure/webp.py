"""WebP: RIFF chunks by RFC 9649."""

import struct

from assetlib.media.structure.found import CUT_OFF, DAMAGED_HEADER, Bytes, Structure


def _number24(data: bytes) -> int:
    return int.from_bytes(data[:3], "little")


def read(data: Bytes) -> Structure:
    """Canvas or picture size, frames, end."""
    found = Structure(frames=0)
    if len(data) < 20:
        found.say(DAMAGED_HEADER)
        return found
    claimed = struct.unpack("<I", data[4:8])[0] + 8
    at = 12
    while at + 8 <= len(data):
        kind = data[at : at + 4]
        length = struct.unpack("<I", data[at + 4 : at + 8])[0]
        body = bytes(data[at + 8 : at + 8 + min(length, 32)])
        if kind == b"VP8X" and len(body) >= 10:
            found.width, found.height = _number24(body[4:]) + 1, _number24(body[7:]) + 1
        elif kind == b"VP8 " and found.width is None and len(body) >= 10:
            width, height = struct.unpack("<HH", body[6:10])
            found.width, found.height = width & 0x3FFF, height & 0x3FFF
        elif kind == b"VP8L" and found.width is None and len(body) >= 5:
            bits = struct.unpack("<I", body[1:5])[0]
            found.width, found.height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            found.frames += 1
        at += 8 + length + (length & 1)
    found.frames = max(found.frames, 1)
    found.end = min(claimed, len(data))
    if found.width is None:
        found.say(DAMAGED_HEADER)
    elif claimed > len(data):
        found.say(CUT_OFF)
    return found
