from typing import Any

import pytest

from assetlib.catalog.rules.embedded import (
    Field,
    embedded_tags,
    embedded_text,
    storable,
    value_from,
)
from assetlib.catalog.rules.types import guess_type

SEASONS = {"spring": "Spring time", "autumn": "Autumn"}


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (Field("text", multiple=False, choices={}), "Ada", "Ada"),
        (Field("text", multiple=False, choices={}), ["Ada", "Bo"], "Ada"),
        (Field("text", multiple=True, choices={}), ["Ada", "Bo", "Ada"], ["Ada", "Bo"]),
        (Field("text", multiple=False, choices={}), "a\0", None),
        (Field("text", multiple=False, choices={}), "", None),
        (Field("text", multiple=False, choices={}), None, None),
        (Field("text", multiple=True, choices={}), [], None),
        (Field("number", multiple=False, choices={}), 4, 4),
        (Field("number", multiple=False, choices={}), "4.5", 4.5),
        (Field("number", multiple=False, choices={}), "nan", None),
        (Field("number", multiple=False, choices={}), "four", None),
        (Field("number", multiple=False, choices={}), True, None),
        (Field("date", multiple=False, choices={}), "2026-05-20T10:00:00+02:00", "2026-05-20"),
        (Field("date", multiple=False, choices={}), "May", None),
        (Field("boolean", multiple=False, choices={}), True, True),
        (Field("boolean", multiple=False, choices={}), "yes", None),
        (Field("choice", multiple=False, choices=SEASONS), "SPRING TIME", "spring"),
        (Field("choice", multiple=False, choices=SEASONS), "autumn", "autumn"),
        (Field("choice", multiple=False, choices=SEASONS), "winter", None),
        (Field("tree", multiple=True, choices=SEASONS), ["spring", "winter", "Autumn"], ["spring", "autumn"]),
        (Field("people", multiple=True, choices={}), ["Ada"], None),
    ],
)
def test_an_attribute_takes_from_a_file_only_what_fits(field: Field, raw: Any, value: Any) -> None:
    assert value_from(field, raw) == value


def test_keywords_become_tags_as_far_as_they_can() -> None:
    said = {"keywords": {"value": ["sea", "", "x" * 61, "a\0", "sea", "light"], "source": "iptc"}}
    assert embedded_tags(said) == ["sea", "light"]
    assert embedded_tags({}) == []
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
