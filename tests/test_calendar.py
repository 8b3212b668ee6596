from datetime import date

import pytest

from assetlib.calendar import day_in_words

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 4), "4 Nov"),
        (date(2027, 5, 25), "25 May"),
        (date(2027, 5, 26), "26 May 2027"),
        (date(2026, 5, 26), "26 May"),
        (date(2026, 5, 24), "24 May 2026"),
        (date(2020, 1, 1), "1 Jan 2020"),
    ],
)
def test_a_day_leaves_out_the_year_within_six_months(day: date, words: str) -> None:
    assert day_in_words(day, TODAY) == words


def test_a_day_is_written_as_the_reader_writes_it() -> None:
    assert day_in_words(date(2026, 3, 1), TODAY, "de") == "1. März 2026"
