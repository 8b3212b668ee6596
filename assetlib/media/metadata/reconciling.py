"""One value per key out of three worlds, with its source.

Precedence of the Metadata Working Group's guidance 2.0, section 3: EXIF before IPTC and XMP where EXIF has a
field; IPTC before XMP only where its stored digest shows that IPTC was changed by an older program.
"""

import hashlib
import re
from datetime import datetime
from typing import Any

from assetlib.media.metadata import exif as exif_block
from assetlib.media.metadata import iptc as iptc_records
from assetlib.media.metadata import xmp as xmp_packet
from assetlib.media.metadata.packets import Packets
from assetlib.words import say

BAD_EXIF = say("The EXIF metadata is damaged. It was not read.")
BAD_XMP = say("The XMP metadata is damaged or unsafe. It was not read.")

_LONGEST_VALUE = 2000
_MOST_VALUES = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_Value = str | int | bool | list[str]

_FROM_XMP: dict[str, tuple[str, ...]] = {
    "title": ("dc:title",),
    "headline": ("photoshop:Headline",),
    "description": ("dc:description",),
    "creator": ("dc:creator",),
    "credit": ("photoshop:Credit",),
    "source": ("photoshop:Source",),
    "copyright": ("dc:rights",),
    "usage_terms": ("xmpRights:UsageTerms",),
    "licence_url": ("xmpRights:WebStatement",),
    "keywords": ("dc:subject",),
    "created_at": ("photoshop:DateCreated", "exif:DateTimeOriginal", "xmp:CreateDate"),
    "rating": ("xmp:Rating",),
    "alt_text": ("iptc:AltTextAccessibility",),
    "extended_description": ("iptc:ExtDescrAccessibility",),
    "city": ("photoshop:City",),
    "state": ("photoshop:State",),
    "country": ("photoshop:Country",),
    "location": ("iptc:Location",),
    "instructions": ("photoshop:Instructions",),
    "identifier": ("dc:identifier",),
    "document_id": ("xmpMM:DocumentID",),
    "software": ("xmp:CreatorTool",),
}
_FROM_IPTC = {
    "title": 5,
    "headline": 105,
    "description": 120,
    "creator": 80,
    "credit": 110,
    "source": 115,
    "copyright": 116,
    "keywords": 25,
    "city": 90,
    "state": 95,
    "country": 101,
    "location": 92,
    "instructions": 40,
}
_FROM_TEXTS = {"title": "Title", "creator": "Author", "description": "Description", "copyright": "Copyright"}
_LISTS = {"creator", "keywords"}
_EXIF_FIRST = ("description", "creator", "copyright")


def reconciled(packets: Packets, warnings: list[str]) -> dict[str, dict[str, Any]]:
    """Key → {"value", "source"}; sources are exif, iptc, xmp, file. Damage is told in `warnings`."""
    exif = exif_block.read(packets.exif)
    if exif is None:
        warnings.append(BAD_EXIF)
        exif = {}
    xmp: dict[str, str | list[str]] = {}
    for packet in (packets.xmp, packets.extended_xmp):
        try:
            xmp |= {k: v for k, v in xmp_packet.read(packet).items() if k not in xmp}
        except xmp_packet.BadXmp:
            if BAD_XMP not in warnings:
                warnings.append(BAD_XMP)
    iptc = iptc_records.read(packets.iptc)
    iptc_leads = (
        bool(packets.iptc_digest)
        and packets.iptc_digest != bytes(16)
        and (hashlib.md5(packets.iptc, usedforsecurity=False).digest() != packets.iptc_digest)
    )
    by_source = {"exif": _exif_values(exif), "xmp": _xmp_values(xmp), "iptc": _iptc_values(iptc)}
    by_source["file"] = {
        key: _tidied(key, packets.texts[word]) for key, word in _FROM_TEXTS.items() if packets.texts.get(word)
    }
    order = ("exif", "iptc", "xmp", "file") if iptc_leads else ("exif", "xmp", "iptc", "file")
    result: dict[str, dict[str, Any]] = {}
    for key in dict.fromkeys(k for source in order for k in by_source[source]):
        for source in order:
            value = by_source[source].get(key)
            if value not in (None, "", []):
                result[key] = {"value": value, "source": source}
                break
    return result


def _exif_values(exif: dict[str, Any]) -> dict[str, _Value | None]:
    values: dict[str, _Value | None] = {}
    for key in (*_EXIF_FIRST, "camera", "lens", "software"):
        if exif.get(key):
            values[key] = _tidied(key, exif[key])
    if exif.get("created"):
        moment, fraction, offset = exif["created"]
        values["created_at"] = _moment_of_exif(moment, fraction, offset)
    if exif.get("gps"):
        values["gps"] = True
    return values


def _xmp_values(xmp: dict[str, str | list[str]]) -> dict[str, _Value | None]:
    values: dict[str, _Value | None] = {}
    for key, names in _FROM_XMP.items():
        raw = next((xmp[n] for n in names if xmp.get(n)), None)
        if raw is None:
            continue
        values[key] = _moment_of_xmp(raw) if key == "created_at" else _tidied(key, raw)
    if "rating" in values:
        values["rating"] = _rating(xmp.get("xmp:Rating"))
    if xmp.get("exif:GPSLatitude"):
        values["gps"] = True
    return values


def _iptc_values(iptc: dict[int, list[str]]) -> dict[str, _Value | None]:
    values: dict[str, _Value | None] = {}
    for key, number in _FROM_IPTC.items():
        if iptc.get(number):
            values[key] = _tidied(key, iptc[number] if key in _LISTS else iptc[number][0])
    if iptc.get(55):
        values["created_at"] = _moment_of_iptc(iptc[55][0], (iptc.get(60) or [""])[0])
    return values


def _tidied(key: str, value: Any) -> _Value:
    if key in _LISTS:
        parts = value if isinstance(value, list) else [value]
        return [t for t in (_clean(str(p)) for p in parts[:_MOST_VALUES]) if t]
    if isinstance(value, list):
        value = ", ".join(value)
    return _clean(str(value))


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.split("\0", 1)[0]).strip()[:_LONGEST_VALUE]


def _rating(value: Any) -> int | None:
    try:
        number = round(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if -1 <= number <= 5 else None


def _moment_of_exif(moment: str, fraction: str, offset: str) -> str | None:
    try:
        taken = datetime.strptime(moment, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - cameras know no zone; kept as written
    except ValueError:
        return None
    digits = f".{fraction}" if fraction.isdigit() and len(fraction) <= 6 else ""
    zone = offset if re.fullmatch(r"[+-]\d\d:\d\d", offset) else ""
    return f"{taken:%Y-%m-%dT%H:%M:%S}{digits}{zone}"


def _moment_of_xmp(value: str | list[str]) -> str | None:
    text = value if isinstance(value, str) else (value[0] if value else "")
    seen = re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", text.strip())
    return seen.group(0) if seen and not seen.group(0).startswith("0000") else None


def _moment_of_iptc(day: str, time: str) -> str | None:
    seen = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", day.strip())
    if not seen or "00" in seen.groups()[1:] or seen.group(1) == "0000":
        return None
    clock = re.fullmatch(r"(\d\d)(\d\d)(\d\d)([+-]\d\d)?(\d\d)?", time.strip())
    date = "-".join(seen.groups())
    if not clock:
        return date
    zone = f"{clock.group(4)}:{clock.group(5)}" if clock.group(4) and clock.group(5) else ""
    return f"{date}T{clock.group(1)}:{clock.group(2)}:{clock.group(3)}{zone}"
