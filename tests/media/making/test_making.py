"""Files made in code are what they say, and the same order makes the same bytes."""

import io
import subprocess
import wave
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import imageio_ffmpeg
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageCms, ImageStat

from assetlib.media.making.documents import deck_file, text_file
from assetlib.media.making.drawings import Logo, logo_file
from assetlib.media.making.films import Move, NoFilm, film_file, run_ffmpeg
from assetlib.media.making.paper import Placed, Sheet, Words, paper_file
from assetlib.media.making.pictures import Look, graded, loop_file, picture_file, srgb_profile
from assetlib.media.making.press_profile import press_profile
from assetlib.media.making.said import Said, xmp_packet
from assetlib.media.making.sounds import sound_file

SAID = Said(
    title="Ridge & hikers",
    description="Two hikers – a café behind them",
    alt_text="Two hikers",
    creator="Ines Kvale",
    keywords=("ridge", "hikers"),
    copyright="© 2026 Northwind Outdoors",
    camera="Halvard X2",
    created=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A red thing on a pale backdrop, green at the top left."""
    picture = Image.new("RGB", (300, 200), "#e8e6e0")
    picture.paste("#c03020", (100, 60, 200, 150))
    picture.paste("#208040", (0, 0, 30, 30))
    picture.save(tmp_path / "source.png")
    return tmp_path / "source.png"


@pytest.mark.parametrize(
    ("form", "kind", "mode"),
    [
        ("jpeg", "JPEG", "RGB"),
        ("jpeg-cmyk", "JPEG", "CMYK"),
        ("png", "PNG", "RGB"),
        ("webp", "WEBP", "RGB"),
        ("avif", "AVIF", "RGB"),
        ("tiff", "TIFF", "RGB"),
        ("tiff-cmyk", "TIFF", "CMYK"),
        ("psd", "PSD", "RGB"),
    ],
)
def test_a_picture_has_its_format_its_pixels_and_its_metadata(
    source: Path, form: str, kind: str, mode: str
) -> None:
    picture = graded(source, Look())
    made = picture_file(picture, form, SAID)
    assert made == picture_file(picture, form, SAID)
    assert b"Two hikers" in made
    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.format, opened.mode, opened.size) == (kind, mode, (300, 200))
        profile = opened.info.get("icc_profile")
        shown = opened.convert(mode)
    if mode == "CMYK":
        assert profile == press_profile()
        seen = ImageCms.profileToProfile(
            shown, io.BytesIO(press_profile()), io.BytesIO(srgb_profile()), outputMode="RGB"
        )
        assert seen is not None
        shown = seen
    difference = ImageStat.Stat(ImageChops.difference(shown.convert("RGB"), picture)).mean
    assert max(difference) < 6


def _rgb(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = picture.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue


def test_a_turned_picture_is_stored_turned_and_says_so(source: Path) -> None:
    made = picture_file(graded(source, Look()), "jpeg", SAID, orientation=6)
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.size == (200, 300)
        assert opened.getexif()[0x0112] == 6


def test_a_look_cuts_sizes_and_mirrors(source: Path) -> None:
    picture = graded(source, Look(cut=(0, 0, 0.5, 0.5), longest=600, mirrored=True))
    assert picture.size == (600, 400)
    red, green, _ = _rgb(picture, 590, 10)
    assert green > red


def test_a_thing_alone_keeps_itself_and_loses_its_backdrop(source: Path) -> None:
    alpha = graded(source, Look(alone=True)).getchannel("A")
    assert alpha.getpixel((150, 100)) == 255
    assert alpha.getpixel((280, 180)) == 0


def test_grades_differ(source: Path) -> None:
    looks = [
        graded(source, Look(grade=grade)).tobytes()
        for grade in ("as_shot", "warm", "cool", "dusk", "faded", "mono")
    ]
    assert len(set(looks)) == 6


def test_a_loop_has_a_frame_for_each_picture(source: Path) -> None:
    pictures = [graded(source, Look(grade=grade)) for grade in ("as_shot", "cool", "mono")]
    with Image.open(io.BytesIO(loop_file(pictures, longest=120, milliseconds=400))) as opened:
        assert (opened.format, getattr(opened, "n_frames", 1), opened.info["duration"]) == ("GIF", 3, 400)


def test_a_page_holds_its_words_and_its_picture(source: Path) -> None:
    sheet = Sheet(
        300, 400, (Placed(graded(source, Look()), 0, 100, 300),), (Words(("Größe (€ 149)",), 20, 60),)
    )
    made = paper_file([sheet, Sheet(200, 200)], SAID)
    assert made == paper_file([sheet, Sheet(200, 200)], SAID)
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) == 2
        page = document[0]
        text = page.get_textpage()
        assert "Größe (€ 149)" in text.get_text_range()
        shown = page.render(scale=1).to_pil()
        text.close()
        page.close()
    red, green, _ = _rgb(shown, 150, 200)
    assert red > green + 60
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.docinfo["/Title"] == "Ridge & hikers"


def test_a_film_lasts_as_long_as_its_moves(source: Path, tmp_path: Path) -> None:
    still = picture_file(graded(source, Look()), "jpeg", SAID)
    made = film_file([Move(still, 1), Move(still, 0.5)], size=(320, 180), title="Pan")
    assert made == film_file([Move(still, 1), Move(still, 0.5)], size=(320, 180), title="Pan")
    (tmp_path / "film.mp4").write_bytes(made)
    told = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(tmp_path / "film.mp4")],
        capture_output=True,
        text=True,
    ).stderr
    assert "Duration: 00:00:01.50" in told
    assert "320x180" in told


def test_ffmpeg_says_why_not() -> None:
    with pytest.raises(NoFilm):
        run_ffmpeg([], inputs=[("nothing.jpg", b"no picture")], output="film.mp4")


@pytest.mark.parametrize("form", ["wav", "mp3", "m4a"])
def test_a_sound_has_its_format(form: str) -> None:
    made = sound_file((220, 330), seconds=1, form=form, title="Jingle", artist="Northwind")
    assert (
        made[:4] == b"RIFF"
        if form == "wav"
        else made[:3] == b"ID3"
        if form == "mp3"
        else made[4:8] == b"ftyp"
    )
    if form == "wav":
        with wave.open(io.BytesIO(made)) as opened:
            assert opened.getnframes() == opened.getframerate()


def test_a_logo_is_well_formed_and_says_its_title() -> None:
    root = etree.fromstring(logo_file(Logo(stacked=True, ground="#f1be48"), SAID))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Ridge & hikers"


def test_office_files_are_packages_whose_parts_are_all_there() -> None:
    for made, start in (
        (text_file(["First & last"], SAID), "word/document.xml"),
        (deck_file([("Autumn", ["One"]), ("Winter", ["Two"])], SAID), "ppt/presentation.xml"),
    ):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert archive.testzip() is None
            names = set(archive.namelist())
            assert start in names
            listed = etree.fromstring(archive.read("[Content_Types].xml"))
            assert {each.get("PartName", "").lstrip("/") for each in listed if each.get("PartName")} <= names
            for name in names:
                etree.fromstring(archive.read(name))


def test_xmp_is_well_formed_whatever_is_said() -> None:
    packet = xmp_packet(Said(title="<b> & ]]>", keywords=("a<b",)))
    body = packet[packet.index(b"<x:") : packet.index(b"<?xpacket end")]
    assert "<b> & ]]>" in str(etree.fromstring(body).xpath("string()"))
