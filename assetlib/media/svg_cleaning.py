"""Which elements and attributes of an SVG draw and nothing else; everything else stays behind.

The allow-list follows SVG 1.1 and SVG 2's drawing parts. `url(#…)` and `href="#…"` survive; `data:` only as a
picture on `image`.
"""

import base64
import binascii
import re
from typing import Any

from lxml import etree

from assetlib.words import say

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_XHTML = "http://www.w3.org/1999/xhtml"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_XML = "http://www.w3.org/XML/1998/namespace"

ACTIVE = say("Scripts and links were taken out of the preview.")
OUTSIDE = say("References to other files or addresses were taken out of the preview.")
MOVING = say("Animation is not shown; the preview is a still.")
HEAVY = say("Parts that cost too much to draw were taken out of the preview.")
VERY_LONG = say("This drawing is very heavy. Check the preview against the original.")

LOOKS_ACTIVE = re.compile(r"<\s*/?\s*\w+[^>]*>|javascript:", re.IGNORECASE)

_DRAWING = frozenset(
    {
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "image",
        "linearGradient",
        "radialGradient",
        "stop",
        "pattern",
        "clipPath",
        "mask",
        "marker",
        "filter",
        "switch",
        "a",
        "style",
        "title",
        "desc",
        "view",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feConvolveMatrix",
        "feDiffuseLighting",
        "feDisplacementMap",
        "feDistantLight",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feImage",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "fePointLight",
        "feSpecularLighting",
        "feSpotLight",
        "feTile",
        "feTurbulence",
    }
)
_MOVING = frozenset(
    {"animate", "animateTransform", "animateMotion", "animateColor", "set", "mpath", "discard"}
)
_HARMLESS = frozenset(
    {"metadata", "hatch", "solidcolor", "font", "glyph", "missing-glyph", "cursor", "color-profile"}
)
_PICTURE_DATA = re.compile(r"^data:image/(png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_LOCAL = re.compile(r"^#[^\s#]+$")
_URL = re.compile(r"url\(\s*([\"']?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_AT_RULE = re.compile(r"@(import|font-face|namespace|charset|document)[^;{]*(\{[^}]*\}|;|$)", re.IGNORECASE)
_HARMLESS_LINK = re.compile(r"^(https?:|mailto:|tel:|[\w./?=&%-]*$)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?")
_NAMESPACES: Any = {None: SVG, "xlink": XLINK}
_LONGEST_PATH = 256 * 1024
_LONGEST_PICTURE = 8 * 1024 * 1024
_MOST_PIXELS_INSIDE = 50_000_000


def clean(root: Any, said: list[str]) -> Any:
    """A new tree of allowed parts; sentences go to `said`."""
    made = etree.Element(f"{{{SVG}}}svg", nsmap=_NAMESPACES)
    _attributes(root, made, "svg", said)
    made.text = root.text
    _children(root, made, said)
    return made


def _children(source: Any, target: Any, said: list[str]) -> None:
    for child in source:
        kept = _element(child, said)
        if kept is not None:
            kept.tail = child.tail
            target.append(kept)
        elif child.tail and len(target):
            target[-1].tail = (target[-1].tail or "") + child.tail


def _element(source: Any, said: list[str]) -> Any | None:
    if not isinstance(source.tag, str):
        return None
    space, _, name = source.tag.removeprefix("{").rpartition("}")
    if space in {SVG, ""} and name in _DRAWING:
        made = etree.Element(f"{{{SVG}}}{name}")
        if name == "style":
            made.text = clean_css("".join(source.itertext()), said)
            return made
        made.text = source.text
        _attributes(source, made, name, said)
        _children(source, made, said)
        return made
    if space in {SVG, ""} and name in _MOVING:
        said.append(MOVING)
        _tell_of_handlers(source, said)
    elif space in {SVG, "", _XHTML, _XINCLUDE} and name not in _HARMLESS:
        said.append(OUTSIDE if space == _XINCLUDE else ACTIVE)
    return None


def _tell_of_handlers(source: Any, said: list[str]) -> None:
    for name, value in source.attrib.items():
        target = value.lower()
        moves_handler = name == "attributeName" and (target.startswith("on") or target.endswith("href"))
        if moves_handler or name.lower().startswith("on") or "javascript:" in target:
            said.append(ACTIVE)


def _attributes(source: Any, target: Any, element: str, said: list[str]) -> None:
    for full, value in source.attrib.items():
        space, _, name = full.removeprefix("{").rpartition("}")
        if name.lower().startswith("on"):
            said.append(ACTIVE)
        elif name == "href" and space in {"", XLINK}:
            kept = _reference(value, element, said)
            if kept is not None:
                target.set(f"{{{XLINK}}}href", kept)
        elif space == "":
            kept = _plain_value(name, value, said)
            if kept is not None:
                target.set(name, kept)
        elif space == _XML and name in {"space", "lang"}:
            target.set(full, value)


def _reference(value: str, element: str, said: list[str]) -> str | None:
    bare = "".join(c for c in value if c > " ")
    if _LOCAL.match(bare):
        return bare
    if element in {"image", "feImage"} and _PICTURE_DATA.match(bare) and _is_small_picture(bare):
        return bare
    if element == "a":
        if not _HARMLESS_LINK.match(bare):
            said.append(ACTIVE)
    else:
        said.append(OUTSIDE)
    return None


def _is_small_picture(address: str) -> bool:
    """A picture inside the drawing obeys a limit of its own; its head says how large it is."""
    from assetlib.media.errors import UnwantedFile
    from assetlib.media.sniffing import sniff
    from assetlib.media.structure import structure_of

    try:
        data = base64.b64decode(address.partition(",")[2], validate=False)
    except (binascii.Error, ValueError):
        return False
    key = sniff(data[:65536])
    if len(data) > _LONGEST_PICTURE or key not in {"png", "jpeg", "gif", "webp"}:
        return False
    try:
        found = structure_of(data, key)
    except UnwantedFile:
        return False
    return (found.width or 0) * (found.height or 0) <= _MOST_PIXELS_INSIDE


def _plain_value(name: str, value: str, said: list[str]) -> str | None:
    lower = value.lower()
    if "javascript:" in lower or "expression(" in lower:
        said.append(ACTIVE)
        return None
    if name == "style":
        return clean_css(value, said)
    if name in {"d", "points"} and len(value) > _LONGEST_PATH:
        said.append(VERY_LONG)
    if name == "stroke-dasharray" and _is_endless_dash(value):
        said.append(HEAVY)
        return None
    if name in {"stdDeviation", "radius"} and any(abs(n) > 1000 for n in _numbers(value)):
        said.append(HEAVY)
        return "0"
    if name == "numOctaves" and any(n > 8 for n in _numbers(value)):
        said.append(HEAVY)
        return "8"
    return _without_outside(value, said)


def _numbers(value: str) -> list[float]:
    return [float(n) for n in _NUMBER.findall(value)]


def _is_endless_dash(value: str) -> bool:
    numbers = _numbers(value)
    return bool(numbers) and 0 < sum(numbers) < 0.05


def _without_outside(value: str, said: list[str]) -> str | None:
    for _, target in _URL.findall(value):
        if not _LOCAL.match(target.strip()):
            said.append(OUTSIDE)
            return None
    if "url(" in _URL.sub("", value).lower():
        said.append(OUTSIDE)
        return None
    return value


def clean_css(text: str, said: list[str]) -> str:
    """Style rules without imports, fonts, scripts and outside addresses."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    if "\\" in bare:
        # An escape can spell "url" or "import" in a way that no plain search sees; drawings do not need any.
        said.append(ACTIVE)
        return ""
    kept = _AT_RULE.sub("", bare)
    if kept != bare:
        said.append(OUTSIDE)
    if re.search(r"javascript:|expression\(|-moz-binding|behavior:", kept, re.IGNORECASE):
        said.append(ACTIVE)
        return ""
    for dash in re.findall(r"stroke-dasharray\s*:\s*([^;}]*)", kept):
        if _is_endless_dash(dash):
            said.append(HEAVY)
            kept = kept.replace(dash, "none")

    def local(match: re.Match[str]) -> str:
        if _LOCAL.match(match.group(2).strip()):
            return match.group(0)
        said.append(OUTSIDE)
        return "none"

    return _URL.sub(local, kept)


def words_of(tree: Any) -> str:
    """The words of text, title and description, for search."""
    parts = [
        " ".join("".join(e.itertext()).split())
        for name in ("title", "desc", "text")
        for e in tree.iter(f"{{{SVG}}}{name}")
    ]
    return "\n".join(p for p in parts if p)[:200_000]
