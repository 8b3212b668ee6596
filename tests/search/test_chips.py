"""What is drawn as a chip: a filter that was understood, and nothing else."""

from datetime import date

import pytest

from assetlib.search.filters import Known
from assetlib.search.query import parse

KNOWN = Known(today=date(2026, 11, 24))


@pytest.mark.parametrize("typed", ["use:web", "-use:web", "use:cleared,web", "expires:soonish"])
def test_a_value_that_the_field_does_not_have_stays_in_the_text(typed: str) -> None:
    found = parse(f"{typed} #trail", KNOWN)
    assert [chip.field for chip in found.chips] == ["tag"]
    assert found.rest == typed
    assert found.kept == "#trail"
    assert any("so it was read as words" in note for note in found.notes)


def test_a_value_that_it_has_is_a_chip() -> None:
    found = parse("use:cleared", KNOWN)
    assert [(chip.field, chip.label) for chip in found.chips] == [("use", "Cleared for my use")]
    assert found.rest == ""
