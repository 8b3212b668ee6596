"""A CMYK profile of our own: ink covers paper as one would think, 1 − (1 − C)(1 − K). Made in code, CC0.

It describes exactly what `Image.convert("CMYK")` does, so a picture that goes to CMYK and back keeps its
colours. A colour-managed program is told so instead of guessing.
"""

import struct
from functools import cache

_GRID = 7
_HEADER = 128
_D50 = (0.9642, 1.0, 0.8249)
# sRGB to XYZ under D50, Bradford adapted (IEC 61966-2-1 with ICC.1:2010, annex E).
_TO_XYZ = (
    (0.4360747, 0.3850649, 0.1430804),
    (0.2225045, 0.7168786, 0.0606169),
    (0.0139322, 0.0971045, 0.7141733),
)


@cache
def press_profile() -> bytes:
    """The profile's bytes, ICC version 2, output class, CMYK to Lab."""
    tags = [
        (b"desc", _description("Northwind press, uncoated")),
        (b"cprt", _text("CC0 1.0 Universal")),
        (b"wtpt", b"XYZ \x00\x00\x00\x00" + b"".join(_fixed(v) for v in _D50)),
        (b"A2B0", _ink_to_lab()),
    ]
    table, data = struct.pack(">I", len(tags)), b""
    start = _HEADER + 4 + 12 * len(tags)
    for name, content in tags:
        table += struct.pack(">4sII", name, start + len(data), len(content))
        data += content + b"\x00" * (-len(content) % 4)
    size = start + len(data)
    header = struct.pack(">I4sI4s4s4s", size, b"    ", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\x00" * 28
    header += b"".join(_fixed(v) for v in _D50)
    return header.ljust(_HEADER, b"\x00") + table + data


def _ink_to_lab() -> bytes:
    """A lut8 of four inks: straight curves around a grid of Lab values."""
    straight = bytes(range(256))
    matrix = b"".join(_fixed(float(row == column)) for row in range(3) for column in range(3))
    steps = [step / (_GRID - 1) for step in range(_GRID)]
    grid = b"".join(
        _lab_of(tuple((1 - ink) * (1 - k) for ink in (c, m, y)))
        for c in steps
        for m in steps
        for y in steps
        for k in steps
    )
    return b"mft1\x00\x00\x00\x00" + bytes((4, 3, _GRID, 0)) + matrix + straight * 4 + grid + straight * 3


def _lab_of(rgb: tuple[float, ...]) -> bytes:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in rgb]
    xyz = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in _TO_XYZ]
    x, y, z = (_bent(v / white) for v, white in zip(xyz, _D50, strict=True))
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return bytes(min(max(round(v), 0), 255) for v in (lightness * 2.55, a + 128, b + 128))


def _bent(value: float) -> float:
    return value ** (1 / 3) if value > (6 / 29) ** 3 else value * (29 / 6) ** 2 / 3 + 4 / 29


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _text(text: str) -> bytes:
    return b"text\x00\x00\x00\x00" + text.encode() + b"\x00"


def _description(text: str) -> bytes:
    ascii_text = text.encode() + b"\x00"
    head = b"desc\x00\x00\x00\x00" + struct.pack(">I", len(ascii_text)) + ascii_text
    return head + struct.pack(">IIHB", 0, 0, 0, 0) + b"\x00" * 67
