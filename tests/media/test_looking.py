"""`examine` and `draw` as a whole: whatever comes in, a refusal or an examination comes out."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assetlib import media
from assetlib.errors import Refusal
from assetlib.media import checks, looking
from assetlib.media.errors import REASONS, UnwantedFile
from assetlib.media.sandbox import Outcome
from tests.media import samples

_SMALL = {
    "a.png": samples.saved(samples.upright_picture(), "PNG"),
    "a.gif": samples.saved(samples.upright_picture(), "GIF"),
    "a.jpg": samples.stored_for(6),
    "a.webp": samples.stored_for(6, "WEBP"),
    "a.tif": samples.stored_for(6, "TIFF"),
    "a.pdf": samples.pdf_bytes(samples.pdf()),
    "a.svg": samples.svg("<rect width='9' height='9' fill='url(#g)'/>"),
    "a.docx": samples.docx(),
    "a.zip": samples.zipped({"a.txt": b"x" * 200}),
}


def _says_why(refused: Refusal) -> None:
    assert refused.sentence
    assert refused.code in {*REASONS, media.CannotDraw.code}


@settings(max_examples=36, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(_SMALL)),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_flipped_bytes_end_in_a_refusal_or_an_examination(
    tmp_path: Path, name: str, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(_SMALL[name])
    for at, value in flips:
        data[at % len(data)] = value
    file = tmp_path / "sent"
    file.write_bytes(data)
    try:
        seen = media.examine(file, name=name, scratch=tmp_path)
    except UnwantedFile as refused:
        _says_why(refused)
        return
    assert media.Examination.from_json(json.loads(json.dumps(seen.to_json()))) == seen
    if seen.drawable:
        try:
            made = media.draw(file, seen, scratch=tmp_path, recipes=("thumb",))
        except media.CannotDraw as nothing:
            _says_why(nothing)
        else:
            assert made.files[0].size > 0


@pytest.mark.parametrize(
    "facts",
    [
        {"width": -1},
        {"width": "9"},
        {"width": True},
        {"drawable": 1},
        {"orientation": 9},
        {"sharpness": float("nan")},
        {"warnings": ["x"] * 101},
        {"warnings": "x"},
        {"text": "x" * 200_001},
        {"metadata": {"title": "bare"}},
        {"colours": [["#12345678", 1.0]]},
        {"contents": [{"name": 1, "size": 1}]},
        {"unheard": 1},
    ],
)
def test_an_answer_of_the_wrong_shape_is_not_believed(tmp_path: Path, facts: dict[str, object]) -> None:
    certain = {"format": "png", "media_type": "image/png", "family": "image", "label": "PNG"}
    outcome = Outcome(answer={"facts": facts}, ended_by=None, folder=tmp_path, cpu_seconds=0)
    seen = looking._believed(outcome, certain)
    assert not seen.drawable
    assert "broke" in seen.warnings[0]


@pytest.mark.parametrize(
    "entry",
    [
        {"recipe": "thumb", "file": "../outside.jpg"},
        {"recipe": "thumb", "file": ".hidden.jpg"},
        {"recipe": "other", "file": "good.jpg"},
        {"recipe": "thumb", "file": "missing.jpg"},
        {"recipe": "thumb", "file": "link.jpg"},
        {"recipe": "thumb", "file": "page.html"},
        {"recipe": "thumb", "file": "page.jpg"},
        {"recipe": "thumb", "file": "empty.jpg"},
        {"recipe": "thumb"},
    ],
)
def test_a_rendition_is_believed_only_when_it_is_one(tmp_path: Path, entry: dict[str, str]) -> None:
    picture = samples.saved(samples.upright_picture(), "JPEG")
    (tmp_path.parent / "outside.jpg").write_bytes(picture)
    for name in ("good.jpg", ".hidden.jpg"):
        (tmp_path / name).write_bytes(picture)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "good.jpg")
    for name in ("page.html", "page.jpg"):
        (tmp_path / name).write_bytes(b"<html>")
    (tmp_path / "empty.jpg").touch()
    outcome = Outcome(
        answer={"files": [entry], "warnings": []}, ended_by=None, folder=tmp_path, cpu_seconds=0
    )
    with pytest.raises(media.CannotDraw):
        looking._checked(outcome, [media.RECIPES["thumb"]])


def test_sizes_are_read_from_the_rendition_itself(tmp_path: Path) -> None:
    for kind, ending in (("JPEG", "jpg"), ("WEBP", "webp"), ("PNG", "png")):
        file = tmp_path / f"x.{ending}"
        file.write_bytes(samples.saved(samples.upright_picture(), kind))
        assert checks.is_what_it_says(file) == (f"image/{kind.lower()}", 96, 64)


def test_every_refusal_has_a_code_of_its_own() -> None:
    assert len(REASONS) == len(set(REASONS.values())) == len(UnwantedFile.__subclasses__())


def test_the_limit_that_is_given_is_the_only_one(tmp_path: Path) -> None:
    """A film of more than 2 GiB, most of it a hole: the caller says whether it is looked into."""
    film = tmp_path / "long.mp4"
    with film.open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2")
        file.truncate(2**31 + 1)

    def warnings(largest: int | None) -> tuple[str, ...]:
        return media.examine(film, name="long.mp4", scratch=tmp_path, largest=largest).warnings

    assert warnings(2**31) == (looking.TOO_LARGE_TO_DRAW,)
    assert looking.TOO_LARGE_TO_DRAW not in warnings(2**31 + 1)
    assert looking.TOO_LARGE_TO_DRAW not in warnings(None)
