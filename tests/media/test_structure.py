"""Walkers over picture files: what they find, and that no bytes upset them."""

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assetlib.media.errors import UnwantedFile
from assetlib.media.metadata import packets_of, reconciled
from assetlib.media.structure import jpeg, structure_of, tiff
from tests.media import samples

_WHOLE = {
    "png": samples.saved(samples.upright_picture(), "PNG"),
    "gif": samples.saved(samples.upright_picture(), "GIF"),
    "jpeg": samples.stored_for(3),
    "webp": samples.stored_for(3, "WEBP"),
    "tiff": samples.stored_for(3, "TIFF"),
}


@pytest.mark.parametrize("key", _WHOLE)
def test_a_whole_file_has_nothing_odd(key: str) -> None:
    found = structure_of(_WHOLE[key], key)
    assert (found.width, found.height, found.frames) == (96, 64, 1)
    assert found.oddities == []


@pytest.mark.parametrize("key", ["png", "gif", "jpeg"])
@pytest.mark.parametrize(
    "behind", [samples.zipped({"a.txt": b"hidden"}), b"<html><body>x</body></html>"], ids=["zip", "page"]
)
def test_data_behind_a_picture_is_told(key: str, behind: bytes) -> None:
    found = structure_of(_WHOLE[key] + behind, key)
    assert found.oddities


def test_what_cameras_write_behind_a_picture_is_not_odd() -> None:
    second = samples.saved(samples.upright_picture(), "JPEG")
    assert structure_of(_WHOLE["jpeg"] + second, "jpeg").oddities == []
    assert structure_of(_WHOLE["jpeg"] + bytes(64), "jpeg").oddities == []


@pytest.mark.parametrize(
    "text", [b"<script>alert(1)</script>", b"<?PHP echo 1;", b"<HTML >", b"<iFrame src=x>"]
)
def test_program_text_in_a_comment_is_told(text: bytes) -> None:
    assert "Program text" in structure_of(samples.jpeg_with(0xFE, text), "jpeg").oddities[0]


def test_a_tiff_whose_pages_run_in_a_circle_is_told() -> None:
    data = bytearray(samples.saved(Image.new("L", (4, 4)), "TIFF"))
    first = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[first : first + 2])[0]
    data[first + 2 + 12 * count : first + 6 + 12 * count] = struct.pack("<I", first)
    assert "circle" in structure_of(bytes(data), "tiff").oddities[0]


def test_a_short_adobe_segment_is_told() -> None:
    assert "APP14" in structure_of(samples.jpeg_with(0xEE, b"Adob"), "jpeg").oddities[0]


def test_exif_is_sound_only_where_its_directory_lies_inside() -> None:
    exif = Image.Exif()
    exif[270] = "words"
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    assert tiff.is_sound(block)
    assert not tiff.is_sound(b"\xff\xff" + block[2:])
    assert not tiff.is_sound(block[:10] + b"\xff\xff" + block[12:12])


def test_segments_end_at_the_end_of_the_picture() -> None:
    markers = [marker for marker, _, _ in jpeg.segments(_WHOLE["jpeg"])]
    assert markers[-1] == 0xD9
    assert markers.count(0xDA) == 1


@settings(max_examples=300, deadline=None)
@given(
    key=st.sampled_from(sorted(_WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 4000),
)
def test_no_bytes_upset_a_walker(key: str, flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(_WHOLE[key])
    for at, value in flips:
        data[at % len(data)] = value
    broken = bytes(data[: max(9, len(data) - cut % len(data))])
    warnings: list[str] = []
    with contextlib.suppress(UnwantedFile):  # a refusal is an answer as well; anything else fails this test
        structure_of(broken, key)
    reconciled(packets_of(broken, key, {}), warnings)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=400), key=st.sampled_from([*sorted(_WHOLE), "psd"]))
def test_no_rubbish_upsets_a_walker(body: bytes, key: str) -> None:
    heads = {
        "png": b"\x89PNG\r\n\x1a\n",
        "gif": b"GIF89a",
        "jpeg": b"\xff\xd8\xff",
        "webp": b"RIFF",
        "tiff": b"II*\0",
    }
    try:
        found = structure_of(heads.get(key, b"8BPS\0\1") + body, key)
    except UnwantedFile:
        return
    assert isinstance(found.oddities, list)
