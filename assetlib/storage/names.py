"""File names that people gave: which are kept, exactly as they are, and how names are made fit to be sent.

A name is only ever a label: no path on our side is made from it.
"""

import unicodedata
from urllib.parse import quote

from assetlib.words import say

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
    if last.isascii() and last.isprintable():
        kept = last.strip()  # nothing to leave out; most names are such
    else:
        kept = unicodedata.normalize("NFC", "".join(_kept(character) for character in last)).strip()
    if not kept.strip(". ") or not kept.strip("\u200c\u200d "):
        return NAMELESS
    return _shortened(kept)


def name_fault(name: str) -> str | None:
    """Why a file name cannot be kept, as a sentence; None when it is kept exactly as it is.

    Any script and any form of its letters is fine. Refused is what cannot be seen or turns the line, so that
    nobody takes one name for another, and what no file system calls a file.
    """
    if any(_is_hidden(character) for character in name):
        return say("This name holds signs that cannot be seen. Rename the file.")
    if "/" in name or "\\" in name:
        return say("This name holds a slash. Rename the file.")
    if not name.strip(". \u200c\u200d"):
        return say("This is no name of a file. Rename it.")
    if name != name.strip():
        return say("This name begins or ends with a blank. Rename the file.")
    if (size := len(name.encode())) > LONGEST_NAME:
        return say(
            "A file name has at most {most} bytes; this one has {size}. Shorten it.",
            most=LONGEST_NAME,
            size=size,
        )
    return None


def folder_fault(path: str) -> str | None:
    """Why the folder inside what somebody dropped, such as `Spring/Prints` or "", cannot be kept; or None."""
    if path and any(name_fault(each) is not None for each in path.split("/")):
        return say("A folder above this file has a name that cannot be kept. Rename the folder.")
    if len(path.encode()) > 4 * LONGEST_NAME:
        return say(
            "The names of its folders have at most {most} bytes together. Shorten them.",
            most=4 * LONGEST_NAME,
        )
    return None


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


def _is_hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in ("Cc", "Cs", "Cf", "Zl", "Zp")


def _kept(character: str) -> str:
    if _is_hidden(character):
        return ""
    return " " if unicodedata.category(character) == "Zs" and character != "\u3000" else character


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
