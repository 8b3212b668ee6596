"""What a PDF carries beside its pages: programs, attached files, forms, false claims, packed bombs."""

import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from assetlib.media.structure.found import MOST_PIXELS
from assetlib.words import say

ACTIVE = say("This PDF carries programs or actions. The preview shows the pages only; nothing was run.")
ATTACHED = say("Files are attached inside this PDF. The preview leaves them out.")
DYNAMIC_FORM = say("This PDF is a dynamic (XFA) form. The preview may differ from what Acrobat shows.")
WRONG_COUNT = say("This PDF counts its pages wrongly. The pages that are there are shown.")
WRONG_SIZE = say("A page has no usable size. Check the preview against the original.")
HUGE_PAGE = say("A page is larger than any sheet (over 14 400 points). The preview is reduced.")
PACKED_TWICE = say("Content of this PDF is packed twice. Check the preview against the original.")
STRANGE_PACKING = say("A page of this PDF is packed like a picture. Check the preview against the original.")
HEAVY = say("A page of this PDF is far too heavy to draw whole. Check the preview against the original.")
LOOPING_FONT = say("A font in this PDF refers to itself. Some letters may be missing from the preview.")

_ACTIVE_KINDS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/Movie",
}
_PICTURE_FILTERS = {"/JBIG2Decode", "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode"}
_MOST_OBJECTS = 50_000
_DEEPEST, _LONGEST_ARRAY = 6, 1000
_LONGEST_PAGE = 32 * 1024 * 1024
_MOST_INFLATED = 64 * 1024 * 1024
_LARGEST_SHEET = 14_400
_FONTS_READ = 20
_LONGEST_FONT = 2 * 1024 * 1024


def of(document: pikepdf.Pdf, pages: int) -> list[str]:
    """Sentences, each once. The document is only read."""
    said: list[str] = []
    root = document.Root
    _claims(document, root, pages, said)
    fonts = 0
    for number, thing in enumerate(document.objects):
        if number >= _MOST_OBJECTS:
            break
        try:
            if isinstance(thing, pikepdf.Stream):
                _stream(thing, said)
                fonts += "/Length1" in thing and fonts < _FONTS_READ and _font(thing, said)
            if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
                _dictionary(thing, said)
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, OverflowError):
            continue  # a damaged object is told by qpdf's own warnings
    _heavy_pages(document, said)
    return list(dict.fromkeys(said))


def _claims(document: pikepdf.Pdf, root: Any, pages: int, said: list[str]) -> None:
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        said.append(DYNAMIC_FORM)
    tree = root.get("/Pages")
    try:
        if int(tree.get("/Count", pages)) != pages:
            said.append(WRONG_COUNT)
    except (AttributeError, TypeError, ValueError, OverflowError):
        said.append(WRONG_COUNT)
    for page in list(document.pages)[:200]:
        try:
            left, bottom, right, top = (float(v) for v in page.mediabox)
        except (ValueError, TypeError, AttributeError, pikepdf.PdfError):
            said.append(WRONG_SIZE)
            continue
        wide, high = abs(right - left), abs(top - bottom)
        if wide == 0 or high == 0:
            said.append(WRONG_SIZE)
        elif max(wide, high) > _LARGEST_SHEET:
            said.append(HUGE_PAGE)


def _dictionary(thing: Any, said: list[str], depth: int = 0) -> None:
    """Look at a dictionary and at everything written directly into it."""
    kind = thing.get("/S")
    if (isinstance(kind, pikepdf.Name) and str(kind) in _ACTIVE_KINDS) or "/JS" in thing or "/AA" in thing:
        said.append(ACTIVE)
    address = thing.get("/URI")
    if isinstance(address, pikepdf.String) and _is_active_address(str(address)):
        said.append(ACTIVE)
    if str(thing.get("/Subtype", "")) == "/FileAttachment" or "/EF" in thing or "/EmbeddedFiles" in thing:
        said.append(ATTACHED)
    if depth < _DEEPEST:
        for value in thing.as_dict().values():
            _inside(value, said, depth + 1)


def _inside(value: Any, said: list[str], depth: int) -> None:
    if isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
        _dictionary(value, said, depth)
    elif isinstance(value, pikepdf.Array) and not value.is_indirect and len(value) <= _LONGEST_ARRAY:
        for inner in value:
            if isinstance(inner, pikepdf.Dictionary | pikepdf.Array):
                _inside(inner, said, depth + 1)


def _is_active_address(address: str) -> bool:
    plain = "".join(c for c in address if c > " ").lower()
    return plain.startswith(("javascript:", "data:", "vbscript:", "file:"))


def _stream(thing: Any, said: list[str]) -> None:
    filters = thing.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        names = [str(f) for f in filters]
        if len(names) != len(set(names)):
            said.append(PACKED_TWICE)
    if str(thing.get("/Subtype", "")) == "/Image":
        width, height = int(thing.get("/Width", 0)), int(thing.get("/Height", 0))
        if width * height > MOST_PIXELS:
            said.append(HEAVY)


def _inflated(raw: bytes, most: int) -> int:
    """Length after inflating, not beyond `most` + 1."""
    unpacking = zlib.decompressobj()
    length = 0
    piece = raw
    try:
        while piece and length <= most:
            length += len(unpacking.decompress(piece, 1024 * 1024))
            piece = unpacking.unconsumed_tail
    except zlib.error:
        return length
    return length


def _contents_of(page: Any) -> Iterator[Any]:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        yield contents
    elif isinstance(contents, pikepdf.Array):
        yield from (part for part in contents if isinstance(part, pikepdf.Stream))


def _filters_of(stream: Any) -> list[Any]:
    filters = stream.get("/Filter")
    return list(filters) if isinstance(filters, pikepdf.Array) else [filters]


def _heavy_pages(document: pikepdf.Pdf, said: list[str]) -> None:
    spent = 0
    for page in list(document.pages)[:500]:
        length = 0
        try:
            for stream in _contents_of(page):
                if _PICTURE_FILTERS & set(map(str, _filters_of(stream))):
                    said.append(STRANGE_PACKING)
                    continue
                raw = stream.read_raw_bytes()
                length += _inflated(raw, _LONGEST_PAGE) if "/Filter" in stream else len(raw)
        except (pikepdf.PdfError, ValueError, TypeError):
            continue
        spent += length
        if length > _LONGEST_PAGE:
            said.append(HEAVY)
        if spent > _MOST_INFLATED:
            return


def _font(thing: Any, said: list[str]) -> bool:
    """A TrueType font whose composed letters are made of themselves."""
    from assetlib.media.letters import refer_to_themselves

    if len(thing.read_raw_bytes()) > _LONGEST_FONT:
        return False
    font = thing.read_bytes()
    if font[:4] in {b"\0\1\0\0", b"true"} and refer_to_themselves(font):
        said.append(LOOPING_FONT)
    return True
