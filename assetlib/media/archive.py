"""ZIP archives in the child: every limit and every way out is checked; nothing is ever written to disk.

One bad entry refuses the whole archive, so that nobody finds half of it later.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from typing import Any, BinaryIO

from assetlib.media.errors import UnsafeArchive
from assetlib.words import say

MOST_ENTRIES = 10_000
MOST_INSIDE = 2 * 1024**3
MOST_RATIO = 200
DEEPEST = 1
"""An archive inside an archive is taken, a third level is not."""

_RATIO_FROM = 1024 * 1024
"""Short entries may be packed as tightly as they like: they hurt nobody."""

_LONGEST_NESTED = 256 * 1024 * 1024

NOT_SHOWN = say("An archive is kept as it is. Unpack it to see its files.")
ODD_NAMES = say("Names in this archive hold hidden characters. They are shown with those taken out.")
LONG_NAMES = say("Names in this archive are longer than most systems hold. They may be cut when unpacked.")
TWINS = say("The archive holds several files of one name. Unpacking keeps them apart.")


def examine_zip(file_number: int) -> dict[str, Any]:
    """The list of files and what is odd about them. Raises UnsafeArchive."""
    with open(file_number, "rb", closefd=False) as opened:
        contents, warnings = check(opened, whole=True)
    return {"drawable": False, "contents": contents, "warnings": [*warnings, NOT_SHOWN]}


def check(
    source: BinaryIO, *, whole: bool, depth: int = 0, spent: int = 0
) -> tuple[list[dict[str, Any]], list[str]]:
    """(files with sizes, warnings). `whole` reads every byte and compares its CRC. Raises UnsafeArchive."""
    try:
        archive = zipfile.ZipFile(source)
        entries = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        struct.error,
        UnicodeDecodeError,
        EOFError,
    ) as odd:
        raise UnsafeArchive(say("The archive is damaged. Pack it again and send that.")) from odd
    if len(entries) > MOST_ENTRIES:
        raise UnsafeArchive(
            say(
                "The archive holds {count} files; 10,000 are the limit. Send it in parts.", count=len(entries)
            )
        )
    for entry in entries:
        _must_stay_inside(entry)
    _must_be_moderate(entries, spent)
    _must_not_overlap(source, entries)
    if whole:
        for entry in entries:
            spent = _read_through(archive, entry, depth, spent)
    warnings = _odd_names(entries)
    return [{"name": e.filename, "size": e.file_size} for e in entries if not e.is_dir()], warnings


def _must_stay_inside(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename.replace("\\", "/")
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise UnsafeArchive(
            say("An entry of the archive points outside of its folder. Nothing of it was kept.")
        )
    mode = entry.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if entry.create_system == 3 and kind and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UnsafeArchive(
            say("The archive holds a link or a device instead of a file. Pack the files themselves.")
        )
    if entry.flag_bits & 0x1:
        raise UnsafeArchive(say("The archive is locked with a password. Pack it without one and send that."))


def _must_be_moderate(entries: list[zipfile.ZipInfo], spent: int) -> None:
    inside = sum(e.file_size for e in entries)
    outside = sum(e.compress_size for e in entries)
    if inside + spent > MOST_INSIDE:
        raise UnsafeArchive(say("The archive unpacks to more than 2 GB. Send it in parts."))
    one_is_bomb = any(
        e.file_size > _RATIO_FROM and e.file_size > MOST_RATIO * max(1, e.compress_size) for e in entries
    )
    if one_is_bomb or (inside > _RATIO_FROM and inside > MOST_RATIO * max(1, outside)):
        raise UnsafeArchive(
            say("The archive unpacks to more than 200 times its size. Send the files themselves.")
        )


def _must_not_overlap(source: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Each entry's bytes are its own: its head, name and data end before the next entry begins."""
    ordered = sorted(entries, key=lambda e: e.header_offset)
    ends = 0
    for entry in ordered:
        if entry.header_offset < ends:
            raise UnsafeArchive(
                say("Entries of the archive lie over each other. Pack it again and send that.")
            )
        source.seek(entry.header_offset)
        head = source.read(30)
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise UnsafeArchive(say("The archive is damaged. Pack it again and send that."))
        name, extra = struct.unpack("<HH", head[26:30])
        ends = entry.header_offset + 30 + int(name) + int(extra) + entry.compress_size


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int, spent: int) -> int:
    """Bytes inflated so far. Every byte is read, so that a wrong CRC or a lying size shows."""
    kept: io.BytesIO | None = None
    read = 0
    try:
        with archive.open(entry) as opened:
            while piece := opened.read(1024 * 1024):
                if read == 0 and piece[:4] == b"PK\x03\x04" and _is_archive(entry.filename):
                    kept = io.BytesIO()
                read += len(piece)
                if spent + read > MOST_INSIDE or read > entry.file_size:
                    raise UnsafeArchive(
                        say("The archive unpacks to more than it says. Pack it again and send that.")
                    )
                if kept is not None and read <= _LONGEST_NESTED:
                    kept.write(piece)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as odd:
        raise UnsafeArchive(say("A file in the archive is damaged. Pack it again and send that.")) from odd
    spent += read
    if kept is not None:
        if depth >= DEEPEST:
            raise UnsafeArchive(
                say("The archive holds archives in archives. Unpack the inner ones and send that.")
            )
        kept.seek(0)
        inner, _ = check(kept, whole=True, depth=depth + 1, spent=spent)
        spent += sum(f["size"] for f in inner)
    return spent


def _is_archive(name: str) -> bool:
    return name.lower().rpartition(".")[2] in {"zip", "jar", "war", "apk", "cbz", "epub", ""}


def _odd_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    warnings = []
    names = [e.orig_filename for e in entries]
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"} for name in names for c in name):
        warnings.append(ODD_NAMES)
    if any(len(part.encode("utf-8", "surrogatepass")) > 255 for name in names for part in name.split("/")):
        warnings.append(LONG_NAMES)
    folded = [name.casefold() for name in names]
    if len(set(folded)) != len(folded):
        warnings.append(TWINS)
    return warnings
