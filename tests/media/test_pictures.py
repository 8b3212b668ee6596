"""Pictures through the real sandbox: upright, in sRGB, in the promised sizes, with what is missing said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from assetlib import media
from assetlib.media.errors import NoPixels, TooManyFrames, TooManyPixels, UnwantedFile
from tests.media import samples
from tests.media.conftest import Looking

Drawing = Callable[..., dict[str, media.Drawn]]


def _near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 40) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def _corners_are_right(drawn: media.Drawn) -> None:
    with Image.open(drawn.path) as picture:
        for name, colour in samples.corners_of(picture).items():
            assert _near(colour, samples.CORNERS[name]), (name, colour)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright(drawn: Drawing, orientation: int) -> None:
    made = drawn(samples.stored_for(orientation), "a.jpg", "preview")["preview"]
    assert (made.width, made.height) == (96, 64)
    _corners_are_right(made)


@pytest.mark.parametrize(
    ("kind", "name", "orientation"),
    [("WEBP", "a.webp", 6), ("TIFF", "a.tif", 8), ("PNG", "a.png", 5), ("AVIF", "a.avif", 7)],
)
def test_orientation_counts_in_every_format(drawn: Drawing, kind: str, name: str, orientation: int) -> None:
    made = drawn(samples.stored_for(orientation, kind), name, "preview")["preview"]
    assert (made.width, made.height) == (96, 64)
    _corners_are_right(made)


def test_orientation_that_stands_only_in_xmp_counts(drawn: Drawing) -> None:
    turned = samples.upright_picture().transpose(Image.Transpose.ROTATE_90)
    plain = samples.saved(turned, "PNG")
    packet = samples.xmp("<tiff:Orientation>6</tiff:Orientation>")
    chunk = samples.png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
    made = drawn(plain[:33] + chunk + plain[33:], "a.png", "preview")["preview"]
    assert (made.width, made.height) == (96, 64)
    _corners_are_right(made)


def test_facts_are_those_of_the_upright_picture(look: Looking) -> None:
    seen = look(samples.stored_for(6), "a.jpg")
    assert (seen.width, seen.height, seen.orientation) == (96, 64, 6)
    assert (seen.family, seen.label, seen.media_type, seen.shape) == (
        "image",
        "JPEG",
        "image/jpeg",
        "landscape",
    )
    assert (seen.colour_space, seen.bit_depth, seen.has_alpha, seen.has_icc) == ("RGB", 8, False, False)
    assert seen.complete
    assert seen.warnings == ()
    assert media.Examination.from_json(seen.to_json()) == seen


def test_a_profile_with_swapped_channels_is_honoured(look: Looking, drawn: Drawing) -> None:
    red, green, blue = samples.upright_picture().split()
    swapped = Image.merge("RGB", (green, red, blue))
    data = samples.saved(swapped, "JPEG", quality=95, icc_profile=samples.srgb_with_swapped_channels())
    seen = look(data, "a.jpg")
    assert seen.has_icc
    assert seen.icc_name
    assert seen.complete
    _corners_are_right(drawn(data, "a.jpg", "preview")["preview"])


def test_a_profile_for_another_kind_of_colour_is_told(look: Looking) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    seen = look(samples.saved(samples.upright_picture(), "JPEG", icc_profile=lab), "a.jpg")
    assert seen.drawable
    assert "colour profile" in seen.warnings[0]


def test_cmyk_and_lab_come_out_in_their_colours(look: Looking, drawn: Drawing) -> None:
    cmyk = samples.saved(samples.upright_picture().convert("CMYK"), "JPEG", quality=95)
    assert look(cmyk, "a.jpg").colour_space == "CMYK"
    _corners_are_right(drawn(cmyk, "a.jpg", "large")["large"])
    _corners_are_right(
        drawn(samples.saved(samples.upright_picture().convert("CMYK"), "TIFF"), "a.tif")["preview"]
    )
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    lab = ImageCms.applyTransform(samples.upright_picture(), to_lab)
    assert lab is not None
    _corners_are_right(drawn(samples.saved(lab, "TIFF"), "a.tif")["preview"])


def test_sixteen_bits_are_not_clipped(look: Looking, drawn: Drawing) -> None:
    ramp = Image.frombytes(
        "I;16", (256, 32), b"".join((v * 257).to_bytes(2, "little") for v in range(256)) * 32
    )
    data = samples.saved(ramp, "PNG")
    seen = look(data, "a.png")
    assert (seen.colour_space, seen.bit_depth) == ("Grey", 16)
    with Image.open(drawn(data, "a.png")["preview"].path) as made:
        grey = made.convert("L")
        middle = grey.getpixel((128, 16))
        assert isinstance(middle, int | float)
        assert 118 <= middle <= 138
        assert grey.getpixel((2, 16)) != grey.getpixel((60, 16))


def test_transparency_is_kept_in_webp_and_white_in_jpeg(look: Looking, drawn: Drawing) -> None:
    clear = samples.upright_picture().convert("RGBA")
    clear.paste((0, 0, 0, 0), (40, 24, 56, 40))
    data = samples.saved(clear, "PNG")
    assert look(data, "a.png").has_alpha
    made = drawn(data, "a.png", "preview", "large", "office")
    with Image.open(made["preview"].path) as webp, Image.open(made["large"].path) as jpeg:
        assert webp.convert("RGBA").getpixel((48, 32))[3] == 0  # type: ignore[index]  # RGBA
        assert _near(jpeg.convert("RGB").getpixel((48, 32)), (255, 255, 255))  # type: ignore[arg-type]  # RGB
    assert made["office"].media_type == "image/png"


def test_palette_with_one_clear_colour_is_transparent(look: Looking) -> None:
    pale = samples.upright_picture().quantize(8)
    assert look(samples.saved(pale, "PNG", transparency=0), "a.png").has_alpha


def test_sizes_are_as_promised_and_nothing_is_enlarged(drawn: Drawing) -> None:
    large = samples.saved(samples.upright_picture(3000, 2000), "JPEG")
    made = drawn(large, "a.jpg", "thumb", "preview", "large", "office", "square")
    assert {name: (f.width, f.media_type) for name, f in made.items()} == {
        "thumb": (480, "image/webp"),
        "preview": (1024, "image/webp"),
        "large": (2048, "image/jpeg"),
        "office": (1600, "image/jpeg"),
        "square": (1080, "image/jpeg"),
    }
    assert made["square"].height == 1080
    for name in ("thumb", "preview", "large", "office"):
        f = made[name]
        assert f.width is not None
        assert f.height is not None
        assert abs(f.height - f.width * 2 / 3) <= 1
        assert f.size == f.path.stat().st_size
    small = drawn(samples.saved(samples.upright_picture(), "PNG"), "a.png", "thumb", "large", "square")
    assert {name: (f.width, f.height) for name, f in small.items()} == {
        "thumb": (96, 64),
        "large": (96, 64),
        "square": (64, 64),
    }


def test_a_square_is_cut_around_the_point_of_interest(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_bytes(samples.saved(samples.upright_picture(96, 64), "PNG"))
    seen = media.examine(file, name="a.png", scratch=tmp_path)
    made = media.draw(file, seen, scratch=tmp_path, recipes=("square",), focal=(0.0, 0.5)).files[0]
    with Image.open(made.path) as left:
        corners = samples.corners_of(left)
    assert _near(corners["top_left"], samples.CORNERS["top_left"])
    assert not _near(corners["top_right"], samples.CORNERS["top_right"])


def test_renditions_carry_no_metadata(drawn: Drawing) -> None:
    exif = Image.Exif()
    exif[270] = "A secret place"
    made = drawn(samples.saved(samples.upright_picture(), "JPEG", exif=exif), "a.jpg", "thumb", "large")
    for f in made.values():
        assert b"secret place" not in f.path.read_bytes()
        with Image.open(f.path) as picture:
            assert not picture.getexif()


def test_an_animation_is_shown_by_its_first_frame_with_something_on_it(look: Looking, drawn: Drawing) -> None:
    blank = Image.new("RGB", (96, 64), (9, 9, 9))
    data = samples.saved(blank, "GIF", save_all=True, append_images=[samples.upright_picture()] * 2)
    assert look(data, "a.gif").frames == 2  # Pillow joins frames that are the same
    _corners_are_right(drawn(data, "a.gif")["preview"])


def test_a_tiff_of_several_pages_counts_them(look: Looking) -> None:
    pages = [samples.upright_picture()] * 3
    seen = look(samples.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tif")
    assert (seen.pages, seen.frames, seen.complete) == (3, None, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP"])
def test_a_cut_file_is_kept_and_says_so(look: Looking, kind: str) -> None:
    noise = Image.effect_noise((160, 120), 90).convert("RGB")
    whole = samples.saved(noise, kind)
    seen = look(whole[: len(whole) // 2], f"a.{kind.lower()}")
    assert not seen.complete
    assert seen.warnings
    if kind in {"JPEG", "PNG", "GIF"}:
        assert seen.drawable
        assert "cut off" in seen.warnings[0]


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (samples.png_claiming(30_000, 30_000), "a.png", TooManyPixels),
        (samples.png_claiming(2**31 - 1, 2**31 - 1), "a.png", TooManyPixels),
        (samples.png_claiming(0, 10), "a.png", NoPixels),
        (b"\x89PNG\r\n\x1a\n", "a.png", NoPixels),
        (b"GIF89a\xff\xff\xff\xff\0\0\0;", "a.gif", TooManyPixels),
        (b"8BPS\0\1" + bytes(6) + b"\0\3\0\4\x93\xe0\0\4\x93\xe0\0\x08\0\3", "a.psd", TooManyPixels),
        (b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff", "a.webp", TooManyPixels),
    ],
)
def test_a_size_beyond_the_limit_is_refused_before_decoding(
    look: Looking, data: bytes, name: str, refusal: type[UnwantedFile]
) -> None:
    with pytest.raises(refusal) as refused:
        look(data, name)
    assert refused.value.sentence.endswith(".")


def test_more_than_five_hundred_frames_are_refused(look: Looking) -> None:
    frames = [Image.new("L", (2, 2), i % 256) for i in range(501)]
    data = samples.saved(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)
    with pytest.raises(TooManyFrames):
        look(data, "a.gif")


def test_packed_text_without_end_is_left_out_and_the_picture_shown(look: Looking, drawn: Drawing) -> None:
    import zlib

    bomb = samples.png_with(samples.png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000))))
    seen = look(bomb, "a.png")
    assert seen.drawable
    assert "far too long" in seen.warnings[0]
    _corners_are_right(drawn(bomb, "a.png")["preview"])


def test_an_invisible_picture_says_that_it_is(look: Looking) -> None:
    seen = look(samples.saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), "a.png")
    assert "transparent" in seen.warnings[0]


def test_raw_shows_the_picture_that_the_camera_put_in(look: Looking, drawn: Drawing) -> None:
    inside = samples.saved(samples.upright_picture(), "JPEG", quality=95)
    raw = samples.saved(Image.new("L", (16, 16)), "TIFF") + inside
    seen = look(raw, "a.nef")
    assert (seen.family, seen.drawable, seen.complete) == ("raw", True, False)
    _corners_are_right(drawn(raw, "a.nef")["preview"])
    assert not look(samples.saved(Image.new("L", (16, 16)), "TIFF"), "a.nef").drawable


def test_what_has_no_decoder_is_kept(look: Looking) -> None:
    seen = look(b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file\n", "a.eps")
    assert (seen.family, seen.drawable) == ("vector", False)
    assert "download" in seen.warnings[0]


def test_drawing_what_is_not_drawable_says_why(tmp_path: Path, look: Looking) -> None:
    seen = look(b"%!PS-Adobe-3.0\n", "a.eps")
    with pytest.raises(media.CannotDraw, match="without a preview"):
        media.draw(tmp_path / "sent", seen, scratch=tmp_path)


def test_a_picture_of_the_same_bytes_is_found_by_its_hash(look: Looking) -> None:
    picture = Image.radial_gradient("L").resize((300, 200)).convert("RGB")
    picture.paste((250, 10, 10), (20, 20, 120, 90))
    first = look(samples.saved(picture, "PNG"), "a.png")
    again = look(samples.saved(picture.resize((180, 120)), "JPEG", quality=60), "b.jpg")
    mirrored = look(samples.saved(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "PNG"), "c.png")
    assert first.phash is not None
    assert again.phash is not None
    assert mirrored.phash_mirror is not None
    assert (int(first.phash, 16) ^ int(again.phash, 16)).bit_count() <= 6
    assert (int(first.phash, 16) ^ int(mirrored.phash_mirror, 16)).bit_count() <= 6
    assert first.phash != mirrored.phash


def test_a_child_that_is_stopped_costs_the_preview_only(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_bytes(samples.saved(samples.upright_picture(), "PNG"))
    hurried = media.Limits(cpu_seconds=1, wall_seconds=0.001)
    seen = media.examine(file, name="a.png", scratch=tmp_path, limits=hurried)
    assert (seen.family, seen.drawable) == ("image", False)
    assert "too long" in seen.warnings[0]
