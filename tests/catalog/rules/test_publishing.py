from typing import Any

import pytest

from assetlib.catalog.errors import NotReadyToPublish
from assetlib.catalog.rules.publishing import (
    Demand,
    is_filled,
    missing_before_publishing,
    must_be_ready,
)

REGION = Demand("region", "Region", ())
SIZE = Demand("size", "Size", ("logo",))


def missing(**changed: Any) -> list[str]:
    return missing_before_publishing(
        **{
            "is_approved": True,
            "has_right": True,
            "type_key": "photograph",
            "attributes": {"region": "alps"},
            "demands": [REGION, SIZE],
            **changed,
        }
    )


def test_nothing_is_missing_when_all_is_there() -> None:
    assert missing() == []
    must_be_ready([])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"is_approved": False}, "not approved"),
        ({"has_right": False}, "rights"),
        ({"attributes": {}}, "Region is empty"),
        ({"attributes": {"region": ""}}, "Region is empty"),
        ({"attributes": {"region": []}}, "Region is empty"),
        ({"type_key": "logo"}, "Size is empty"),
    ],
)
def test_each_thing_that_is_missing_is_said(changed: dict[str, Any], words: str) -> None:
    said = missing(**changed)
    assert len(said) == 1
    assert words in said[0]


def test_everything_is_said_at_once_and_given_as_data() -> None:
    said = missing(is_approved=False, has_right=False, attributes={}, type_key="logo")
    with pytest.raises(NotReadyToPublish) as refused:
        must_be_ready(said)
    assert refused.value.details["missing"] == said
    assert len(said) == 4


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        (False, True),
        (0, True),
        ("x", True),
        (["x"], True),
        (None, False),
        ("", False),
        (" ", False),
        ([], False),
    ],
)
def test_no_and_zero_are_answers(value: object, filled: bool) -> None:
    assert is_filled(value) is filled
