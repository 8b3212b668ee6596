"""Type by content, agreement with the name, and what is never taken."""

from pathlib import Path

import pytest

from assetlib.media.errors import (
    EmptyFile,
    ForbiddenName,
    ForbiddenType,
    NameDisagrees,
    UnknownType,
    UnwantedFile,
)
from assetlib.media.formats import FORMATS
from assetlib.media.sniffing import recognise, sniff
from tests.media import samples

_PICTURE = samples.upright_picture()


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (samples.saved(_PICTURE, "JPEG"), "a.jpg", "jpeg"),
        (samples.saved(_PICTURE, "JPEG"), "a.PNG", "jpeg"),  # same family: the content decides
        (samples.saved(_PICTURE, "PNG"), ".png", "png"),
        (samples.saved(_PICTURE, "GIF"), "a.gif", "gif"),
        (samples.saved(_PICTURE, "WEBP"), "a.webp", "webp"),
        (samples.saved(_PICTURE, "TIFF"), "a.tif", "tiff"),
        (samples.saved(_PICTURE, "TIFF"), "a.nef", "tiff-raw"),
        (samples.saved(_PICTURE, "AVIF"), "a.avif", "avif"),
        (samples.saved(_PICTURE, "JPEG2000"), "a.jp2", "jp2"),
        (samples.svg(), "a.svg", "svg"),
        (b"<?xml version='1.0'?><!-- a logo -->\n" + samples.svg(), "a.svg", "svg"),
        (samples.svgz(samples.svg()), "a.svgz", "svgz"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.eps", "eps"),
        (b"%PDF-1.7\n", "a.ai", "pdf"),
        (samples.zipped({"a": b"1"}), "a.zip", "zip"),
        (samples.docx(), "a.docx", "zip"),  # which package it is shows inside
        (b"a,b\n1,2\n", "a.csv", "csv"),
        (b"ID3\x04" + bytes(200), "a.mp3", "mp3"),
        (b"\0\0\0\x18ftypM4A " + bytes(200), "a.m4a", "m4a"),
        (b"\0\0\0\x18ftypqt  " + bytes(200), "a.mov", "mov"),
        (b"\0\0\0\x18ftypisom" + bytes(200), "a.mp4", "mp4"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avif" + bytes(200), "a.avif", "avif"),
        (b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm" + bytes(100), "a.webm", "webm"),
        (b"\x1a\x45\xdf\xa3\xa3B\x82\x88matroska" + bytes(100), "a.mkv", "mkv"),
        (b"II\x1a\0\0\0HEAPCCDR" + bytes(100), "a.crw", "crw"),
        (b"IIRO\x08\0\0\0" + bytes(100), "a.orf", "tiff-raw"),
        (b"MZ Wallace, autumn bags\n", "a.txt", "text"),
    ],
)
def test_a_file_is_what_its_content_is(tmp_path: Path, data: bytes, name: str, key: str) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    assert recognise(file, name=name) == key


@pytest.mark.parametrize(
    ("data", "name", "refusal", "says"),
    [
        (b"", "a.jpg", EmptyFile, "empty"),
        (b"\xff", "a.jpg", UnknownType, "not of that kind"),
        (b"\x7fELF" + bytes(99), "a.png", ForbiddenType, "Programs"),
        (b"MZ\x90\0" + bytes(99), "a.exe", ForbiddenType, "Programs"),
        (b"<!doctype html><title>x</title>", "a.html", ForbiddenType, "web pages"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "a.svg", ForbiddenType, "web pages"),
        (b"<?php echo 1;", "a.php.jpg", ForbiddenType, "scripts"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a.mp4", ForbiddenType, "playlists"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "a.mp4", ForbiddenType, "playlists"),
        (
            b"<?xml version='1.0'?><image><read filename='/etc/passwd'/></image>",
            "a.png",
            ForbiddenType,
            "scripts",
        ),
        (b"[InternetShortcut]\nURL=file://x\n", "a.url", ForbiddenType, "scripts"),
        (b"%PDF-1.7\n", "a.jpg", NameDisagrees, "content is a PDF"),
        (b"\0\0\0\x18ftypisom" + bytes(200), "a.jpg", NameDisagrees, "a film"),
        (samples.saved(_PICTURE, "JPEG"), "photo", NameDisagrees, "no extension"),
        (samples.saved(_PICTURE, "BMP"), "a.bmp", UnknownType, "PNG or TIFF"),
        (samples.saved(_PICTURE, "ICO"), "a.ico", UnknownType, "Icons"),
        (b"Rar!\x1a\x07\x00" + bytes(9), "a.rar", UnknownType, "ZIP"),
        (b"hello there, nothing special", "a.xyz", UnknownType, "not taken"),
        (b"Options +Indexes", ".htaccess", ForbiddenName, "system"),
        (b"[.ShellClassInfo]", "Desktop.ini", ForbiddenName, "system"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(
    tmp_path: Path, data: bytes, name: str, refusal: type[UnwantedFile], says: str
) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    with pytest.raises(refusal, match=says) as refused:
        recognise(file, name=name)
    assert refused.value.code.startswith("media.")
    assert refused.value.sentence.endswith(".")


def test_a_flic_needs_a_sane_head() -> None:
    sane = b"\0\0\0\0\x12\xaf\x01\0\x80\0\x3d\0\x08\0\x03\0" + bytes(128)
    assert sniff(sane, extension="fli") == "flic"
    assert sniff(sane[:12] + b"\x13\xff" + sane[14:], extension="fli") is None


def test_every_format_names_a_part_that_draws_it() -> None:
    parts = {"picture", "svg", "pdf", "film", "raw", "office", "archive", "text", "nothing"}
    assert {f.drawn_by for f in FORMATS.values()} <= parts
    assert all(e == e.lower() and "." not in e for f in FORMATS.values() for e in f.extensions)
