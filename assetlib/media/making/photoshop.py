"""A flat Photoshop file: header, metadata, and one merged picture, packed by runs.

Adobe Photoshop File Formats Specification, sections "File Header" to "Image Data".
"""

import struct

from PIL import Image

from assetlib.media.making.said import Said, image_resource, iptc_records, xmp_packet


def photoshop_file(picture: Image.Image, said: Said) -> bytes:
    """The bytes of an RGB PSD, eight bits a channel."""
    picture = picture.convert("RGB")
    width, height = picture.size
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, height, width, 8, 3)
    resolution = struct.pack(">IHHIHH", 300 << 16, 1, 2, 300 << 16, 1, 2)
    resources = (
        image_resource(0x03ED, resolution)
        + image_resource(0x0404, iptc_records(said))
        + image_resource(0x0424, xmp_packet(said))
    )
    lengths, rows = [], []
    for channel in picture.split():
        flat = channel.tobytes()
        for start in range(0, len(flat), width):
            packed = _packed(flat[start : start + width])
            lengths.append(len(packed))
            rows.append(packed)
    return b"".join(
        (
            header,
            struct.pack(">I", 0),
            struct.pack(">I", len(resources)),
            resources,
            struct.pack(">I", 0),
            struct.pack(">H", 1),
            struct.pack(f">{len(lengths)}H", *lengths),
            *rows,
        )
    )


def _packed(row: bytes) -> bytes:
    """PackBits without looking for runs shorter than a whole row: flat rows shrink, others grow by 1 %."""
    if row.count(row[0]) == len(row):
        return b"".join(
            bytes((257 - len(piece), row[0]))
            for piece in (row[start : start + 128] for start in range(0, len(row), 128))
            if len(piece) > 1
        ) + (bytes((0, row[0])) if len(row) % 128 == 1 else b"")
    return b"".join(
        bytes((len(piece) - 1,)) + piece
        for piece in (row[start : start + 128] for start in range(0, len(row), 128))
    )
