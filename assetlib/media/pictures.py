"""Open a picture of any kind, make it upright, bring it to sRGB. Pillow tries only the one format sniffed.

Everything here runs in the child.
"""

import contextlib
import importlib
import io
import os
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageCms, ImageFile

from assetlib.media.errors import CannotDraw
from assetlib.media.structure.found import CUT_OFF, LONGEST_ICC, Structure, must_fit
from assetlib.words import say

Image.preinit()  # the first time that Pillow opens a file it would, in each child anew
Image.MAX_IMAGE_PIXELS = None  # our own limit is checked on every size before anything is decoded

_PILLOW_NAMES = {
    "jpeg": ["JPEG"],
    "png": ["PNG"],
    "gif": ["GIF"],
    "webp": ["WEBP"],
    "tiff": ["TIFF"],
    "avif": ["AVIF"],
    "heic": ["HEIF"],
    "jp2": ["JPEG2000"],
    "psd": ["PSD"],
}

_PLUGINS = {
    "webp": "WebPImagePlugin",
    "tiff": "TiffImagePlugin",
    "avif": "AvifImagePlugin",
    "jp2": "Jpeg2KImagePlugin",
    "psd": "PsdImagePlugin",
}
"""Loaded by name: asked for an unknown format, Pillow would load all forty."""

DAMAGED = say("The picture data is damaged. It is kept, the preview shows what could be read.")
CANNOT_READ = say("The picture cannot be read. It is kept as a download.")
BAD_PROFILE = say("The colour profile cannot be used. The colours of the preview may be off.")

_LARGE = 30_000_000
_STRIP = 64
_GROWING = {"1", "P", "PA", "I;16", "I;16B"}
"""Modes that take more memory once they can be averaged."""

_FRAMES_TRIED = 24
_ORIENTATION = 0x0112
_LONGEST_TAG = 1024 * 1024
_TEXT_TAGS = (270, 271, 272, 305, 315, 33432)
"""Description, make, model, software, artist, copyright."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(slots=True)
class Loaded:
    """A decoded picture, as stored: not yet upright, not yet sRGB."""

    picture: Image.Image
    full_size: tuple[int, int]
    """Before draft or reduction, upright."""

    orientation: int
    """Still to be applied, 1 to 8."""

    stored_orientation: int
    mode: str
    """Pillow's mode at opening."""

    frames: int
    icc: bytes | None
    info: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def _open(source: Any, key: str) -> Image.Image:
    if key == "heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    if key in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[key]}")
    return Image.open(source, formats=_PILLOW_NAMES[key])


def source_of(file_number: int, structure: Structure) -> str | io.BytesIO:
    """Where to decode from: the open file itself, or a copy in memory without the parts to leave out."""
    path = f"/proc/self/fd/{file_number}"
    if not structure.leave_out:
        return path
    with open(path, "rb") as whole:  # noqa: PTH123 - a file number, not a path
        data = whole.read()
    kept, at = [], 0
    for start, end in structure.leave_out:
        kept.append(data[at:start])
        at = end
    return io.BytesIO(b"".join([*kept, data[at:]]))


def load_picture(source: Any, key: str, *, inside: tuple[int, int] | None, frames: int = 1) -> Loaded:
    """Decode, no larger than needed to fill `inside` where the format can. Raises CannotDraw.

    A cut or damaged file is decoded as far as it goes, with a warning.
    """
    warnings: list[str] = []
    try:
        return _load(source, key, inside, frames, warnings)
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        IndexError,
        EOFError,
        ArithmeticError,
    ) as broken:
        # Decoders answer damage with many kinds of exception; a second try takes what is there.
        warnings = [CUT_OFF if "truncated" in str(broken) or isinstance(broken, EOFError) else DAMAGED]
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        if isinstance(source, io.BytesIO):
            source.seek(0)
        loaded = _load(source, key, inside, 1, warnings)
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        IndexError,
        EOFError,
        ArithmeticError,
    ) as broken:
        raise CannotDraw(CANNOT_READ) from broken
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    return loaded


def _load(source: Any, key: str, inside: tuple[int, int] | None, frames: int, warnings: list[str]) -> Loaded:
    picture = _open(source, key)
    must_fit(*picture.size)
    full, mode = picture.size, picture.mode
    stored = _orientation_of(picture)
    icc = picture.info.get("icc_profile")
    count = frames
    if key == "avif":
        count = int(getattr(picture, "n_frames", 1))
        must_fit(*picture.size, frames=count)
    if inside:
        _shrink_on_load(picture, key, inside)
    info: dict[str, Any] = {str(k): v for k, v in picture.info.items()}
    if key == "tiff":
        info |= _tiff_info(picture)
    picture.load()
    if count > 1 and key != "tiff":
        picture = _first_with_something(picture, count)
    left = _orientation_of(picture)
    if left >= 5:
        full = (full[1], full[0])
    return Loaded(
        picture=picture,
        full_size=full,
        orientation=left,
        stored_orientation=stored,
        mode=mode,
        frames=count,
        icc=icc if isinstance(icc, bytes) and len(icc) <= LONGEST_ICC else None,
        info=info,
        warnings=warnings,
    )


def _tiff_info(picture: Image.Image) -> dict[str, Any]:
    """A TIFF's own directory as an EXIF block, and its byte tags (XMP, IPTC, Photoshop)."""
    tags = getattr(picture, "tag_v2", {})
    small = {
        tag: value for tag, value in tags.items() if isinstance(value, bytes) and len(value) <= _LONGEST_TAG
    }
    info: dict[str, Any] = {"tiff_tags": small}
    if 700 in small:
        info["xmp"] = small[700]
    block = Image.Exif()
    for tag in _TEXT_TAGS:
        if isinstance(tags.get(tag), str):
            block[tag] = tags[tag]
    info["exif"] = block.tobytes()
    return info


def _orientation_of(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, ArithmeticError):
        return 1  # broken EXIF is told elsewhere; the picture is shown as stored
    return value if value in range(1, 9) else 1


def _shrink_on_load(picture: Image.Image, key: str, inside: tuple[int, int]) -> None:
    """Let the decoder skip what is not needed: JPEG by draft at the true aspect, JPEG 2000 by its levels."""
    width, height = picture.size
    scale = max(inside) / max(width, height)
    if scale >= 1:
        return
    if key == "jpeg":
        picture.draft(None, (max(1, round(width * scale)), max(1, round(height * scale))))
    elif key == "jp2":
        levels = 0
        while levels < 5 and max(width, height) >> (levels + 1) >= max(inside):
            levels += 1
        with contextlib.suppress(AttributeError):
            picture.reduce = levels  # type: ignore[assignment,method-assign]  # the plugin's own attribute


def _first_with_something(picture: Image.Image, count: int) -> Image.Image:
    """The first frame that is not one flat colour; the very first where all are."""
    for index in range(min(count, _FRAMES_TRIED)):
        picture.seek(index)
        frame = picture.convert("RGBA")
        if any(low != high for low, high in frame.getextrema()):  # type: ignore[misc]  # RGBA: pairs
            frame.info = dict(picture.info)
            return frame
    picture.seek(0)
    picture.load()
    return picture


def shrink(picture: Image.Image, inside: tuple[int, int]) -> Image.Image:
    """Fitted inside a box, never larger; palette and bilevel pictures become colour or grey first."""
    width, height = picture.size
    scale = min(inside[0] / width, inside[1] / height, 1)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == picture.size:
        return picture
    factor = min(picture.width // size[0], picture.height // size[1])
    if factor >= 2 and picture.width * picture.height > _LARGE and picture.mode in _GROWING:
        picture = _reduced_in_strips(picture, factor)
    # Hamming keeps edges as well as bicubic does when shrinking, at half the cost.
    return _smooth(picture).resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _reduced_in_strips(picture: Image.Image, factor: int) -> Image.Image:
    """An average of `factor` × `factor` pixels, a strip at a time: the whole in full colour would not fit."""
    strips = []
    for top in range(0, picture.height, factor * _STRIP):
        bottom = min(top + factor * _STRIP, picture.height)
        strips.append(_smooth(picture.crop((0, top, picture.width, bottom))).reduce(factor))
    whole = Image.new(strips[0].mode, (strips[0].width, sum(s.height for s in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def _smooth(picture: Image.Image) -> Image.Image:
    """A mode that can be averaged."""
    mode = picture.mode
    if mode == "1":
        return picture.convert("L")
    if mode in {"P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if mode.startswith("I") or mode == "F":
        return _to_eight_bits(picture)
    return picture


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Grey with 16, 32 bits or fractions, spread over 0 to 255."""
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda v: v * (1 / 257)).convert("L")
    low, high = picture.getextrema()
    if picture.mode == "I" and 0 <= float(low) <= float(high) <= 65535:  # type: ignore[arg-type]  # one channel
        return picture.point(lambda v: v * (1 / 257)).convert("L")
    span = (float(high) - float(low)) or 1.0  # type: ignore[arg-type]  # one channel: plain numbers
    start = float(low)  # type: ignore[arg-type]  # one channel: a plain number
    return picture.convert("F").point(lambda v: v * (255 / span) - start * 255 / span).convert("L")


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Turned and mirrored as the orientation asks."""
    turn = _TURNS.get(orientation)
    return picture.transpose(turn) if turn is not None else picture


def to_srgb(picture: Image.Image, icc: bytes | None, warnings: list[str]) -> Image.Image:
    """RGB or RGBA in sRGB: by the profile where one fits, else by plain rules. Perceptual intent."""
    picture = _smooth(picture)
    alpha = None
    if picture.mode in {"LA", "RGBA", "La", "RGBa"}:
        picture = picture.convert(picture.mode.upper())
        alpha = picture.getchannel("A")
        picture = picture.convert(picture.mode[:-1])
    coloured = _by_profile(picture, icc, warnings)
    if alpha is not None and alpha.getextrema() != (255, 255):
        coloured.putalpha(alpha)
    return coloured


def _by_profile(picture: Image.Image, icc: bytes | None, warnings: list[str]) -> Image.Image:
    if picture.mode == "LAB":
        return _transformed(picture, ImageCms.createProfile("LAB"))
    wanted = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}.get(picture.mode)
    if icc and wanted:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            space = profile.profile.xcolor_space.strip()
            if space == wanted:
                return _transformed(picture, profile)
            if space == "RGB" and wanted == "GRAY":
                return _transformed(picture.convert("RGB"), profile)
            warnings.append(BAD_PROFILE)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            warnings.append(BAD_PROFILE)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _transformed(picture: Image.Image, profile: Any) -> Image.Image:
    changed = ImageCms.profileToProfile(
        picture,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.PERCEPTUAL,
        outputMode="RGB",
    )
    if changed is None:
        raise ValueError("no picture came of the profile")
    return changed


def said_by_libraries() -> str:
    """What C libraries wrote to standard error so far in this child (it is a file in memory)."""
    try:
        os.lseek(2, 0, os.SEEK_SET)
        said = os.read(2, 65536)
        os.lseek(2, 0, os.SEEK_END)
    except OSError:
        return ""
    return said.decode("utf-8", "replace")
