"""File names that people gave, made fit to be kept, shown and sent.

A name is only ever a label: no path on our side is made from it.
"""

import unicodedata
from urllib.parse import quote

LONGEST_NAME = 255
"""Bytes of UTF-8, the most that common file systems take."""
LONGEST_EXTENSION = 32
NAMELESS = "unnamed"

# Joiners shape letters in Persian, Hindi and emoji; they are letters there, not tricks.
_JOINERS = frozenset("\u200c\u200d")
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"


def clean_name(name: str) -> str:
    """The last segment of `name` as it may be shown: NFC, printable, 1 to 255 bytes of UTF-8, never a path.

    Control, direction and invisible format characters go, and so do lone surrogates. What leaves nothing
    behind is called "unnamed".
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(_kept(character) for character in last)
    kept = unicodedata.normalize("NFC", kept).strip()
    if not kept.strip(". ") or not kept.strip("\u200c\u200d "):
        return NAMELESS
    return _shortened(kept)


def clean_folder(path: str) -> str:
    """A folder inside what somebody dropped, such as `Spring/Prints`: clean segments, no climbing, or ""."""
    segments = [part for part in path.replace("\\", "/").split("/") if part.strip() not in ("", ".", "..")]
    cleaned = [clean_name(part) for part in segments]
    while cleaned and len("/".join(cleaned).encode()) > 4 * LONGEST_NAME:
        cleaned.pop(0)
    return "/".join(cleaned)


def content_disposition(name: str, *, attachment: bool = True) -> str:
    """The Content-Disposition header that carries `name` (RFC 6266, RFC 8187).

    The plain form holds letters, digits and a few signs, so nothing in a name can end the quotes; the
    extended form holds the true name.
    """
    cleaned = clean_name(name)
    kind = "attachment" if attachment else "inline"
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFKD", cleaned))
    plain = plain.strip() or NAMELESS
    header = f'{kind}; filename="{plain}"'
    if plain != cleaned:
        header += f"; filename*=UTF-8''{quote(cleaned, safe=_ATTRIBUTE_CHARACTERS)}"
    return header


def _kept(character: str) -> str:
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Cf", "Zl", "Zp"):
        return ""
    return " " if category == "Zs" and character != "\u3000" else character


def _plain(character: str) -> str:
    if character.isascii() and (character.isalnum() or character in " -_.()+,@=&!~"):
        return character
    return "" if unicodedata.combining(character) else "_"


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension
    if not stem or len(tail.encode()) > LONGEST_EXTENSION:
        stem, tail = name, ""
    room = LONGEST_NAME - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + tail
