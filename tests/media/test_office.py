"""Office packages: words, properties, the small picture inside, and LibreOffice's place in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from assetlib import media
from assetlib.media import looking, office, office_program
from assetlib.media.making.documents import deck_file, text_file
from assetlib.media.making.said import Said
from tests.media import samples
from tests.media.conftest import Looking


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "office_library", lambda: None)


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


@pytest.mark.skipif(office_program.office_library() is None, reason="no LibreOffice on this machine")
class TestLibreOffice:
    """Its real work, inside the walls."""

    @pytest.fixture(autouse=True)
    def with_libreoffice(self, without_libreoffice: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(looking, "office_library", office_program.office_library)

    @pytest.mark.parametrize(
        ("name", "data", "pages"),
        [
            ("letter.docx", text_file(["Spring sale in Bergen"] * 60, Said("Letter")), 2),
            ("deck.pptx", deck_file([("One", ("first",)), ("Two", ("second",))], Said("Deck")), 2),
            ("table.xlsx", samples.xlsx(), 1),
        ],
    )
    def test_a_file_becomes_pages(
        self,
        look: Looking,
        drawn: Callable[..., dict[str, media.Drawn]],
        name: str,
        data: bytes,
        pages: int,
    ) -> None:
        library = office_program.office_library()
        assert library is not None
        windows = Path(library).parents[1] / "share/config/soffice.cfg/modules/scalc/ui/inputbar.ui"
        if name.endswith("xlsx") and not windows.exists():
            pytest.skip("this LibreOffice was packed without Calc's windows, see docs/architecture.md")
        seen = look(data, name)
        assert (seen.drawable, seen.warnings) == (True, (office.BY_LIBREOFFICE,))
        made = drawn(data, name, "thumb", "pages")
        assert {"thumb", *(f"pages-{number}" for number in range(1, pages + 1))} <= set(made)
        with Image.open(made["thumb"].path) as picture:
            shades = picture.convert("L").getcolors()
        assert shades is not None
        assert min(shade for _, shade in shades) < 150, "nothing is written on the page"  # type: ignore[operator]  # one channel: numbers

    def test_a_damaged_file_costs_only_its_preview(self, look: Looking, tmp_path: Path) -> None:
        data = samples.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:doc"})
        seen = look(data, "broken.docx")
        with pytest.raises(media.CannotDraw):
            media.draw(tmp_path / "sent", seen, scratch=tmp_path)


def test_looking_for_libreoffice_gives_a_library_or_none() -> None:
    found = office_program.office_library()
    assert found is None or Path(found).is_file()
