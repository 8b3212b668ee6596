"""IPTC-IIM records (IIM 4.2, record 2) as lists of text by data set number."""

import struct


def read(data: bytes) -> dict[int, list[str]]:
    """Data set → texts, in order. Bytes that do not fit end the reading."""
    sets: dict[int, list[bytes]] = {}
    utf8 = False
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number, length = struct.unpack(">BBH", data[at + 1 : at + 5])
        at += 5
        if length & 0x8000:
            size = length & 0x7FFF
            length = int.from_bytes(data[at : at + size], "big") if size <= 4 else len(data)
            at += size
        body = data[at : at + length]
        at += length
        if (record, number) == (1, 90):
            utf8 = body == b"\x1b%G"
        elif record == 2:
            sets.setdefault(number, []).append(body)
    return {number: [_text(b, utf8=utf8) for b in bodies] for number, bodies in sets.items()}


def _text(body: bytes, *, utf8: bool) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8" if utf8 else "cp1252", "replace")
