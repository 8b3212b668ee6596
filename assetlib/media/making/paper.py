"""PDF pages: pictures placed on paper, and words that can be searched and copied."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from PIL import Image

from assetlib.media.making.said import Said, xmp_packet

MM = 72 / 25.4
"""Points in a millimetre."""

_FACES = {"sans": "/Helvetica", "bold": "/Helvetica-Bold", "serif": "/Times-Roman"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on a page: its lower left corner and its width, in points."""

    picture: Image.Image
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text, the first one's base line at (x, y) in points. `grey` is 0 black to 1 white."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float = 10
    face: str = "sans"
    grey: float = 0.1
    leading: float = 1.35
    hidden: bool = False
    """Found by search, not seen: for words that stand in the picture already."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, its size in points, on paper of a colour (red, green, blue as shares)."""

    width: float
    height: float
    pictures: tuple[Placed, ...] = ()
    words: tuple[Words, ...] = ()
    paper: tuple[float, float, float] = (1, 1, 1)
    bars: tuple[tuple[float, float, float, float, str], ...] = field(default=())
    """Filled boxes under the words: x, y, width, height, and a colour as #rrggbb."""


def paper_file(sheets: Sequence[Sheet], said: Said, *, quality: int = 82) -> bytes:
    """The bytes of a PDF with these pages; the same pages make the same bytes."""
    with pikepdf.new() as document:
        fonts = pikepdf.Dictionary(
            {
                f"/{name}": document.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Font,
                        Subtype=pikepdf.Name.Type1,
                        BaseFont=pikepdf.Name(face),
                        Encoding=pikepdf.Name.WinAnsiEncoding,
                    )
                )
                for name, face in _FACES.items()
            }
        )
        for sheet in sheets:
            _add(document, sheet, fonts, quality)
        metadata = document.make_stream(xmp_packet(said))
        metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.Root.Metadata = metadata
        document.docinfo["/Title"] = said.title
        document.docinfo["/Author"] = said.creator
        document.docinfo["/Keywords"] = ", ".join(said.keywords)
        kept = io.BytesIO()
        document.save(kept, deterministic_id=True)
        return kept.getvalue()


def _add(document: pikepdf.Pdf, sheet: Sheet, fonts: pikepdf.Dictionary, quality: int) -> None:
    orders = [
        "{:.3f} {:.3f} {:.3f} rg 0 0 {:.2f} {:.2f} re f".format(*sheet.paper, sheet.width, sheet.height)
    ]
    images = pikepdf.Dictionary()
    for number, placed in enumerate(sheet.pictures):
        height = placed.width * placed.picture.height / placed.picture.width
        images[f"/Im{number}"] = _image(document, placed.picture, quality)
        orders.append(
            f"q {placed.width:.2f} 0 0 {height:.2f} {placed.x:.2f} {placed.y:.2f} cm /Im{number} Do Q"
        )
    for x, y, width, height, colour in sheet.bars:
        shares = " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
        orders.append(f"{shares} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")
    content = " ".join(orders).encode() + b" " + b" ".join(_written(words) for words in sheet.words)
    document.add_blank_page(page_size=(sheet.width, sheet.height))
    page = document.pages[-1]
    page.Contents = document.make_stream(content)
    page.Resources = pikepdf.Dictionary(Font=fonts, XObject=images)


def _image(document: pikepdf.Pdf, picture: Image.Image, quality: int) -> pikepdf.Stream:
    packed = io.BytesIO()
    picture.convert("RGB").save(packed, "JPEG", quality=quality)
    image = document.make_stream(packed.getvalue())
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height = picture.size
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    image.Filter = pikepdf.Name.DCTDecode
    return image


def _written(words: Words) -> bytes:
    start = (
        f"BT /{words.face} {words.size:g} Tf {3 if words.hidden else 0} Tr "
        f"{words.grey:g} g {words.size * words.leading:.2f} TL "
        f"{words.x:.2f} {words.y:.2f} Td"
    )
    lines = b" T* ".join(b"(" + _escaped(line) + b") Tj" for line in words.lines)
    return start.encode() + b" " + lines + b" ET"


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
