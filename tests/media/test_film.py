"""Films and sound by ffmpeg: facts, poster, proxy, waveform; nothing outside the file is read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from assetlib import media
from assetlib.media import film, looking
from assetlib.media.film_program import ffmpeg_program
from tests.media import samples
from tests.media.conftest import Looking

pytestmark = pytest.mark.skipif(ffmpeg_program() is None, reason="ffmpeg is not installed")

_PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=12:duration=2")
_TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("film")
    arguments = (
        *_PICTURE,
        *_TONE,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
    )
    return samples.made_by_ffmpeg(folder, "a.mp4", *arguments, "-metadata", "title=Teaser").read_bytes()


def test_facts_of_a_film(look: Looking, clip: bytes) -> None:
    seen = look(clip, "teaser.mp4")
    assert (seen.family, seen.width, seen.height, seen.shape) == ("video", 640, 360, "landscape")
    assert seen.duration_ms is not None
    assert abs(seen.duration_ms - 2000) < 150
    assert seen.metadata["title"]["value"] == "Teaser"
    assert seen.phash is not None
    assert seen.complete


def test_poster_filmstrip_and_proxy(drawn: Callable[..., dict[str, media.Drawn]], clip: bytes) -> None:
    made = drawn(clip, "teaser.mp4", "thumb", "preview", "proxy", "filmstrip")
    assert (made["thumb"].width, made["thumb"].height) == (480, 270)
    assert (made["preview"].width, made["preview"].height) == (640, 360)
    proxy = made["proxy"].path.read_bytes()
    assert made["proxy"].media_type == "video/mp4"
    assert proxy.find(b"moov") < proxy.find(b"mdat")
    assert b"avc1" in proxy
    assert b"mp4a" in proxy
    assert b"Teaser" not in proxy
    assert made["filmstrip"].width == 20 * 160


def test_a_film_turned_on_its_side_stands_upright(look: Looking, tmp_path: Path, clip: bytes) -> None:
    (tmp_path / "in.mp4").write_bytes(clip)
    turned = samples.made_by_ffmpeg(
        tmp_path, "turned.mov", "-display_rotation", "90", "-i", str(tmp_path / "in.mp4"), "-c", "copy"
    )
    seen = look(turned.read_bytes(), "turned.mov")
    assert (seen.width, seen.height, seen.shape) == (360, 640, "portrait")


def test_sound_is_shown_as_its_loudness(
    look: Looking, drawn: Callable[..., dict[str, media.Drawn]], tmp_path: Path
) -> None:
    sound = samples.made_by_ffmpeg(tmp_path, "a.mp3", *_TONE).read_bytes()
    seen = look(sound, "jingle.mp3")
    assert (seen.family, seen.width, seen.complete) == ("audio", None, True)
    assert seen.duration_ms is not None
    assert 1900 < seen.duration_ms < 2200
    made = drawn(sound, "jingle.mp3", "preview")["preview"]
    with Image.open(made.path) as picture:
        assert picture.width == 1024
        assert any(low != high for low, high in picture.convert("RGBA").getextrema())  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42\xff\xff\xff\xf0moov" + bytes(64), "a.mp4", film.CANNOT_READ),
        (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(64), "a.m4a", film.CANNOT_HEAR),
    ],
)
def test_a_film_without_pictures_is_kept(look: Looking, data: bytes, name: str, sentence: str) -> None:
    seen = look(data, name)
    assert (seen.drawable, seen.warnings) == (False, (sentence,))


def test_a_playlist_behind_a_films_head_is_not_followed(look: Looking) -> None:
    seen = look(b"\0\0\0\x18ftypisom" + bytes(12) + b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a.mp4")
    assert not seen.drawable
    assert "root:" not in str(seen)


def test_without_ffmpeg_films_are_kept_and_say_so(
    look: Looking, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "ffmpeg_program", lambda: None)
    seen = look(clip, "teaser.mp4")
    assert (seen.family, seen.drawable, seen.warnings) == ("video", False, (film.NO_PROGRAM,))
