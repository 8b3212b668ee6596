"""Tables as files that other programs open: CSV and XLSX. Text stays text, whatever it begins with.

What somebody typed is never a formula: in XLSX it is written as a string, in CSV it gets an apostrophe where
a spreadsheet would calculate it. Days, amounts and percentages are values there, not words.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

import xlsxwriter

from assetlib import language
from assetlib.money import digits_of
from assetlib.words import say

Form = Literal["csv", "xlsx"]
FORMS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CALCULATED = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is calculated by spreadsheets that open a CSV."""
LONGEST_CELL = 32_767
AT_ONCE = 200
PIECE = 64 * 1024
WIDTHS = {"text": 26, "day": 12, "number": 10, "percent": 10, "money": 16}


@dataclass(frozen=True)
class Money:
    """An amount in a cell."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits_of(self.currency))


Cell = str | int | Decimal | date | Money | None


@dataclass(frozen=True)
class Column:
    label: str
    kind: Literal["text", "day", "number", "percent", "money"] = "text"
    width: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A table with what has to be known to read it. `rows` is gone through once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    as_of: datetime
    filters: Sequence[tuple[str, str]] = field(default=())
    """Name and value of each that was set."""


def written(sheet: Sheet, form: Form) -> Iterator[bytes]:
    """The file, piece by piece. Its sentences are found now, in the language of who asks."""
    labels = [_said(each.label) for each in sheet.columns]
    if form == "csv":
        return _csv(labels, sheet)
    return _xlsx(labels, sheet, _head(sheet))


def _csv(labels: list[str], sheet: Sheet) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff".encode()
    writer.writerow([_harmless(each) for each in labels])
    for number, row in enumerate(sheet.rows, 1):
        writer.writerow([_plain(each) for each in row])
        if number % AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _plain(cell: Cell) -> str | int | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return cell.amount
    if isinstance(cell, date):
        return cell.isoformat()
    return _harmless(_said(cell)) if isinstance(cell, str) else cell


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(CALCULATED) else text


def _head(sheet: Sheet) -> list[tuple[str, str]]:
    moment = sheet.as_of.astimezone(language.zone())
    named = [(_said(name), _said(value)) for name, value in sheet.filters]
    return [(_said(sheet.title), ""), (_said(say("As of")), f"{moment:%Y-%m-%d %H:%M %Z}"), *named]


def _xlsx(labels: list[str], sheet: Sheet, head: list[tuple[str, str]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        page = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = _Formats(book)
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width or WIDTHS[column.kind])
        for place, (name, value) in enumerate(head):
            page.write_string(place, 0, name[:LONGEST_CELL], bold)
            if value:
                page.write_string(place, 1, value[:LONGEST_CELL])
        top = len(head) + 1
        for number, label in enumerate(labels):
            page.write_string(top, number, label, bold)
        page.freeze_panes(top + 1, 1)
        for place, row in enumerate(sheet.rows, top + 1):
            for number, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
                _write(page, formats, place, number, cell, column)
        book.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class _Formats:
    """How values look, each made once for a book."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[str, Any] = {}

    def of(self, pattern: str) -> Any:
        if pattern not in self._known:
            self._known[pattern] = self._book.add_format({"num_format": pattern})
        return self._known[pattern]

    def money(self, currency: str) -> Any:
        digits = digits_of(currency)
        return self.of(f"#,##0{'.' + '0' * digits if digits else ''} [${currency}]")


def _write(page: Any, formats: _Formats, row: int, number: int, cell: Cell, column: Column) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Money):
        page.write_number(row, number, cell.amount, formats.money(cell.currency))
    elif isinstance(cell, date):
        page.write_datetime(row, number, cell, formats.of("yyyy-mm-dd"))
    elif isinstance(cell, str):
        page.write_string(row, number, _said(cell)[:LONGEST_CELL])
    elif column.kind == "percent":
        page.write_number(row, number, Decimal(cell) / 100, formats.of("0 %"))
    else:
        page.write_number(row, number, cell)


def _said(text: str) -> str:
    return str(cast("str", language.in_words(text)))
