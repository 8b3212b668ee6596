"""A figure is kept as it was typed, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.figures import LARGEST, NoFigure, figure_in_words, read_figure


@pytest.mark.parametrize(
    ("text", "language", "thousandths"),
    [
        ("1250", "en", 1_250_000),
        ("1,250.5", "en", 1_250_500),
        ("1.250,5", "de", 1_250_500),
        ("−3,2", "de", -3_200),
        ("12 000", "en", 12_000_000),
        ("0.001", "en", 1),
    ],
)
def test_figures_are_read_by_the_customs_of_a_language(text: str, language: str, thousandths: int) -> None:
    assert read_figure(text, language) == thousandths


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "in digits"),
        ("many", "in digits"),
        ("1e5", "in digits"),
        ("1.0005", "three digits"),
        ("1,25", "points and commas"),
        ("9" * 20, "larger unit"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(NoFigure) as refused:
        read_figure(text, "en")
    assert said in refused.value.sentence


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(["en", "de"]))
def test_what_is_written_is_read_again(thousandths: int, language: str) -> None:
    assert read_figure(figure_in_words(thousandths, language), language) == thousandths
