from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.catalog.rules.attributes import (
    LONGEST_VALUE,
    MOST_VALUES,
    Choice,
    Definition,
    attribute_refusal,
    checked,
    faults_of,
    shown,
    with_ancestors,
    would_loop,
)

PLACES = [
    Choice("europe", "Europe"),
    Choice("nordics", "Nordics", "europe"),
    Choice("norway", "Norway", "nordics"),
    Choice("asia", "Asia"),
]
KINDS = {
    kind: Definition(kind, kind.capitalize(), kind, choices=PLACES if kind in ("choice", "tree") else ())
    for kind in ("text", "number", "date", "choice", "tree", "people", "boolean")
}
MANY = {
    kind: Definition(kind, kind.capitalize(), kind, multiple=True, choices=KINDS[kind].choices)
    for kind in ("text", "choice", "tree", "people")
}
typed = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=80)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", " Spaces stay \r\n", " Spaces stay \r\n"),
        ("text", ["one"], "one"),
        ("number", "1250", "1250"),
        ("number", " 12.50 ", "12.5"),
        ("number", "-0", "0"),
        ("number", "-0.00", "0"),
        ("number", "1000", "1000"),
        ("number", 7, "7"),
        ("number", 0.1, "0.1"),
        ("number", "+3", "3"),
        ("date", "2027-03-31", "2027-03-31"),
        ("choice", "asia", "asia"),
        ("tree", ["norway"], "norway"),
        ("people", "Åse Ødegård", "Åse Ødegård"),
        ("boolean", True, True),
        ("boolean", False, False),
        ("boolean", "yes", True),
        ("boolean", ["no"], False),
        *((kind, nothing, None) for kind in KINDS for nothing in (None, "", [], [""], [None])),
    ],
)
def test_what_is_sent_gets_its_one_form(kind: str, raw: Any, value: Any) -> None:
    found = checked(KINDS[kind], raw)
    assert (found.value, found.fault) == (value, None)
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        ("text", "a\0b", "NUL"),
        ("text", "\ud800", "half a character"),
        ("text", " \t", "Write something"),
        ("text", "x" * (LONGEST_VALUE + 1), "at most"),
        ("text", 7, "text"),
        ("text", {"a": 1}, "text"),
        ("text", [["a"]], "text"),
        ("text", ["a", "b"], "one value"),
        ("number", "1,250", "number"),
        ("number", "twelve", "number"),
        ("number", "٣", "number"),
        ("number", "1_000", "number"),
        ("number", "NaN", "number"),
        ("number", "Infinity", "number"),
        ("number", float("inf"), "number"),
        ("number", "1e999", "number"),
        ("number", "9" * 40, "number"),
        ("number", True, "number"),
        ("number", ["1", "2"], "one value"),
        ("date", "31.3.2027", "year-month-day"),
        ("date", "2027-02-29", "year-month-day"),
        ("date", "2027-03-31T10:00", "year-month-day"),
        ("date", 20270331, "text"),
        ("choice", "Asia", "not among"),
        ("choice", "mars", "not among"),
        ("choice", "a\ud800", "not among"),
        ("tree", ["asia", "europe"], "one value"),
        ("people", "x" * 201, "at most"),
        ("people", "\0", "NUL"),
        ("boolean", "perhaps", "yes or no"),
        ("boolean", 1, "yes or no"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(kind: str, raw: Any, words: str) -> None:
    found = checked(KINDS[kind], raw)
    assert found.value is None
    assert found.fault is not None
    assert words in found.fault
    found.fault.encode()


def test_several_values_are_a_list_without_repeats_in_their_order() -> None:
    assert checked(MANY["choice"], ["asia", "europe", "asia"]).value == ["asia", "europe"]
    assert checked(MANY["people"], "Ada").value == ["Ada"]
    assert checked(MANY["text"], ["", "a"]).value == ["a"]
    assert checked(MANY["tree"], []).value is None
    assert "not among" in (checked(MANY["choice"], ["asia", "mars"]).fault or "")
    assert checked(MANY["text"], [str(n) for n in range(MOST_VALUES)]).fault is None
    assert "at most" in (checked(MANY["text"], [str(n) for n in range(MOST_VALUES + 1)]).fault or "")


@given(typed)
def test_what_is_typed_is_kept_to_the_letter_or_refused(text: str) -> None:
    for definition in (KINDS["text"], KINDS["people"]):
        found = checked(definition, text)
        assert found.value == text if text.strip() else found.fault


@given(st.lists(typed, max_size=5))
def test_each_of_many_is_kept_to_the_letter_or_all_refused(texts: list[str]) -> None:
    found = checked(MANY["text"], texts)
    assert found.fault or (found.value or []) == list(dict.fromkeys(texts))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_keeps_its_worth_and_has_one_form(number: Decimal) -> None:
    found = checked(KINDS["number"], f"{number}")
    assert Decimal(found.value) == number
    assert (
        checked(KINDS["number"], f"{number:f}0" if "." in f"{number:f}" else f"{number:f}").value
        == found.value
    )
    assert not set(found.value) & set("eE+")


def test_a_number_that_is_too_long_when_written_out_is_refused() -> None:
    assert checked(KINDS["number"], 2.220446049250313e-16).fault is not None


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_checked_value_passes_unchanged(kind: str, data: st.DataObject) -> None:
    raw = data.draw(
        typed | st.integers() | st.floats() | st.booleans() | st.dates().map(str) | st.sampled_from(["asia"])
    )
    first = checked(KINDS[kind], raw)
    if first.fault is None:
        assert checked(KINDS[kind], first.value) == first


def test_all_faults_are_told_at_once() -> None:
    raw = {"number": "x", "date": "x", "colour": "red", "text": "fine", "boolean": ""}
    values, faults = faults_of(KINDS, raw)
    assert values == {"text": "fine", "boolean": None}
    assert set(faults) == {"number", "date", "colour"}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("text", "as it is", "as it is"),
        ("number", "1250", "1250"),
        ("tree", "norway", "Europe / Nordics / Norway"),
        ("choice", "asia", "Asia"),
        ("choice", "gone", "gone"),
        ("boolean", True, "Yes"),
        ("boolean", False, "No"),
        ("text", None, ""),
    ],
)
def test_values_read_like_words(kind: str, value: Any, said: str) -> None:
    assert shown(KINDS[kind], value) == said


def test_several_values_read_one_after_another() -> None:
    assert shown(MANY["tree"], ["asia", "nordics"]) == "Asia, Europe / Nordics"


@pytest.mark.parametrize(
    ("required", "types", "type_key", "state", "value", "refused"),
    [
        (True, [], "photograph", "published", None, True),
        (True, [], "photograph", "published", " ", True),
        (True, [], "photograph", "published", False, False),
        (True, [], "photograph", "approved", None, False),
        (True, ["logo"], "photograph", "published", None, False),
        (False, [], "photograph", "published", None, False),
        (False, ["logo"], "photograph", "draft", "x", True),
        (False, ["logo"], "photograph", "draft", None, False),
        (False, ["logo"], "logo", "draft", "x", False),
        (False, [], "logo", "draft", ["x"] * (MOST_VALUES + 1), True),
    ],
)
def test_what_an_asset_cannot_say(
    required: bool, types: list[str], type_key: str, state: str, value: Any, refused: bool
) -> None:
    definition = Definition("d", "Demand", "text", required=required, types=types)
    assert bool(attribute_refusal(definition, value, type_key, state)) is refused


trees = st.lists(st.integers(-1, 6), min_size=1, max_size=8).map(
    lambda parents: [
        Choice(str(n), str(n), str(parent) if 0 <= parent < n else None) for n, parent in enumerate(parents)
    ]
)


@given(trees, st.data())
def test_a_move_is_a_loop_when_the_new_place_lies_below(choices: list[Choice], data: st.DataObject) -> None:
    keys = [choice.key for choice in choices]
    key, parent = data.draw(st.sampled_from(keys)), data.draw(st.none() | st.sampled_from(keys))
    definition = Definition("t", "T", "tree", choices=choices)
    below = {each for each in keys if key in with_ancestors(definition, each)}
    assert would_loop(choices, key, parent) is (parent in below)


@given(trees)
def test_everything_above_is_found_once(choices: list[Choice]) -> None:
    definition = Definition("t", "T", "tree", choices=choices)
    for choice in choices:
        path = with_ancestors(definition, choice.key)
        assert path[0] == choice.key
        for lower, upper in pairwise(path):
            assert definition.by_key[lower].parent == upper
        assert definition.by_key[path[-1]].parent is None


def test_a_loop_in_the_data_ends() -> None:
    looped = Definition("t", "T", "tree", choices=[Choice("a", "A", "b"), Choice("b", "B", "a")])
    assert with_ancestors(looped, "a") == ["a", "b"]
    assert would_loop(looped.choices, "c", "a")
