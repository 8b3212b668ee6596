"""Letters of every script find a font: resvg takes one font per run, so runs are cut by script here."""

import itertools
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from assetlib.media.svg_cleaning import SVG

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_PLAIN = (
    ("DejaVuSans.ttf", "DejaVu Sans"),
    ("LiberationSans-Regular.ttf", "Liberation Sans"),
    ("NotoSans-Regular.ttf", "Noto Sans"),
    ("FreeSans.ttf", "FreeSans"),
    ("Arial.ttf", "Arial"),
)
_CJK = (
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK JP"),
    ("NotoSansJP-Regular.otf", "Noto Sans JP"),
    ("wqy-microhei.ttc", "WenQuanYi Micro Hei"),
    ("DroidSansFallbackFull.ttf", "Droid Sans Fallback"),
)


def _noto(script: str) -> tuple[tuple[str, str], ...]:
    return ((f"NotoSans{script.replace(' ', '')}-Regular.ttf", f"Noto Sans {script}"),)


_SCRIPTS: tuple[tuple[int, int, tuple[tuple[str, str], ...]], ...] = (
    (0x0530, 0x058F, (*_PLAIN[:1], *_noto("Armenian"))),
    (0x0590, 0x05FF, (*_PLAIN[:1], *_noto("Hebrew"))),
    (0x0600, 0x06FF, (*_PLAIN[:1], *_noto("Arabic"))),
    (0x0900, 0x097F, _noto("Devanagari")),
    (0x0980, 0x09FF, _noto("Bengali")),
    (0x0A00, 0x0A7F, _noto("Gurmukhi")),
    (0x0A80, 0x0AFF, _noto("Gujarati")),
    (0x0B80, 0x0BFF, _noto("Tamil")),
    (0x0C00, 0x0C7F, _noto("Telugu")),
    (0x0C80, 0x0CFF, _noto("Kannada")),
    (0x0D00, 0x0D7F, _noto("Malayalam")),
    (0x0E00, 0x0E7F, _noto("Thai")),
    (0x0E80, 0x0EFF, _noto("Lao")),
    (0x1000, 0x109F, _noto("Myanmar")),
    (0x10A0, 0x10FF, (*_PLAIN[:1], *_noto("Georgian"))),
    (0x1200, 0x137F, _noto("Ethiopic")),
    (0x1780, 0x17FF, _noto("Khmer")),
    (0x2E80, 0x9FFF, _CJK),
    (0xAC00, 0xD7AF, _CJK),
    (0xF900, 0xFAFF, _CJK),
    (0xFF00, 0xFFEF, _CJK),
    (0x20000, 0x3FFFF, _CJK),
    (0x1F300, 0x1FAFF, (*_PLAIN[:1], ("NotoEmoji-Regular.ttf", "Noto Emoji"))),
)


@cache
def _installed() -> frozenset[str]:
    return frozenset(f.name for folder in _FOLDERS for f in Path(folder).rglob("*.[to]t[fc]"))


@cache
def _family_of(candidates: tuple[tuple[str, str], ...]) -> str | None:
    return next((family for file, family in candidates if file in _installed()), None)


def any_font() -> bool:
    """Whether text can be drawn at all on this machine."""
    return bool(_installed())


def options() -> dict[str, str]:
    """Families for resvg's generic names, so that a font that is not here is replaced by one that is."""
    family = _family_of(_PLAIN)
    if family is None:
        return {}
    return {f"{generic}_family": family for generic in ("font", "sans_serif", "serif", "cursive", "fantasy")}


def _family_for(letter: str) -> str | None:
    number = ord(letter)
    if number < 0x0530:
        return None
    return next((_family_of(c) for first, last, c in _SCRIPTS if first <= number <= last), None)


def give_fonts(tree: Any) -> None:
    """Wrap runs of other scripts in text elements into spans that name a font which has their letters."""
    for name in ("text", "tspan", "textPath", "a"):
        for element in list(tree.iter(f"{{{SVG}}}{name}")):
            if next(element.iterancestors(f"{{{SVG}}}text"), None) is None and name != "text":
                continue
            for child in list(element):
                _split(element, child, child.tail)
            _split(element, None, element.text)


def _split(parent: Any, after: Any | None, text: str | None) -> None:
    """Replace one stretch of text by its runs; `after` is the child it follows, None for the first."""
    if not text or text.isascii():
        return
    runs = [(family, "".join(letters)) for family, letters in itertools.groupby(text, _family_for)]
    if all(family is None for family, _ in runs):
        return
    place = 0 if after is None else parent.index(after) + 1
    _set(parent, after, "")
    for family, run in runs:
        if family is None:
            _set(parent, after, run)
            continue
        span = etree.Element(f"{{{SVG}}}tspan")
        span.set("font-family", family)
        span.text = run
        parent.insert(place, span)
        after, place = span, place + 1


def _set(parent: Any, after: Any | None, text: str) -> None:
    if after is None:
        parent.text = text
    else:
        after.tail = text
