"""What a picture looks like, in numbers: main colours and their names, sharpness, perceptual hash, shape."""

import colorsys
import math
from collections import Counter
from typing import Any

from PIL import Image, ImageFilter, ImageStat

PALETTE = (
    "red",
    "orange",
    "yellow",
    "green",
    "teal",
    "blue",
    "purple",
    "pink",
    "brown",
    "black",
    "grey",
    "white",
    "beige",
)
"""Every word that `colour_word` can say."""

_MOST_COLOURS = 6
_NAMED_FROM = 0.08
"""Share of the picture from which a colour's word is given."""


def shape_of(width: int, height: int) -> str:
    """landscape, portrait, square (within 5 %), panorama (2 : 1 and wider)."""
    ratio = width / max(height, 1)
    if ratio >= 2:
        return "panorama"
    if ratio > 1.05:
        return "landscape"
    return "square" if ratio >= 1 / 1.05 else "portrait"


def looks_of(picture: Image.Image) -> dict[str, Any]:
    """colours, named_colours, sharpness, phash, phash_mirror of an sRGB picture of about 512 pixels."""
    flat = flattened(picture)
    grey = flat.convert("L")
    return {
        "colours": main_colours(picture),
        "named_colours": named_colours(picture),
        "sharpness": round(sharpness_of(grey), 2),
        "phash": perceptual_hash(grey),
        "phash_mirror": perceptual_hash(grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    }


def flattened(picture: Image.Image) -> Image.Image:
    """RGB on white."""
    if picture.mode != "RGBA":
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _opaque_pixels(picture: Image.Image, side: int) -> list[tuple[int, int, int]]:
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.BOX)
    rgba = small.convert("RGBA").tobytes()
    return [(rgba[i], rgba[i + 1], rgba[i + 2]) for i in range(0, len(rgba), 4) if rgba[i + 3] >= 128]


def main_colours(picture: Image.Image) -> list[tuple[str, float]]:
    """Up to six of ("#rrggbb", share), largest first; what is transparent does not count."""
    pixels = _opaque_pixels(picture, 96)
    if not pixels:
        return []
    line = Image.frombytes("RGB", (len(pixels), 1), b"".join(bytes(p) for p in pixels))
    reduced = line.quantize(12, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = reduced.getpalette() or []
    groups: list[tuple[tuple[int, int, int], int]] = []
    for index, count in Counter(reduced.tobytes()).most_common():
        colour = (table[3 * index], table[3 * index + 1], table[3 * index + 2])
        near = next((i for i, (c, _) in enumerate(groups) if math.dist(c, colour) < 36), None)
        if near is None:
            groups.append((colour, count))
        else:
            groups[near] = (groups[near][0], groups[near][1] + count)
    groups.sort(key=lambda g: -g[1])
    return [
        (f"#{red:02x}{green:02x}{blue:02x}", round(count / len(pixels), 4))
        for (red, green, blue), count in groups[:_MOST_COLOURS]
    ]


def colour_word(red: int, green: int, blue: int) -> str:
    """The nearest word of PALETTE, by hue, saturation and lightness."""
    hue, light, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    degrees = hue * 360
    chroma = (max(red, green, blue) - min(red, green, blue)) / 255
    if light < 0.1 or (light < 0.16 and chroma < 0.12):
        return "black"
    if chroma < 0.09:
        return "white" if light > 0.9 else "grey"
    if 18 <= degrees < 62 and light > 0.68 and chroma < 0.38:
        return "beige"
    if (
        (degrees < 48 or degrees >= 345)
        and light < 0.42
        and 12 <= (degrees + 15) % 360 < 63
        and saturation < 0.85
    ):
        return "brown"
    return _hue_word(degrees, light)


def _hue_word(degrees: float, light: float) -> str:
    if degrees < 14 or degrees >= 345:
        return "pink" if light > 0.68 else "red"
    for below, word in (
        (42, "orange"),
        (68, "yellow"),
        (160, "green"),
        (196, "teal"),
        (258, "blue"),
        (300, "purple"),
    ):
        if degrees < below:
            return word
    return "pink"


def named_colours(picture: Image.Image) -> list[str]:
    """Words for what covers at least 8 % of the picture, largest first, at most four."""
    pixels = _opaque_pixels(picture, 64)
    words = Counter(colour_word(*p) for p in pixels)
    return [word for word, count in words.most_common(4) if count >= _NAMED_FROM * len(pixels)]


def sharpness_of(grey: Image.Image) -> float:
    """Variance of the Laplacian."""
    if min(grey.size) < 3:
        return 0.0
    laplace = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    return float(ImageStat.Stat(grey.filter(laplace)).var[0])


_SIDE, _KEPT = 32, 8
_COSINES = [[math.cos(math.pi * u * (2 * x + 1) / (2 * _SIDE)) for x in range(_SIDE)] for u in range(_KEPT)]


def perceptual_hash(grey: Image.Image) -> str:
    """64 bits as 16 hex digits: which of the 8 × 8 lowest frequencies lie above their median.

    The cosine transform is of the picture at 32 × 32.
    """
    small = grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).tobytes()
    rows = [small[y * _SIDE : (y + 1) * _SIDE] for y in range(_SIDE)]
    across = [
        [sum(c * v for c, v in zip(_COSINES[u], row, strict=True)) for u in range(_KEPT)] for row in rows
    ]
    waves = [
        sum(_COSINES[v][y] * across[y][u] for y in range(_SIDE)) for v in range(_KEPT) for u in range(_KEPT)
    ]
    middle = sorted(waves[1:])[len(waves) // 2 - 1]
    bits = 0
    for wave in waves:
        bits = bits << 1 | (wave > middle)
    return f"{bits:016x}"
