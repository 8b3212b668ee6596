"""SVG in the child: read without entities, cleaned to what only draws, drawn by resvg.

Cleaning makes a new tree of allowed elements and attributes; it never edits the stranger's text. References
stay inside the file. What was taken out is told.
"""

import gzip
import io
import re
import zlib
from pathlib import Path
from typing import Any

import resvg_py
from lxml import etree
from PIL import Image

from assetlib.media import looks, svg_cleaning, svg_fonts, svg_references
from assetlib.media.errors import CannotDraw, TooLong, UnsafeMarkup
from assetlib.media.metadata import reconciled
from assetlib.media.metadata.packets import packets_of
from assetlib.media.stills import draw_stills
from assetlib.words import say

LONGEST = 5 * 1024 * 1024
MOST_ELEMENTS = 50_000
DEEPEST = 256

DAMAGED = say("The SVG is not well-formed. It is kept as a download.")
TOO_DEEP = say("The SVG is nested deeper than 256 levels. It is kept as a download.")
TOO_MANY = say("The SVG has more than 50,000 elements. It is kept as a download.")
HUGE = say("The drawing gives itself an enormous size. The preview is reduced.")
NO_FONT = say("No font is installed here, so the preview has no text.")
_UNSAFE = say("The SVG declares a document type with its own entities. Export it as plain SVG.")

_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+svg\s+PUBLIC\s+([\"'])-//W3C//DTD SVG [\w. ]{1,40}//EN\1\s*([\"'])[^\"'\[]*\2\s*>"
)
_LENGTH = re.compile(r"^\s*([+]?\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|%)?\s*$")
_UNITS = {
    None: 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 16.0,
}
_LARGEST_SIDE = 30_000


def read_svg(file_number: int, *, packed: bool) -> bytes:
    """The markup, unpacked within its limit. Raises TooLong or UnsafeMarkup."""
    with open(file_number, "rb", closefd=False) as opened:
        data = opened.read(LONGEST + 1)
    if packed and data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacking:
                data = unpacking.read(LONGEST + 1)
        except (OSError, EOFError, zlib.error) as broken:
            raise CannotDraw(DAMAGED) from broken
    if len(data) > LONGEST:
        raise TooLong(say("The SVG is longer than 5 MB. Simplify it, or send it as a PDF."))
    return data


def parse(data: bytes) -> Any:
    """The root element. Raises UnsafeMarkup for foreign document types, CannotDraw for damage."""
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    bare = _DOCTYPE.sub("", text, count=1)
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", bare, re.IGNORECASE):
        raise UnsafeMarkup(_UNSAFE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        raise CannotDraw(TOO_DEEP if "depth" in str(broken).lower() else DAMAGED) from broken
    except ValueError as broken:
        raise CannotDraw(DAMAGED) from broken
    if root.getroottree().docinfo.internalDTD is not None and bare == text:
        raise UnsafeMarkup(_UNSAFE)  # a document type in an encoding that the search above does not read
    _must_be_moderate(root)
    return root


def _must_be_moderate(root: Any) -> None:
    count, level = 0, 0
    for happening, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if happening == "start" else -1
        count += happening == "start"
        if level > DEEPEST:
            raise CannotDraw(TOO_DEEP)
        if count > MOST_ELEMENTS:
            raise CannotDraw(TOO_MANY)


def cleaned(data: bytes) -> tuple[Any, list[str]]:
    """A new, harmless tree and what was taken out."""
    said: list[str] = []
    if re.search(rb"<\?xml-stylesheet", data):
        said.append(svg_cleaning.ACTIVE)
    tree = svg_cleaning.clean(parse(data), said)
    svg_references.cut_circles(tree, said)
    if svg_references.drawn_elements(tree) > svg_references.MOST_DRAWN:
        raise CannotDraw(svg_references.TOO_MUCH)
    return tree, list(dict.fromkeys(said))


def size_of(root: Any) -> tuple[float, float]:
    """Width and height in pixels at 96 dpi, by width/height or viewBox; 100 × 100 without either."""
    box = [float(n) for n in re.findall(r"[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?", root.get("viewBox", ""))][:4]
    inner = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else (100.0, 100.0)
    given = [_pixels(root.get("width"), inner[0]), _pixels(root.get("height"), inner[1])]
    if given[0] and given[1]:
        return given[0], given[1]
    if given[0]:
        return given[0], given[0] * inner[1] / inner[0]
    if given[1]:
        return given[1] * inner[0] / inner[1], given[1]
    return inner


def _pixels(length: str | None, whole: float) -> float | None:
    seen = _LENGTH.match(length or "")
    if not seen:
        return None
    number = float(seen.group(1))
    value = number / 100 * whole if seen.group(2) == "%" else number * _UNITS[seen.group(2)]
    return value if 0 < value < 1e15 else None


def render(tree: Any, longest: int) -> Any:
    """An RGBA picture fitted into `longest` pixels. Raises CannotDraw."""
    width, height = size_of(tree)
    side = {"width": longest} if width >= height else {"height": longest}
    has_text = next(tree.iter(f"{{{svg_cleaning.SVG}}}text"), None) is not None
    tree.set("width", f"{width:.6g}")  # resvg wants plain pixels
    tree.set("height", f"{height:.6g}")
    options: dict[str, Any] = {**side, "skip_system_fonts": not has_text}
    if has_text:
        svg_fonts.give_fonts(tree)
        options |= svg_fonts.options()
    try:
        png = resvg_py.svg_to_bytes(svg_string=etree.tostring(tree, encoding="unicode"), **options)
    except ValueError as broken:
        raise CannotDraw(DAMAGED) from broken
    picture = Image.open(io.BytesIO(png), formats=["PNG"])
    if max(picture.size) > 4 * longest:
        raise CannotDraw(DAMAGED)
    return picture.convert("RGBA")


def examine_svg(file_number: int, *, packed: bool) -> dict[str, Any]:
    """Size, looks, title, text. Raises UnwantedFile for entities and for more than 5 MB."""
    data = read_svg(file_number, packed=packed)
    facts: dict[str, Any] = {"drawable": False}
    try:
        tree, said = cleaned(data)
    except CannotDraw as nothing:
        return {**facts, "warnings": [nothing.sentence]}
    width, height = size_of(tree)
    if max(width, height) > _LARGEST_SIDE:
        said.append(HUGE)
    facts |= {"width": max(1, round(width)), "height": max(1, round(height)), "colour_space": "RGB"}
    facts["shape"] = looks.shape_of(facts["width"], facts["height"])
    facts["text"] = svg_cleaning.words_of(tree) or None
    facts["metadata"] = _metadata(data, tree, said)
    if (
        facts["text"]
        and any(t.text for t in tree.iter(f"{{{svg_cleaning.SVG}}}text"))
        and not svg_fonts.any_font()
    ):
        said.append(NO_FONT)
    try:
        picture = render(tree, 512)
        facts |= {"drawable": True, **looks.looks_of(picture)}
        facts["has_alpha"] = picture.getchannel("A").getextrema() != (255, 255)
    except CannotDraw as nothing:
        said.append(nothing.sentence)
    facts["warnings"] = list(dict.fromkeys(said))
    return facts


def _metadata(data: bytes, tree: Any, said: list[str]) -> dict[str, dict[str, Any]]:
    packets = packets_of(data, "svg", {})
    unread: list[str] = []
    found = reconciled(packets, unread)  # RDF without its namespaces around it is common and harmless
    title = tree.findtext(f"{{{svg_cleaning.SVG}}}title")
    if title and "title" not in found:
        found["title"] = {"value": title.strip()[:2000], "source": "file"}
    if title and svg_cleaning.LOOKS_ACTIVE.search(title):
        said.append(svg_cleaning.ACTIVE)
    return found


def draw_svg(
    file_number: int, recipes: list[dict[str, Any]], folder: Path, focal: tuple[float, float], *, packed: bool
) -> dict[str, Any]:
    """Stills of a cleaned drawing, rendered once at the largest size asked for."""
    tree, said = cleaned(read_svg(file_number, packed=packed))
    stills = [r for r in recipes if r["kind"] == "still"]
    room = max(max(r["longest"], *(2 * s for s in r["box"] or (0, 0))) for r in stills)
    return {"files": draw_stills(render(tree, room), stills, folder, focal=focal), "warnings": said}
