"""PDFs in the child: facts by pikepdf, pictures and text by PDFium.

qpdf (under pikepdf) is the stricter reader: what it had to repair is told. PDFium draws, at a scale clamped
by the page's size, so that a page a billion points wide costs no more than any other.
"""

import contextlib
import io
import mmap
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from assetlib.media import looks, pdf_oddities
from assetlib.media.errors import CannotDraw
from assetlib.media.examination import LONGEST_TEXT
from assetlib.media.metadata import reconciled
from assetlib.media.metadata.packets import Packets
from assetlib.media.recipes import MOST_PAGES
from assetlib.media.stills import draw_stills
from assetlib.media.structure.found import BEHIND, LONGEST_XMP
from assetlib.words import say

ASKS_FOR_KEY = say(
    "This PDF asks for a password. It is kept as a download; remove the password for a preview."
)
LOCKED = say("This PDF is locked against changes. Its preview is shown; nothing can be written into it.")
DAMAGED = say("This PDF is damaged. It is kept, the preview shows what could be repaired.")
CANNOT_READ = say("This PDF cannot be read. It is kept as a download.")
NO_PAGES = say("This PDF has no page that can be drawn. It is kept as a download.")

_PAGES_READ = 200
_LOOK = 512
_HARMLESS = ("Resources is missing or invalid",)


def examine_pdf(file_number: int) -> dict[str, Any]:
    """Pages, size of the first in points, text, metadata, what is active or odd."""
    with open(file_number, "rb", closefd=False) as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    warnings: list[str] = []
    facts: dict[str, Any] = {"drawable": False}
    if _has_something_behind(data):
        warnings.append(BEHIND)
    try:
        facts |= _read_strictly(data, warnings)
    except pikepdf.PasswordError:
        facts["warnings"] = [*warnings, ASKS_FOR_KEY]
        return facts
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        warnings.append(DAMAGED)
    try:
        facts |= _seen(data)
    except CannotDraw as nothing:
        warnings = [w for w in warnings if w != DAMAGED]
        warnings.append(nothing.sentence)
    facts["warnings"] = list(dict.fromkeys(warnings))
    return facts


def _has_something_behind(data: mmap.mmap) -> bool:
    end = data.rfind(b"%%EOF")
    return end >= 0 and len(data[end + 5 : end + 5 + 65536].strip(b"\0 \r\n\t")) >= 8


def _read_strictly(data: mmap.mmap, warnings: list[str]) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
        pages = len(document.pages)
        warnings += pdf_oddities.of(document, pages)
        said = [str(w) for w in document.get_warnings()]
        if any(not any(h in w for h in _HARMLESS) for w in said):
            warnings.append(DAMAGED)
        if document.is_encrypted and not document.allow.modify_other:
            warnings.append(LOCKED)
        facts = {"pages": pages, "metadata": _metadata(document, warnings)}
        colour = _colour_space(document)
        return {**facts, "colour_space": colour} if colour else facts


def _colour_space(document: pikepdf.Pdf) -> str | None:
    """By the output intent, the one place where a print PDF says it."""
    try:
        intent = document.Root.OutputIntents[0].DestOutputProfile
        return {4: "CMYK", 3: "RGB", 1: "Grey"}.get(int(intent.N))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, pikepdf.PdfError):
        return None


def _metadata(document: pikepdf.Pdf, warnings: list[str]) -> dict[str, dict[str, Any]]:
    packets = Packets()
    try:
        stream = document.Root.get("/Metadata")
        if isinstance(stream, pikepdf.Stream) and len(stream.read_raw_bytes()) <= LONGEST_XMP:
            packets.xmp = stream.read_bytes()[:LONGEST_XMP]
        for word, key in (("Title", "/Title"), ("Author", "/Author"), ("Description", "/Subject")):
            value = document.docinfo.get(key)
            if isinstance(value, pikepdf.String):
                packets.texts[word] = str(value)[:2000]
    except (pikepdf.PdfError, ValueError, TypeError):
        return {}
    return reconciled(packets, warnings)


def _opened(data: mmap.mmap) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(io.BytesIO(data))
        if len(document) < 1:
            raise CannotDraw(NO_PAGES)
    except pdfium.PdfiumError as broken:
        if "password" in str(broken).lower():
            raise CannotDraw(ASKS_FOR_KEY) from broken
        raise CannotDraw(CANNOT_READ) from broken
    with contextlib.suppress(pdfium.PdfiumError):  # a broken form costs its fields, not the page
        document.init_forms()
    return document


def _seen(data: mmap.mmap) -> dict[str, Any]:
    document = _opened(data)
    picture, (width, height) = render_page(document, 0, _LOOK)
    return {
        "drawable": True,
        "pages": len(document),
        "width": _points(width),
        "height": _points(height),
        "shape": looks.shape_of(_points(width), _points(height)),
        "text": _text_of(document),
        **looks.looks_of(picture),
    }


def _points(value: float) -> int:
    return min(max(1, round(value)), 2**53)


def _text_of(document: pdfium.PdfDocument) -> str:
    parts, length = [], 0
    for index in range(min(len(document), _PAGES_READ)):
        try:
            page = document[index]
            part = page.get_textpage().get_text_bounded()
        except pdfium.PdfiumError:
            continue
        parts.append(part)
        length += len(part)
        if length > LONGEST_TEXT:
            break
    return "\n".join(parts).replace("\0", "").strip()[:LONGEST_TEXT]


def render_page(document: pdfium.PdfDocument, index: int, longest: int) -> tuple[Any, tuple[float, float]]:
    """(RGB picture fitted into `longest` pixels, size in points). Raises CannotDraw."""
    try:
        page = document[index]
        width, height = page.get_size()
    except pdfium.PdfiumError as broken:
        raise CannotDraw(NO_PAGES) from broken
    if not (0 < width < 1e12 and 0 < height < 1e12):
        raise CannotDraw(NO_PAGES)
    scale = longest / max(width, height)
    try:
        bitmap = page.render(
            scale=scale, may_draw_forms=True, rev_byteorder=True, fill_color=(255, 255, 255, 255)
        )
    except (pdfium.PdfiumError, ValueError) as broken:
        raise CannotDraw(NO_PAGES) from broken
    return bitmap.to_pil().convert("RGB"), (width, height)


def draw_pdf(
    file_number: int, recipes: list[dict[str, Any]], folder: Path, focal: tuple[float, float]
) -> dict[str, Any]:
    """Stills of the first page, and page pictures up to MOST_PAGES where asked for."""
    with open(file_number, "rb", closefd=False) as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    return draw_document(_opened(data), recipes, folder, focal)


def draw_document(
    document: pdfium.PdfDocument, recipes: list[dict[str, Any]], folder: Path, focal: tuple[float, float]
) -> dict[str, Any]:
    """The same for a document that is open already."""
    files: list[dict[str, Any]] = []
    warnings: list[str] = []
    stills = [r for r in recipes if r["kind"] == "still"]
    if stills:
        room = max(max(r["longest"], *(2 * s for s in r["box"] or (0, 0))) for r in stills)
        picture, _ = render_page(document, 0, room)
        files += draw_stills(picture, stills, folder, focal=focal)
    for recipe in recipes:
        if recipe["kind"] != "pages":
            continue
        for index in range(min(len(document), MOST_PAGES)):
            try:
                picture, _ = render_page(document, index, recipe["longest"])
            except CannotDraw:
                warnings.append(say("Page {number} cannot be drawn.", number=index + 1))
                continue
            files += draw_stills(picture, [recipe], folder, page=index + 1)
        if len(document) > MOST_PAGES:
            warnings.append(
                say(
                    "Page pictures end at page {most}; the file has {count}.",
                    most=MOST_PAGES,
                    count=len(document),
                )
            )
    return {"files": files, "warnings": warnings}
