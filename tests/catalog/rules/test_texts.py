import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.catalog.rules.texts import (
    MOST_TAGS,
    name_fault,
    tags_fault,
    tags_once,
    text_fault,
    without_repeats,
)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=100))
def test_every_character_but_two_kinds_may_stand_in_a_text(text: str) -> None:
    assert text_fault(text, 100) is None


@pytest.mark.parametrize(
    ("value", "required", "words"),
    [
        ("a\0b", False, "NUL"),
        ("a\ud800", False, "half a character"),
        ("\udfff", False, "half a character"),
        ("x" * 11, False, "at most 10"),
        ("", True, "Write something"),
        (" \t\n\u3000", True, "Write something"),
        (None, False, "Write a text"),
        (7, False, "Write a text"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(value: object, required: bool, words: str) -> None:
    fault = text_fault(value, 10, required=required)
    assert fault is not None
    assert words in fault


@pytest.mark.parametrize("turning", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_name_turns_the_line_round_in_which_it_stands(turning: str) -> None:
    text = f"For dealers {turning}gpj.exe"
    assert text_fault(text, 100) is None
    assert "turns the line round" in (name_fault(text, 100) or "")


@pytest.mark.parametrize("name", ["مجموعة الخريف", "שלום \u200fx", "Herbst", "a\u200db"])
def test_a_name_may_be_of_any_script(name: str) -> None:
    assert name_fault(name, 100, required=True) is None
    assert name_fault("", 100, required=True) is not None


def test_length_is_counted_in_characters_not_bytes() -> None:
    assert text_fault("😀" * 10, 10) is None
    assert text_fault("😀" * 11, 10) is not None


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ([], True),
        (["spring", "Frühling", "春"], True),
        (["x" * 60], True),
        (["x" * 61], False),
        ([""], False),
        (["  "], False),
        (["a\0"], False),
        (["\ud800"], False),
        (["\u202egpj"], False),
        ([3], False),
        ("spring", False),
        (None, False),
        ([str(n) for n in range(MOST_TAGS)], True),
        ([str(n) for n in range(MOST_TAGS + 1)], False),
    ],
)
def test_tags_are_short_texts_and_not_too_many(tags: object, kept: bool) -> None:
    assert (tags_fault(tags) is None) is kept


def test_a_tag_given_twice_is_kept_once_in_its_first_place() -> None:
    assert without_repeats(["b", "a", "b", "B"]) == ["b", "a", "B"]


def test_tags_that_differ_by_capitals_are_one_and_keep_the_first_spelling() -> None:
    assert tags_once(["Coast", "dusk", "coast", "ÉTÉ", "été", "COAST"]) == ["Coast", "dusk", "ÉTÉ"]
    assert tags_once(["Maße", "Masse"]) == ["Maße", "Masse"]
