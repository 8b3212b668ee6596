"""Plain text, CSV and JSON: strict where other programs would stumble."""

import pytest

from assetlib.media import text
from assetlib.media.errors import BrokenJson, BrokenTable
from tests.media.conftest import Looking


def _table(content: str) -> list[str]:
    warnings: list[str] = []
    text._check_table(content, warnings, whole=True)
    return warnings


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("a,b\n1\0,2\n", 2, "NUL"),
        ("a,b,c\n1,2\n", 2, "2 cells"),
        ("a,b\n1,2\n1,2,3\n", 3, "3 cells"),
        ('a,b\n"1,2\n', 2, "quotation"),
    ],
)
def test_a_broken_table_names_its_line(content: str, line: int, says: str) -> None:
    with pytest.raises(BrokenTable, match=says) as refused:
        _table(content)
    assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    "content", ["a;b\n1;2\n", "a\tb\n1\t2\n", 'a,b\n"x, y",-2.5\n', "a,b\n\n1,-30 %\n", "one\ntwo\n"]
)
def test_a_table_is_read_with_any_usual_divider(content: str) -> None:
    assert _table(content) == []


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1"])
def test_cells_like_formulas_are_told(cell: str) -> None:
    assert _table(f'a,b\n"{cell}",x\n') == [text.FORMULAS]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": 1e400}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "5,000 digits"),
        ('{"a": 1,}', "line 1"),
        ("[" * 100_000, "nested|breaks off"),
    ],
)
def test_json_that_others_cannot_read_is_refused(content: str, says: str) -> None:
    with pytest.raises(BrokenJson, match=says):
        text._check_json(content)


def test_text_is_kept_for_search(look: Looking) -> None:
    seen = look("Blåbær – æøå\n".encode(), "notes.txt")
    assert (seen.family, seen.text, seen.complete) == ("text", "Blåbær – æøå\n", True)
    wide = look("vendor,amount\nZoë,1000\n".encode("utf-16"), "a.csv")
    assert (wide.text, wide.warnings) == ("vendor,amount\nZoë,1000\n", (text.WIDE,))
    old = look("Zoë".encode("cp1252"), "a.txt")
    assert (old.text, old.warnings) == ("Zoë", (text.OLD_LETTERS,))
    assert look(b'{"a": "<script>alert(1)</script>"}', "a.json").complete
    with pytest.raises(BrokenTable):
        look(b"a,b\n1\n", "a.csv")
