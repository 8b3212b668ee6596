"""Office packages: words, properties, the small picture inside, and LibreOffice's place in it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from assetlib import media
from assetlib.media import looking, office, office_program
from tests.media import samples
from tests.media.conftest import Looking


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "office_program", lambda: None)


def test_words_and_properties_of_a_letter(look: Looking) -> None:
    seen = look(samples.docx("Spring sale in Bergen"), "letter.docx")
    assert (seen.format, seen.label, seen.family) == ("docx", "Word", "office")
    assert seen.text == "Spring sale in Bergen"
    assert seen.metadata["title"] == {"value": "Plan", "source": "file"}
    assert seen.metadata["creator"]["value"] == ["Kim"]
    assert (seen.drawable, seen.warnings) == (False, (office.NO_PREVIEW,))


def test_slides_are_counted_and_read(look: Looking) -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    slide = f"<s xmlns:a='{a}'><a:p><a:r><a:t>Slide words</a:t></a:r></a:p></s>".encode()
    deck = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}
    seen = look(
        samples.zipped({**deck, "ppt/slides/slide1.xml": slide, "ppt/slides/slide2.xml": slide}), "d.pptx"
    )
    assert (seen.format, seen.pages) == ("pptx", 2)
    assert seen.text == "Slide words\nSlide words"


def test_the_small_picture_inside_is_shown(
    look: Looking, drawn: Callable[..., dict[str, media.Drawn]]
) -> None:
    picture = samples.saved(samples.upright_picture(), "JPEG")
    data = samples.docx(more={"docProps/thumbnail.jpeg": picture})
    seen = look(data, "letter.docx")
    assert (seen.drawable, seen.warnings) == (True, (office.SMALL_ONLY,))
    with Image.open(drawn(data, "letter.docx", "thumb")["thumb"].path) as made:
        assert made.size == (96, 64)


def test_entities_in_a_part_are_not_followed(look: Looking) -> None:
    evil = b"<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w><t>&x;</t></w>"
    seen = look(samples.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": evil}), "a.docx")
    assert seen.text is None
    assert office.BAD_PART in seen.warnings


def test_macros_are_told(look: Looking) -> None:
    assert office.MACROS in look(samples.docx(more={"word/vbaProject.bin": b"x"}), "a.docm").warnings


def test_a_converter_on_the_machine_turns_it_into_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Callable[..., dict[str, media.Drawn]]
) -> None:
    """A program with LibreOffice's manners stands in: it writes a PDF into --outdir."""
    page = tmp_path / "page.pdf"
    page.write_bytes(samples.pdf_bytes(samples.pdf((300, 200), (300, 200))))
    program = tmp_path / "soffice"
    body = (
        "out = sys.argv[sys.argv.index('--outdir') + 1]\n"
        f"open(out + '/document.pdf', 'wb').write({page.read_bytes()!r})"
    )
    program.write_text(f"#!{Path(sys.executable).resolve()} -I\nimport sys\n{body}\n")
    program.chmod(0o755)
    monkeypatch.setattr(
        looking,
        "_extras",
        lambda key: {"programs": [str(program), str(Path(sys.executable).resolve())], "office": True},
    )
    made = drawn(samples.docx(), "a.docx", "thumb", "pages")
    assert set(made) == {"thumb", "pages-1", "pages-2"}
    assert (made["thumb"].width, made["thumb"].height) == (480, 320)


def test_looking_for_libreoffice_gives_an_absolute_path_or_none() -> None:
    found = office_program.office_program()
    assert found is None or Path(found).is_absolute()
