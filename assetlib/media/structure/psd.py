"""Photoshop: the five sections of Adobe's file format specification, with the records of its layers."""

import struct

from assetlib.media.structure.found import CUT_OFF, DAMAGED_HEADER, Bytes, Structure
from assetlib.words import say

_BAD_LAYERS = say("The layers of this Photoshop file are damaged. Check the preview against the original.")
_FAR_OUT = say("Layers of this file lie far outside the picture. The preview leaves them out.")
_MOST_SIDE = 30_000


def read(data: Bytes) -> Structure:
    """Size; whether every section and layer stays inside file and canvas."""
    found = Structure()
    if len(data) < 26:
        found.say(DAMAGED_HEADER)
        return found
    found.height, found.width = struct.unpack(">II", data[14:22])
    found.bit_depth = struct.unpack(">H", data[22:24])[0]
    modes = _after(data, 26)
    layers = None if modes is None else _after(data, modes)
    picture = None if layers is None else _after(data, layers)
    if layers is None or picture is None or picture + 2 > len(data):
        found.say(CUT_OFF)
        return found
    section = bytes(data[layers + 4 : picture])
    if not _layers_are_sane(section):
        found.say(_BAD_LAYERS)
    elif _reaches_far_out(section, found.width, found.height):
        found.say(_FAR_OUT)
    return found


def _after(data: Bytes, at: int) -> int | None:
    if at + 4 > len(data):
        return None
    end = at + 4 + int(struct.unpack(">I", data[at : at + 4])[0])
    return end if end <= len(data) else None


def _layers_are_sane(section: bytes) -> bool:
    if len(section) < 6:
        return True
    length, count = struct.unpack(">Ih", section[:6])
    if length == 0:
        return True
    if length + 4 > len(section):
        return False
    at, pieces = 6, []
    for _ in range(abs(count)):
        if at + 18 > len(section):
            return False
        top, left, bottom, right, channels = struct.unpack(">iiiiH", section[at : at + 18])
        if bottom < top or right < left or max(map(abs, (top, left, bottom, right))) > _MOST_SIDE * 10:
            return False
        if channels > 56 or at + 18 + channels * 6 + 16 > len(section):
            return False
        pieces += [
            int(struct.unpack(">I", section[at + 20 + 6 * c : at + 24 + 6 * c])[0]) for c in range(channels)
        ]
        at += 18 + channels * 6
        if section[at : at + 4] != b"8BIM":
            return False
        at += 12
        at += 4 + struct.unpack(">I", section[at : at + 4])[0]
    return at <= len(section) and _are_packed_as_known(section, at, pieces)


def _are_packed_as_known(section: bytes, at: int, pieces: list[int]) -> bool:
    """Each channel of each layer starts with the number of a packing that exists (raw, RLE, two ZIPs)."""
    for length in pieces:
        if length >= 2 and (at + length > len(section) or section[at] != 0 or section[at + 1] > 3):
            return False
        at += length
    return True


def _reaches_far_out(section: bytes, width: int, height: int) -> bool:
    """A layer begins a whole picture or more before the picture does. The section has been found sane."""
    if len(section) < 24:
        return False
    at = 6
    for _ in range(abs(struct.unpack(">h", section[4:6])[0])):
        top, left, _, _, channels = struct.unpack(">iiiiH", section[at : at + 18])
        if top <= -height or left <= -width:
            return True
        at += 18 + channels * 6 + 12
        at += 4 + int(struct.unpack(">I", section[at : at + 4])[0])
    return False
