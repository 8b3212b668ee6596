"""Lists as files: what people typed is never calculated, and days, amounts and percentages are values."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.sheets import CALCULATED, LONGEST_CELL, Cell, Column, Form, Money, Sheet, written

MOMENT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
COLUMNS = (
    Column("Name"), Column("Day", "day"), Column("Count", "number"), Column("Sum", "money"),
    Column("Done", "percent"),
)  # fmt: skip
ROW: Sequence[Cell] = ("Spring", date(2027, 3, 1), -3, Money(123_450, "EUR"), 40)


def made(form: Form, *rows: Sequence[Cell]) -> bytes:
    return b"".join(written(Sheet("Plans", COLUMNS, rows, MOMENT, [("Region", "Europe")]), form))


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells_of(content: bytes) -> dict[str, str]:
    """Address of a cell → its XML."""
    with ZipFile(io.BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    return {
        address: cell
        for cell, address in re.findall(r'(<c r="([A-Z]+[0-9]+)"(?:[^>]*/>|.*?</c>))', page, re.DOTALL)
    }


def test_a_csv_has_a_heading_and_plain_values() -> None:
    assert read_csv(made("csv", ROW, ("", None, None, None, None))) == [
        ["Name", "Day", "Count", "Sum", "Done"],
        ["Spring", "2027-03-01", "-3", "1234.50", "40"],
        ["", "", "", "", ""],
    ]


@given(
    st.sampled_from(CALCULATED), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
)
def test_no_text_of_a_csv_is_calculated(first: str, rest: str) -> None:
    (name, *_) = read_csv(made("csv", (first + rest, None, None, None, None)))[1]
    assert name == f"'{first}{rest}"


def test_an_xlsx_says_of_when_it_is_and_what_was_asked_for() -> None:
    cells = cells_of(made("xlsx", ROW))
    assert "Plans" in cells["A1"]
    assert ("As of" in cells["A2"], "2026-12-01 09:30 UTC" in cells["B2"]) == (True, True)
    assert ("Region" in cells["A3"], "Europe" in cells["B3"]) == (True, True)
    assert "Name" in cells["A5"]


def test_days_amounts_and_percentages_of_an_xlsx_are_numbers() -> None:
    content = made("xlsx", ROW, ("Tokyo", None, None, Money(5000, "JPY"), None))
    cells = cells_of(content)
    values = {at: re.findall(r"<v>(.*?)</v>", cells[at]) for at in ("B6", "C6", "D6", "E6", "D7")}
    days = (date(2027, 3, 1) - date(1899, 12, 30)).days
    assert values == {"B6": [str(days)], "C6": ["-3"], "D6": ["1234.50"], "E6": ["0.4"], "D7": ["5000"]}
    assert not any('t="' in cells[at] for at in values)
    with ZipFile(io.BytesIO(content)) as book:
        styles = book.read("xl/styles.xml").decode()
    assert all(each in styles for each in ("yyyy-mm-dd", "#,##0.00 [$EUR]", "#,##0 [$JPY]", "0 %"))


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)", "https://example.com", "12", "{=1}", "a\x01b"])
def test_what_somebody_typed_stays_text_in_an_xlsx(typed: str) -> None:
    cell = cells_of(made("xlsx", (typed, None, None, None, None)))["A6"]
    assert 't="inlineStr"' in cell
    assert typed.replace("\x01", "_x0001_") in cell


def test_a_text_that_is_too_long_for_a_cell_is_cut() -> None:
    cell = cells_of(made("xlsx", ("x" * (LONGEST_CELL + 1), None, None, None, None)))["A6"]
    assert cell.count("x") >= LONGEST_CELL


def test_a_long_list_comes_in_pieces() -> None:
    rows = [(f"Row {number}", None, number, None, None) for number in range(2_000)]
    pieces = list(written(Sheet("Plans", COLUMNS, rows, MOMENT), "csv"))
    assert len(pieces) > 5
    assert len(read_csv(b"".join(pieces))) == 2_001
