"""EXIF blocks: whether they are sound, and the few values the catalogue shows."""

import contextlib
import warnings
from typing import Any

from PIL import Image

from assetlib.media.structure import tiff

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_DESCRIPTION, _MAKE, _MODEL, _ARTIST, _COPYRIGHT, _SOFTWARE, _RATING = 270, 271, 272, 315, 33432, 305, 18246
_TAKEN, _OFFSET, _FRACTION, _LENS = 36867, 36881, 37521, 42036
_XP_TITLE, _XP_KEYWORDS = 40091, 40094


def read(block: bytes) -> dict[str, Any] | None:
    """Values by our own words; {} without a block, None where the block is damaged."""
    if not block.strip(b"\0"):
        return {}
    if not tiff.is_sound(block):
        return None
    exif = Image.Exif()
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow warns of each entry that it skips
            exif.load(b"Exif\0\0" + block)
            main, details, place = dict(exif), dict(exif.get_ifd(_EXIF_IFD)), dict(exif.get_ifd(_GPS_IFD))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, ArithmeticError):
        return None
    return {
        "description": _text(main.get(_DESCRIPTION)),
        "title": _wide_text(main.get(_XP_TITLE)),
        "creator": [p.strip() for p in _text(main.get(_ARTIST)).split(";") if p.strip()],
        "copyright": _text(main.get(_COPYRIGHT)),
        "camera": _camera(_text(main.get(_MAKE)), _text(main.get(_MODEL))),
        "lens": _text(details.get(_LENS)),
        "software": _text(main.get(_SOFTWARE)),
        "rating": main.get(_RATING) if isinstance(main.get(_RATING), int) else None,
        "created": (_text(details.get(_TAKEN)), _text(details.get(_FRACTION)), _text(details.get(_OFFSET))),
        "gps": any(tag in place for tag in (1, 2, 3, 4)),
    }


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    with contextlib.suppress(UnicodeDecodeError, UnicodeEncodeError):
        value = value.encode("latin-1").decode("utf-8")  # Pillow reads EXIF text as Latin-1
    return str(value).split("\0", 1)[0].strip()


def _wide_text(value: Any) -> str:
    if isinstance(value, tuple):
        value = bytes(v & 0xFF for v in value if isinstance(v, int))
    return value.decode("utf-16-le", "replace").strip("\0 ") if isinstance(value, bytes) else ""


def _camera(make: str, model: str) -> str:
    if make and not model.lower().startswith(make.partition(" ")[0].lower()):
        return f"{make} {model}".strip()
    return model
