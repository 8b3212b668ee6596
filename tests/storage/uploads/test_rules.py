"""How a file is cut into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.settings import GIB, MIB
from assetlib.storage.blobs import MOST_PARTS, StoredPart
from assetlib.storage.uploads.errors import (
    FileTooLarge,
    PartsMissing,
    UploadNotOpen,
    WrongAnnouncement,
    WrongPart,
)
from assetlib.storage.uploads.rules import (
    LARGEST_PART,
    SMALLEST_PART,
    Announced,
    must_be_fit,
    must_be_open,
    must_be_part,
    must_be_whole,
    part_count,
    part_size_for,
    size_of_part,
)

A_FILE = Announced(name="Look 07.jpg", size=1000, mtime=1_790_000_000_000, fingerprint="f" * 64)


@given(st.integers(0, LARGEST_PART * MOST_PARTS))
def test_parts_add_up_to_the_file_within_the_limits(size: int) -> None:
    part_size = part_size_for(size)
    count = part_count(size, part_size)
    assert SMALLEST_PART <= part_size <= LARGEST_PART
    assert part_size % MIB == 0
    assert 1 <= count <= MOST_PARTS
    last = size_of_part(count, size=size, part_size=part_size)
    assert (count - 1) * part_size + last == size
    assert 0 <= last <= part_size
    assert last > 0 or size == 0


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (0, 16, 1),
        (1, 16, 1),
        (16 * MIB, 16, 1),
        (16 * MIB + 1, 16, 2),
        (50 * GIB, 16, 3200),
        (300 * GIB, 31, 9910),
    ],
)
def test_part_sizes(size: int, part_size: int, count: int) -> None:
    assert part_size_for(size) == part_size * MIB
    assert part_count(size, part_size * MIB) == count


@pytest.mark.parametrize("number", [0, -1, 3, 10**30])
def test_there_is_no_part_beyond_the_last(number: int) -> None:
    with pytest.raises(WrongPart):
        size_of_part(number, size=20 * MIB, part_size=16 * MIB)


@pytest.mark.parametrize("length", [None, 0, 4 * MIB - 1, 4 * MIB + 1, 16 * MIB])
def test_a_part_has_just_its_size(length: int | None) -> None:
    assert must_be_part(2, 4 * MIB, size=20 * MIB, part_size=16 * MIB) == 4 * MIB
    with pytest.raises(WrongPart) as refused:
        must_be_part(2, length, size=20 * MIB, part_size=16 * MIB)
    assert refused.value.details["expected"] == 4 * MIB


def test_what_is_missing_is_listed() -> None:
    parts = [StoredPart(1, 16 * MIB, "a"), StoredPart(3, 16 * MIB - 1, "c")]
    with pytest.raises(PartsMissing) as refused:
        must_be_whole(parts, size=50 * MIB, part_size=16 * MIB)
    assert refused.value.details["parts"] == [2, 3, 4]
    must_be_whole([StoredPart(1, 5, "a")], size=5, part_size=16 * MIB)
    must_be_whole([StoredPart(1, 0, "a")], size=0, part_size=16 * MIB)


def test_the_limit_is_said_in_words() -> None:
    must_be_fit(A_FILE, largest=1000)
    with pytest.raises(FileTooLarge, match=r"1 kB is more .* 999 bytes") as refused:
        must_be_fit(A_FILE, largest=999)
    assert refused.value.details["largest"] == 999


def test_no_setting_allows_more_than_parts_can_hold() -> None:
    huge = Announced("a", LARGEST_PART * MOST_PARTS + 1, 0, "f")
    with pytest.raises(FileTooLarge, match="671 GB"):
        must_be_fit(huge, largest=10**18)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a" * 1025),
        ("name", "a\0b"),
        ("name", "a\ud800b"),
        ("size", -1),
        ("mtime", -1),
        ("mtime", 2**60),
        ("fingerprint", ""),
        ("fingerprint", "f" * 129),
        ("fingerprint", "f\0"),
    ],
)
def test_an_announcement_that_cannot_be_names_its_field(field: str, value: object) -> None:
    wrong = Announced(**{**A_FILE.__dict__, field: value})
    with pytest.raises(WrongAnnouncement) as refused:
        must_be_fit(wrong, largest=10**9)
    assert list(refused.value.details["fields"]) == [field]


@pytest.mark.parametrize("state", ["verifying", "available", "refused", "cancelled"])
def test_only_an_open_upload_takes_parts(state: str) -> None:
    must_be_open("open")
    with pytest.raises(UploadNotOpen):
        must_be_open(state)
