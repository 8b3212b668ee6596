"""PDFs: pages, words, what stands beside the pages, and drawing at any size."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from assetlib import media
from assetlib.media import letters, pdf, pdf_oddities
from assetlib.media.structure.found import BEHIND
from tests.media import samples
from tests.media.conftest import Looking

_JAVASCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def test_facts_of_a_document(look: Looking) -> None:
    document = samples.pdf((200, 100), (300, 400), (150, 100), text="Autumn campaign")
    document.docinfo["/Title"] = "Plan"
    seen = look(samples.pdf_bytes(document), "plan.pdf")
    assert (seen.pages, seen.width, seen.height, seen.shape) == (3, 200, 100, "panorama")
    assert seen.text is not None
    assert seen.text.count("Autumn campaign") == 3
    assert seen.metadata["title"]["value"] == "Plan"
    assert seen.complete


def test_pages_are_drawn_one_by_one(drawn: Callable[..., dict[str, media.Drawn]]) -> None:
    data = samples.pdf_bytes(samples.pdf((200, 100), (100, 400)))
    made = drawn(data, "plan.pdf", "thumb", "pages")
    assert {name: (f.width, f.height) for name, f in made.items()} == {
        "thumb": (480, 240),
        "pages-1": (1400, 700),
        "pages-2": (350, 1400),
    }
    with Image.open(made["pages-1"].path) as picture:
        left, right = (
            picture.convert("RGB").getpixel((200, 200)),
            picture.convert("RGB").getpixel((1200, 200)),
        )
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 220
    assert left[1] < 40
    assert min(right) > 220


@pytest.mark.parametrize(
    ("catalog", "page", "sentence"),
    [
        ({"/OpenAction": _JAVASCRIPT}, {}, pdf_oddities.ACTIVE),
        ({}, {"/AA": pikepdf.Dictionary(O=_JAVASCRIPT)}, pdf_oddities.ACTIVE),
        (
            {},
            {
                "/Annots": pikepdf.Array(
                    [
                        pikepdf.Dictionary(
                            Subtype=pikepdf.Name.Link,
                            Rect=[0, 0, 9, 9],
                            A=pikepdf.Dictionary(
                                S=pikepdf.Name.URI, URI=pikepdf.String("java\nscript:alert(1)")
                            ),
                        )
                    ]
                )
            },
            pdf_oddities.ACTIVE,
        ),
        ({"/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.Launch)}, {}, pdf_oddities.ACTIVE),
        ({"/AcroForm": pikepdf.Dictionary(XFA=pikepdf.String("x"))}, {}, pdf_oddities.DYNAMIC_FORM),
        ({"/Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())}, {}, pdf_oddities.ATTACHED),
        ({}, {"/MediaBox": pikepdf.Array([0, 0, 0, 0])}, pdf_oddities.WRONG_SIZE),
        ({}, {"/MediaBox": pikepdf.Array([0, 0, 1_000_000_000, 1_000_000_000])}, pdf_oddities.HUGE_PAGE),
    ],
)
def test_what_stands_beside_the_pages_is_told(
    catalog: dict[str, object], page: dict[str, object], sentence: str
) -> None:
    document = samples.pdf(catalog=catalog, page=page)
    assert sentence in pdf_oddities.of(document, 1)


def test_plain_documents_have_nothing_odd() -> None:
    link = pikepdf.Dictionary(
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://brand.example/")),
    )
    assert (
        pdf_oddities.of(samples.pdf((200, 100), (200, 100), page={"/Annots": pikepdf.Array([link])}), 2) == []
    )


def test_content_that_inflates_without_end_is_told() -> None:
    document = samples.pdf()
    document.pages[0].obj.Contents = document.make_stream(b"q Q " * 10_000_000)
    again = pikepdf.open(io.BytesIO(samples.pdf_bytes(document, compress_streams=True)))
    assert pdf_oddities.HEAVY in pdf_oddities.of(again, 1)


def test_a_page_a_billion_points_wide_is_drawn_small(look: Looking) -> None:
    document = samples.pdf(page={"/MediaBox": pikepdf.Array([0, 0, 1_000_000_000, 500_000_000])})
    seen = look(samples.pdf_bytes(document), "a.pdf")
    assert seen.drawable
    assert pdf_oddities.HUGE_PAGE in seen.warnings


@pytest.mark.parametrize(
    ("user", "allow", "drawable", "warnings"),
    [
        ("key", pikepdf.Permissions(), False, (pdf.ASKS_FOR_KEY,)),
        ("", pikepdf.Permissions(extract=False), True, ()),
        ("", pikepdf.Permissions(modify_other=False), True, (pdf.LOCKED,)),
    ],
)
def test_a_locked_document_says_so(
    look: Looking, user: str, allow: pikepdf.Permissions, drawable: bool, warnings: tuple[str, ...]
) -> None:
    locked = samples.pdf_bytes(
        samples.pdf(), encryption=pikepdf.Encryption(owner="owner", user=user, R=6, allow=allow)
    )
    seen = look(locked, "a.pdf")
    assert (seen.drawable, seen.warnings) == (drawable, warnings)


def test_damage_and_attachments_behind_the_end_are_told(look: Looking) -> None:
    whole = samples.pdf_bytes(samples.pdf((200, 100), (200, 100)))
    assert BEHIND in look(whole + samples.zipped({"a.txt": b"x" * 99}), "a.pdf").warnings
    broken = whole.replace(b"startxref", b"startxxxx")
    seen = look(broken, "a.pdf")
    assert (seen.drawable, seen.warnings) == (True, (pdf.DAMAGED,))
    head = look(b"%PDF-1.7\n", "a.pdf")
    assert (head.drawable, head.warnings) == (False, (pdf.CANNOT_READ,))


def test_an_illustrator_file_with_a_pdf_inside_is_drawn(look: Looking) -> None:
    seen = look(samples.pdf_bytes(samples.pdf()), "logo.ai")
    assert (seen.family, seen.drawable) == ("pdf", True)


def test_letters_made_of_themselves_are_found() -> None:
    assert letters.refer_to_themselves(_font({0: [1], 1: [0]}))
    assert letters.refer_to_themselves(_font({0: [0]}))
    assert not letters.refer_to_themselves(_font({0: [1, 1], 1: [2]}))
    assert not letters.refer_to_themselves(b"\0\1\0\0" + bytes(40))


def _font(parts: dict[int, list[int]]) -> bytes:
    """A TrueType font of three glyphs with only the tables that matter here."""
    import struct

    glyphs, places = b"", [0]
    for glyph in range(3):
        if glyph in parts:
            glyphs += b"\xff\xff" + bytes(8)
            for i, inner in enumerate(parts[glyph]):
                glyphs += struct.pack(">HHH", 0x20 if i + 1 < len(parts[glyph]) else 0, inner, 0)
        places.append(len(glyphs))
    tables = {b"head": bytes(50) + b"\0\1" + bytes(2), b"loca": struct.pack(">4I", *places), b"glyf": glyphs}
    out, at = b"\0\1\0\0" + struct.pack(">H", 3) + bytes(6), 12 + 48
    for tag, body in tables.items():
        out += tag + struct.pack(">III", 0, at, len(body))
        at += len(body)
    return out + b"".join(tables.values())
