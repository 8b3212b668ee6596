"""EXIF, IPTC and XMP: one value per key, by the order of the Metadata Working Group."""

import hashlib
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from assetlib.media.metadata import packets_of, reconciled, reconciling, xmp
from assetlib.media.metadata_keys import METADATA_KEYS
from tests.media import samples


def _found(data: bytes) -> tuple[dict[str, dict[str, Any]], list[str]]:
    warnings: list[str] = []
    return reconciled(packets_of(data, "jpeg", {}), warnings), warnings


def _jpeg(
    *,
    exif: dict[int, object] | None = None,
    records: bytes = b"",
    digest: bytes | None = None,
    packet: bytes = b"",
) -> bytes:
    block = Image.Exif()
    for tag, value in (exif or {}).items():
        block[tag] = value
    data = samples.saved(samples.upright_picture(), "JPEG", exif=block)
    extra = b""
    for marker, body in (
        (0xED, samples.photoshop_block(records, digest) if records else b""),
        (0xE1, packet),
    ):
        if body:
            extra += bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body
    return data[:2] + extra + data[2:]


def _xmp(body: str) -> bytes:
    return samples.XMP_HEAD + samples.xmp(body)


_IPTC = samples.iptc(s120="From IPTC", s116="© IPTC", s90="Bergen", s25="ipt")
_XMP = _xmp(
    "<dc:description><rdf:Alt><rdf:li xml:lang='de'>Nein</rdf:li>"
    "<rdf:li xml:lang='x-default'>From XMP</rdf:li></rdf:Alt></dc:description>"
    "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>© XMP</rdf:li></rdf:Alt></dc:rights>"
    "<dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Bag></dc:subject>"
    "<xmp:Rating>4</xmp:Rating>"
)


def test_exif_goes_before_xmp_and_xmp_before_iptc() -> None:
    found, warnings = _found(_jpeg(exif={270: "From EXIF"}, records=_IPTC, packet=_XMP))
    assert found["description"] == {"value": "From EXIF", "source": "exif"}
    assert found["copyright"] == {"value": "© XMP", "source": "xmp"}
    assert found["keywords"] == {"value": ["one", "two"], "source": "xmp"}
    assert found["city"] == {"value": "Bergen", "source": "iptc"}
    assert found["rating"] == {"value": 4, "source": "xmp"}
    assert warnings == []


def test_iptc_leads_only_where_its_digest_shows_a_change() -> None:
    same = hashlib.md5(_IPTC, usedforsecurity=False).digest()
    assert _found(_jpeg(records=_IPTC, digest=same, packet=_XMP))[0]["description"]["source"] == "xmp"
    changed = _found(_jpeg(records=_IPTC, digest=b"x" * 16, packet=_XMP))[0]
    assert changed["description"] == {"value": "From IPTC", "source": "iptc"}
    assert changed["keywords"] == {"value": ["ipt"], "source": "iptc"}


def test_camera_date_and_place_are_read_from_exif() -> None:
    exif = Image.Exif()
    exif[271], exif[272] = "Northlight", "N7"
    details = exif.get_ifd(0x8769)
    details[36867], details[36881] = "2026:03:04 05:06:07", "+01:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (60.0, 23.0, 0.0)
    found, _ = _found(samples.saved(samples.upright_picture(), "JPEG", exif=exif))
    assert found["camera"]["value"] == "Northlight N7"
    assert found["created_at"]["value"] == "2026-03-04T05:06:07+01:00"
    assert found["gps"] == {"value": True, "source": "exif"}


@pytest.mark.parametrize("date", ["0000:00:00 00:00:00", "yesterday", "", "2026:13:45 00:00:00"])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = date
    found, warnings = _found(samples.saved(samples.upright_picture(), "JPEG", exif=exif))
    assert "created_at" not in found
    assert warnings == []


def test_text_keeps_its_letters_and_loses_control_characters() -> None:
    found, _ = _found(
        _jpeg(packet=_xmp("<dc:title><rdf:Alt><rdf:li>Blåbær 日本 =1+1\u0085</rdf:li></rdf:Alt></dc:title>"))
    )
    assert found["title"]["value"].startswith("Blåbær 日本 =1+1")
    found, _ = _found(_jpeg(exif={270: "before\0after"}))
    assert found["description"]["value"] == "before"


@pytest.mark.parametrize(
    "packet",
    [
        b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + samples.xmp("<dc:title>&e;</dc:title>"),
        samples.xmp("<dc:title>")[:-40],
    ],
)
def test_unsafe_or_broken_xmp_is_not_read_and_told(packet: bytes) -> None:
    found, warnings = _found(_jpeg(packet=samples.XMP_HEAD + packet))
    assert "title" not in found
    assert "XMP" in warnings[0]


def test_broken_exif_is_told_and_the_rest_still_read() -> None:
    data = samples.jpeg_with(0xE1, b"Exif\0\0\xff\xff\xff\xff\0\0\0\x08\0\4")
    found, warnings = _found(data)
    assert found == {}
    assert "EXIF" in warnings[0]


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-32-be", "utf-8"])
def test_xmp_is_read_in_every_encoding(encoding: str) -> None:
    packet = samples.xmp("<dc:title><rdf:Alt><rdf:li>Ørret</rdf:li></rdf:Alt></dc:title>").decode()
    assert xmp.read(packet.encode(encoding))["dc:title"] == "Ørret"


def test_xmp_written_as_attributes_is_read() -> None:
    packet = samples.xmp("").replace(b"rdf:about=''", b"rdf:about='' xmp:Rating='5' dc:identifier='A-1'", 1)
    assert xmp.read(packet) == {"xmp:Rating": "5", "dc:identifier": "A-1"}


def test_content_credentials_are_noticed() -> None:
    assert packets_of(samples.jpeg_with(0xEB, b"JP\0\0....jumb....c2pa"), "jpeg", {}).has_c2pa
    assert not packets_of(samples.stored_for(1), "jpeg", {}).has_c2pa


def test_what_may_be_found_is_named_without_the_libraries_that_read_it() -> None:
    assert set(METADATA_KEYS) == set(reconciling._FROM_XMP)
    code = "import sys, assetlib.media.metadata_keys; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
