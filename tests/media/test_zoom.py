"""Zoom pyramids: one file, an index in plain Python, every tile one range."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from assetlib import media
from assetlib.media import zoom
from assetlib.media.recipes import recipes_for
from tests.media import samples


def _reader(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, length: data[offset : offset + length]


def test_tiles_put_together_are_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    picture = samples.upright_picture(1300, 700).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    file.write_bytes(samples.saved(picture, "JPEG", quality=95, exif=exif))
    seen = media.examine(file, name="a.jpg", scratch=tmp_path)
    [made] = media.draw(file, seen, scratch=tmp_path, recipes=("zoom",)).files
    assert (made.recipe, made.media_type, made.width, made.height) == ("zoom", zoom.MEDIA_TYPE, 1300, 700)
    data = made.path.read_bytes()
    index = zoom.read_index(_reader(data))
    assert (index.width, index.height, index.tile_size, index.overlap) == (1300, 700, 512, 0)
    assert [(level.width, level.columns, level.rows) for level in index.levels] == [
        (325, 1, 1),
        (650, 2, 1),
        (1300, 3, 2),
    ]
    whole = Image.new("RGB", (1300, 700))
    for column in range(3):
        for row in range(2):
            offset, length = index.tile(2, column, row)
            with Image.open(io.BytesIO(data[offset : offset + length])) as tile:
                whole.paste(tile, (512 * column, 512 * row))
    for name, colour in samples.corners_of(whole).items():
        assert all(abs(a - b) < 40 for a, b in zip(colour, samples.CORNERS[name], strict=True))
    offset, length = index.tile(0, 0, 0)
    with Image.open(io.BytesIO(data[offset : offset + length])) as smallest:
        assert smallest.size == (325, 175)


@pytest.mark.parametrize("at", [(3, 0, 0), (-1, 0, 0), (2, 3, 0), (2, 0, 2), (2, -1, 0)])
def test_a_tile_that_is_not_there_is_a_key_error(at: tuple[int, int, int]) -> None:
    level = zoom.Level(100, 100, 3, 2, (0, 1, 2, 3, 4, 5, 6))
    index = zoom.ZoomIndex(512, 0, 100, 100, "image/jpeg", (level, level, level))
    with pytest.raises(KeyError):
        index.tile(*at)
    assert index.tile(2, 2, 1) == (5, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"something else altogether",
        zoom.MAGIC + struct.pack(">QQ", 24, 2**40),
        zoom.MAGIC + struct.pack(">QQ", 24, 2) + b"{}",
        zoom.MAGIC + struct.pack(">QQ", 24, 9) + b"not json!",
        zoom.MAGIC + struct.pack(">QQ", 24, 2) + b"[]",
    ],
)
def test_what_is_no_pyramid_is_a_value_error(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        zoom.read_index(_reader(data))


def test_what_is_worth_making_later() -> None:
    assert recipes_for("image", width=6000, height=4000, pages=None) == ("zoom",)
    assert recipes_for("image", width=4096, height=4000, pages=None) == ()
    assert recipes_for("pdf", width=600, height=800, pages=3) == ("pages",)
    assert recipes_for("pdf", width=600, height=800, pages=1) == ()
    assert recipes_for("video", width=640, height=360, pages=None) == ("proxy", "filmstrip")
