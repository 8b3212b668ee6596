"""Which sort of asset a new file is taken for, until somebody says otherwise."""

from collections.abc import Sequence

GUESSES: dict[str, tuple[str, ...]] = {
    "image": ("photograph", "picture", "image"),
    "raw": ("photograph", "picture", "image"),
    "vector": ("logo", "illustration", "graphic", "picture"),
    "video": ("film", "video"),
    "audio": ("sound", "audio"),
    "pdf": ("document", "pdf"),
    "office": ("document", "office"),
    "text": ("document", "text"),
    "archive": ("archive", "package", "document"),
    "other": ("document",),
}


def guess_type(family: str, known: Sequence[str]) -> str | None:
    """The key among `known` that fits a family of files best; the first when none does; None when none is."""
    for key in GUESSES.get(family, ()):
        if key in known:
            return key
    return known[0] if known else None
