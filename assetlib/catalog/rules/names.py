"""Names of files made into names for people, and the other way round."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from assetlib.catalog.rules.texts import LONGEST_TITLE, name_fault

_NOT_IN_NAMES = re.compile(r'[/\\<>:"|?*]')
_CAMERA = re.compile(r"(?i)^(img|dsc|dscf|dscn|pict|mvi|gopr|pxl)[ _-]?\d+")
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "application/pdf": ".pdf",
}


def title_from(file_name: str, embedded: str | None) -> str:
    """A title to begin with: the one written inside the file if it can be one, else its name, readable."""
    if embedded is not None:
        first = embedded.strip()
        if first and name_fault(first, LONGEST_TITLE) is None:
            return first
    return readable(file_name)


def readable(file_name: str) -> str:
    """`spring-2026_hero.final.jpg` → "spring 2026 hero.final"; a name from a camera stays as it is."""
    path = PurePosixPath(file_name)
    stem = path.stem if path.suffix and len(path.suffix) <= 12 else file_name
    if _CAMERA.match(stem):
        return stem[:LONGEST_TITLE]
    words = " ".join(re.sub(r"[_\s]+|(?<=\w)-(?=\w)", " ", stem).split())
    return (words or stem or file_name)[:LONGEST_TITLE]


def extension_of(media_type: str, file_name: str) -> str:
    """The extension, with its dot, that a file of this type goes by; else the one that its name has."""
    return _EXTENSIONS.get(media_type) or PurePosixPath(file_name).suffix[:12]


def download_name(ref: str, title: str, extension: str, *, clean: Callable[[str], str]) -> str:
    """`AST-00042 Title.jpg`. What some system cannot have in a file name becomes a hyphen."""
    flat = _NOT_IN_NAMES.sub("-", title)
    return clean(f"{ref} {flat}{extension}")
