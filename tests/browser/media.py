"""A delivery as an agency sends it, made in code: pictures, a layout, a film, a text, in nested folders."""

import io
from functools import cache
from pathlib import Path

from PIL import Image

from assetlib.media.making.documents import text_file
from assetlib.media.making.drawings import Logo, logo_file
from assetlib.media.making.films import Move, film_file
from assetlib.media.making.said import Said

PICTURE = "coast/lighthouse-dawn.jpg"
LARGE = "coast/print/headland-wide.tiff"
REFUSED = "notes/installer.exe"
MANY = (
    PICTURE,
    "coast/lighthouse-cutout.png",
    "coast/harbour.webp",
    "layouts/poster.pdf",
    "logos/northwind.svg",
    "films/waves.mp4",
    LARGE,
    "films/loop.gif",
    "notes/captions.docx",
    REFUSED,
)
"""The names of a delivery of ten mixed files; the last one is never taken."""


def landscape(width: int, height: int, *, hue: int = 20) -> Image.Image:
    """A sky over a sea: enough to tell which way is up."""
    sky = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge(
        "RGB", (sky, sky.point([min(255, hue + level // 2) for level in range(256)]), sky.rotate(180))
    )
    picture.paste(
        (240, 236, 220), (width // 2, height // 5, width // 2 + max(1, width // 20), height * 3 // 4)
    )
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, form, **options)
    return kept.getvalue()


def jpeg(width: int = 2400, height: int = 1600, *, hue: int = 20) -> bytes:
    return saved(landscape(width, height, hue=hue), "JPEG", quality=85)


def png() -> bytes:
    picture = landscape(900, 1200, hue=90)
    picture.putalpha(Image.radial_gradient("L").resize(picture.size))
    return saved(picture, "PNG", compress_level=1)


def large_tiff(side: int = 4000) -> bytes:
    """Four bytes for each pixel, not packed: 64 MB at 4000 pixels, which are four parts of an upload."""
    picture = landscape(side, side, hue=140)
    picture.putalpha(255)
    return saved(picture, "TIFF")


def pdf(pages: int = 3) -> bytes:
    sheets = [landscape(620, 877, hue=40 * number) for number in range(pages)]
    return saved(sheets[0], "PDF", save_all=True, append_images=sheets[1:])


def gif() -> bytes:
    frames = [landscape(160, 120, hue=60 * number).quantize(32) for number in range(3)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)


@cache
def film() -> bytes:
    return film_file([Move(jpeg(640, 360), 1)], size=(320, 180), title="Waves")


def delivery(folder: Path) -> dict[str, bytes]:
    """Write the ten files of MANY below `folder`; gives their bytes by name."""
    contents = {
        PICTURE: jpeg(),
        "coast/lighthouse-cutout.png": png(),
        "coast/harbour.webp": saved(landscape(1200, 800, hue=120), "WEBP", method=0),
        "layouts/poster.pdf": pdf(),
        "logos/northwind.svg": logo_file(Logo(), Said(title="Northwind logo")),
        "films/waves.mp4": film(),
        LARGE: large_tiff(),
        "films/loop.gif": gif(),
        "notes/captions.docx": text_file(["The lighthouse at first light."], Said(title="Captions")),
        REFUSED: b"MZ" + bytes(2048),
    }
    assert tuple(contents) == MANY
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents
