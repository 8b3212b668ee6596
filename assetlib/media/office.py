"""Office packages in the child: what kind, their words and properties, the small picture inside.

With LibreOffice on the machine a package becomes a PDF and is drawn as one; without it the page says so.
"""

import io
import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from assetlib.media import archive, libreoffice, looks, pdf
from assetlib.media.errors import CannotDraw, NameDisagrees
from assetlib.media.examination import LONGEST_TEXT
from assetlib.media.formats import FORMATS
from assetlib.media.pictures import load_picture, to_srgb
from assetlib.media.sniffing import extension_of, office_kind, sniff
from assetlib.media.stills import draw_stills
from assetlib.media.structure import structure_of
from assetlib.words import say

NO_PREVIEW = say("Office files have no preview here. The file is kept as a download.")
SMALL_ONLY = say("The preview is the small picture that the Office program put into the file.")
BY_LIBREOFFICE = say("The preview was drawn by LibreOffice. Fonts and line breaks may differ from the file.")
MACROS = say("This file carries macros. The preview shows none of their work; nothing was run.")
BAD_PART = say("A part of this Office file is damaged or unsafe. It was not read.")
CANNOT_CONVERT = say("LibreOffice cannot open this file. It is kept as a download.")

_THUMBNAILS = (
    "docProps/thumbnail.jpeg",
    "docProps/thumbnail.jpg",
    "docProps/thumbnail.png",
    "Thumbnails/thumbnail.png",
)
_TEXT_PARTS = re.compile(
    r"^(word/(document|header\d*|footer\d*|footnotes)\.xml|ppt/(slides|notesSlides)/[^/]+\.xml"
    r"|xl/(sharedStrings|worksheets/[^/]+)\.xml|content\.xml)$"
)
_WORD_TAGS = {"t", "p", "h", "span", "v", "a"}
_BREAK_TAGS = {"p", "h", "si", "row", "tr"}
_PROPERTIES = {
    "title": "title",
    "creator": "creator",
    "initial-creator": "creator",
    "description": "description",
    "keywords": "keywords",
    "created": "created_at",
}
_OFFICE_EXTENSIONS = frozenset(e for f in FORMATS.values() if f.family == "office" for e in f.extensions)
_LONGEST_PART = 32 * 1024 * 1024


def examine_package(task: dict[str, Any], file_number: int) -> dict[str, Any]:
    """A ZIP that may be an Office package: its true kind, with its facts. Raises UnwantedFile."""
    with open(file_number, "rb", closefd=False) as opened:
        names = _names(opened)
        kind = office_kind(names) or (task["key"] if FORMATS[task["key"]].family == "office" else None)
        if kind is None:
            return _plain_archive(task, file_number)
        _must_agree(kind, task["name"])
        _, odd = archive.check(opened, whole=True, depth=-1)
        facts = _facts(zipfile.ZipFile(opened), names, task)
    format_ = FORMATS[kind]
    facts |= {
        "format": kind,
        "media_type": format_.media_type,
        "family": format_.family,
        "label": format_.label,
    }
    facts["warnings"] = list(dict.fromkeys([*odd, *facts["warnings"]]))
    return facts


def _names(opened: Any) -> set[str]:
    try:
        return set(zipfile.ZipFile(opened).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, EOFError):
        return set()


def _plain_archive(task: dict[str, Any], file_number: int) -> dict[str, Any]:
    extension = extension_of(task["name"])
    if extension in _OFFICE_EXTENSIONS:
        raise NameDisagrees(
            say(
                "The name ends in .{extension} but the content is a plain ZIP. Rename it or send another.",
                extension=extension,
            ),
            extension=extension,
        )
    return archive.examine_zip(file_number)


def _must_agree(kind: str, name: str) -> None:
    extension = extension_of(name)
    if extension not in _OFFICE_EXTENSIONS:
        raise NameDisagrees(
            say(
                "The name ends in .{extension} but the content is {label}."
                " Rename it to .{right} or send the right file.",
                extension=extension,
                label=FORMATS[kind].label,
                right=FORMATS[kind].extensions[0],
            ),
            extension=extension,
        )


def _facts(package: zipfile.ZipFile, names: set[str], task: dict[str, Any]) -> dict[str, Any]:
    warnings: list[str] = []
    facts: dict[str, Any] = {
        "drawable": False,
        "metadata": _properties(package, names, warnings),
        "text": _text(package, names, warnings) or None,
    }
    slides = sum(bool(re.match(r"ppt/slides/slide\d+\.xml$", n)) for n in names)
    if slides:
        facts["pages"] = slides
    if any(n.endswith("vbaProject.bin") for n in names):
        warnings.append(MACROS)
    picture = _thumbnail(package, names)
    if picture is not None:
        facts |= {"drawable": True, **looks.looks_of(picture)}
    if task.get("office"):
        facts["drawable"] = True
        warnings.append(BY_LIBREOFFICE)
    else:
        warnings.append(SMALL_ONLY if picture is not None else NO_PREVIEW)
    return {**facts, "warnings": warnings}


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as opened:
        return opened.read(_LONGEST_PART)


def _properties(package: zipfile.ZipFile, names: set[str], warnings: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in ("docProps/core.xml", "meta.xml"):
        if name not in names:
            continue
        try:
            for _, element in iterparse(io.BytesIO(_part(package, name)), forbid_dtd=True):
                key = _PROPERTIES.get(element.tag.rpartition("}")[2])
                value = (element.text or "").strip()[:2000]
                if key and value and key not in found:
                    listed = (
                        [v.strip() for v in re.split("[,;]", value)]
                        if key in {"keywords", "creator"}
                        else value
                    )
                    found[key] = {"value": listed, "source": "file"}
        except (ParseError, DefusedXmlException, zipfile.BadZipFile, ValueError, LookupError):
            warnings.append(BAD_PART)
    return found


def _text(package: zipfile.ZipFile, names: set[str], warnings: list[str]) -> str:
    parts: list[str] = []
    length = 0
    for name in sorted(n for n in names if _TEXT_PARTS.match(n)):
        try:
            for _, element in iterparse(io.BytesIO(_part(package, name)), forbid_dtd=True):
                tag = element.tag.rpartition("}")[2]
                if tag in _WORD_TAGS and element.text and not _is_index(element):
                    parts.append(element.text)
                    length += len(element.text)
                if tag in _BREAK_TAGS:
                    parts.append("\n")
                element.clear()
                if length > LONGEST_TEXT:
                    break
        except (ParseError, DefusedXmlException, zipfile.BadZipFile, ValueError, LookupError):
            warnings.append(BAD_PART)
    return re.sub(r"\n{2,}", "\n", "".join(parts)).strip()[:LONGEST_TEXT]


def _is_index(element: Any) -> bool:
    """A spreadsheet cell's bare number; words of cells stand in the shared strings."""
    return bool(element.tag.endswith("}v"))


def _thumbnail(package: zipfile.ZipFile, names: set[str]) -> Any | None:
    name = next((n for n in _THUMBNAILS if n in names), None)
    if name is None:
        return None
    data = _part(package, name)
    key = sniff(data[:65536])
    if key not in {"png", "jpeg"}:
        return None
    try:
        structure_of(data, key)
        loaded = load_picture(io.BytesIO(data), key, inside=None)
    except CannotDraw:
        return None
    return to_srgb(loaded.picture, loaded.icc, [])


def draw_office(task: dict[str, Any], file_number: int, folder: Path) -> dict[str, Any]:
    """Through LibreOffice where it is, else from the small picture inside."""
    stills = [r for r in task["recipes"] if r["kind"] == "still"]
    focal = tuple(task["focal"])
    if task.get("office"):
        return _by_libreoffice(task, file_number, folder)
    with open(file_number, "rb", closefd=False) as opened:
        package = zipfile.ZipFile(opened)
        picture = _thumbnail(package, set(package.namelist()))
    if picture is None or not stills:
        raise CannotDraw(NO_PREVIEW)
    return {"files": draw_stills(picture, stills, folder, focal=focal), "warnings": [SMALL_ONLY]}


def _by_libreoffice(task: dict[str, Any], file_number: int, folder: Path) -> dict[str, Any]:
    """Convert to PDF in this child's own folder, with a fresh profile, then draw the PDF."""
    source = folder / f"document.{FORMATS[task['key']].extensions[0]}"
    with source.open("wb") as copy, open(file_number, "rb", closefd=False) as opened:
        shutil.copyfileobj(opened, copy)
    home = folder / "home"
    home.mkdir()
    made = folder / "document.pdf"
    if not libreoffice.to_pdf(Path(task["office"]), source, made, home=home):
        raise CannotDraw(CANNOT_CONVERT)
    number = os.open(made, os.O_RDONLY)
    return pdf.draw_pdf(number, task["recipes"], folder, tuple(task["focal"]))
