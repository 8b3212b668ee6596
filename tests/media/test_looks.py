"""Colours by name and share, sharpness, shape."""

import pytest
from PIL import Image, ImageFilter

from assetlib.media import looks


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ("#d01818", "red"),
        ("#f28c1e", "orange"),
        ("#f5dc28", "yellow"),
        ("#2a9d3a", "green"),
        ("#159a96", "teal"),
        ("#1f4fc8", "blue"),
        ("#7a33b8", "purple"),
        ("#f4a3c4", "pink"),
        ("#6b4226", "brown"),
        ("#0b0b0d", "black"),
        ("#8a8a8c", "grey"),
        ("#fafafa", "white"),
        ("#e8dcc0", "beige"),
    ],
)
def test_a_colour_has_its_word(colour: str, word: str) -> None:
    picture = Image.new("RGB", (32, 32), colour)
    assert looks.named_colours(picture) == [word]
    assert word in looks.PALETTE
    [(found, share)] = looks.main_colours(picture)
    assert share == 1.0
    assert all(abs(int(found[i : i + 2], 16) - int(colour[i : i + 2], 16)) <= 4 for i in (1, 3, 5))


def test_every_colour_has_a_word_of_the_palette() -> None:
    steps = range(0, 256, 15)
    assert {looks.colour_word(r, g, b) for r in steps for g in steps for b in steps} == set(looks.PALETTE)


def test_shares_are_of_what_is_visible() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (0, 0, 40, 15))
    picture.paste((0, 0, 200, 255), (0, 15, 40, 20))
    colours = looks.main_colours(picture)
    assert [round(share, 2) for _, share in colours] == [0.75, 0.25]
    assert looks.named_colours(picture) == ["red", "blue"]
    assert looks.main_colours(Image.new("RGBA", (4, 4), (0, 0, 0, 0))) == []


def test_blur_lowers_sharpness() -> None:
    sharp = Image.effect_noise((128, 128), 80)
    assert looks.sharpness_of(sharp.filter(ImageFilter.GaussianBlur(3))) < looks.sharpness_of(sharp) / 10


@pytest.mark.parametrize(
    ("size", "shape"),
    [((300, 200), "landscape"), ((200, 300), "portrait"), ((200, 202), "square"), ((900, 300), "panorama")],
)
def test_shapes(size: tuple[int, int], shape: str) -> None:
    assert looks.shape_of(*size) == shape
