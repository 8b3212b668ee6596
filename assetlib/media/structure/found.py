"""What a walk through a file found."""

import mmap
from dataclasses import dataclass, field

from assetlib.media.errors import NoPixels, TooManyFrames, TooManyPixels
from assetlib.words import say

MOST_PIXELS = 250_000_000
MOST_FRAMES = 500
LONGEST_XMP = 1024 * 1024
LONGEST_ICC = 4 * 1024 * 1024

Bytes = bytes | mmap.mmap
"""The whole file; the child hands in a memory map."""


@dataclass(slots=True)
class Structure:
    """Size in pixels as stored, number of frames, where the picture ends, and what is odd."""

    width: int | None = None
    height: int | None = None
    frames: int = 1
    bit_depth: int | None = None
    """Bits of one channel as stored; decoders often give 8."""

    end: int | None = None
    """Offset of the first byte after the picture; None where the format has no such place."""

    oddities: list[str] = field(default_factory=list)
    leave_out: list[tuple[int, int]] = field(default_factory=list)
    """Byte ranges to skip before decoding (packed text that would inflate without end)."""

    def say(self, sentence: str) -> None:
        """Keep a sentence once."""
        if sentence not in self.oddities:
            self.oddities.append(sentence)


CUT_OFF = say("The picture data is cut off. It is kept, the preview shows what was there.")
DAMAGED_HEADER = say("The head of the file is damaged. It is kept as a download.")
PACKED_TEXT = say("Text packed into this picture is far too long. It was not read.")
LONG_XMP = say("The XMP metadata is longer than 1 MB. It was not read.")
LONG_ICC = say("The colour profile is longer than 4 MB. It was not read.")
BEHIND = say("Other data is attached behind the picture. The preview leaves it out.")


def must_fit(width: int | None, height: int | None, *, frames: int = 1) -> None:
    """Refuse before anything is decoded. Raises TooManyPixels, TooManyFrames or NoPixels."""
    if width is None or height is None:
        return
    if width <= 0 or height <= 0:
        raise NoPixels(say("The picture is zero pixels wide or high. Export it again and send that."))
    if width * height > MOST_PIXELS:
        raise TooManyPixels(
            say(
                "The picture has {width} × {height} pixels; 250 million are the limit. Send a smaller one.",
                width=width,
                height=height,
            ),
            width=width,
            height=height,
        )
    if frames > MOST_FRAMES:
        raise TooManyFrames(
            say(
                "The file has {frames} frames or pages; {most} are the limit. Send it in parts.",
                frames=frames,
                most=MOST_FRAMES,
            ),
            frames=frames,
        )
