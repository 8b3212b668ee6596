"""Office files with the fewest parts that Word and PowerPoint open: a text, and a deck of slides."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from assetlib.media.making.said import Said

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_METADATA = f"{_PACKAGE}/relationships/metadata/core-properties"
_CORE = f"{_PACKAGE}/metadata/core-properties"
_BORN = (2026, 1, 1, 0, 0, 0)
"""The day every part is dated with, so that the same text makes the same bytes."""


def text_file(paragraphs: Sequence[str], said: Said) -> bytes:
    """The bytes of a DOCX: the title, then these paragraphs."""
    body = "".join(
        f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text, style in [(said.title, '<w:rPr><w:b/><w:sz w:val="36"/></w:rPr>')]
        + [(text, "") for text in paragraphs]
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _packed(
        {
            "word/document.xml": (
                f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
                main,
            ),
        },
        start="word/document.xml",
        said=said,
    )


def deck_file(slides: Sequence[tuple[str, Sequence[str]]], said: Said) -> bytes:
    """The bytes of a PPTX, 16 to 9; each slide is a heading and its lines."""
    base = "application/vnd.openxmlformats-officedocument.presentationml"
    space = f'xmlns:a="{_DRAWING}" xmlns:r="{_OFFICE}" xmlns:p="{_SLIDES}"'
    tree = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    empty = f"<p:cSld><p:spTree>{tree}</p:spTree></p:cSld>"
    colours = (
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
        'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
        'folHlink="folHlink"/>'
    )
    numbers = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number + 1}"/>' for number in numbers)
    deck = (
        f'<p:presentation {space}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f'</p:sldMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/>'
        '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    master = (
        f"<p:sldMaster {space}>{empty}{colours}<p:sldLayoutIdLst>"
        '<p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst></p:sldMaster>'
    )
    layout = (
        f'<p:sldLayout {space} type="blank">{empty}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>'
        "</p:sldLayout>"
    )
    parts = {
        "ppt/presentation.xml": (deck, f"{base}.presentation.main+xml"),
        "ppt/slideMasters/slideMaster1.xml": (master, f"{base}.slideMaster+xml"),
        "ppt/slideLayouts/slideLayout1.xml": (layout, f"{base}.slideLayout+xml"),
        "ppt/theme/theme1.xml": (_theme(), "application/vnd.openxmlformats-officedocument.theme+xml"),
    }
    ties = {
        "ppt/presentation.xml": [("slideMaster", "slideMasters/slideMaster1.xml")]
        + [("slide", f"slides/slide{number}.xml") for number in numbers],
        "ppt/slideMasters/slideMaster1.xml": [
            ("slideLayout", "../slideLayouts/slideLayout1.xml"),
            ("theme", "../theme/theme1.xml"),
        ],
        "ppt/slideLayouts/slideLayout1.xml": [("slideMaster", "../slideMasters/slideMaster1.xml")],
    }
    for number, (heading, lines) in zip(numbers, slides, strict=True):
        shapes = _box(2, "Heading", (700_000, 500_000, 10_800_000, 1_200_000), [heading], 4000)
        shapes += _box(3, "Text", (700_000, 1_900_000, 10_800_000, 4_200_000), lines, 2200)
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {space}><p:cSld><p:spTree>{tree}{shapes}</p:spTree></p:cSld></p:sld>",
            f"{base}.slide+xml",
        )
        ties[f"ppt/slides/slide{number}.xml"] = [("slideLayout", "../slideLayouts/slideLayout1.xml")]
    return _packed(parts, start="ppt/presentation.xml", said=said, ties=ties)


def _box(number: int, name: str, place: tuple[int, int, int, int], lines: Sequence[str], size: int) -> str:
    x, y, width, height = place
    text = "".join(
        f'<a:p><a:r><a:rPr lang="en" sz="{size}"/><a:t>{escape(line)}</a:t></a:r></a:p>' for line in lines
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square"/><a:lstStyle/>{text}</p:txBody></p:sp>'
    )


def _theme() -> str:
    inks = {
        "dk1": "22332B",
        "lt1": "FFFFFF",
        "dk2": "22332B",
        "lt2": "F4F1EA",
        "hlink": "0B7285",
        "folHlink": "50514F",
    }
    inks |= {
        f"accent{number}": ink
        for number, ink in enumerate(("C8502D", "F1BE48", "3B5F86", "3F6B52", "7A6A58", "8A8F92"), 1)
    }
    order = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    scheme = "".join(f'<a:{name}><a:srgbClr val="{inks[name]}"/></a:{name}>' for name in order)
    face = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fonts = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{_DRAWING}" name="Northwind"><a:themeElements>'
        f'<a:clrScheme name="Northwind">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="Northwind">{fonts}</a:fontScheme><a:fmtScheme name="Northwind">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _packed(
    parts: dict[str, tuple[str, str]],
    *,
    start: str,
    said: Said,
    ties: dict[str, list[tuple[str, str]]] | None = None,
) -> bytes:
    """The package: parts with their types, and which part leads to which."""
    core = (
        f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(said.title)}</dc:title><dc:creator>{escape(said.creator)}</dc:creator>"
        f"<cp:keywords>{escape(', '.join(said.keywords))}</cp:keywords></cp:coreProperties>"
    )
    parts = {
        **parts,
        "docProps/core.xml": (core, "application/vnd.openxmlformats-package.core-properties+xml"),
    }
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (_, kind) in parts.items()
    )
    roots = (
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{start}"/>'
        f'<Relationship Id="rId2" Type="{_METADATA}" Target="docProps/core.xml"/>'
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{roots}</Relationships>',
        **{name: content for name, (content, _) in parts.items()},
    }
    for name, targets in (ties or {}).items():
        folder, file = name.rsplit("/", 1)
        rows = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, 1)
        )
        files[f"{folder}/_rels/{file}.rels"] = (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'
        )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_BORN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + content)
    return kept.getvalue()
