"""What a file says about itself, as the packets that cameras and picture desks write: EXIF, IPTC, XMP."""

import struct
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from PIL import Image

_NAMESPACES = (
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("xmpRights", "http://ns.adobe.com/xap/1.0/rights/"),
    ("xmpMM", "http://ns.adobe.com/xap/1.0/mm/"),
    ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"),
)
_IIM_LONGEST = {5: 64, 80: 32, 110: 32, 116: 128, 25: 64, 120: 2000, 90: 32, 101: 64}
"""Bytes that IPTC-IIM allows for a record of that number."""


@dataclass(frozen=True, slots=True)
class Said:
    """Metadata of one file. Empty values are left out."""

    title: str
    description: str = ""
    alt_text: str = ""
    creator: str = ""
    credit: str = ""
    copyright: str = ""
    usage_terms: str = ""
    keywords: tuple[str, ...] = ()
    city: str = ""
    country: str = ""
    camera: str = ""
    created: datetime | None = None
    """When the picture was taken; aware."""


def xmp_packet(said: Said) -> bytes:
    """The XMP packet, in UTF-8, without the padding that in-place editors like."""
    plain = {
        "photoshop:Credit": said.credit,
        "photoshop:City": said.city,
        "photoshop:Country": said.country,
        "photoshop:DateCreated": said.created.isoformat(timespec="seconds") if said.created else "",
        "xmpMM:DocumentID": f"uuid:{uuid5(NAMESPACE_URL, said.title)}",
        "xmp:CreatorTool": "Northwind picture desk",
    }
    alternatives = {
        "dc:title": said.title,
        "dc:description": said.description,
        "dc:rights": said.copyright,
        "xmpRights:UsageTerms": said.usage_terms,
        "Iptc4xmpCore:AltTextAccessibility": said.alt_text,
    }
    body = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in plain.items() if text)
    body += "".join(
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></{name}>'
        for name, text in alternatives.items()
        if text
    )
    if said.creator:
        body += f"<dc:creator><rdf:Seq><rdf:li>{escape(said.creator)}</rdf:li></rdf:Seq></dc:creator>"
    if said.keywords:
        words = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in said.keywords)
        body += f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>"
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces}>{body}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iptc_records(said: Said) -> bytes:
    """The IPTC-IIM records of the application record, in UTF-8 and said to be so."""
    found = [_record(1, 90, b"\x1b%G"), _record(2, 0, b"\x00\x04")]
    for number, text in (
        (5, said.title),
        (120, said.description),
        (80, said.creator),
        (110, said.credit),
        (116, said.copyright),
        (90, said.city),
        (101, said.country),
    ):
        if text:
            found.append(_record(2, number, _cut(text, _IIM_LONGEST[number])))
    found += [_record(2, 25, _cut(word, _IIM_LONGEST[25])) for word in said.keywords]
    if said.created:
        found.append(_record(2, 55, said.created.strftime("%Y%m%d").encode()))
    return b"".join(found)


def iptc_segment(said: Said) -> bytes:
    """The JPEG segment that holds the IPTC records, as Photoshop lays it."""
    block = image_resource(0x0404, iptc_records(said))
    body = b"Photoshop 3.0\x00" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def image_resource(number: int, data: bytes) -> bytes:
    """One image resource block, of an APP13 segment or of a PSD."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\x00" * (len(data) % 2)


def exif_block(said: Said) -> Image.Exif:
    """The EXIF block: who, what, when and with which camera."""
    exif = Image.Exif()
    for tag, text in (
        (0x010E, said.description),
        (0x010F, said.camera.split(" ", 1)[0] if said.camera else ""),
        (0x0110, said.camera),
        (0x013B, said.creator),
        (0x8298, said.copyright),
    ):
        # Older readers know only ASCII here; what needs more is said in XMP.
        if text and text.isascii():
            exif[tag] = text
    if said.created:
        exif.get_ifd(0x8769)[0x9003] = said.created.strftime("%Y:%m:%d %H:%M:%S")
    return exif


def _record(record: int, number: int, data: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(data)) + data


def _cut(text: str, most: int) -> bytes:
    return text.encode()[:most].decode("utf-8", "ignore").encode()
