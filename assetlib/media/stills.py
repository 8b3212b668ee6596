"""Pictures in the child: facts of one file, and its renditions from a single decode."""

import mmap
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, WebPImagePlugin

from assetlib.media import looks
from assetlib.media.errors import CannotDraw
from assetlib.media.metadata import Packets, packets_of, reconciled
from assetlib.media.pictures import (
    DAMAGED,
    Loaded,
    load_picture,
    said_by_libraries,
    shrink,
    source_of,
    to_srgb,
    upright,
)
from assetlib.media.structure import Structure, structure_of
from assetlib.media.structure.found import must_fit
from assetlib.words import say

WEBP = WebPImagePlugin.WebPImageFile.format
"""Named through its plugin, which loads it: saving by a bare name would load all forty of Pillow's."""

_LOOK = (512, 512)
_SPACES = {
    "1": ("Bilevel", 1),
    "L": ("Grey", 8),
    "LA": ("Grey", 8),
    "I;16": ("Grey", 16),
    "I;16B": ("Grey", 16),
    "I": ("Grey", 32),
    "F": ("Grey", 32),
    "P": ("Palette", 8),
    "PA": ("Palette", 8),
    "RGB": ("RGB", 8),
    "RGBA": ("RGB", 8),
    "RGBX": ("RGB", 8),
    "CMYK": ("CMYK", 8),
    "LAB": ("Lab", 8),
    "YCbCr": ("YCbCr", 8),
}
_ALL_CLEAR = say("Every pixel of this picture is transparent. The preview is empty.")


def examine_picture(file_number: int, key: str) -> dict[str, Any]:
    """Facts of a picture. Raises UnwantedFile; what only hinders drawing becomes a warning."""
    with open(file_number, "rb", closefd=False) as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    structure = structure_of(data, key)
    facts: dict[str, Any] = {"drawable": False}
    facts |= _sizes(structure, key)
    warnings = list(structure.oddities)
    info: dict[str, Any] = {}
    try:
        loaded = load_picture(source_of(file_number, structure), key, inside=_LOOK, frames=structure.frames)
    except CannotDraw as broken:
        warnings.append(broken.sentence)
    else:
        facts |= _seen(loaded, structure, key, warnings)
        info = loaded.info
    packets = packets_of(data, key, info)
    facts["metadata"] = reconciled(packets, warnings)
    facts["has_c2pa"] = packets.has_c2pa
    facts["warnings"] = list(dict.fromkeys(warnings))
    return facts


def _sizes(structure: Structure, key: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"width": structure.width, "height": structure.height}
    if key == "tiff":
        facts["pages"] = structure.frames
    elif structure.frames > 1:
        facts["frames"] = structure.frames
    if structure.width and structure.height:
        facts["shape"] = looks.shape_of(structure.width, structure.height)
    return facts


def _seen(loaded: Loaded, structure: Structure, key: str, warnings: list[str]) -> dict[str, Any]:
    warnings += loaded.warnings
    small = shrink(loaded.picture, _LOOK)
    small = upright(to_srgb(small, loaded.icc, warnings), loaded.orientation)
    if key == "tiff" and said_by_libraries():
        warnings.append(DAMAGED)
    if small.mode == "RGBA" and small.getchannel("A").getextrema() == (0, 0):
        warnings.append(_ALL_CLEAR)
    width, height = loaded.full_size
    space, depth = _SPACES.get(loaded.mode, ("RGB", 8))
    facts = {
        "drawable": True,
        "width": width,
        "height": height,
        "shape": looks.shape_of(width, height),
        "colour_space": space,
        "bit_depth": structure.bit_depth if structure.bit_depth in range(1, 65) else depth,
        "has_alpha": small.mode == "RGBA",
        "has_icc": loaded.icc is not None,
        "icc_name": _profile_name(loaded.icc),
        "orientation": loaded.stored_orientation,
        **looks.looks_of(small),
    }
    if key == "avif" and loaded.frames > 1:
        facts["frames"] = loaded.frames
    return facts


def _profile_name(icc: bytes | None) -> str | None:
    if not icc:
        return None
    import io

    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc))).strip()[:200] or None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def draw_picture(
    file_number: int,
    key: str,
    recipes: list[dict[str, Any]],
    folder: Path,
    *,
    focal: tuple[float, float] = (0.5, 0.5),
) -> dict[str, Any]:
    """Renditions of a picture by still recipes: one decode, then each size out of the next larger one.

    In: an open file, recipes as dicts. Out: files in `folder` and {"files", "warnings"}.
    """
    with open(file_number, "rb", closefd=False) as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    structure = structure_of(data, key)
    largest = max(_room(r) for r in recipes)
    loaded = load_picture(
        source_of(file_number, structure), key, inside=(largest, largest), frames=structure.frames
    )
    must_fit(*loaded.picture.size)
    warnings = list(loaded.warnings)
    picture = _ready(loaded, recipes, warnings)
    del loaded
    return {"files": draw_stills(picture, recipes, folder, focal=focal), "warnings": warnings}


def _room(recipe: dict[str, Any]) -> int:
    """Longest side to decode for; a cut needs the short side filled, so the long one is left free."""
    return 20_000 if recipe.get("box") else int(recipe["longest"])


def _ready(loaded: Loaded, recipes: list[dict[str, Any]], warnings: list[str]) -> Image.Image:
    """Shrunk to the largest recipe, then sRGB, then upright: the dear steps on the fewest pixels."""
    if any(r.get("box") for r in recipes):
        cut = max(max(r["box"]) for r in recipes if r.get("box"))
        short, long = sorted(loaded.picture.size)
        fits = max(cut / short, max((r["longest"] for r in recipes), default=0) / long)
        room = max(1, round(long * fits))
    else:
        room = max(r["longest"] for r in recipes)
    small = shrink(loaded.picture, (room, room))
    loaded.picture = small  # the large one is not needed any more; its memory is
    return upright(to_srgb(small, loaded.icc, warnings), loaded.orientation)


def draw_stills(
    picture: Image.Image,
    recipes: list[dict[str, Any]],
    folder: Path,
    *,
    focal: tuple[float, float] = (0.5, 0.5),
    page: int | None = None,
) -> list[dict[str, Any]]:
    """Write an sRGB picture by each recipe: cuts first, then each size out of the next larger one."""
    files = [
        write_still(cut_to(picture, (r["box"][0], r["box"][1]), focal), r, folder, page=page)
        for r in recipes
        if r.get("box")
    ]
    for recipe in sorted((r for r in recipes if not r.get("box")), key=lambda r: -r["longest"]):
        picture = shrink(picture, (recipe["longest"], recipe["longest"]))
        files.append(write_still(picture, recipe, folder, page=page))
    return files


def cut_to(picture: Image.Image, box: tuple[int, int], focal: tuple[float, float]) -> Image.Image:
    """The largest part of the box's proportions around the focal point, fitted into the box."""
    width, height = picture.size
    scale = min(width / box[0], height / box[1])
    part = (min(width, max(1, round(box[0] * scale))), min(height, max(1, round(box[1] * scale))))
    left = min(max(0, round(focal[0] * width - part[0] / 2)), width - part[0])
    top = min(max(0, round(focal[1] * height - part[1] / 2)), height - part[1])
    return shrink(picture.crop((left, top, left + part[0], top + part[1])), box)


_SRGB: list[bytes] = []


def _srgb_profile() -> bytes:
    if not _SRGB:
        _SRGB.append(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return _SRGB[0]


def write_still(
    picture: Image.Image, recipe: dict[str, Any], folder: Path, *, page: int | None = None
) -> dict[str, Any]:
    """One file; JPEG on white, WebP and PNG keep what is transparent. No metadata goes along."""
    wanted = recipe["format"]
    if wanted == "office":
        wanted = "png" if picture.mode == "RGBA" else "jpeg"
    name = recipe["name"] if page is None else f"page-{page}"
    path = folder / f"{name}.{'jpg' if wanted == 'jpeg' else wanted}"
    picture.info = {}
    if wanted == "jpeg":
        flat = looks.flattened(picture)
        flat.save(path, "JPEG", quality=recipe["quality"], optimize=True, icc_profile=_srgb_profile())
    elif wanted == "png":
        picture.save(path, "PNG", icc_profile=_srgb_profile())
    else:
        picture.save(path, WEBP, quality=recipe["quality"], method=2)
    return {
        "recipe": recipe["name"],
        "file": path.name,
        "width": picture.width,
        "height": picture.height,
        "page": page,
    }


def packets_in(data: bytes) -> Packets:
    """Whatever XMP stands somewhere in these bytes."""
    return packets_of(data, "other", {})
