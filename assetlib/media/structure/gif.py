"""GIF: blocks by the 89a specification."""

import struct

from assetlib.media.structure.found import CUT_OFF, DAMAGED_HEADER, Bytes, Structure
from assetlib.words import say

_FRAME_OUTSIDE = say("A frame reaches far beyond the picture. The preview shows the picture only.")


def read(data: Bytes) -> Structure:
    """Walk the blocks; count frames; see whether a frame claims more room than the picture has."""
    found = Structure(frames=0)
    if len(data) < 13:
        found.say(DAMAGED_HEADER)
        return found
    found.width, found.height = struct.unpack("<HH", data[6:10])
    at = 13 + _table(data[10])
    while at < len(data):
        mark = data[at]
        if mark == 0x3B:
            found.end = at + 1
            found.frames = max(found.frames, 1)
            return found
        if mark == 0x21:
            at = _skip_blocks(data, at + 2)
        elif mark == 0x2C and at + 10 <= len(data):
            found.frames += 1
            at = _frame(data, at, found)
        else:
            break
    found.frames = max(found.frames, 1)
    found.say(CUT_OFF)
    return found


def _table(flags: int) -> int:
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0


def _frame(data: Bytes, at: int, found: Structure) -> int:
    left, top, width, height, flags = struct.unpack("<HHHHB", data[at + 1 : at + 10])
    if found.frames == 1:
        # Decoders stretch the canvas over the first frame, so that is what counts against the limit.
        found.width = max(found.width or 0, left + width) if found.width else 0
        found.height = max(found.height or 0, top + height) if found.height else 0
    if left + width > 2 * (found.width or 0) + 64 or top + height > 2 * (found.height or 0) + 64:
        found.say(_FRAME_OUTSIDE)
    return _skip_blocks(data, at + 11 + _table(flags))


def _skip_blocks(data: Bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
