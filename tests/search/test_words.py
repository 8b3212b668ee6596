"""Words as searching sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.search import words


def meet(left: str, right: str) -> bool:
    return not set(words.forms(left)).isdisjoint(words.forms(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Café", "cafe"),
        ("STRASSE", "straße"),
        ("Jäger", "jaeger"),
        ("Jäger", "Jager"),
        ("jaeger", "jager"),
        ("Müller", "Mueller"),
        ("Ja\u0308ger", "Jäger"),
        ("Smørrebrød", "smorrebrod"),
        ("jackets", "Jacket"),
        ("berries", "berry"),
        ("watches", "watch"),
        ("ＪＰＥＧ", "jpeg"),
        ("women’s", "women"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("مدرسة", "مدرسه"),
        ("محـــمد", "محمد"),
        ("Ёлка", "елка"),
    ],
)
def test_spellings_of_one_word_find_each_other(left: str, right: str) -> None:
    assert meet(left, right)
    assert meet(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [("shoe", "show"), ("night", "light"), ("glass", "gla"), ("bus", "bu"), ("が", "か"), ("blue", "blu")],
)
def test_different_words_stay_different(left: str, right: str) -> None:
    assert not meet(left, right)


def test_file_names_fall_into_words_at_underscores() -> None:
    assert [t.forms[0] for t in words.tokens("IMG_2041-final.jpg")] == ["img", "2041", "final", "jpg"]


def test_runs_without_spaces_become_pairs() -> None:
    assert [t.forms[0] for t in words.tokens("東京都 x 山")] == ["東京", "京都", "x", "山"]


def test_a_token_knows_where_it_stands() -> None:
    text = "Wide: Jäger’s hut"
    assert [text[t.start : t.end] for t in words.tokens(text)] == ["Wide", "Jäger’s", "hut"]


def test_two_values_are_never_neighbours() -> None:
    places = dict(words.terms_of(("red", "jacket")))
    assert places["jacket"] - places["red"] > 1


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    for token in words.tokens(text):
        for form in token.forms:
            assert words.fold(form) == form


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("night", "nihgt", True),
        ("night", "nght", True),
        ("night", "nights", True),
        ("night", "light", True),
        ("night", "night", False),
        ("night", "nghti", False),
        ("night", "nig", False),
    ],
)
def test_one_edit(left: str, right: str, apart: bool) -> None:
    assert words.one_edit_apart(left, right) is apart
    assert words.one_edit_apart(right, left) is apart


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_both_measures_of_edits_agree(left: str, right: str) -> None:
    assert words.one_edit_apart(left, right) is (words.edits_between(left, right, 2) == 1)
    assert (words.edits_between(left, right, 2) == 0) is (left == right)
