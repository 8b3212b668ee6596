"""What a file is by its content. Pure Python on the first bytes; nothing is decoded.

`sniff` names a key of `formats.FORMATS` or None; `recognise` adds name and family and refuses what does
not fit. Both run in the parent: they only compare bytes.
"""

import re
import struct
from pathlib import Path, PurePosixPath

from assetlib.media.errors import EmptyFile, ForbiddenName, ForbiddenType, NameDisagrees, UnknownType
from assetlib.media.formats import (
    FAMILIES_OF_EXTENSION,
    FORBIDDEN_NAMES,
    FORMATS,
    RAW_EXTENSIONS,
    TEXT_EXTENSIONS,
)
from assetlib.words import say

HEAD = 64 * 1024
"""Bytes looked at from the start of a file."""

_FAMILY_WORDS = {
    "image": say("a picture"),
    "vector": say("a drawing"),
    "pdf": say("a PDF"),
    "video": say("a film"),
    "audio": say("a sound file"),
    "office": say("an Office document"),
    "raw": say("a camera raw file"),
    "archive": say("a ZIP archive"),
    "text": say("text"),
    "other": say("another kind of file"),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"8BPS\x00\x01", "psd"),
    (b"8BPS\x00\x02", "psb"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5\xbd\x31\xef\xe7\xfe\x74\xb7\x1d", "indd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"FUJIFILMCCD-RAW", "raf"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\x00MRM", "mrw"),
    (b"FOVb", "x3f"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "crw"),
    (b"OTTO", "otf"),
    (b"\x00\x01\x00\x00\x00", "ttf"),
    (b"true\x00", "ttf"),
    (b"ttcf", "ttf"),
)

_KNOWN_UNWANTED: tuple[tuple[bytes, str, str], ...] = (
    (b"BM", say("BMP pictures"), say("Save it as PNG or TIFF")),
    (b"\x00\x00\x01\x00", say("Icons (ICO)"), say("Save it as PNG")),
    (b"icns", say("Icons (ICNS)"), say("Save it as PNG")),
    (b"DDS ", say("DDS textures"), say("Save it as PNG or TIFF")),
    (b"Rar!", say("RAR archives"), say("Pack it as ZIP")),
    (b"7z\xbc\xaf", say("7-Zip archives"), say("Pack it as ZIP")),
    (b"\x1f\x8b", say("gzip files"), say("Pack it as ZIP")),
)
"""Mark, kind, and what to do instead."""

_FORBIDDEN_MAGIC = (
    b"\x7fELF",
    b"MZ",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"#!",
    b"#EXTM3U",
)
_FORBIDDEN_TEXT = re.compile(
    rb"<\s*(?:!doctype\s+html|html|script|body|\?php|xhtml|image|msl|iframe)\b|<\?php|ffconcat|\[InternetShortcut\]",
    re.IGNORECASE,
)
_FIRST_TAG = re.compile(r"<(?![?!])\s*([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")

_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_BRANDS: tuple[tuple[frozenset[bytes], str], ...] = (
    (frozenset({b"avif", b"avis"}), "avif"),
    (frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}), "heic"),
    (frozenset({b"crx "}), "cr3"),
    (frozenset({b"M4A ", b"M4B "}), "m4a"),
    (frozenset({b"qt  "}), "mov"),
)


def sniff(head: bytes, *, extension: str = "") -> str | None:
    """The format's key by the first bytes, or None. The extension decides only where content cannot."""
    for magic, key in _MAGIC:
        if head.startswith(magic):
            return key
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    for look in (_sniff_tiff, _sniff_boxes, _sniff_small_marks):
        found = look(head, extension)
        if found:
            return found
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _sniff_markup(head) or _sniff_text(head, extension)


def _sniff_tiff(head: bytes, extension: str) -> str | None:
    if head[:4] not in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"}:
        return None
    if (
        head[8:10] == b"CR"
        or extension in RAW_EXTENSIONS
        or head[:4] in {b"IIU\0", b"IIRO", b"IIRS", b"MMOR"}
    ):
        return "tiff-raw"
    return "dng" if extension == "dng" else "tiff"


def _sniff_boxes(head: bytes, extension: str) -> str | None:
    """ISO base media: the brand in `ftyp` tells still, film and sound apart."""
    kind = head[4:8]
    if kind in {b"moov", b"mdat", b"wide", b"free", b"skip"} and extension in {"mov", "qt", "mp4", "m4v"}:
        return "mov"
    if kind != b"ftyp":
        return None
    length = min(max(struct.unpack(">I", head[:4])[0], 16), 256)
    main = head[8:12]
    others = {head[i : i + 4] for i in range(16, length, 4)}
    for brands, key in _BRANDS:
        if main in brands:
            if main in {b"mif1", b"msf1"} and others & {b"avif", b"avis"}:
                return "avif"
            return key
    return "mp4"


def _sniff_small_marks(head: bytes, extension: str) -> str | None:
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _sniff_zip(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv"
    if head[:2] == b"\x1f\x8b":
        return "svgz" if extension in {"svgz", "svg"} else None
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "aiff"
    if head[:2] == b"\x01\xda" and len(head) >= 12 and head[2] in {0, 1} and head[3] in {1, 2}:
        return "sgi"
    if len(head) >= 128 and head[4:6] in {b"\x11\xaf", b"\x12\xaf"} and head[12:14] == b"\x08\x00":
        return "flic"
    if len(head) >= 128 and head[36:40] == b"acsp":
        return "icc"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 not in {0, 0xF0}:
        return "mp3"
    return None


def _sniff_zip(head: bytes) -> str:
    """Office packages are ZIPs; the names of their first entries tell which."""
    if head[30:38] == b"mimetype":
        kinds = {
            b"opendocument.text": "odt",
            b"opendocument.spreadsheet": "ods",
            b"opendocument.presentation": "odp",
        }
        for word, key in kinds.items():
            if word in head[38:160]:
                return key
        if b"indesign-idml" in head[38:160]:
            return "idml"
    return "zip"


def office_kind(names: set[str]) -> str | None:
    """docx, xlsx or pptx by the names inside a package, None for a plain ZIP."""
    if "[Content_Types].xml" not in names:
        return None
    for folder, key in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return key
    return None


def as_text(head: bytes) -> str | None:
    """The bytes as text by BOM or UTF-8, None where they are not text."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2 : 2 + (len(head) - 2) // 2 * 2].decode(encoding, "replace")
    try:
        return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as cut:
        if cut.start >= len(head) - 4 and len(head) >= HEAD:
            return head[: cut.start].decode("utf-8")
        return None


def _sniff_markup(head: bytes) -> str | None:
    text = as_text(head)
    if text is None or not text.lstrip().startswith("<"):
        return None
    bare = re.sub(r"<!--.*?-->|<!DOCTYPE[^\[>]*(\[.*?\])?[^>]*>", "", text, flags=re.DOTALL | re.IGNORECASE)
    first = _FIRST_TAG.search(bare)
    return "svg" if first and first.group(2) == "svg" else None


def _sniff_text(head: bytes, extension: str) -> str | None:
    """CSV, JSON and plain text have no mark: the extension says which, the bytes only whether."""
    key = TEXT_EXTENSIONS.get(extension)
    if key is None:
        return None
    text = as_text(head)
    if text is None:
        try:
            text = head.decode("cp1252")
        except UnicodeDecodeError:
            return None
    if "\x00" in text and key != "csv":
        return None
    return key


def extension_of(name: str) -> str:
    """Lower case, without the dot. A name that is only an extension (".jpg") has that extension."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return last.rpartition(".")[2].lower() if "." in last else ""


def recognise(file: Path, *, name: str) -> str:
    """The key of the format, judged by content and fitting the name. Raises UnwantedFile with the reason."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    last = PurePosixPath(name.replace("\\", "/")).name
    if last.lower() in FORBIDDEN_NAMES:
        raise ForbiddenName(
            say("“{last}” is a system's own file, not material. Leave it out.", last=last), name=last
        )
    if not head:
        raise EmptyFile(say("The file is empty. Export it again and send it once more."))
    extension = extension_of(name)
    key = sniff(head, extension=extension)
    if key is None or _is_forbidden(head, key):
        raise _unknown(head, extension)
    _must_agree(key, extension)
    return key


def _is_forbidden(head: bytes, key: str) -> bool:
    if FORMATS[key].family != "text":
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256]
    return start.startswith((b"#!/", b"#EXTM3U")) or (
        key != "json" and _FORBIDDEN_TEXT.match(start) is not None
    )


def _unknown(head: bytes, extension: str) -> UnknownType | ForbiddenType:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512]
    if start.startswith(_FORBIDDEN_MAGIC) or _FORBIDDEN_TEXT.search(start):
        return ForbiddenType(
            say("Programs, scripts, web pages and playlists are not taken. Send the material itself."),
            extension=extension,
        )
    for mark, kind, instead in _KNOWN_UNWANTED:
        if head.startswith(mark):
            return UnknownType(
                say("{kind} are not taken. {instead} and send that.", kind=kind, instead=instead),
                extension=extension,
            )
    if extension and extension in FAMILIES_OF_EXTENSION:
        return UnknownType(
            say(
                "The name ends in .{extension} but the content is not of that kind."
                " Export the file once more.",
                extension=extension,
            ),
            extension=extension,
        )
    return UnknownType(
        say(
            "This kind of file is not taken. Send a picture, PDF, film, sound, Office document, text or ZIP."
        ),
        extension=extension,
    )


def _must_agree(key: str, extension: str) -> None:
    kind = FORMATS[key]
    if not extension:
        raise NameDisagrees(
            say(
                "The name has no extension. The content is {label}: add .{right} to the name.",
                label=kind.label,
                right=kind.extensions[0],
            ),
            found=kind.label,
        )
    families = FAMILIES_OF_EXTENSION.get(extension)
    if key in {"zip", "ole"} and families and "office" in families:
        return  # which Office package it is shows only inside
    if families is None or kind.family not in families:
        what = _FAMILY_WORDS[kind.family]
        raise NameDisagrees(
            say(
                "The name ends in .{extension} but the content is {what} ({label})."
                " Rename it or send the right file.",
                extension=extension,
                what=what,
                label=kind.label,
            ),
            found=kind.label,
            extension=extension,
        )
