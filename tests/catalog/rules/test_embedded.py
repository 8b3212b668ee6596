from typing import Any

import pytest

from assetlib.catalog.rules.attributes import Choice, Definition
from assetlib.catalog.rules.embedded import (
    embedded_tags,
    embedded_text,
    storable,
    value_from,
)
from assetlib.catalog.rules.types import guess_type

SEASONS = [Choice("spring", "Spring time"), Choice("autumn", "Autumn")]


def one(kind: str) -> Definition:
    return Definition("a", "A", kind, choices=SEASONS)


def many(kind: str) -> Definition:
    return Definition("a", "A", kind, multiple=True, choices=SEASONS)


@pytest.mark.parametrize(
    ("definition", "raw", "value"),
    [
        (one("text"), "Ada", "Ada"),
        (one("text"), ["Ada", "Bo"], "Ada"),
        (many("text"), ["Ada", "Bo", "Ada"], ["Ada", "Bo"]),
        (one("text"), "a\0", None),
        (one("text"), "", None),
        (one("text"), None, None),
        (many("text"), [], None),
        (one("number"), 4, "4"),
        (one("number"), "4.5", "4.5"),
        (one("number"), "nan", None),
        (one("number"), "four", None),
        (one("number"), True, None),
        (one("date"), "2026-05-20T10:00:00+02:00", "2026-05-20"),
        (one("date"), "May", None),
        (one("boolean"), True, True),
        (one("boolean"), "maybe", None),
        (one("choice"), "SPRING TIME", "spring"),
        (one("choice"), "autumn", "autumn"),
        (one("choice"), "winter", None),
        (many("tree"), ["spring", "winter", "Autumn"], ["spring", "autumn"]),
        (many("people"), ["Ada", "x" * 201, "Bo"], ["Ada", "Bo"]),
    ],
)
def test_an_attribute_takes_from_a_file_only_what_fits(definition: Definition, raw: Any, value: Any) -> None:
    assert value_from(definition, raw) == value


def test_keywords_become_tags_as_far_as_they_can() -> None:
    said = {"keywords": {"value": ["sea", "", "x" * 61, "a\0", "sea", "light"], "source": "iptc"}}
    assert embedded_tags(said) == ["sea", "light"]
    assert embedded_tags({}) == []
    assert embedded_tags({"keywords": {"value": ["Sea", "sea"], "source": "xmp"}}) == ["Sea"]
    assert len(embedded_tags({"keywords": {"value": [str(n) for n in range(99)], "source": "xmp"}})) == 50


def test_a_text_that_cannot_be_kept_is_left_in_the_file() -> None:
    assert embedded_text({"description": {"value": "Dusk", "source": "xmp"}}, "description") == "Dusk"
    assert embedded_text({"description": {"value": "a\0", "source": "xmp"}}, "description") == ""
    assert embedded_text({"description": {"value": 3, "source": "xmp"}}, "description") == ""
    assert embedded_text({}, "description") == ""


def test_found_words_hold_nothing_that_a_database_cannot() -> None:
    assert storable("a\0b\ud800c 😀") == "abc 😀"
    assert storable(None) == ""


@pytest.mark.parametrize(
    ("family", "known", "guess"),
    [
        ("image", ["document", "photograph"], "photograph"),
        ("pdf", ["document", "photograph"], "document"),
        ("video", ["document", "photograph"], "document"),
        ("unheard of", ["document"], "document"),
        ("image", [], None),
    ],
)
def test_the_type_is_guessed_among_those_there_are(family: str, known: list[str], guess: str | None) -> None:
    assert guess_type(family, known) == guess
