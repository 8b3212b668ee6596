"""Files of a corpus go through the real house; what differs from the list is told, and only that."""

import io
from pathlib import Path

import pytest
from PIL import Image

from assetlib.corpus.checking import check
from tests.corpus.lists import write_list


def _picture(kind: str, colour: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(kept, kind)
    return kept.getvalue()


JPEG, PNG = _picture("JPEG", "#804020"), _picture("PNG", "#204080")
RIGHT = [
    ("good/red.jpg", JPEG, "accept"),
    ("good/blue.png", PNG, "accept"),
    ("good/notes.txt", b"plain words\n", "accept"),
    ("bad/cut off.jpg", JPEG[: len(JPEG) // 2], "accept_warn"),
    ("bad/empty.png", b"", "reject"),
    ("bad/page.html", b"<!doctype html><script>1</script>", "reject"),
    ("bad/picture.pdf", JPEG, "reject"),
]


def test_a_corpus_that_is_as_expected_has_no_differences(tmp_path: Path) -> None:
    write_list(tmp_path, RIGHT)
    said: list[str] = []
    result = check(tmp_path, said.append)
    assert [line for line in said if not line.startswith("note: ")] == []
    assert result.is_clean
    assert result.files == len(RIGHT)


def test_every_difference_is_told(tmp_path: Path) -> None:
    write_list(
        tmp_path,
        [
            ("a/red.jpg", JPEG, "reject"),
            ("a/blue.png", PNG, "accept_warn"),
            ("a/empty.png", b"", "accept"),
            ("a/cut off.jpg", JPEG[: len(JPEG) // 2], "accept"),
            ("a/changed.jpg", JPEG, "accept"),
            ("a/gone.jpg", JPEG, "accept"),
        ],
    )
    (tmp_path / "a/changed.jpg").write_bytes(PNG)
    (tmp_path / "a/gone.jpg").unlink()
    said: list[str] = []
    result = check(tmp_path, said.append)
    told = {line.partition(": ")[0]: line for line in said}
    assert "expected reject, seen accept" in told["a/red.jpg"]
    assert "expected accept_warn, seen accept" in told["a/blue.png"]
    assert "expected accept, seen reject" in told["a/empty.png"]
    assert "expected accept, seen accept_warn" in told["a/cut off.jpg"]
    assert "has sha256" in told["a/changed.jpg"]
    assert "is missing" in told["a/gone.jpg"]
    assert result.different == 6
    assert not result.is_clean


@pytest.mark.parametrize("only", ["good/", "nothing like this"])
def test_a_part_of_the_corpus_can_be_asked_for(tmp_path: Path, only: str) -> None:
    write_list(tmp_path, RIGHT)
    result = check(tmp_path, lambda line: None, only=only)
    assert result.files == (3 if only == "good/" else 0)
    assert result.is_clean
