"""Where the metadata of each format sits: raw EXIF, IPTC and XMP bytes."""

import re
import struct
from dataclasses import dataclass, field
from typing import Any

from assetlib.media.structure import jpeg
from assetlib.media.structure.found import LONGEST_XMP, Bytes

_XMP = re.compile(rb"<(?:x:)?xmpmeta[\s>].*?</(?:x:)?xmpmeta>|<rdf:RDF[\s>].*?</rdf:RDF>", re.DOTALL)
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_STANDARD = b"http://ns.adobe.com/xap/1.0/\0"
_IPTC_RESOURCE, _DIGEST_RESOURCE = 0x0404, 0x0425


@dataclass(slots=True)
class Packets:
    """Raw parts; empty where there are none."""

    exif: bytes = b""
    """Starting with the TIFF head, without "Exif\\0\\0"."""

    iptc: bytes = b""
    iptc_digest: bytes = b""
    xmp: bytes = b""
    extended_xmp: bytes = b""
    texts: dict[str, str] = field(default_factory=dict)
    """PNG's own keywords ("Title", "Author" …)."""

    has_c2pa: bool = False


def packets_of(data: Bytes, key: str, info: dict[str, Any]) -> Packets:
    """Collect from the file's bytes and from what Pillow kept in `info`."""
    found = Packets(has_c2pa=data.find(b"jumb") >= 0 and data.find(b"c2pa") >= 0)
    if key == "jpeg":
        _from_jpeg(data, found)
    elif key == "psd":
        _from_psd(data, found)
    elif key == "tiff":
        _from_resources(bytes(_tiff_tag(info, 34377)), found)
        found.iptc = found.iptc or bytes(_tiff_tag(info, 33723))
    if not found.exif:
        exif = info.get("exif")
        found.exif = exif.removeprefix(b"Exif\0\0") if isinstance(exif, bytes) else b""
    if not found.xmp:
        found.xmp = _xmp_in(data, info)
    if key == "png":
        found.texts = {
            k: v for k, v in info.items() if isinstance(k, str) and isinstance(v, str) and len(v) < 20_000
        }
    return found


def _tiff_tag(info: dict[str, Any], tag: int) -> bytes:
    value = info.get("tiff_tags", {}).get(tag, b"")
    return value if isinstance(value, bytes) else b""


def _xmp_in(data: Bytes, info: dict[str, Any]) -> bytes:
    kept = info.get("xmp")
    if isinstance(kept, str):
        kept = kept.encode()
    if isinstance(kept, bytes) and kept:
        return kept[:LONGEST_XMP]
    seen = _XMP.search(data)
    return seen.group(0)[:LONGEST_XMP] if seen else b""


def _from_jpeg(data: Bytes, found: Packets) -> None:
    resources, extended = b"", {}
    for marker, _, body in jpeg.segments(data):
        if marker == 0xDA:
            break
        if marker == 0xE1 and body.startswith(b"Exif\0"):
            found.exif += body[6:]
        elif marker == 0xE1 and body.startswith(_STANDARD) and not found.xmp:
            found.xmp = body[len(_STANDARD) :]
        elif marker == 0xE1 and body.startswith(_EXTENDED):
            head = len(_EXTENDED) + 32
            if len(body) >= head + 8:
                extended[struct.unpack(">I", body[head + 4 : head + 8])[0]] = body[head + 8 :]
        elif marker == 0xED and body.startswith(b"Photoshop 3.0\0"):
            resources += body[14:]
    found.extended_xmp = b"".join(extended[at] for at in sorted(extended))[:LONGEST_XMP]
    _from_resources(resources, found)


def _from_psd(data: Bytes, found: Packets) -> None:
    if len(data) < 30:
        return
    at = 30 + int(struct.unpack(">I", data[26:30])[0])
    if at + 4 > len(data):
        return
    length = struct.unpack(">I", data[at : at + 4])[0]
    _from_resources(bytes(data[at + 4 : at + 4 + min(length, 8 * 1024 * 1024)]), found)


def _from_resources(data: bytes, found: Packets) -> None:
    """Photoshop's image resource blocks: IPTC, its digest, EXIF, XMP."""
    at = 0
    while at + 12 <= len(data) and data[at : at + 4] in {b"8BIM", b"MeSa", b"PHUT", b"DCSR"}:
        number = struct.unpack(">H", data[at + 4 : at + 6])[0]
        name = data[at + 6]
        at += 6 + name + 1 + (name + 1) % 2
        length = struct.unpack(">I", data[at : at + 4].ljust(4, b"\0"))[0]
        body = data[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
        if number == _IPTC_RESOURCE:
            found.iptc = body
        elif number == _DIGEST_RESOURCE:
            found.iptc_digest = body[:16]
        elif number == 1058:
            found.exif = body
        elif number == 1060:
            found.xmp = body[:LONGEST_XMP]
