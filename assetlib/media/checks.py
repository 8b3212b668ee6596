"""Is a rendition what it claims to be? Asked by the parent of every file that a child wrote.

Only first bytes and sizes are looked at; nothing is decoded outside the sandbox.
"""

import stat
import struct
from pathlib import Path

from assetlib.media.structure import jpeg, webp

_LONGEST_STILL = 16 * 1024**2
_LONGEST_FILM = 4 * 1024**3
_LONGEST_ZOOM = 1024**3


def is_what_it_says(path: Path) -> tuple[str, int | None, int | None]:
    """(media type, width, height) by content. Raises ValueError where something does not fit."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
        raise ValueError("not a plain file")
    longest = {".mp4": _LONGEST_FILM, ".zoom": _LONGEST_ZOOM}.get(path.suffix, _LONGEST_STILL)
    if status.st_size > longest:
        raise ValueError("a rendition far too long")
    with path.open("rb") as opened:
        head = opened.read(64 * 1024)
    if path.suffix == ".jpg" and head.startswith(b"\xff\xd8\xff"):
        found = jpeg.read(head)
        return "image/jpeg", found.width, found.height
    if path.suffix == ".webp" and head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = webp.read(head)
        return "image/webp", found.width, found.height
    if path.suffix == ".png" and head.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", head[16:24])
        return "image/png", width, height
    if path.suffix == ".mp4" and head[4:8] == b"ftyp":
        return "video/mp4", None, None
    if path.suffix == ".zoom" and head.startswith(b"ALZOOM1\n"):
        return "application/vnd.assetlib.zoom", None, None
    raise ValueError("content and extension of a rendition do not fit")
