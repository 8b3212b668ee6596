"""Pages of a longer list."""

from hypothesis import given
from hypothesis import strategies as st

from assetlib.paging import Page, clamp


def page(number: int, *, size: int, total: int) -> Page[int]:
    """That page of the numbers from 1 to `total`."""
    return Page(range(1, total + 1)[(number - 1) * size : number * size], number, size, total)


@given(number=st.integers(1, 50), size=st.integers(1, 20), total=st.integers(0, 200))
def test_a_page_knows_where_it_stands(number: int, size: int, total: int) -> None:
    seen = page(number, size=size, total=total)
    if seen.rows:
        assert (seen.first, seen.last) == (seen.rows[0], seen.rows[-1])
    else:
        assert (seen.first, seen.last) == (0, 0)
    assert seen.has_next == bool(page(number + 1, size=size, total=total).rows)
    assert seen.has_previous == (number > 1)


@given(number=st.none() | st.integers(), size=st.none() | st.integers())
def test_whatever_is_asked_for_is_brought_into_bounds(number: int | None, size: int | None) -> None:
    clamped_number, clamped_size = clamp(number, size, default=24, most=96)
    assert 1 <= clamped_number <= 100_000
    assert 1 <= clamped_size <= 96
    if number is not None and 1 <= number <= 100_000:
        assert clamped_number == number
    if size is not None and 1 <= size <= 96:
        assert clamped_size == size
    if not size:
        assert clamped_size == 24


def test_the_usual_page() -> None:
    assert clamp(None, None) == (1, 48)
