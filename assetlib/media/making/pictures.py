"""Pictures out of pictures: cut, graded, sized, and saved in the formats that agencies send."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import (
    Image,
    ImageChops,
    ImageCms,
    ImageDraw,
    ImageEnhance,
    ImageFilter,
    ImageOps,
    PngImagePlugin,
    TiffImagePlugin,
)

from assetlib.media.making.photoshop import photoshop_file
from assetlib.media.making.press_profile import press_profile
from assetlib.media.making.said import Said, exif_block, iptc_records, iptc_segment, xmp_packet

_STEEP = 13
"""Levels between neighbours at 360 pixels from which on a step is the edge of a thing."""

GRADES = ("as_shot", "warm", "cool", "dusk", "faded", "mono")


@dataclass(frozen=True, slots=True)
class Look:
    """What is done to a source: a cut (left, top, right, bottom as shares), a grade, a size, a turn."""

    cut: tuple[float, float, float, float] = (0, 0, 1, 1)
    grade: str = "as_shot"
    longest: int = 0
    """Pixels of the longer side; 0 leaves the size as it is."""
    mirrored: bool = False
    alone: bool = False
    """The thing by itself, what stood behind it made transparent."""
    orientation: int = 1
    """Stored turned, as cameras do, with the EXIF orientation that turns it back: 1 or 6."""


def graded(source: Path, look: Look) -> Image.Image:
    """The source with a look, in RGB, or in RGBA where the thing stands alone."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    width, height = picture.size
    left, top, right, bottom = look.cut
    picture = picture.crop(
        (round(left * width), round(top * height), round(right * width), round(bottom * height))
    )
    if look.mirrored:
        picture = ImageOps.mirror(picture)
    if look.longest:
        scale = look.longest / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    picture = _GRADES[look.grade](picture)
    return _alone(picture) if look.alone else picture


def _tinted(picture: Image.Image, red: float, green: float, blue: float) -> Image.Image:
    curves = [min(255, round(level * share)) for share in (red, green, blue) for level in range(256)]
    return picture.point(curves)


def _warm(picture: Image.Image) -> Image.Image:
    return _tinted(ImageEnhance.Color(picture).enhance(1.12), 1.08, 1.0, 0.86)


def _cool(picture: Image.Image) -> Image.Image:
    return _tinted(picture, 0.88, 0.98, 1.1)


def _dusk(picture: Image.Image) -> Image.Image:
    return _tinted(ImageEnhance.Brightness(picture).enhance(0.62), 0.86, 0.88, 1.16)


def _faded(picture: Image.Image) -> Image.Image:
    soft = ImageEnhance.Color(picture).enhance(0.55)
    return soft.point([round(38 + level * 0.8) for level in range(256)] * 3)


def _mono(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture.convert("L"), cutoff=1).convert("RGB")


_GRADES = {
    "as_shot": lambda picture: picture,
    "warm": _warm,
    "cool": _cool,
    "dusk": _dusk,
    "faded": _faded,
    "mono": _mono,
}


def _alone(picture: Image.Image) -> Image.Image:
    """The even backdrop of a product picture made transparent, from its edges up to the first steep step."""
    small = picture.convert("RGB")
    small.thumbnail((360, 360))
    small = small.filter(ImageFilter.GaussianBlur(1.4))
    steps = ImageChops.subtract(
        small.filter(ImageFilter.MaxFilter(3)), small.filter(ImageFilter.MinFilter(3))
    )
    red, green, blue = steps.split()
    steepest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    walls = steepest.point(lambda level: 255 if level > _STEEP else 0)
    width, height = walls.size
    for spot in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1), (width // 2, 0)):
        if walls.getpixel(spot) == 0:
            ImageDraw.floodfill(walls, spot, 128)
    kept = walls.point(lambda level: 0 if level == 128 else 255)
    # Specks are opened away, and the step itself, which reaches into the backdrop, is given back to it.
    kept = kept.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.MaxFilter(3))
    mask = kept.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.5))
    picture = picture.copy()
    picture.putalpha(mask)
    return picture


@cache
def srgb_profile() -> bytes:
    """Pillow's sRGB profile with its day of birth taken out, so that it is the same on every day."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"\x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
    return bytes(profile)


def picture_file(
    picture: Image.Image, form: str, said: Said, *, quality: int = 88, orientation: int = 1
) -> bytes:
    """The bytes of a picture as `jpeg`, `jpeg-cmyk`, `png`, `webp`, `tiff`, `tiff-cmyk`, `avif` or `psd`."""
    return _SAVERS[form](picture, said, quality, orientation)


def _jpeg(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:
    exif = exif_block(said)
    if orientation == 6:
        exif[0x0112] = 6
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    return _saved(
        picture.convert("RGB"),
        "JPEG",
        quality=quality,
        exif=exif,
        xmp=xmp_packet(said),
        extra=iptc_segment(said),
        icc_profile=srgb_profile(),
        dpi=(300, 300),
    )


def _jpeg_cmyk(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    return _saved(
        picture.convert("RGB").convert("CMYK"),
        "JPEG",
        quality=quality,
        xmp=xmp_packet(said),
        extra=iptc_segment(said),
        icc_profile=press_profile(),
        dpi=(300, 300),
    )


def _png(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", xmp_packet(said).decode())
    texts.add_text("Title", said.title)
    return _saved(picture, "PNG", pnginfo=texts, compress_level=3, icc_profile=srgb_profile())


def _webp(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    return _saved(
        picture, "WEBP", quality=quality, method=1, exif=exif_block(said).tobytes(), xmp=xmp_packet(said)
    )


def _avif(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    # One thread: with several the encoder's bytes depend on the machine.
    return _saved(
        picture,
        "AVIF",
        quality=min(quality, 72),
        speed=10,
        max_threads=1,
        exif=exif_block(said).tobytes(),
        xmp=xmp_packet(said),
    )


def _tiff(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    return _saved(
        picture.convert("RGB"),
        "TIFF",
        tiffinfo=_tiff_tags(said),
        compression="tiff_lzw",
        icc_profile=srgb_profile(),
    )


def _tiff_cmyk(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    return _saved(
        picture.convert("RGB").convert("CMYK"),
        "TIFF",
        tiffinfo=_tiff_tags(said),
        compression="tiff_lzw",
        icc_profile=press_profile(),
    )


def _tiff_tags(said: Said) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for number, text in ((270, said.description), (315, said.creator), (33432, said.copyright)):
        if text and text.isascii():
            tags[number] = text
    tags[700] = xmp_packet(said)
    tags.tagtype[700] = 1
    tags[33723] = iptc_records(said)
    tags.tagtype[33723] = 7
    return tags


def _psd(picture: Image.Image, said: Said, quality: int, orientation: int) -> bytes:  # noqa: ARG001
    return photoshop_file(picture, said)


_SAVERS = {
    "jpeg": _jpeg,
    "jpeg-cmyk": _jpeg_cmyk,
    "png": _png,
    "webp": _webp,
    "avif": _avif,
    "tiff": _tiff,
    "tiff-cmyk": _tiff_cmyk,
    "psd": _psd,
}


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind, **options)
    return kept.getvalue()


def loop_file(pictures: list[Image.Image], *, longest: int, milliseconds: int) -> bytes:
    """A GIF that shows these pictures one after the other, for ever."""
    frames: list[Image.Image] = []
    for picture in pictures:
        frame = picture.convert("RGB")
        frame.thumbnail((longest, longest))
        fitted = Image.new("RGB", frames[0].size if frames else frame.size, "#f4f1ea")
        fitted.paste(frame, ((fitted.width - frame.width) // 2, (fitted.height - frame.height) // 2))
        frames.append(fitted)
    even = [frame.quantize(96, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames]
    return _saved(
        even[0], "GIF", save_all=True, append_images=even[1:], duration=milliseconds, loop=0, optimize=False
    )
