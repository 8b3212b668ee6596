"""TrueType fonts: do composed letters (glyphs made of glyphs) run in a circle? OpenType 1.9, table `glyf`."""

import struct

_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


def refer_to_themselves(font: bytes) -> bool:
    """True where following the parts of some glyph comes back to it."""
    try:
        parts = _parts_of_glyphs(font)
    except (struct.error, KeyError, IndexError):
        return False
    done: set[int] = set()
    return any(_circles(glyph, parts, done) for glyph in parts)


def _circles(start: int, parts: dict[int, list[int]], done: set[int]) -> bool:
    open_, stack = {start}, [(start, iter(parts.get(start, ())))]
    while stack:
        glyph, following = stack[-1]
        inner = next(following, None)
        if inner is None:
            stack.pop()
            open_.discard(glyph)
            done.add(glyph)
        elif inner in open_:
            return True
        elif inner not in done and inner in parts:
            open_.add(inner)
            stack.append((inner, iter(parts[inner])))
    return False


def _parts_of_glyphs(font: bytes) -> dict[int, list[int]]:
    """Composed glyph → the glyphs it is made of."""
    tables = {}
    for index in range(struct.unpack(">H", font[4:6])[0]):
        tag, _, offset, length = struct.unpack(">4sIII", font[12 + 16 * index : 28 + 16 * index])
        tables[tag] = (offset, length)
    head = tables[b"head"][0]
    wide = struct.unpack(">h", font[head + 50 : head + 52])[0] == 1
    start, length = tables[b"loca"]
    step = 4 if wide else 2
    count = min(length, max(0, len(font) - start)) // step
    places = struct.unpack(f">{count}{'I' if wide else 'H'}", font[start : start + count * step])
    glyphs = tables[b"glyf"][0]
    parts = {}
    for glyph in range(count - 1):
        at = glyphs + places[glyph] * (1 if wide else 2)
        if places[glyph] != places[glyph + 1] and font[at : at + 2] == b"\xff\xff":
            parts[glyph] = _parts(font, at + 10)
    return parts


def _parts(font: bytes, at: int) -> list[int]:
    found = []
    for _ in range(256):
        flags, glyph = struct.unpack(">HH", font[at : at + 4])
        found.append(glyph)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        if not flags & _MORE:
            break
    return found
