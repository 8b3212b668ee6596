"""XMP packets (ISO 16684-1) as simple values by namespace and name. No entities, no document types."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "iptc": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
}
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class BadXmp(ValueError):
    """Not well-formed, or with a document type."""


def read(packet: bytes) -> dict[str, str | list[str]]:
    """ "dc:title" → text, "dc:subject" → list. Raises BadXmp."""
    body = _as_utf8(packet).strip("\0 \r\n\t\ufeff")
    if not body:
        return {}
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as broken:
        raise BadXmp("the packet is not well-formed") from broken
    values: dict[str, str | list[str]] = {}
    for description in root.iter(f"{{{RDF}}}Description"):
        for name, text in description.attrib.items():
            if (short := _short(name)) is not None:
                values.setdefault(short, text)
        for child in description:
            if (short := _short(child.tag)) is not None:
                values.setdefault(short, _value(child))
    return values


def _as_utf8(packet: bytes) -> str:
    """XMP may come as UTF-16 or UTF-32 without a mark; the zero bytes around "<" tell (ISO 16684-1, 7.1)."""
    start = packet.lstrip(b" \r\n\t")[:8]
    for encoding, beginning in (
        ("utf-32-be", b"\0\0\0<"),
        ("utf-32-le", b"<\0\0\0"),
        ("utf-16-be", b"\0<"),
        ("utf-16-le", b"<\0"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b"\xff\xfe"),
    ):
        if start.startswith(beginning):
            return packet.decode(encoding, "replace")
    return packet.decode("utf-8", "replace")


def _short(name: str) -> str | None:
    uri, _, local = name.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(uri)
    return f"{prefix}:{local}" if prefix else None


def _value(element: Element) -> str | list[str]:
    alternatives = element.find(f"{{{RDF}}}Alt")
    if alternatives is not None:
        items = alternatives.findall(f"{{{RDF}}}li")
        standard = [i for i in items if i.get(_LANGUAGE) == "x-default"] or items
        return (standard[0].text or "") if standard else ""
    for kind in ("Bag", "Seq"):
        listed = element.find(f"{{{RDF}}}{kind}")
        if listed is not None:
            return [i.text for i in listed.findall(f"{{{RDF}}}li") if i.text]
    return element.text or ""
