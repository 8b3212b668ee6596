"""Media made in code: each function gives the bytes of one file, so that no sample file is needed."""

import gzip
import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageCms, ImageDraw

from assetlib.media.film_program import ffmpeg_program

CORNERS = {
    "top_left": (220, 20, 20),
    "top_right": (20, 180, 20),
    "bottom_left": (20, 20, 220),
    "bottom_right": (230, 220, 20),
}
"""Colours of the corners of `upright_picture`."""

_AS_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a picture must be stored so that its orientation turns it upright again."""


def upright_picture(width: int = 96, height: int = 64) -> Image.Image:
    """A grey picture with one colour in each corner."""
    picture = Image.new("RGB", (width, height), (128, 128, 128))
    draw = ImageDraw.Draw(picture)
    w, h = width // 3, height // 3
    draw.rectangle((0, 0, w, h), fill=CORNERS["top_left"])
    draw.rectangle((width - w, 0, width, h), fill=CORNERS["top_right"])
    draw.rectangle((0, height - h, w, height), fill=CORNERS["bottom_left"])
    draw.rectangle((width - w, height - h, width, height), fill=CORNERS["bottom_right"])
    return picture


def corners_of(picture: Image.Image) -> dict[str, tuple[int, int, int]]:
    """The colours a few pixels inside each corner."""
    rgb = picture.convert("RGB")
    w, h = rgb.width - 6, rgb.height - 6
    places = {"top_left": (5, 5), "top_right": (w, 5), "bottom_left": (5, h), "bottom_right": (w, h)}
    found = {name: rgb.getpixel(at) for name, at in places.items()}
    return {name: tuple(colour) for name, colour in found.items()}  # type: ignore[misc,arg-type]  # RGB: triples


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def stored_for(orientation: int, kind: str = "JPEG") -> bytes:
    """`upright_picture`, stored turned, with the EXIF orientation that puts it right."""
    turn = _AS_STORED[orientation]
    picture = upright_picture()
    if turn is not None:
        picture = picture.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"exif": exif} if kind != "TIFF" else {"tiffinfo": {0x0112: orientation}}
    if kind in {"JPEG", "WEBP"}:
        options["quality"] = 95
    return saved(picture, kind, **options)


def srgb_with_swapped_channels() -> bytes:
    """An ICC profile of sRGB in which red and green trade places: right only when honoured."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    places = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose head claims a size, with almost no data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + png_chunk(b"IDAT", zlib.compress(bytes(10)))
        + png_chunk(b"IEND", b"")
    )


def png_with(chunk: bytes) -> bytes:
    """A small PNG with a chunk put in right after its head."""
    plain = saved(upright_picture(), "PNG")
    return plain[:33] + chunk + plain[33:]


def jpeg_with(marker: int, body: bytes) -> bytes:
    """A small JPEG with a segment put in right after its start."""
    plain = saved(upright_picture(), "JPEG", quality=92)
    return plain[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + plain[2:]


XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"


def xmp(body: str) -> bytes:
    return (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:tiff='http://ns.adobe.com/tiff/1.0/'"
        f" xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'>{body}</rdf:Description>"
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def iptc(**sets: str) -> bytes:
    """IIM records of set 2: `iptc(s120="Caption")`."""
    out = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for name, text in sets.items():
        body = text.encode()
        out += b"\x1c\x02" + bytes([int(name[1:])]) + struct.pack(">H", len(body)) + body
    return out


def photoshop_block(records: bytes, digest: bytes | None = None) -> bytes:
    def resource(number: int, body: bytes) -> bytes:
        return (
            b"8BIM"
            + struct.pack(">H", number)
            + b"\0\0"
            + struct.pack(">I", len(body))
            + body
            + b"\0" * (len(body) % 2)
        )

    block = b"Photoshop 3.0\0" + resource(0x0404, records)
    return block + (resource(0x0425, digest) if digest else b"")


def svg(inside: str = "<rect width='10' height='10'/>", attributes: str = "width='100' height='60'") -> bytes:
    return (
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
        f" {attributes}>{inside}</svg>"
    ).encode()


def svgz(markup: bytes) -> bytes:
    return gzip.compress(markup)


def pdf(
    *sizes: tuple[float, float],
    text: str = "",
    catalog: dict[str, object] | None = None,
    page: dict[str, object] | None = None,
) -> pikepdf.Pdf:
    """A PDF with one red half per page and a line of text."""
    document = pikepdf.new()
    for width, height in sizes or ((200, 100),):
        added = document.add_blank_page(page_size=(width, height))
        added.obj.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        )
        drawing = f"1 0 0 rg 0 0 {width / 2} {height} re f 0 g BT /F 12 Tf 10 10 Td ({text}) Tj ET"
        added.obj.Contents = document.make_stream(drawing.encode())
        for key, value in (page or {}).items():
            added.obj[key] = value
    for key, value in (catalog or {}).items():
        document.Root[key] = value
    return document


def pdf_bytes(document: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def docx(words: str = "Hello", more: dict[str, bytes] | None = None) -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    core = (
        "<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>Plan</dc:title><dc:creator>Kim</dc:creator>"
        "</cp:coreProperties>"
    )
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": (
                f"<w:document xmlns:w='{w}'><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:document>"
            ).encode(),
            "docProps/core.xml": core.encode(),
            **(more or {}),
        }
    )


def made_by_ffmpeg(folder: Path, name: str, *arguments: str) -> Path:
    program = ffmpeg_program()
    assert program is not None
    target = folder / name
    subprocess.run([program, "-loglevel", "error", *arguments, "-y", str(target)], check=True)
    return target


def xlsx(text: str = "Ridgeline jacket") -> bytes:
    """A workbook of one sheet with a word and a number."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Stock" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1">'
        f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c><c r="B1"><v>42</v></c></row>'
        "</sheetData></worksheet>",
    }
    return zipped({name: part.encode() for name, part in parts.items()})
